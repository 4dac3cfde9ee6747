//! [`RsaKey`]: signatures and encryption by RSA, and [`wrap`]: encryption for any public key.

use std::sync::OnceLock;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{
    KeyPair, KeySize, OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm,
    OaepPrivateDecryptingKey, OaepPublicEncryptingKey, PrivateDecryptingKey, PublicEncryptingKey,
};
use aws_lc_rs::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RSA_PSS_2048_8192_SHA256, RSA_PSS_SHA256,
    RsaEncoding, RsaParameters, UnparsedPublicKey,
};
use zeroize::Zeroizing;

use super::digest::foreign_digest;
use crate::emulator::keys::crypto_error::CryptoError;
use crate::keys::KeySpec;

/// An RSA key pair.
pub(in crate::emulator) struct RsaKey {
    size: KeySize,
    /// Generated when it is first used.
    pair: OnceLock<RsaPair>,
}

/// A private key in DER, wiped on drop, and its public key.
///
/// The library reads it again for each use: its own type cannot be sent to other threads in all the
/// versions that the crate builds with.
pub(super) struct RsaPair {
    pkcs8: Zeroizing<Vec<u8>>,
    pub(super) public_key: Vec<u8>,
}

impl RsaKey {
    pub(super) fn new(spec: &KeySpec) -> Result<Self, CryptoError> {
        Ok(Self { size: size(spec)?, pair: OnceLock::new() })
    }

    pub(super) fn from_pkcs8(spec: &KeySpec, pkcs8: &[u8]) -> Result<Self, CryptoError> {
        let size = size(spec)?;
        let key = PrivateDecryptingKey::from_pkcs8(pkcs8).map_err(|_| CryptoError::Malformed)?;
        if key.key_size_bytes() != size.len() {
            return Err(CryptoError::Malformed);
        }
        Ok(Self { size, pair: RsaPair::new(&key)?.into() })
    }

    pub(super) fn public_key(&self) -> Result<&[u8], CryptoError> {
        Ok(&self.pair()?.public_key)
    }

    /// Returns whether this is the same imported key. One that is yet to be generated is the same
    /// as none.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self.pair.get(), other.pair.get()) {
            (Some(one), Some(other)) => one.public_key == other.public_key,
            _ => false,
        }
    }

    pub(super) fn decrypt(
        &self,
        algorithm: &str,
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        open_oaep(self.pair()?.decrypting_key()?, oaep(algorithm)?, ciphertext)
    }

    pub(super) fn sign(&self, algorithm: &str, digest: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let (encoding, _) = signature_scheme(algorithm)?;
        let digest = foreign_digest(digest)?;
        let mut signature = vec![0; self.size.len()];
        let key = KeyPair::from_pkcs8(&self.pair()?.pkcs8).map_err(|_| CryptoError::Library)?;
        let signed = key.sign_digest(encoding, &digest, &mut signature);
        signed.map_err(|_| CryptoError::Library)?;
        Ok(signature)
    }

    pub(super) fn verify(
        &self,
        algorithm: &str,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<bool, CryptoError> {
        let (_, parameters) = signature_scheme(algorithm)?;
        let public_key = UnparsedPublicKey::new(parameters, self.public_key()?);
        Ok(public_key.verify_digest(&foreign_digest(digest)?, signature).is_ok())
    }

    fn pair(&self) -> Result<&RsaPair, CryptoError> {
        if let Some(pair) = self.pair.get() {
            return Ok(pair);
        }
        let pair = RsaPair::generate(self.size)?;
        Ok(self.pair.get_or_init(|| pair))
    }
}

impl RsaPair {
    pub(super) fn generate(size: KeySize) -> Result<Self, CryptoError> {
        Self::new(&PrivateDecryptingKey::generate(size).map_err(|_| CryptoError::Library)?)
    }

    fn new(key: &PrivateDecryptingKey) -> Result<Self, CryptoError> {
        let pkcs8: Pkcs8V1Der<'_> = key.as_der().map_err(|_| CryptoError::Library)?;
        let public_key: PublicKeyX509Der<'_> =
            key.public_key().as_der().map_err(|_| CryptoError::Library)?;
        Ok(Self {
            pkcs8: Zeroizing::new(pkcs8.as_ref().to_vec()),
            public_key: public_key.as_ref().to_vec(),
        })
    }

    pub(super) fn decrypting_key(&self) -> Result<PrivateDecryptingKey, CryptoError> {
        PrivateDecryptingKey::from_pkcs8(&self.pkcs8).map_err(|_| CryptoError::Library)
    }
}

/// Encrypts for a public RSA key, given as a `SubjectPublicKeyInfo` in DER.
pub(in crate::emulator) fn wrap(
    public_key: &[u8],
    algorithm: &str,
    plaintext: &[u8],
) -> Result<Vec<u8>, CryptoError> {
    let algorithm = oaep(algorithm)?;
    let key = PublicEncryptingKey::from_der(public_key).map_err(|_| CryptoError::Malformed)?;
    let key = OaepPublicEncryptingKey::new(key).map_err(|_| CryptoError::Library)?;
    if plaintext.len() > key.max_plaintext_size(algorithm) {
        return Err(CryptoError::TooLong);
    }
    let mut ciphertext = vec![0; key.ciphertext_size()];
    let encrypted = key.encrypt(algorithm, plaintext, &mut ciphertext, None);
    let len = encrypted.map_err(|_| CryptoError::Library)?.len();
    ciphertext.truncate(len);
    Ok(ciphertext)
}

/// Decrypts by OAEP without a label.
pub(super) fn open_oaep(
    key: PrivateDecryptingKey,
    algorithm: &'static OaepAlgorithm,
    ciphertext: &[u8],
) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    let key = OaepPrivateDecryptingKey::new(key).map_err(|_| CryptoError::Library)?;
    let mut buffer = Zeroizing::new(vec![0; key.min_output_size()]);
    let opened = key.decrypt(algorithm, ciphertext, &mut buffer, None);
    let len = opened.map_err(|_| CryptoError::Malformed)?.len();
    buffer.truncate(len);
    Ok(buffer)
}

fn size(spec: &KeySpec) -> Result<KeySize, CryptoError> {
    match spec.as_str() {
        "RSA_2048" => Ok(KeySize::Rsa2048),
        "RSA_3072" => Ok(KeySize::Rsa3072),
        "RSA_4096" => Ok(KeySize::Rsa4096),
        _ => Err(CryptoError::NotEmulated),
    }
}

/// Returns the OAEP variant, in which MGF1 has the same hash.
pub(super) fn oaep(algorithm: &str) -> Result<&'static OaepAlgorithm, CryptoError> {
    match algorithm {
        "RSAES_OAEP_SHA_1" => Ok(&OAEP_SHA1_MGF1SHA1),
        "RSAES_OAEP_SHA_256" => Ok(&OAEP_SHA256_MGF1SHA256),
        _ => Err(CryptoError::WrongAlgorithm),
    }
}

type SignatureScheme = (&'static dyn RsaEncoding, &'static RsaParameters);

/// Returns the scheme of a signature. The salt of PSS is as long as the digest.
fn signature_scheme(algorithm: &str) -> Result<SignatureScheme, CryptoError> {
    match algorithm {
        "RSA_PSS_SHA_256" => Ok((&RSA_PSS_SHA256, &RSA_PSS_2048_8192_SHA256)),
        "RSA_PKCS1_SHA_256" => Ok((&RSA_PKCS1_SHA256, &RSA_PKCS1_2048_8192_SHA256)),
        _ => Err(CryptoError::WrongAlgorithm),
    }
}
