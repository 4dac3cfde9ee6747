//! The states of automatic rotation.

use super::open_enum::open_enum;

open_enum! {
    /// The state of the automatic rotation of a secret or a key: `AutomaticRotation` of the
    /// service.
    pub enum RotationState ("the state of a rotation") {
        /// KMS rotates it at each interval: `Enabled`.
        Enabled = "Enabled",
        /// KMS does not rotate it on its own: `Disabled`.
        Disabled = "Disabled",
        /// Rotation of a key is enabled, and waits until the key is enabled again: `Suspended`.
        Suspended = "Suspended",
        /// Rotation of a secret is enabled but fails, for example because the account whose
        /// password it sets no longer exists: `Invalid`.
        Invalid = "Invalid",
        ..
        /// A state that this version of the crate does not know, in the service's spelling.
        Unknown,
    }
}
