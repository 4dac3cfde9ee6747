//! [`CryptoError`]: why cryptography with a key fails.

use crate::emulator::error_response::ErrorResponse;

/// A reason why cryptography with a key fails. It contains nothing of what was secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::emulator) enum CryptoError {
    /// The emulator has no implementation: SM2, SM3, SM4, or a specification that it does not know.
    NotEmulated,
    /// Keys of this type are not used for that.
    WrongKeyType,
    /// The key type does not support the algorithm.
    WrongAlgorithm,
    /// The input is longer than the algorithm allows.
    TooLong,
    /// The input is not what the algorithm takes: tampered, truncated, or made for another key.
    Malformed,
    /// The cryptographic library failed, for example for lack of randomness.
    Library,
}

/// The service's response. Of a wrong algorithm and of what cannot be decrypted the code is not
/// documented.
impl From<CryptoError> for ErrorResponse {
    fn from(error: CryptoError) -> Self {
        let unsupported = |reason| {
            let message = format!("This action is not supported: {reason}.");
            Self::service(400, "UnsupportedOperation", message)
        };
        match error {
            CryptoError::NotEmulated => unsupported(
                "the emulator implements AES, RSA, EC_P256, EC_P256K and HMAC with SHA-2, and \
                 neither SM2, SM3 nor SM4",
            ),
            CryptoError::WrongKeyType => unsupported("the type of the key does not allow it"),
            CryptoError::WrongAlgorithm => {
                Self::invalid_parameter("Algorithm", "an algorithm of the key's specification")
            }
            CryptoError::TooLong => {
                Self::invalid_parameter("Plaintext", "as long as the algorithm allows")
            }
            CryptoError::Malformed => {
                Self::invalid_parameter("CiphertextBlob", "the ciphertext of a key in this region")
            }
            CryptoError::Library => {
                Self::service(500, "InternalFailure", "The cryptographic library failed.")
            }
        }
    }
}
