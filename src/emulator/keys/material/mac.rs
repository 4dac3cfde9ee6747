//! [`MacKey`]: message authentication codes by HMAC.

use aws_lc_rs::hmac::{self, HMAC_SHA224, HMAC_SHA256, HMAC_SHA384, HMAC_SHA512};
use zeroize::Zeroizing;

use crate::emulator::keys::crypto_error::CryptoError;

/// A key for the codes of one algorithm.
pub(in crate::emulator) struct MacKey {
    /// The name of the algorithm, which is that of the key's specification too.
    name: &'static str,
    algorithm: hmac::Algorithm,
    bytes: Zeroizing<Vec<u8>>,
}

impl MacKey {
    pub(super) fn new(spec: &str, bytes: Zeroizing<Vec<u8>>) -> Result<Self, CryptoError> {
        let (name, algorithm) = algorithm(spec)?;
        Ok(Self { name, algorithm, bytes })
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.name == other.name && self.bytes == other.bytes
    }

    pub(super) fn mac(&self, algorithm: &str, message: &[u8]) -> Result<Vec<u8>, CryptoError> {
        Ok(hmac::sign(&self.key(algorithm)?, message).as_ref().to_vec())
    }

    pub(super) fn verify(
        &self,
        algorithm: &str,
        message: &[u8],
        mac: &[u8],
    ) -> Result<bool, CryptoError> {
        Ok(hmac::verify(&self.key(algorithm)?, message, mac).is_ok())
    }

    fn key(&self, algorithm: &str) -> Result<hmac::Key, CryptoError> {
        if algorithm == self.name {
            Ok(hmac::Key::new(self.algorithm, &self.bytes))
        } else {
            Err(CryptoError::WrongAlgorithm)
        }
    }
}

/// Returns the number of bytes of a code.
pub(super) fn code_len(spec: &str) -> Result<usize, CryptoError> {
    algorithm(spec).map(|(_, algorithm)| algorithm.digest_algorithm().output_len())
}

/// Returns the algorithm of a key. No source documents how the specifications of such keys are
/// called: here they are called like the algorithms.
fn algorithm(spec: &str) -> Result<(&'static str, hmac::Algorithm), CryptoError> {
    let algorithms = [
        ("HMAC_SHA_224", HMAC_SHA224),
        ("HMAC_SHA_256", HMAC_SHA256),
        ("HMAC_SHA_384", HMAC_SHA384),
        ("HMAC_SHA_512", HMAC_SHA512),
    ];
    algorithms.into_iter().find(|(name, _)| *name == spec).ok_or(CryptoError::NotEmulated)
}
