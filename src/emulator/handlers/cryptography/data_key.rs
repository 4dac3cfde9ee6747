//! Data keys: random bytes that programs encrypt with.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::encoding::encode;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::keys::random_bytes;
use crate::emulator::request::Parameters;

/// A new data key.
pub(super) struct DataKey {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// Its Base64, which is what is encrypted.
    pub(super) text: Zeroizing<String>,
}

impl DataKey {
    /// Generates one of the requested length. `NumberOfBytes` takes precedence over `KeySpec`.
    pub(super) fn generate(parameters: &Parameters) -> Result<Self, ErrorResponse> {
        let of_spec = match parameters.get("KeySpec") {
            Some("AES_128") => Ok(16),
            None | Some("AES_256") => Ok(32),
            Some(_) => Err(ErrorResponse::invalid_parameter("KeySpec", "AES_256 or AES_128")),
        };
        let len = match parameters.get("NumberOfBytes") {
            Some(_) => parameters.integer("NumberOfBytes", 0, 1..=1_024, "1 to 1,024")?,
            None => of_spec?,
        };
        let bytes = random_bytes(len.unsigned_abs() as usize)?;
        Ok(Self { text: Zeroizing::new(encode(&bytes)), bytes })
    }
}

/// Returns the bytes of a data key from its text, which the ciphertext contained.
pub(super) fn decode(text: &str) -> Result<Zeroizing<Vec<u8>>, ErrorResponse> {
    STANDARD.decode(text).map(Zeroizing::new).map_err(|_| {
        ErrorResponse::invalid_parameter("CiphertextBlob", "the ciphertext of a data key")
    })
}
