//! [`deliver`]: sends a response, and does to the connection what the request's fault says.

use std::future::pending;
use std::iter;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header;
use tokio::time::sleep;

use super::body::{LastBody, ScriptedBody, Step};
use super::closer::{Closing, ConnectionCloser};
use crate::emulator::faults::Fault;
use crate::emulator::response::Response;
use crate::emulator::state::Exchange;

/// Returns the response to send, immediately or later. It never completes if the connection is
/// reset or the peer left waiting.
pub(super) async fn deliver(
    exchange: Exchange,
    closer: ConnectionCloser,
) -> axum::response::Response {
    let Exchange { response, fault, .. } = exchange;
    match fault {
        Some(Fault::ResetBeforeResponse | Fault::LostResponse | Fault::Unreachable) => {
            closer.close(Closing::Reset);
            return pending().await;
        }
        Some(Fault::Delay(by)) => sleep(by).await,
        _ => {}
    }
    // `Hang`: the peer gives up, or the emulator is dropped, and with it this future.
    let Some(Response { status, mut headers, body, .. }) = response else {
        return pending().await;
    };
    if !matches!(fault, Some(Fault::OversizedBody { .. })) {
        headers.insert(header::CONTENT_LENGTH, body.len().into());
    }
    let mut response = axum::response::Response::new(faulty_body(body.into(), fault, closer));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

fn faulty_body(bytes: Bytes, fault: Option<Fault>, closer: ConnectionCloser) -> Body {
    let half = bytes.slice(..bytes.len() / 2);
    match fault {
        Some(Fault::TruncatedBody) => {
            ScriptedBody::body([Step::Send(half), Step::Flush, Step::Fail], closer)
        }
        Some(Fault::ResetInBody) => {
            ScriptedBody::body([Step::Send(half), Step::Flush, Step::Reset], closer)
        }
        Some(Fault::SlowBody { chunk, pause }) => {
            ScriptedBody::body(in_chunks(bytes, chunk.max(1), pause), closer)
        }
        Some(Fault::OversizedBody { bytes: wanted }) => {
            let padding = wanted.saturating_sub(bytes.len() as u64);
            ScriptedBody::body([Step::Send(bytes), Step::Pad(padding)], closer)
        }
        Some(Fault::CloseAfterResponse) => LastBody::body(bytes, closer),
        _ => Body::from(bytes),
    }
}

fn in_chunks(mut bytes: Bytes, chunk: usize, pause: Duration) -> impl Iterator<Item = Step> {
    let chunks =
        iter::from_fn(move || (!bytes.is_empty()).then(|| bytes.split_to(chunk.min(bytes.len()))));
    chunks.flat_map(move |chunk| [Step::Wait(pause), Step::Send(chunk)])
}
