//! ReEncrypt:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-reencrypt>

use serde::Serialize;
use zeroize::Zeroizing;

use super::asymmetric;
use super::encoding::{encode, required_bytes};
use super::symmetric::{Decrypted, additional_data, decrypt, encrypt};
use super::used_key::UsedKey;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::handlers::response_fields::json;
use crate::emulator::keys::{CryptoError, KeyNames};
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

pub(in crate::emulator::handlers) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let destination = parameters.required("DestinationKeyId")?;
    let destination_data = additional_data(parameters, "DestinationEncryptionContext")?;
    let source = match parameters.get("SourceEncryptionAlgorithm") {
        Some(algorithm) => decrypt_asymmetric(algorithm, parameters, store, context)?,
        None => {
            let source_data = additional_data(parameters, "SourceEncryptionContext")?;
            decrypt(parameters, store, &source_data, context)?
        }
    };
    let key = store.keys.find(destination, KeyNames::Ids, context.now)?;
    key.state(context.now).require_enabled()?;
    let encrypted = encrypt(key, &source.text, &destination_data)?;
    json(&Response {
        request_id: context.request_id,
        ciphertext_blob: encrypted.ciphertext_blob,
        used_key: source.used_key,
    })
}

/// Decrypts what was encrypted with a public key. The text that is encrypted again is the Base64 of
/// the bytes, as AsymmetricDecrypt returns them.
fn decrypt_asymmetric(
    algorithm: &str,
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Decrypted, ErrorResponse> {
    let ciphertext = required_bytes(parameters, "CiphertextBlob")?;
    let key_id = parameters.required("SourceKeyId")?;
    let version_id = parameters.required("SourceKeyVersionId")?;
    let key = store.keys.find(key_id, KeyNames::Ids, context.now)?;
    key.state(context.now).require_enabled()?;
    asymmetric::require_encryption(key)?;
    let version = key.version(version_id)?;
    let bytes =
        version.material()?.decrypt(algorithm, &ciphertext).map_err(|error| match error {
            CryptoError::WrongAlgorithm => ErrorResponse::invalid_parameter(
                "SourceEncryptionAlgorithm",
                "an algorithm of the key's specification",
            ),
            other => other.into(),
        })?;
    Ok(Decrypted { text: Zeroizing::new(encode(&bytes)), used_key: UsedKey::new(key, &version.id) })
}

/// The key and version are those of the source, by the service's description.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    ciphertext_blob: String,
    #[serde(flatten)]
    used_key: UsedKey,
}
