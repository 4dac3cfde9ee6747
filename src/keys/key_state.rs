//! The states of keys.

use crate::types::open_enum::open_enum;

open_enum! {
    /// The state of a key: `KeyState` of the service. Only an enabled key can be used for
    /// cryptography.
    ///
    /// <https://help.aliyun.com/document_detail/44211.html>
    pub enum KeyState ("the state of a key") {
        /// The key can be used: `Enabled`.
        Enabled = "Enabled",
        /// The key cannot be used until it is enabled: `Disabled`.
        Disabled = "Disabled",
        /// The key is deleted at a scheduled time unless the deletion is cancelled:
        /// `PendingDeletion`.
        PendingDeletion = "PendingDeletion",
        /// The key has no material until it is imported: `PendingImport`.
        PendingImport = "PendingImport",
        ..
        /// A state that this version of the crate does not know, in the service's spelling.
        Unknown,
    }
}
