//! Encrypt:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-encrypt>

use serde::Serialize;

use super::symmetric::{Encrypted, additional_data, encrypt};
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::handlers::response_fields::json;
use crate::emulator::handlers::target;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

/// The longest text: the Base64 of 6,144 bytes. Whether the service counts bytes or characters is
/// not documented.
const MAX_PLAINTEXT: usize = 8_192;

pub(in crate::emulator::handlers) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let text = parameters.required("Plaintext")?;
    if text.len() > MAX_PLAINTEXT {
        let allowed = "at most 6,144 bytes, whose Base64 has 8,192 characters";
        return Err(ErrorResponse::invalid_parameter("Plaintext", allowed));
    }
    let additional_data = additional_data(parameters, "EncryptionContext")?;
    let key = target::enabled_key(parameters, store, context)?;
    let encrypted = encrypt(key, text, &additional_data)?;
    json(&Response { request_id: context.request_id, encrypted })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    #[serde(flatten)]
    encrypted: Encrypted,
}
