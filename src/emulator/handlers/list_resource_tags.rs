//! ListResourceTags: <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listresourcetags>

use super::{Context, no_key};
use crate::emulator::error_response::Refusal;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

/// It knows keys alone, and there are none here.
pub(super) fn handle(
    parameters: &Parameters,
    _store: &mut Store,
    _context: &Context<'_>,
) -> Result<Vec<u8>, Refusal> {
    parameters.required("KeyId")?;
    Err(no_key())
}
