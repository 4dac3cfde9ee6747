//! [`serve`]: the emulator's sockets. Nothing here knows KMS: bytes become a
//! [`Request`](super::request::Request), an [`Exchange`](super::state::Exchange) becomes bytes.

mod body;
mod closer;
mod connection;
mod delivery;
mod service;

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::state::SharedState;

/// Accepts connections forever. Dropping the future closes them all.
pub(super) async fn serve(listener: TcpListener, state: Arc<SharedState>) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                state.lock().connections += 1;
                connections.spawn(connection::serve(stream, Arc::clone(&state)));
            }
            // The client has disconnected already, or no file descriptor is free until some
            // connection ends.
            Err(_) => sleep(Duration::from_millis(10)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

#[cfg(test)]
mod tests;
