//! Signatures.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ecdsa_signature::{EcdsaSignature, EcdsaSignatureError};
use crate::types::{Base64Error, decode_base64};

/// A signature that KMS made, or one to be verified: `Value` of AsymmetricSign and
/// AsymmetricVerify.
///
/// The signature of an RSA key has as many bytes as the key. The signature of an elliptic curve key
/// is the DER form of two numbers, which [`ecdsa`](Self::ecdsa) returns.
///
/// `Display` writes Base64, and parsing reads it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Signature(Vec<u8>);

impl Signature {
    /// Creates a signature from its bytes, which are not Base64.
    #[must_use]
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// Returns the bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns the two numbers of an ECDSA or SM2 signature.
    ///
    /// # Errors
    ///
    /// If the bytes are not the DER form of two numbers of at most 256 bits.
    pub fn ecdsa(&self) -> Result<EcdsaSignature, EcdsaSignatureError> {
        EcdsaSignature::from_der(&self.0)
    }
}

impl From<EcdsaSignature> for Signature {
    fn from(numbers: EcdsaSignature) -> Self {
        Self(numbers.to_der())
    }
}

/// Reads standard Base64 with or without padding and line breaks.
impl FromStr for Signature {
    type Err = Base64Error;

    fn from_str(text: &str) -> Result<Self, Base64Error> {
        decode_base64(text).map(|bytes| Self(bytes.to_vec()))
    }
}

/// Writes standard Base64 with padding and without line breaks.
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(&self.0))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({self})")
    }
}

/// Writes Base64.
impl Serialize for Signature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Reads Base64.
impl<'de> Deserialize<'de> for Signature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signature_is_written_and_read_as_base64() {
        let signature = Signature::from_bytes([0, 159, 146, 150]);
        assert_eq!(signature.to_string(), "AJ+Slg==");
        assert_eq!(format!("{signature:?}"), "Signature(AJ+Slg==)");
        assert_eq!("AJ+Slg==".parse(), Ok(signature.clone()));
        let json = serde_json::to_string(&signature).unwrap();
        assert_eq!(json, r#""AJ+Slg==""#);
        assert_eq!(serde_json::from_str::<Signature>(&json).unwrap(), signature);
        assert!("AJ-Slg==".parse::<Signature>().is_err());
    }

    #[test]
    fn numbers_of_an_rsa_signature_are_an_error() {
        assert!(Signature::from_bytes([7; 256]).ecdsa().is_err());
    }
}
