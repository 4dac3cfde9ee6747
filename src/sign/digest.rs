//! The digests that the signatures need; the only file that names the crypto crates.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// The key that a signature version makes of an access key secret, ready for any number of texts.
/// Wiped on drop.
pub(crate) enum SigningKey {
    V1(Hmac<Sha1>),
    Acs3(Hmac<Sha256>),
}

impl SigningKey {
    /// Makes the key of version 1.0: the secret and one `&`.
    pub(crate) fn v1(access_key_secret: &str) -> Self {
        Self::V1(mac(&v1_key(access_key_secret)))
    }

    /// Makes the key of ACS3: only the secret.
    pub(crate) fn acs3(access_key_secret: &str) -> Self {
        Self::Acs3(mac(access_key_secret.as_bytes()))
    }

    /// Signs `text`: HMAC-SHA1 in Base64 for version 1.0, HMAC-SHA256 in lower-case hex for ACS3.
    pub(crate) fn signature(&self, text: &str) -> String {
        match self {
            Self::V1(mac) => {
                STANDARD.encode(mac.clone().chain_update(text.as_bytes()).finalize().into_bytes())
            }
            Self::Acs3(mac) => hex(&mac.clone().chain_update(text).finalize().into_bytes()),
        }
    }
}

fn mac<M: KeyInit>(key: &[u8]) -> M {
    match M::new_from_slice(key) {
        Ok(mac) => mac,
        Err(_) => unreachable!("HMAC takes keys of any length (RFC 2104, section 2)"),
    }
}

/// Allocated once at its full size, since a buffer that grows leaves a copy of the secret behind.
fn v1_key(access_key_secret: &str) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(Vec::with_capacity(access_key_secret.len() + 1));
    key.extend_from_slice(access_key_secret.as_bytes());
    key.push(b'&');
    key
}

/// Returns the SHA-256 of `bytes` in lower-case hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&sha256_digest(bytes))
}

/// Returns the SHA-256 digest.
pub(crate) fn sha256_digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    halves.map(|half| char::from(DIGITS[usize::from(half)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_of_version_1_is_allocated_at_its_full_size() {
        for secret in ["", "fake", "fake-secret-of-30-characters--"] {
            let key = v1_key(secret);
            assert_eq!(*key, format!("{secret}&").as_bytes());
            assert_eq!(key.capacity(), key.len());
        }
    }
}
