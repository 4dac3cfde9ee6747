//! [`ManagedDataKey`]: a data key whose versions KMS keeps.

use super::random::Random;
use crate::emulator::error_response::ErrorResponse;

/// A data key with its versions, oldest first. It has at least one.
pub(in crate::emulator) struct ManagedDataKey {
    versions: Vec<DataKeyVersion>,
}

pub(in crate::emulator) struct DataKeyVersion {
    pub(in crate::emulator) id: String,
    /// The secret that contains its material.
    pub(in crate::emulator) secret_name: String,
    pub(in crate::emulator) material: [u8; 32],
}

impl ManagedDataKey {
    pub(super) fn generate(name: &str, versions: usize, random: &mut Random) -> Self {
        let version = |number: usize| DataKeyVersion {
            id: format!("v{number}"),
            secret_name: format!("acs/kms/data-key/{name}/v{number}"),
            material: random.bytes(),
        };
        Self { versions: (1..=versions.max(1)).map(version).collect() }
    }

    pub(in crate::emulator) fn versions(&self) -> &[DataKeyVersion] {
        &self.versions
    }

    /// Returns the version of an id, or without one the latest or the first.
    pub(in crate::emulator) fn version(
        &self,
        id: Option<&str>,
        use_latest: bool,
    ) -> Result<&DataKeyVersion, ErrorResponse> {
        let found = match id {
            Some(id) => self.versions.iter().find(|version| version.id == id),
            None if use_latest => self.versions.last(),
            None => self.versions.first(),
        };
        found.ok_or_else(ErrorResponse::resource_not_found)
    }
}
