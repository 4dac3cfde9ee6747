//! The states of automatic rotation.

use super::open_enum::open_enum;

open_enum! {
    /// The state of a secret's automatic rotation: `AutomaticRotation` of the service.
    pub enum RotationState ("the state of a rotation") {
        /// KMS rotates the secret at each interval: `Enabled`.
        Enabled = "Enabled",
        /// KMS rotates the secret only on request: `Disabled`.
        Disabled = "Disabled",
        /// Rotation is enabled but fails, for example because the account whose password it sets
        /// no longer exists: `Invalid`.
        Invalid = "Invalid",
        ..
        /// A state that this version of the crate does not know, in the service's spelling.
        Unknown,
    }
}
