//! GenerateAndExportDataKey:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-generateandexportdatakey>

use serde::Serialize;

use super::data_key::DataKey;
use super::export::export;
use super::symmetric::{Encrypted, additional_data, encrypt};
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::handlers::response_fields::json;
use crate::emulator::handlers::target;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

pub(in crate::emulator::handlers) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let data_key = DataKey::generate(parameters)?;
    let additional_data = additional_data(parameters, "EncryptionContext")?;
    let key = target::enabled_key(parameters, store, context)?;
    let encrypted = encrypt(key, &data_key.text, &additional_data)?;
    let exported_data_key = export(parameters, &data_key.bytes)?;
    json(&Response { request_id: context.request_id, encrypted, exported_data_key })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    #[serde(flatten)]
    encrypted: Encrypted,
    exported_data_key: String,
}
