//! The digests that the signatures need; the only file that names the crypto crates.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use zeroize::Zeroizing;

/// The signature of version 1.0: HMAC-SHA1 of `text` in Base64, the key being `access_key_secret` and one `&`.
pub(crate) fn hmac_sha1_signature(access_key_secret: &str, text: &str) -> String {
    let mut key = Zeroizing::new(Vec::with_capacity(access_key_secret.len() + 1));
    key.extend_from_slice(access_key_secret.as_bytes());
    key.push(b'&');
    let mac = match Hmac::<Sha1>::new_from_slice(&key) {
        Ok(mac) => mac.chain_update(text.as_bytes()),
        Err(_) => unreachable!("HMAC takes keys of any length (RFC 2104, section 2)"),
    };
    STANDARD.encode(mac.finalize().into_bytes())
}
