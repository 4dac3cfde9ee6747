//! [`serve`]: one connection, which a fault may close before HTTP would.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;

use super::closer::{Closing, ConnectionCloser};
use super::service::router;
use crate::emulator::state::SharedState;

/// Serves the requests of a connection until either side closes it.
pub(super) async fn serve(stream: TcpStream, state: Arc<SharedState>) {
    let (closer, mut closings) = ConnectionCloser::new();
    let service = TowerToHyperService::new(router(state, closer));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let closing = tokio::select! {
        // It has ended, and its error has no recipient.
        _ = &mut connection => return,
        closing = closings.recv() => closing,
    };
    match closing {
        Some(Closing::Reset) => {
            // Closing a socket that does not linger sends a reset.
            #[allow(deprecated, reason = "its replacement needs tokio 1.50")]
            let _ = connection.into_parts().io.into_inner().set_linger(Some(Duration::ZERO));
        }
        Some(Closing::Graceful) | None => {
            let mut connection = pin!(connection);
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}
