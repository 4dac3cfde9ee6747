//! Sockets and HTTP, and nothing of KMS: bytes to a [`Request`], an [`Exchange`](super::state::Exchange) to bytes.

mod body;
mod connection;
mod delivery;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::sleep;

use self::connection::Cut;
#[cfg(test)]
pub(super) use self::delivery::http_date;
use super::request::Request;
use super::state::SharedState;
use crate::clock::{Clock as _, SystemClock};

/// Accepts connections for ever. Dropping the future closes them all.
pub(super) async fn serve(listener: TcpListener, state: Arc<SharedState>) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                state.lock().connections += 1;
                connections.spawn(connection::serve(stream, Arc::clone(&state)));
            }
            // A client that is gone already, or no file descriptor left until some connection ends.
            Err(_) => sleep(Duration::from_millis(10)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

/// What a request needs to know of its connection.
#[derive(Clone)]
struct Connection {
    state: Arc<SharedState>,
    cut: Cut,
}

/// The service has one path; that it is asked for is checked with everything else, and so is how long the body is, which the
/// framework would refuse in its own words.
fn router(connection: Connection) -> Router {
    Router::new().fallback(answer).layer(DefaultBodyLimit::disable()).with_state(connection)
}

async fn answer(
    State(connection): State<Connection>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let query = uri.query().unwrap_or_default();
    let request = Request::new(method.as_str(), uri.path(), query, &headers, &body);
    let clock = SystemClock;
    let exchange = connection.state.exchange(&request, clock.now(), clock.nonce().to_uppercase());
    delivery::deliver(exchange, connection.cut).await
}
