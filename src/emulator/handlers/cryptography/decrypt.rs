//! Decrypt:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-decrypt>

use serde::Serialize;

use super::symmetric::{additional_data, decrypt};
use super::used_key::UsedKey;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::handlers::response_fields::json;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

pub(in crate::emulator::handlers) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let additional_data = additional_data(parameters, "EncryptionContext")?;
    let decrypted = decrypt(parameters, store, &additional_data, context)?;
    json(&Response {
        request_id: context.request_id,
        plaintext: &decrypted.text,
        used_key: decrypted.used_key,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    plaintext: &'a str,
    #[serde(flatten)]
    used_key: UsedKey,
}
