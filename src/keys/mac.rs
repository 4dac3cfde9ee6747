//! Message authentication codes.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::types::{Base64Error, decode_base64};

/// A message authentication code: `Mac` of GenerateMac and VerifyMac.
///
/// [`MacAlgorithm::mac_len`](crate::keys::MacAlgorithm::mac_len) returns its length. `Display`
/// writes Base64, and parsing reads it. `Debug` shows only the length, since a code may serve as a
/// token. Compare codes by [`verify_mac`](crate::KmsClient::verify_mac), which does not show by its
/// duration where they differ.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Mac(Vec<u8>);

impl Mac {
    /// Creates a code from its bytes, which are not Base64.
    #[must_use]
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// Returns the bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Reads standard Base64 with or without padding and line breaks.
impl FromStr for Mac {
    type Err = Base64Error;

    fn from_str(text: &str) -> Result<Self, Base64Error> {
        decode_base64(text).map(|bytes| Self(bytes.to_vec()))
    }
}

/// Writes standard Base64 with padding and without line breaks.
impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(&self.0))
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mac({} bytes)", self.0.len())
    }
}

/// Writes Base64.
impl Serialize for Mac {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Reads Base64.
impl<'de> Deserialize<'de> for Mac {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_written_and_read_as_base64() {
        let mac = Mac::from_bytes([0, 159, 146, 150]);
        assert_eq!(
            (mac.to_string(), format!("{mac:?}")),
            ("AJ+Slg==".into(), "Mac(4 bytes)".into())
        );
        assert_eq!("AJ+Slg".parse(), Ok(mac.clone()));
        let json = serde_json::to_string(&mac).unwrap();
        assert_eq!(serde_json::from_str::<Mac>(&json).unwrap(), mac);
        assert!(serde_json::from_str::<Mac>(r#""AJ-Slg==""#).is_err());
    }
}
