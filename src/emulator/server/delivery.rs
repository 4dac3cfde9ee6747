//! Sends an answer, and does to the connection what the request's fault asks for.

use std::future::pending;
use std::iter;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use chrono::{DateTime, Utc};
use tokio::time::sleep;

use super::body::{LastBody, ScriptedBody, Step};
use super::connection::{Cut, End};
use crate::emulator::Fault;
use crate::emulator::response::Answer;
use crate::emulator::state::Exchange;

/// The form that HTTP has for dates: <https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7>.
pub(in crate::emulator) fn http_date(date: DateTime<Utc>) -> String {
    date.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Gives the response to send, now or later; or, with the connection reset or the peer left hanging, never.
pub(super) async fn deliver(exchange: Exchange, cut: Cut) -> Response {
    let Exchange { answer, fault, record, date } = exchange;
    match fault {
        Some(Fault::ResetBeforeResponse | Fault::LostResponse) => {
            cut.now(End::Reset);
            return pending().await;
        }
        Some(Fault::Delay(by)) => sleep(by).await,
        _ => {}
    }
    // `Hang`: the peer gives up, or the emulator is dropped, and with it this future.
    let Some(Answer { status, headers, body, .. }) = answer else { return pending().await };

    let mut response = Response::new(Body::empty());
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    set_header(&mut response, "date", &http_date(date));
    set_header(&mut response, "x-acs-request-id", &record.request_id);
    for (name, value) in headers {
        set_header(&mut response, &name, &value);
    }
    if !matches!(fault, Some(Fault::OversizedBody { .. })) {
        response.headers_mut().insert(header::CONTENT_LENGTH, body.len().into());
    }
    *response.body_mut() = faulty_body(body.into(), fault, cut);
    response
}

/// Leaves out what HTTP does not allow.
fn set_header(response: &mut Response, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) {
        response.headers_mut().insert(name, value);
    }
}

fn faulty_body(bytes: Bytes, fault: Option<Fault>, cut: Cut) -> Body {
    let half = bytes.slice(..bytes.len() / 2);
    match fault {
        Some(Fault::TruncatedBody) => {
            ScriptedBody::body([Step::Send(half), Step::Flush, Step::Fail], cut)
        }
        Some(Fault::ResetInBody) => {
            ScriptedBody::body([Step::Send(half), Step::Flush, Step::Reset], cut)
        }
        Some(Fault::SlowBody { chunk, pause }) => {
            ScriptedBody::body(drops(bytes, chunk.max(1), pause), cut)
        }
        Some(Fault::OversizedBody { bytes: wanted }) => {
            let padding = wanted.saturating_sub(bytes.len() as u64);
            ScriptedBody::body([Step::Send(bytes), Step::Pad(padding)], cut)
        }
        Some(Fault::CloseAfterResponse) => LastBody::body(bytes, cut),
        _ => Body::from(bytes),
    }
}

fn drops(mut bytes: Bytes, chunk: usize, pause: Duration) -> impl Iterator<Item = Step> {
    let chunks =
        iter::from_fn(move || (!bytes.is_empty()).then(|| bytes.split_to(chunk.min(bytes.len()))));
    chunks.flat_map(move |chunk| [Step::Wait(pause), Step::Send(chunk)])
}
