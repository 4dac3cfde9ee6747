//! [`ImportParameters`]: a token, and the key that material is encrypted with for it.

use chrono::{DateTime, Utc};

use super::material::WrappingKey;
use crate::emulator::error_response::ErrorResponse;

/// The parameters that `GetParametersForImport` returned for a key. It can be used until it
/// expires, several times if need be.
pub(in crate::emulator) struct ImportParameters {
    pub(in crate::emulator) token: String,
    pub(in crate::emulator) wrapping_key: WrappingKey,
    pub(in crate::emulator) expire_time: DateTime<Utc>,
}

impl ImportParameters {
    pub(super) fn require_valid(&self, now: DateTime<Utc>) -> Result<&Self, ErrorResponse> {
        if now < self.expire_time {
            return Ok(self);
        }
        Err(ErrorResponse::service(400, "ExpiredImportToken", "import token is expired."))
    }
}

/// Returns the error for a token that this key does not have.
pub(super) fn invalid_import_token() -> ErrorResponse {
    ErrorResponse::service(400, "InvalidImportToken", "import token is invalid.")
}
