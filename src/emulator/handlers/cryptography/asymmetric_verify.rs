//! AsymmetricVerify:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-asymmetricverify>

use serde::Serialize;

use super::asymmetric;
use super::asymmetric_sign::digest;
use super::encoding::required_bytes;
use super::used_key::UsedKey;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::handlers::response_fields::json;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

/// A signature that does not match is a success with `Value` false.
pub(in crate::emulator::handlers) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let algorithm = parameters.required("Algorithm")?;
    let digest = digest(parameters)?;
    let signature = required_bytes(parameters, "Value")?;
    let (used_key, material) = asymmetric::for_signatures(parameters, store, context)?;
    let value = material.verify(algorithm, &digest, &signature)?;
    json(&Response { request_id: context.request_id, value, used_key })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    value: bool,
    #[serde(flatten)]
    used_key: UsedKey,
}
