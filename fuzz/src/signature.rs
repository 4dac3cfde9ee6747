//! Signature version 1.0, written from its documentation and not from the crate.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Encodes as the signature does (RFC 3986, section 2.3).
pub fn percent_encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Returns the query of a request with these parameters and its signature.
pub fn sign(method: &str, secret: &str, mut parameters: Vec<(String, String)>) -> String {
    parameters.sort();
    let pairs = parameters
        .iter()
        .map(|(name, value)| format!("{}={}", percent_encode(name), percent_encode(value)));
    let query = pairs.collect::<Vec<_>>().join("&");
    let string_to_sign = format!("{method}&{}&{}", percent_encode("/"), percent_encode(&query));
    let mut mac = Hmac::<Sha1>::new_from_slice(format!("{secret}&").as_bytes())
        .expect("a key may have any length");
    mac.update(string_to_sign.as_bytes());
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    format!("{query}&Signature={}", percent_encode(&signature))
}
