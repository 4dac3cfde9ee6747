//! The digests that the signatures need; the only file that names the crypto crates.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::digest::Output;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// The signature of version 1.0: HMAC-SHA1 of `text` in Base64, the key being `access_key_secret` and one `&`.
pub(crate) fn hmac_sha1_signature(access_key_secret: &str, text: &str) -> String {
    let mut key = Zeroizing::new(Vec::with_capacity(access_key_secret.len() + 1));
    key.extend_from_slice(access_key_secret.as_bytes());
    key.push(b'&');
    STANDARD.encode(mac::<Hmac<Sha1>>(&key, text))
}

/// The signature of ACS3: HMAC-SHA256 of `text` in lower-case hex, the key being `access_key_secret` alone.
pub(crate) fn hmac_sha256_signature(access_key_secret: &str, text: &str) -> String {
    hex(&mac::<Hmac<Sha256>>(access_key_secret.as_bytes(), text))
}

/// SHA-256 in lower-case hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn mac<M: Mac + KeyInit>(key: &[u8], text: &str) -> Output<M> {
    match <M as KeyInit>::new_from_slice(key) {
        Ok(mac) => mac.chain_update(text.as_bytes()).finalize().into_bytes(),
        Err(_) => unreachable!("HMAC takes keys of any length (RFC 2104, section 2)"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
