//! UpdateKeyDescription:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatekeydescription>

use super::create_key::description;
use super::response_fields::request_id_only;
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
    parameters.required("Description")?;
    let description = description(parameters)?;
    let key = target::key(parameters, store, KeyNames::Ids, context)?;
    key.state(context.now).require_not_deleted()?;
    description.clone_into(&mut key.attributes.description);
    request_id_only(context)
}
