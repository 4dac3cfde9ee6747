//! [`router`]: from an HTTP request to its response.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use futures_util::StreamExt as _;

use super::closer::ConnectionCloser;
use super::delivery;
use crate::clock::{Clock as _, SystemClock};
use crate::emulator::request::{MAX_BODY_BYTES, Request, RequestBody};
use crate::emulator::state::SharedState;

/// The part of a body over the limit that is read, and discarded, before the response. An ordinary
/// client reads only after it has sent everything, and so gets the response.
const MAX_DISCARDED_BYTES: usize = 16 * 1024 * 1024;

/// The parts of a connection that a request needs.
#[derive(Clone)]
struct Connection {
    state: Arc<SharedState>,
    closer: ConnectionCloser,
}

/// Returns the service of a connection. The path and the length of the body are checked with
/// everything else, since the framework would reject them with responses of its own.
pub(super) fn router(state: Arc<SharedState>, closer: ConnectionCloser) -> Router {
    Router::new().fallback(respond).with_state(Connection { state, closer })
}

async fn respond(
    State(connection): State<Connection>,
    request: axum::extract::Request,
) -> Response {
    let (Parts { method, uri, headers, .. }, body) = request.into_parts();
    let body = read_body(&headers, body).await;
    let body = body.as_deref().map_or(RequestBody::TooLarge, RequestBody::Complete);
    let query = uri.query().unwrap_or_default();
    let request = Request::new(method.as_str(), uri.path(), query, &headers, body);
    let clock = SystemClock;
    let request_id = clock.nonce().to_uppercase();
    let exchange = connection.state.exchange(&request, clock.now(), request_id);
    delivery::deliver(exchange, connection.closer).await
}

/// Reads a body of at most [`MAX_BODY_BYTES`]. Returns `None` for a longer one, which is never held
/// in memory. A body that breaks off is treated as complete, since the response has no recipient.
async fn read_body(headers: &HeaderMap, body: Body) -> Option<Bytes> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let announced: Option<usize> = announced.and_then(|length| length.parse().ok());
    if announced.is_some_and(|length| length > MAX_BODY_BYTES + MAX_DISCARDED_BYTES) {
        return None;
    }
    let mut chunks = body.into_data_stream();
    let (mut received, mut length) = (Vec::new(), 0);
    while let Some(Ok(chunk)) = chunks.next().await {
        length += chunk.len();
        if length <= MAX_BODY_BYTES {
            received.extend_from_slice(&chunk);
        } else {
            received = Vec::new();
        }
        if length > MAX_BODY_BYTES + MAX_DISCARDED_BYTES {
            break;
        }
    }
    (length <= MAX_BODY_BYTES).then(|| received.into())
}
