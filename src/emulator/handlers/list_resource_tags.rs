//! ListResourceTags:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listresourcetags>

use super::target;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

/// Rejects every request: the operation is only for KMS keys, and none is emulated.
pub(super) fn handle(
    parameters: &Parameters,
    _store: &mut Store,
    _context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    parameters.required("KeyId")?;
    Err(target::key_not_found())
}
