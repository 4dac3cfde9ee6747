//! Secret bytes.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretSlice};
use zeroize::Zeroizing;

/// Secret bytes, such as those of a binary secret value.
///
/// Only [`expose_secret`](Self::expose_secret) returns them. `Debug` shows their number, there is
/// no `Serialize`, and they are wiped from memory on drop.
///
/// ```
/// use alibabacloud_kms::secrets::SecretBytes;
///
/// let bytes = SecretBytes::from(b"fake-key");
/// assert_eq!(bytes.expose_secret(), b"fake-key");
/// assert_eq!(format!("{bytes:?}"), "SecretBytes(8 bytes)");
/// ```
#[derive(Clone)]
pub struct SecretBytes(SecretSlice<u8>);

impl SecretBytes {
    /// Returns the bytes.
    #[must_use]
    pub fn expose_secret(&self) -> &[u8] {
        self.0.expose_secret()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.expose_secret().is_empty()
    }
}

/// Copies the bytes.
impl From<&[u8]> for SecretBytes {
    fn from(bytes: &[u8]) -> Self {
        Self(SecretSlice::from(bytes.to_vec()))
    }
}

/// Copies the bytes.
impl<const N: usize> From<&[u8; N]> for SecretBytes {
    fn from(bytes: &[u8; N]) -> Self {
        bytes.as_slice().into()
    }
}

/// Copies the text.
impl From<&str> for SecretBytes {
    fn from(text: &str) -> Self {
        text.as_bytes().into()
    }
}

/// Takes the bytes and leaves no copy of them.
impl From<Vec<u8>> for SecretBytes {
    fn from(bytes: Vec<u8>) -> Self {
        // Shrinking a vector with spare capacity would move the bytes without wiping the old place.
        Zeroizing::new(bytes).as_slice().into()
    }
}

/// Takes the text and leaves no copy of it.
impl From<String> for SecretBytes {
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretBytes({} bytes)", self.expose_secret().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_from_texts_slices_and_vectors() {
        let mut spare = Vec::with_capacity(100);
        spare.extend_from_slice(b"fake");
        for bytes in [
            SecretBytes::from("fake"),
            "fake".to_owned().into(),
            b"fake".into(),
            b"fake"[..].into(),
            spare.into(),
        ] {
            assert_eq!(bytes.expose_secret(), b"fake");
        }
    }

    #[test]
    fn debug_shows_only_the_number_of_bytes() {
        let bytes = SecretBytes::from("fake-secret");
        assert_eq!(format!("{bytes:?} {bytes:#?}"), "SecretBytes(11 bytes) SecretBytes(11 bytes)");
    }
}
