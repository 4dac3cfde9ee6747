//! AsymmetricSign:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-asymmetricsign>

use serde::Serialize;

use super::asymmetric;
use super::encoding::{encode, required_bytes};
use super::used_key::UsedKey;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::handlers::response_fields::json;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

/// The length of the digest of every algorithm.
const DIGEST_LEN: usize = 32;

pub(in crate::emulator::handlers) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let algorithm = parameters.required("Algorithm")?;
    let digest = digest(parameters)?;
    let (used_key, material) = asymmetric::for_signatures(parameters, store, context)?;
    let value = encode(&material.sign(algorithm, &digest)?);
    json(&Response { request_id: context.request_id, value, used_key })
}

/// Returns the digest in `Digest`, of any hash.
pub(super) fn digest(parameters: &Parameters) -> Result<Vec<u8>, ErrorResponse> {
    let digest = required_bytes(parameters, "Digest")?;
    if digest.len() == DIGEST_LEN {
        Ok(digest.to_vec())
    } else {
        Err(ErrorResponse::invalid_parameter("Digest", "the Base64 of 32 bytes"))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    value: String,
    #[serde(flatten)]
    used_key: UsedKey,
}
