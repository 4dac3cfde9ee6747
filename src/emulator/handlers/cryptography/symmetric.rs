//! Encryption by the primary version of a key, and decryption by whichever version it was.

use serde::Serialize;
use zeroize::Zeroizing;

use super::used_key::UsedKey;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::keys::{Ciphertext, CryptoError, EncryptionContext, Key};
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

/// The longest encryption context, in characters of its JSON text.
const MAX_CONTEXT: usize = 8_192;

/// The result of an encryption.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Encrypted {
    pub(super) ciphertext_blob: String,
    #[serde(flatten)]
    pub(super) used_key: UsedKey,
}

/// Encrypts a text as it is: the service does not decode it.
pub(super) fn encrypt(
    key: &Key,
    text: &str,
    additional_data: &[u8],
) -> Result<Encrypted, ErrorResponse> {
    let version = key.primary_version();
    let sealed = version.material()?.seal(text.as_bytes(), additional_data)?;
    let ciphertext = Ciphertext { version_id: version.id.clone(), sealed };
    Ok(Encrypted { ciphertext_blob: ciphertext.encode(), used_key: UsedKey::new(key, &version.id) })
}

/// The result of a decryption.
pub(super) struct Decrypted {
    pub(super) text: Zeroizing<String>,
    pub(super) used_key: UsedKey,
}

/// Decrypts `CiphertextBlob`, whose version names the key.
pub(super) fn decrypt(
    parameters: &Parameters,
    store: &Store,
    additional_data: &[u8],
    context: &RequestContext<'_>,
) -> Result<Decrypted, ErrorResponse> {
    let ciphertext = Ciphertext::decode(parameters.required("CiphertextBlob")?)?;
    let (key, version) = store.keys.find_version(&ciphertext.version_id, context.now)?;
    key.state(context.now).require_enabled()?;
    let bytes = version.material()?.open(&ciphertext.sealed, additional_data)?;
    // Only texts are encrypted, unless a program did it itself with imported material.
    let text = str::from_utf8(&bytes).map_err(|_| CryptoError::Malformed)?;
    Ok(Decrypted {
        text: Zeroizing::new(text.to_owned()),
        used_key: UsedKey::new(key, &version.id),
    })
}

/// Returns the additional data of a parameter with an encryption context.
pub(super) fn additional_data(
    parameters: &Parameters,
    name: &str,
) -> Result<Vec<u8>, ErrorResponse> {
    let text = parameters.get(name).unwrap_or_default();
    if text.chars().count() > MAX_CONTEXT {
        return Err(ErrorResponse::invalid_parameter(name, "at most 8,192 characters"));
    }
    match EncryptionContext::parse(text) {
        Some(pairs) => Ok(pairs.additional_data()),
        None => Err(ErrorResponse::invalid_parameter(name, "a JSON object of strings")),
    }
}
