//! GenerateDataKey and GenerateDataKeyWithoutPlaintext:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-generatedatakey>
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-generatedatakeywithoutplaintext>

use serde::Serialize;

use super::data_key::DataKey;
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
    let (data_key, encrypted) = generate(parameters, store, context)?;
    let plaintext = Some(&*data_key.text as &str);
    json(&Response { request_id: context.request_id, plaintext, encrypted })
}

pub(in crate::emulator::handlers) fn handle_without_plaintext(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let (_, encrypted) = generate(parameters, store, context)?;
    json(&Response { request_id: context.request_id, plaintext: None, encrypted })
}

fn generate(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<(DataKey, Encrypted), ErrorResponse> {
    let data_key = DataKey::generate(parameters)?;
    let additional_data = additional_data(parameters, "EncryptionContext")?;
    let key = target::enabled_key(parameters, store, context)?;
    let encrypted = encrypt(key, &data_key.text, &additional_data)?;
    Ok((data_key, encrypted))
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    plaintext: Option<&'a str>,
    #[serde(flatten)]
    encrypted: Encrypted,
}
