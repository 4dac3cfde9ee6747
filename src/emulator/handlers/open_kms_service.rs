//! OpenKmsService:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-openkmsservice>

use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

/// Rejects every request: the emulated account has activated KMS already.
pub(super) fn handle(
    _parameters: &Parameters,
    _store: &mut Store,
    _context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let message = "Your kms service has been opened.";
    Err(ErrorResponse::service(400, "Forbidden.Opened", message))
}
