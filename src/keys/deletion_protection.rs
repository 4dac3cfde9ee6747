//! The states of deletion protection.

use crate::types::open_enum::open_enum;

open_enum! {
    /// The state of a key's deletion protection: `DeletionProtection` of the service.
    pub enum DeletionProtection ("the state of a deletion protection") {
        /// The deletion of the key cannot be scheduled: `Enabled`.
        Enabled = "Enabled",
        /// The deletion of the key can be scheduled: `Disabled`.
        Disabled = "Disabled",
        ..
        /// A state that this version of the crate does not know, in the service's spelling.
        Unknown,
    }
}
