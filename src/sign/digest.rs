//! The digests that the signatures need; the only file that names the crypto crates.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac::HMAC_SHA256;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use zeroize::Zeroizing;

/// The key that a signature version makes of an access key secret, ready for any number of texts.
/// Wiped on drop.
pub(crate) enum SigningKey {
    V1(Hmac<Sha1>),
    Acs3(Box<aws_lc_rs::hmac::Key>),
}

impl SigningKey {
    /// Makes the key of version 1.0: the secret and one `&`.
    pub(crate) fn v1(access_key_secret: &str) -> Self {
        let key = v1_key(access_key_secret);
        match Hmac::new_from_slice(&key) {
            Ok(mac) => Self::V1(mac),
            Err(_) => unreachable!("HMAC takes keys of any length (RFC 2104, section 2)"),
        }
    }

    /// Makes the key of ACS3: only the secret.
    pub(crate) fn acs3(access_key_secret: &str) -> Self {
        let key = aws_lc_rs::hmac::Key::new(HMAC_SHA256, access_key_secret.as_bytes());
        Self::Acs3(Box::new(key))
    }

    /// Signs `text`: HMAC-SHA1 in Base64 for version 1.0, HMAC-SHA256 in lower-case hex for ACS3.
    pub(crate) fn signature(&self, text: &str) -> String {
        match self {
            Self::V1(mac) => {
                STANDARD.encode(mac.clone().chain_update(text.as_bytes()).finalize().into_bytes())
            }
            Self::Acs3(key) => hex(aws_lc_rs::hmac::sign(key, text.as_bytes()).as_ref()),
        }
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
    hex(digest(&SHA256, bytes).as_ref())
}

/// Returns the SHA-256 digest.
pub(crate) fn sha256_digest(bytes: &[u8]) -> [u8; 32] {
    match digest(&SHA256, bytes).as_ref().try_into() {
        Ok(digest) => digest,
        Err(_) => unreachable!("a SHA-256 digest has 32 bytes (FIPS 180-4)"),
    }
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
