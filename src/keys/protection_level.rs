//! The protection levels of keys.

use crate::types::open_enum::open_enum;

open_enum! {
    /// The protection of a key: `ProtectionLevel` of the service.
    ///
    /// A KMS instance determines it for its keys. A default key may have either, by region.
    pub enum ProtectionLevel ("the protection level of a key") {
        /// By software: `SOFTWARE`.
        Software = "SOFTWARE",
        /// By a hardware security module: `HSM`.
        Hsm = "HSM",
        ..
        /// A level that this version of the crate does not know, in the service's spelling.
        Unknown,
    }
}
