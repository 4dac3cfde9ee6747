//! RestoreSecret: <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-restoresecret>

use super::{Changed, Context, json};
use crate::emulator::error_response::Refusal;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &Context<'_>,
) -> Result<Vec<u8>, Refusal> {
    let stored = store.find(parameters.required("SecretName")?, context.now)?;
    if stored.secret.planned_delete_time.take().is_none() {
        let message = "The specified secret does not await its deletion.";
        return Err(Refusal::service(409, "Rejected.ResourceInUse", message));
    }
    json(&Changed { request_id: context.request_id, secret_name: &stored.secret.name })
}
