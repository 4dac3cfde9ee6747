//! The digests that the signatures need; the only file that names the crypto crates.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::digest::Output;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// What a scheme makes of an `AccessKeySecret`, ready for any number of texts. Wiped on drop.
pub(crate) enum SigningKey {
    V1(Hmac<Sha1>),
    Acs3(Hmac<Sha256>),
}

impl SigningKey {
    /// The key of version 1.0: `access_key_secret` and one `&`.
    pub(crate) fn v1(access_key_secret: &str) -> Self {
        let mut key = Zeroizing::new(Vec::with_capacity(access_key_secret.len() + 1));
        key.extend_from_slice(access_key_secret.as_bytes());
        key.push(b'&');
        Self::V1(mac(&key))
    }

    /// The key of ACS3: `access_key_secret` alone.
    pub(crate) fn acs3(access_key_secret: &str) -> Self {
        Self::Acs3(mac(access_key_secret.as_bytes()))
    }

    /// The signature of `text`: HMAC-SHA1 in Base64 for version 1.0, HMAC-SHA256 in lower-case hex for ACS3.
    pub(crate) fn signature(&self, text: &str) -> String {
        match self {
            Self::V1(mac) => STANDARD.encode(finish(mac, text)),
            Self::Acs3(mac) => hex(&finish(mac, text)),
        }
    }
}

fn mac<M: KeyInit>(key: &[u8]) -> M {
    match M::new_from_slice(key) {
        Ok(mac) => mac,
        Err(_) => unreachable!("HMAC takes keys of any length (RFC 2104, section 2)"),
    }
}

fn finish<M: Mac + Clone>(mac: &M, text: &str) -> Output<M> {
    mac.clone().chain_update(text.as_bytes()).finalize().into_bytes()
}

/// SHA-256 in lower-case hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
