//! GetSecretPolicy: <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getsecretpolicy>

use serde::Serialize;

use super::{Context, holder_of_policy, json};
use crate::emulator::error_response::Refusal;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &Context<'_>,
) -> Result<Vec<u8>, Refusal> {
    let stored = holder_of_policy(parameters, store, context)?;
    json(&Answer { request_id: context.request_id, policy: &stored.policy })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer<'a> {
    request_id: &'a str,
    policy: &'a str,
}
