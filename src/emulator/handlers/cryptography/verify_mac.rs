//! VerifyMac:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-verifymac>

use serde::Serialize;

use super::encoding::required_bytes;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::handlers::response_fields::json;
use crate::emulator::handlers::target;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

/// A code that does not match is a success with `Value` false.
pub(in crate::emulator::handlers) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let algorithm = parameters.required("Algorithm")?;
    let message = required_bytes(parameters, "Message")?;
    let mac = required_bytes(parameters, "Mac")?;
    let key = target::enabled_key(parameters, store, context)?;
    let value = key.primary_version().material()?.verify_mac(algorithm, &message, &mac)?;
    json(&Response { request_id: context.request_id, algorithm, key_id: &key.id, value })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    algorithm: &'a str,
    key_id: &'a str,
    value: bool,
}
