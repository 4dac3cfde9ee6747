//! [`Key`]: a key with its versions and its state.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::import::{ImportParameters, invalid_import_token};
use super::key_state::KeyState;
use super::material::KeyMaterial;
use super::version::{KeyVersion, key_version_not_found};
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::rotation::Rotation;
use crate::emulator::secret::EmulatedTag;
use crate::keys::{KeySpec, KeyUsage, Origin, ProtectionLevel};

/// The initial policy, which allows the account everything. The text is that of the service's own
/// sample.
pub(in crate::emulator) const DEFAULT_POLICY: &str = concat!(
    r#"{"Version":"1","Statement":[{"Sid":"kms default key policy","Effect":"Allow","#,
    r#""Principal":{"RAM":["acs:ram::1234567890123456:*"]},"Action":["kms:*"],"Resource":["*"]}]}"#
);

/// The properties that a key is created with.
#[derive(Clone, Debug)]
pub(in crate::emulator) struct KeyAttributes {
    pub(in crate::emulator) spec: KeySpec,
    pub(in crate::emulator) usage: KeyUsage,
    pub(in crate::emulator) origin: Origin,
    pub(in crate::emulator) protection_level: ProtectionLevel,
    /// Empty for a key outside KMS instances.
    pub(in crate::emulator) instance_id: String,
    pub(in crate::emulator) description: String,
    /// The JSON text of its policy, which only a key in a KMS instance shows.
    pub(in crate::emulator) policy: String,
    pub(in crate::emulator) tags: Vec<EmulatedTag>,
}

impl KeyAttributes {
    pub(in crate::emulator) fn is_symmetric(&self) -> bool {
        self.spec.as_str().starts_with("Aliyun_")
    }

    /// Returns whether KMS rotates such a key: a symmetric one whose material is not imported.
    pub(in crate::emulator) fn is_rotatable(&self) -> bool {
        self.is_symmetric() && self.origin != Origin::External
    }
}

/// A key that exists until its scheduled deletion.
pub(in crate::emulator) struct Key {
    pub(in crate::emulator) id: String,
    pub(in crate::emulator) arn: String,
    pub(in crate::emulator) create_time: DateTime<Utc>,
    pub(in crate::emulator) attributes: KeyAttributes,
    pub(in crate::emulator) rotation: Rotation,
    pub(in crate::emulator) deletion_protection: Option<DeletionProtection>,
    is_disabled: bool,
    delete_date: Option<DateTime<Utc>>,
    has_material: bool,
    material_expire_time: Option<DateTime<Utc>>,
    /// Oldest first, and never empty. The last one is the primary version.
    versions: Vec<KeyVersion>,
    /// The parameters that `GetParametersForImport` returned.
    imports: Vec<ImportParameters>,
}

/// A key with it cannot be scheduled for deletion.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::emulator) struct DeletionProtection {
    pub(in crate::emulator) description: String,
}

impl Key {
    pub(super) fn new(
        id: String,
        arn: String,
        attributes: KeyAttributes,
        version: KeyVersion,
        now: DateTime<Utc>,
    ) -> Self {
        let mut rotation = Rotation::default();
        rotation.record(now);
        Self {
            id,
            arn,
            create_time: now,
            attributes,
            rotation,
            deletion_protection: None,
            is_disabled: false,
            delete_date: None,
            has_material: version.material.is_some(),
            material_expire_time: None,
            versions: vec![version],
            imports: Vec::new(),
        }
    }

    pub(in crate::emulator) fn state(&self, now: DateTime<Utc>) -> KeyState {
        let is_expired = self.material_expire_time.is_some_and(|expires| expires <= now);
        if self.delete_date.is_some() {
            KeyState::PendingDeletion
        } else if !self.has_material || is_expired {
            KeyState::PendingImport
        } else if self.is_disabled {
            KeyState::Disabled
        } else {
            KeyState::Enabled
        }
    }

    pub(super) fn exists(&self, now: DateTime<Utc>) -> bool {
        self.delete_date.is_none_or(|deleted| now < deleted)
    }

    pub(in crate::emulator) fn delete_date(&self) -> Option<DateTime<Utc>> {
        self.delete_date
    }

    /// Returns when the imported material expires, or did.
    pub(in crate::emulator) fn material_expire_time(&self) -> Option<DateTime<Utc>> {
        self.material_expire_time.filter(|_| self.has_material)
    }

    pub(in crate::emulator) fn enable(&mut self, now: DateTime<Utc>) -> Result<(), ErrorResponse> {
        self.state(now).require_one_of(&[KeyState::Enabled, KeyState::Disabled])?;
        self.is_disabled = false;
        Ok(())
    }

