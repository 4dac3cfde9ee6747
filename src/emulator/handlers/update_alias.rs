//! UpdateAlias:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatealias>

use super::alias_fields::alias_name;
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
    let alias = alias_name(parameters)?;
    let key = target::key(parameters, store, KeyNames::Ids, context)?;
    key.state(context.now).require_not_deleted()?;
    let key_id = key.id.clone();
    store.keys.update_alias(alias, &key_id, context.now)?;
    request_id_only(context)
}
