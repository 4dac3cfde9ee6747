//! RotateSecret: <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-rotatesecret>

use serde::Serialize;

use super::{Context, json, managed, version_id};
use crate::emulator::error_response::Refusal;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &Context<'_>,
) -> Result<Vec<u8>, Refusal> {
    let version_id = version_id(parameters)?;
    let stored = managed(parameters, store, context)?;
    stored.rotate(version_id, context.now)?;
    json(&Answer {
        request_id: context.request_id,
        arn: stored.arn.clone(),
        secret_name: &stored.secret.name,
        version_id,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer<'a> {
    request_id: &'a str,
    arn: String,
    secret_name: &'a str,
    version_id: &'a str,
}
