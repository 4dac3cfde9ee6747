//! GetPublicKey:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getpublickey>

use serde::Serialize;

use super::asymmetric;
use super::encoding::encode;
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
    let (used_key, material) = asymmetric::for_public_key(parameters, store, context)?;
    let public_key = pem(material.public_key()?);
    json(&Response { request_id: context.request_id, public_key, used_key })
}

/// Returns the PEM of a `SubjectPublicKeyInfo`, in lines of 64 characters.
fn pem(der: &[u8]) -> String {
    let base64 = encode(der);
    let mut pem = "-----BEGIN PUBLIC KEY-----\n".to_owned();
    for (index, character) in base64.chars().enumerate() {
        if index > 0 && index % 64 == 0 {
            pem.push('\n');
        }
        pem.push(character);
    }
    pem + "\n-----END PUBLIC KEY-----\n"
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    public_key: String,
    #[serde(flatten)]
    used_key: UsedKey,
}
