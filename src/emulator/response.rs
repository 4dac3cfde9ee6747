//! What goes back to the client, before any socket is involved.

use std::borrow::Cow;

use super::error_response::Refusal;
use super::faults::{CannedBody, CannedResponse};
use super::handlers::Context;

const JSON: &str = "application/json;charset=utf-8";

/// An HTTP answer without the headers that every answer has.
#[derive(Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    /// The service's error code, for the journal.
    pub(super) code: Option<Cow<'static, str>>,
}

impl Answer {
    pub(super) fn success(body: Vec<u8>) -> Self {
        Self { status: 200, headers: json_headers(), body, code: None }
    }

    pub(super) fn refusal(refusal: Refusal, context: &Context<'_>) -> Self {
        Self {
            status: refusal.status,
            headers: json_headers(),
            body: refusal.body(context.request_id, context.host),
            code: Some(refusal.code),
        }
    }

    pub(super) fn canned(canned: CannedResponse, context: &Context<'_>) -> Self {
        let CannedResponse { status, mut headers, body } = canned;
        match body {
            CannedBody::Bytes(body) => Self { status, headers, body, code: None },
            CannedBody::Error(refusal) => {
                headers.extend(json_headers());
                Self { headers, ..Self::refusal(refusal, context) }
            }
        }
    }
}

fn json_headers() -> Vec<(String, String)> {
    vec![("content-type".to_owned(), JSON.to_owned())]
}
