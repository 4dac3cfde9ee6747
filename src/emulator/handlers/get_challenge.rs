//! GetChallenge, which only the official Python library knows: it has no page yet.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::Serialize;

use super::response_fields::json;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

pub(super) fn handle(
    _parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    json(&Response {
        request_id: context.request_id,
        challenge_token: BASE64_STANDARD.encode(store.keys.random().bytes::<48>()),
        nonce: BASE64_STANDARD.encode(store.keys.random().bytes::<32>()),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    challenge_token: String,
    nonce: String,
}
