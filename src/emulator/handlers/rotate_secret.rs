//! RotateSecret:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-rotatesecret>

use serde::Serialize;

use super::request_fields::version_id;
use super::response_fields::json;
use super::target;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let version_id = version_id(parameters)?;
    let stored = target::managed_secret(parameters, store, context)?;
    stored.rotate(version_id, context.now)?;
    json(&Response {
        request_id: context.request_id,
        arn: stored.arn.clone(),
        secret_name: &stored.secret.name,
        version_id,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    arn: String,
    secret_name: &'a str,
    version_id: &'a str,
}
