//! ListAliases and ListAliasesByKeyId:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listaliases>
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listaliasesbykeyid>

use super::alias_fields::list;
use super::paging::Page;
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
    list(Page::read(parameters, 10)?, &store.keys, None, context)
}

pub(super) fn handle_by_key_id(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let page = Page::read(parameters, 10)?;
    let key_id = target::key(parameters, store, KeyNames::Ids, context)?.id.clone();
    list(page, &store.keys, Some(&key_id), context)
}
