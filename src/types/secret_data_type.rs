//! Whether a value is text or bytes.

use super::open_enum::open_enum;

open_enum! {
    /// What the text of a secret value stands for: `SecretDataType` of the service.
    ///
    /// ```
    /// use alibabacloud_kms::secrets::SecretDataType;
    ///
    /// assert_eq!(SecretDataType::from("binary"), SecretDataType::Binary);
    /// ```
    pub enum SecretDataType ("the name of a data type") {
        /// Itself: `text`.
        Text = "text",
        /// Bytes, in an encoding that the service leaves to its users; Base64 is usual. `binary`, for secrets of type `Generic`.
        Binary = "binary",
        ..
        /// A type that came after this version of the crate, in the service's spelling.
        Unknown,
    }
}
