//! DescribeKeyVersion:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describekeyversion>

use serde::Serialize;

use super::key_fields::KeyVersionFields;
use super::response_fields::json;
use super::target;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::keys::KeyNames;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let version_id = parameters.required("KeyVersionId")?;
    let key = target::key(parameters, store, KeyNames::All, context)?;
    let version = key.version(version_id)?;
    json(&Response {
        request_id: context.request_id,
        key_version: KeyVersionFields::new(&key.id, version),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    key_version: KeyVersionFields<'a>,
}