    pub(in crate::emulator) fn disable(&mut self, now: DateTime<Utc>) -> Result<(), ErrorResponse> {
        self.state(now).require_one_of(&[KeyState::Enabled, KeyState::Disabled])?;
        self.is_disabled = true;
        Ok(())
    }

    pub(in crate::emulator) fn schedule_deletion(
        &mut self,
        window: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<(), ErrorResponse> {
        self.state(now).require_one_of(&[
            KeyState::Enabled,
            KeyState::Disabled,
            KeyState::PendingImport,
        ])?;
        if self.deletion_protection.is_some() {
            // The service's code is not documented.
            let message = "Keystate modified failed: deletion protection is enabled.";
            return Err(ErrorResponse::service(409, "Rejected.StateModifiedFailed", message));
        }
        self.delete_date = now.checked_add_signed(window);
        Ok(())
    }

    /// Cancels the scheduled deletion. The key is enabled then, whatever it was before, unless it
    /// has no material.
    pub(in crate::emulator) fn cancel_deletion(
        &mut self,
        now: DateTime<Utc>,
    ) -> Result<(), ErrorResponse> {
        self.state(now).require_one_of(&[KeyState::PendingDeletion])?;
        self.delete_date = None;
        self.is_disabled = false;
        Ok(())
    }

    /// Returns the versions, oldest first.
    pub(in crate::emulator) fn versions(&self) -> &[KeyVersion] {
        &self.versions
    }

    /// Returns the version that a symmetric key encrypts with.
    pub(in crate::emulator) fn primary_version(&self) -> &KeyVersion {
        &self.versions[self.versions.len() - 1]
    }

    pub(in crate::emulator) fn version(&self, id: &str) -> Result<&KeyVersion, ErrorResponse> {
        let found = self.versions.iter().find(|version| version.id == id);
        found.ok_or_else(key_version_not_found)
    }

    /// Adds a version, which becomes the primary one.
    pub(super) fn rotate_to(&mut self, version: KeyVersion) -> &KeyVersion {
        self.rotation.record(version.create_time);
        self.versions.push(version);
        self.primary_version()
    }

    /// Returns the time of the rotation that is due, unless the key's state suspends it.
    pub(super) fn rotation_due(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.rotation.due(now).filter(|_| self.state(now) == KeyState::Enabled)
    }

    /// Schedules rotations from the latest one on.
    pub(in crate::emulator) fn enable_rotation(&mut self, interval: Duration, now: DateTime<Utc>) {
        self.rotation.enable(interval, self.create_time, now);
    }

    /// Rejects a key that KMS does not rotate.
    pub(in crate::emulator) fn require_rotatable(&self) -> Result<(), ErrorResponse> {
        if self.attributes.is_rotatable() { Ok(()) } else { Err(rejected_operation()) }
    }

    pub(in crate::emulator) fn is_symmetric(&self) -> bool {
        self.attributes.is_symmetric()
    }

    pub(in crate::emulator) fn require_external(&self) -> Result<(), ErrorResponse> {
        if self.attributes.origin == Origin::External {
            return Ok(());
        }
        let message = "This key origin is not valid for this api.";
        Err(ErrorResponse::service(400, "Unsupported.Origin", message))
    }

    pub(in crate::emulator) fn add_import(&mut self, import: ImportParameters) {
        self.imports.push(import);
    }

    /// Returns what a token imports with, while it is valid.
    pub(in crate::emulator) fn import(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<&ImportParameters, ErrorResponse> {
        let found = self.imports.iter().find(|import| import.token == token);
        found.ok_or_else(invalid_import_token)?.require_valid(now)
    }

    /// Sets the material, which must be the same as ever, and its expiry. The key is enabled then.
    pub(in crate::emulator) fn import_material(
        &mut self,
        material: KeyMaterial,
        expire_time: Option<DateTime<Utc>>,
    ) -> Result<(), ErrorResponse> {
        // Such a key is never rotated.
        let version = &mut self.versions[0];
        if version.material.as_ref().is_some_and(|first| !first.is_same(&material)) {
            return Err(invalid_key_material());
        }
        version.material = Some(material);
        self.has_material = true;
        self.material_expire_time = expire_time;
        self.is_disabled = false;
        Ok(())
    }

    /// Deletes imported material: the key is pending import from now on.
    pub(in crate::emulator) fn delete_material(&mut self) {
        self.has_material = false;
    }
}

/// Returns the error for material that is malformed, or not the key's.
pub(in crate::emulator) fn invalid_key_material() -> ErrorResponse {
    ErrorResponse::service(400, "InvalidKeyMaterial", "key material is invalid.")
}

/// Returns the error for an operation that this kind of key does not have.
pub(in crate::emulator) fn rejected_operation() -> ErrorResponse {
    let message = "The request was rejected because this key does not support the operation.";
    ErrorResponse::service(400, "Rejected.UnsupportedOperation", message)
}
