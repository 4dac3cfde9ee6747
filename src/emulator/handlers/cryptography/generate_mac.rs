//! GenerateMac:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-generatemac>

use serde::Serialize;

use super::encoding::{encode, required_bytes};
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::handlers::response_fields::json;
use crate::emulator::handlers::target;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

/// No source documents a limit of the message.
pub(in crate::emulator::handlers) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let algorithm = parameters.required("Algorithm")?;
    let message = required_bytes(parameters, "Message")?;
    let key = target::enabled_key(parameters, store, context)?;
    let mac = encode(&key.primary_version().material()?.mac(algorithm, &message)?);
    json(&Response { request_id: context.request_id, algorithm, key_id: &key.id, mac })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    algorithm: &'a str,
    key_id: &'a str,
    mac: String,
}
