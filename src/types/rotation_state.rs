//! Whether KMS rotates a secret.

use super::open_enum::open_enum;

open_enum! {
    /// Whether KMS rotates a secret by itself: `AutomaticRotation` of the service.
    pub enum RotationState ("the state of a rotation") {
        /// At each interval: `Enabled`.
        Enabled = "Enabled",
        /// Only when asked to: `Disabled`.
        Disabled = "Disabled",
        /// It should, but cannot, as when the account whose password it sets is gone: `Invalid`.
        Invalid = "Invalid",
        ..
        /// A state that came after this version of the crate, in the service's spelling.
        Unknown,
    }
}
