//! One connection, which a fault may end before HTTP would.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use super::{Connection, router};
use crate::emulator::state::SharedState;

/// How a fault ends a connection.
#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    /// At once and with a reset (RST): the peer's next read or write fails.
    Reset,
    /// As soon as what was written is sent, in good order but unannounced.
    Close,
}

/// Lets the answer to a request end the connection that it came over.
#[derive(Clone, Debug)]
pub(super) struct Cut(mpsc::Sender<End>);

impl Cut {
    pub(super) fn now(&self, end: End) {
        // Full means that the connection is being ended already.
        let _ = self.0.try_send(end);
    }
}

/// Answers the requests of a connection until either side ends it.
pub(super) async fn serve(stream: TcpStream, state: Arc<SharedState>) {
    let (sender, mut cuts) = mpsc::channel(1);
    let router = router(Connection { state, cut: Cut(sender) });
    let service = TowerToHyperService::new(router);
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let end = tokio::select! {
        // However it ended, there is nobody left to tell.
        _ = &mut connection => return,
        end = cuts.recv() => end,
    };
    match end {
        Some(End::Reset) => {
            // Closing a socket that does not linger is what sends a reset.
            #[allow(deprecated, reason = "what replaces it came with tokio 1.50")]
            let _ = connection.into_parts().io.into_inner().set_linger(Some(Duration::ZERO));
        }
        Some(End::Close) | None => {
            let mut connection = pin!(connection);
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}
