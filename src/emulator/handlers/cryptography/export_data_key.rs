//! ExportDataKey:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-exportdatakey>

use serde::Serialize;

use super::data_key;
use super::export::export;
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
    let exported_data_key = export(parameters, &data_key::decode(&decrypted.text)?)?;
    json(&Response {
        request_id: context.request_id,
        exported_data_key,
        used_key: decrypted.used_key,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    exported_data_key: String,
    #[serde(flatten)]
    used_key: UsedKey,
}
