//! The usages of keys.

use crate::types::open_enum::open_enum;

open_enum! {
    /// The use of a key: `KeyUsage` of the service.
    ///
    /// The service does not document the usage of keys for message authentication codes.
    pub enum KeyUsage ("the usage of a key") {
        /// Encryption and decryption, the default of keys that cannot sign: `ENCRYPT/DECRYPT`.
        EncryptDecrypt = "ENCRYPT/DECRYPT",
        /// Signing and verification, the default of keys that can sign: `SIGN/VERIFY`.
        SignVerify = "SIGN/VERIFY",
        ..
        /// A usage that this version of the crate does not know, in the service's spelling.
        Unknown,
    }
}
