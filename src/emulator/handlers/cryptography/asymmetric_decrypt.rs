//! AsymmetricDecrypt:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-asymmetricdecrypt>

use serde::Serialize;
use zeroize::Zeroizing;

use super::asymmetric;
use super::encoding::{encode, required_bytes};
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
    let algorithm = parameters.required("Algorithm")?;
    let ciphertext = required_bytes(parameters, "CiphertextBlob")?;
    let (used_key, material) = asymmetric::for_encryption(parameters, store, context)?;
    let plaintext = Zeroizing::new(encode(&material.decrypt(algorithm, &ciphertext)?));
    json(&Response { request_id: context.request_id, plaintext: &plaintext, used_key })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    plaintext: &'a str,
    #[serde(flatten)]
    used_key: UsedKey,
}
