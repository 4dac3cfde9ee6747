//! [`KeyVersion`]: one version of a key.

use chrono::{DateTime, Utc};

use super::material::KeyMaterial;
use crate::emulator::error_response::ErrorResponse;

pub(in crate::emulator) struct KeyVersion {
    /// 36 characters, with which each ciphertext of this version begins.
    pub(in crate::emulator) id: String,
    pub(in crate::emulator) create_time: DateTime<Utc>,
    /// `None` until it is imported. It stays when imported material is deleted, since only the same
    /// material can be imported again; the state of the key says if it can be used.
    pub(super) material: Option<KeyMaterial>,
}

impl KeyVersion {
    /// Returns the material. A key that is enabled has some.
    pub(in crate::emulator) fn material(&self) -> Result<&KeyMaterial, ErrorResponse> {
        self.material.as_ref().ok_or_else(|| {
            let message = "The key version has no material.";
            ErrorResponse::service(500, "InternalFailure", message)
        })
    }
}

/// Returns the error for a version that a key does not have.
pub(super) fn key_version_not_found() -> ErrorResponse {
    let message = "The specified Key version is not found.";
    ErrorResponse::service(404, "Forbidden.KeyVersionNotFound", message)
}
