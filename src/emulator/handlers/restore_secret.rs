//! RestoreSecret:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-restoresecret>

use super::response_fields::secret_name_only;
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
    let stored = target::secret(parameters, store, context)?;
    if stored.secret.planned_delete_time.take().is_none() {
        let message = "The specified secret is not pending deletion.";
        return Err(ErrorResponse::service(409, "Rejected.ResourceInUse", message));
    }
    secret_name_only(stored, context)
}
