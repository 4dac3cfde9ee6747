//! Encrypted data.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::types::{Base64Error, decode_base64};

/// Data that KMS encrypted: `CiphertextBlob` of the service.
///
/// A symmetric one contains the id of its key version, so that it can be decrypted without naming
/// the key, also after the key was rotated. It does not contain the
/// [`EncryptionContext`](crate::keys::EncryptionContext).
///
/// Store it as its bytes or as its Base64 text, which `Display` writes and parsing reads. It
/// does not implement `From` for bytes and texts, so that the text is not taken for the bytes and
/// encoded twice.
///
/// ```
/// use alibabacloud_kms::keys::CiphertextBlob;
///
/// let blob: CiphertextBlob = "AJ+Slg==".parse()?;
/// assert_eq!(blob.as_bytes(), [0, 159, 146, 150]);
/// assert_eq!(CiphertextBlob::from_bytes(blob.as_bytes()).to_string(), "AJ+Slg==");
/// # Ok::<(), alibabacloud_kms::keys::Base64Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CiphertextBlob(Vec<u8>);

impl CiphertextBlob {
    /// Creates a blob from its bytes, which are not Base64.
    #[must_use]
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// Returns the bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns the bytes and leaves no copy of them.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// Reads standard Base64 with or without padding and line breaks.
impl FromStr for CiphertextBlob {
    type Err = Base64Error;

    fn from_str(text: &str) -> Result<Self, Base64Error> {
        decode_base64(text).map(|bytes| Self(bytes.to_vec()))
    }
}

/// Writes standard Base64 with padding and without line breaks, the form that the service accepts.
impl fmt::Display for CiphertextBlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(&self.0))
    }
}

impl fmt::Debug for CiphertextBlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CiphertextBlob({} bytes)", self.0.len())
    }
}

/// Writes Base64.
impl Serialize for CiphertextBlob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Reads Base64.
impl<'de> Deserialize<'de> for CiphertextBlob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn base64_is_read_in_every_form_and_written_in_one() {
        for text in ["AJ+Slg==", "AJ+Slg", "AJ+S\nlg==\n", "AJ+S\r\nlg=="] {
            assert_eq!(text.parse::<CiphertextBlob>().unwrap().to_string(), "AJ+Slg==", "{text}");
        }
        for text in ["AJ-Slg==", "a", "AJ+S lg==", "AJ+Sl=g"] {
            assert_eq!(text.parse::<CiphertextBlob>(), "?".parse(), "{text}");
        }
    }

    #[test]
    fn debug_shows_only_the_length() {
        let blob = CiphertextBlob::from_bytes(*b"fake");
        assert_eq!(
            format!("{blob:?} {blob:#?}"),
            "CiphertextBlob(4 bytes) CiphertextBlob(4 bytes)"
        );
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes in any::<Vec<u8>>()) {
            let blob = CiphertextBlob::from_bytes(bytes.clone());
            prop_assert_eq!(&blob.to_string().parse::<CiphertextBlob>().unwrap(), &blob);
            let json = serde_json::to_string(&blob).unwrap();
            prop_assert_eq!(&serde_json::from_str::<CiphertextBlob>(&json).unwrap(), &blob);
            prop_assert_eq!(blob.into_bytes(), bytes);
        }
    }
}
