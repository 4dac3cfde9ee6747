//! The origins of key material.

use crate::types::open_enum::open_enum;

open_enum! {
    /// The origin of the material of a key: `Origin` of the service.
    pub enum Origin ("the origin of key material") {
        /// KMS generates it: `Aliyun_KMS`, the default.
        AliyunKms = "Aliyun_KMS",
        /// It is imported: `EXTERNAL`. The key is
        /// [`PendingImport`](crate::keys::KeyState::PendingImport) until then.
        External = "EXTERNAL",
        ..
        /// An origin that this version of the crate does not know, in the service's spelling.
        Unknown,
    }
}
