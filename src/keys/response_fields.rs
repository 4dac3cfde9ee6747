//! Readers of the fields that several responses about keys share.

use secrecy::ExposeSecret as _;
use serde::de::{Deserialize, Deserializer, Error as _};

use super::ciphertext_blob::CiphertextBlob;
use crate::types::{SecretBytes, decode_base64, wire};

/// Reads secret bytes in Base64.
pub(super) fn secret_bytes<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<SecretBytes, D::Error> {
    let text = wire::secret(deserializer)?;
    let bytes = decode_base64(text.expose_secret()).map_err(D::Error::custom)?;
    Ok(bytes.as_slice().into())
}

/// Reads a data key in Base64. An empty one would encrypt nothing.
pub(super) fn data_key<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<SecretBytes, D::Error> {
    let key = secret_bytes(deserializer)?;
    if key.is_empty() { Err(D::Error::custom("an empty data key")) } else { Ok(key) }
}

/// Reads a ciphertext in Base64. An empty one would lose what was encrypted.
pub(super) fn ciphertext<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<CiphertextBlob, D::Error> {
    let blob = CiphertextBlob::deserialize(deserializer)?;
    if blob.as_bytes().is_empty() { Err(D::Error::custom("an empty ciphertext")) } else { Ok(blob) }
}

/// Reads bytes in Base64.
pub(super) fn bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    decode_base64(&text).map(|bytes| bytes.to_vec()).map_err(D::Error::custom)
}
