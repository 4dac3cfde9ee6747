//! The export of data keys for a public key of the requester.

use super::encoding::{encode, required_bytes};
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::keys::{CryptoError, wrap};
use crate::emulator::request::Parameters;

/// The length of what a key of `RSA_2048` encrypts.
const RSA_2048_LEN: usize = 256;

/// Encrypts the bytes of a data key for the key in `PublicKeyBlob`. That it is the bytes, and not
/// their Base64, is not documented.
pub(super) fn export(parameters: &Parameters, data_key: &[u8]) -> Result<String, ErrorResponse> {
    let public_key = required_bytes(parameters, "PublicKeyBlob")?;
    match parameters.required("WrappingKeySpec")? {
        "RSA_2048" => {}
        "EC_SM2" => return Err(CryptoError::NotEmulated.into()),
        _ => {
            let allowed = "RSA_2048 or EC_SM2";
            return Err(ErrorResponse::invalid_parameter("WrappingKeySpec", allowed));
        }
    }
    let algorithm = parameters.required("WrappingAlgorithm")?;
    match wrap(&public_key, algorithm, data_key) {
        Ok(wrapped) if wrapped.len() == RSA_2048_LEN => Ok(encode(&wrapped)),
        Ok(_) => Err(response(CryptoError::Malformed)),
        Err(error) => Err(response(error)),
    }
}

fn response(error: CryptoError) -> ErrorResponse {
    let invalid = ErrorResponse::invalid_parameter;
    match error {
        CryptoError::WrongAlgorithm => {
            invalid("WrappingAlgorithm", "RSAES_OAEP_SHA_256 or RSAES_OAEP_SHA_1")
        }
        CryptoError::TooLong => invalid("NumberOfBytes", "as many as the algorithm encrypts"),
        CryptoError::Malformed => invalid("PublicKeyBlob", "a public key of WrappingKeySpec"),
        other => other.into(),
    }
}
