//! The two forms of secret values.

use super::open_enum::open_enum;

open_enum! {
    /// The type of a secret value, a text or bytes encoded as text: `SecretDataType` of the
    /// service.
    ///
    /// ```
    /// use alibabacloud_kms::secrets::SecretDataType;
    ///
    /// assert_eq!(SecretDataType::from("binary"), SecretDataType::Binary);
    /// ```
    pub enum SecretDataType ("the name of a data type") {
        /// A text: `text`.
        Text = "text",
        /// Bytes: `binary`, only for [`Generic`](crate::secrets::SecretType::Generic) secrets. The
        /// service leaves their encoding to its users; Base64 is usual.
        Binary = "binary",
        ..
        /// A type that this version of the crate does not know, in the service's spelling.
        Unknown,
    }
}
