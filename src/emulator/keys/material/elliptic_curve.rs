//! [`EcKey`]: signatures by ECDSA.

use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256K1_SHA256_ASN1,
    ECDSA_P256K1_SHA256_ASN1_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    EcdsaVerificationAlgorithm, KeyPair as _, UnparsedPublicKey,
};

use super::digest::foreign_digest;
use crate::emulator::keys::crypto_error::CryptoError;

/// An elliptic curve that the emulator implements.
#[derive(Clone, Copy)]
pub(super) enum Curve {
    P256,
    P256K,
}

impl Curve {
    fn signing(self) -> &'static EcdsaSigningAlgorithm {
        match self {
            Self::P256 => &ECDSA_P256_SHA256_ASN1_SIGNING,
            Self::P256K => &ECDSA_P256K1_SHA256_ASN1_SIGNING,
        }
    }

    fn verification(self) -> &'static EcdsaVerificationAlgorithm {
        match self {
            Self::P256 => &ECDSA_P256_SHA256_ASN1,
            Self::P256K => &ECDSA_P256K1_SHA256_ASN1,
        }
    }
}

/// A key pair of an elliptic curve. The library wipes the private key on drop.
pub(in crate::emulator) struct EcKey {
    curve: Curve,
    pair: EcdsaKeyPair,
    public_key: Vec<u8>,
}

impl EcKey {
    pub(super) fn generate(curve: Curve) -> Result<Self, CryptoError> {
        let pair = EcdsaKeyPair::generate(curve.signing()).map_err(|_| CryptoError::Library)?;
        Self::new(curve, pair)
    }

    pub(super) fn from_pkcs8(curve: Curve, pkcs8: &[u8]) -> Result<Self, CryptoError> {
        let pair = EcdsaKeyPair::from_pkcs8(curve.signing(), pkcs8);
        Self::new(curve, pair.map_err(|_| CryptoError::Malformed)?)
    }

    fn new(curve: Curve, pair: EcdsaKeyPair) -> Result<Self, CryptoError> {
        let public_key: PublicKeyX509Der<'_> =
            pair.public_key().as_der().map_err(|_| CryptoError::Library)?;
        let public_key = public_key.as_ref().to_vec();
        Ok(Self { curve, pair, public_key })
    }

    pub(super) fn public_key(&self) -> &[u8] {
        &self.public_key
    }

    /// Signs without making `s` low, as the service does.
    pub(super) fn sign(&self, algorithm: &str, digest: &[u8]) -> Result<Vec<u8>, CryptoError> {
        check_algorithm(algorithm)?;
        let signature = self.pair.sign_digest(&foreign_digest(digest)?);
        Ok(signature.map_err(|_| CryptoError::Library)?.as_ref().to_vec())
    }

    pub(super) fn verify(
        &self,
        algorithm: &str,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<bool, CryptoError> {
        check_algorithm(algorithm)?;
        let public_key = UnparsedPublicKey::new(self.curve.verification(), &self.public_key);
        Ok(public_key.verify_digest(&foreign_digest(digest)?, signature).is_ok())
    }
}

fn check_algorithm(algorithm: &str) -> Result<(), CryptoError> {
    match algorithm {
        "ECDSA_SHA_256" => Ok(()),
        _ => Err(CryptoError::WrongAlgorithm),
    }
}
