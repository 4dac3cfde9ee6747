//! The plaintexts of symmetric keys.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use crate::types::{Base64Error, SecretBytes, decode_base64, wire};

/// A plaintext that a symmetric key encrypts or decrypted: `Plaintext` of the service.
///
/// The service encrypts a text of any form and returns the same text. By its documentation the text
/// is Base64, which is how bytes are made a plaintext here and what [`to_bytes`](Self::to_bytes)
/// decodes. Other programs may have encrypted a text as it is: then
/// [`expose_secret`](Self::expose_secret) returns it, and [`from_text`](Self::from_text) makes it.
///
/// `Debug` shows only its length, and it is wiped from memory on drop.
///
/// ```
/// use alibabacloud_kms::keys::Plaintext;
///
/// let plaintext = Plaintext::from(b"fake-key");
/// assert_eq!(plaintext.to_bytes()?.expose_secret(), b"fake-key");
/// assert_eq!(plaintext.expose_secret(), "ZmFrZS1rZXk=");
///
/// let as_it_is = Plaintext::from_text("fake password");
/// assert_eq!(as_it_is.expose_secret(), "fake password");
/// assert!(as_it_is.to_bytes().is_err());
/// # Ok::<(), alibabacloud_kms::keys::Base64Error>(())
/// ```
#[derive(Clone)]
pub struct Plaintext(SecretString);

impl Plaintext {
    /// The most bytes that a symmetric key encrypts at once.
    pub const MAX_BYTES: usize = 6_144;

    /// Creates a plaintext from a text that is sent as it is.
    #[must_use]
    pub fn from_text(text: impl Into<String>) -> Self {
        // Shrinking a text with spare capacity would move it without wiping the old place.
        let text = Zeroizing::new(text.into());
        Self(SecretString::from(text.as_str()))
    }

    /// Returns the text that the service encrypts, which is the Base64 of the bytes if the
    /// plaintext was made from bytes.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        self.0.expose_secret()
    }

    /// Decodes the text as Base64, with or without padding and line breaks.
    ///
    /// # Errors
    ///
    /// If the text is not Base64, since another program encrypted it as it is. The error does not
    /// quote it.
    pub fn to_bytes(&self) -> Result<SecretBytes, Base64Error> {
        decode_base64(self.expose_secret()).map(|bytes| bytes.as_slice().into())
    }
}

/// Encodes the bytes in Base64.
impl From<&[u8]> for Plaintext {
    fn from(bytes: &[u8]) -> Self {
        Self::from_text(STANDARD.encode(bytes))
    }
}

/// Encodes the bytes in Base64.
impl<const N: usize> From<&[u8; N]> for Plaintext {
    fn from(bytes: &[u8; N]) -> Self {
        bytes.as_slice().into()
    }
}

/// Encodes the bytes in Base64, and leaves no copy of them.
impl From<Vec<u8>> for Plaintext {
    fn from(bytes: Vec<u8>) -> Self {
        Zeroizing::new(bytes).as_slice().into()
    }
}

/// Encodes the bytes in Base64.
impl From<&SecretBytes> for Plaintext {
    fn from(bytes: &SecretBytes) -> Self {
        bytes.expose_secret().into()
    }
}

/// Encodes the bytes in Base64.
impl From<SecretBytes> for Plaintext {
    fn from(bytes: SecretBytes) -> Self {
        (&bytes).into()
    }
}

impl fmt::Debug for Plaintext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Plaintext({} characters)", self.expose_secret().chars().count())
    }
}

impl<'de> Deserialize<'de> for Plaintext {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        wire::secret(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn debug_shows_only_the_length() {
        let shown = format!("{:?}", Plaintext::from_text("fake-password"));
        assert_eq!(shown, "Plaintext(13 characters)");
    }

    #[test]
    fn text_that_is_not_base64_is_kept() {
        let plaintext: Plaintext = serde_json::from_str(r#""fake password""#).unwrap();
        assert_eq!(plaintext.expose_secret(), "fake password");
        assert!(plaintext.to_bytes().is_err());
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes in any::<Vec<u8>>()) {
            let secret = SecretBytes::from(bytes.as_slice());
            for plaintext in [
                Plaintext::from(bytes.as_slice()),
                bytes.clone().into(),
                (&secret).into(),
                secret.into(),
            ] {
                let decoded = plaintext.to_bytes().unwrap();
                prop_assert_eq!(decoded.expose_secret(), bytes.as_slice());
            }
        }
    }
}
