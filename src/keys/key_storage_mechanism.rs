//! The places where instances of hardware key management store keys.

use crate::types::open_enum::open_enum;

open_enum! {
    /// The place where an instance of hardware key management stores a key: `KeyStorageMechanism`
    /// of the service.
    pub enum KeyStorageMechanism ("the storage mechanism of a key") {
        /// In the hardware security module: `HsmInternal`, the default. Such a key is not rotated.
        HsmInternal = "HsmInternal",
        /// Encrypted, in a database: `HsmEncryptedDatabase`. Symmetric keys can be rotated.
        HsmEncryptedDatabase = "HsmEncryptedDatabase",
        ..
        /// A mechanism that this version of the crate does not know, in the service's spelling.
        Unknown,
    }
}
