//! The lengths of data keys that have a name.

use crate::types::open_enum::open_enum;

open_enum! {
    /// The length of a data key, by name: `KeySpec` of GenerateDataKey.
    pub enum DataKeySpec ("the specification of a data key") {
        /// A key of 256 bits, the default: `AES_256`.
        Aes256 = "AES_256",
        /// A key of 128 bits: `AES_128`.
        Aes128 = "AES_128",
        ..
        /// A specification that this version of the crate does not know, in the service's
        /// spelling.
        Unknown,
    }
}
