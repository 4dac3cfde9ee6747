//! DescribeKey:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describekey>

use serde::Serialize;

use super::key_fields::KeyMetadata;
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
    let key = target::key(parameters, store, KeyNames::All, context)?;
    json(&Response {
        request_id: context.request_id,
        key_metadata: KeyMetadata::new(key, context).with_deletion_protection(key),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    key_metadata: KeyMetadata<'a>,
}
