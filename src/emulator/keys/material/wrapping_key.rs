//! [`WrappingKey`]: what material is encrypted with on its way into an import.

use aws_lc_rs::cipher::{
    AES_256, AES_256_KEY_LEN, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey,
};
use aws_lc_rs::rsa::{KeySize, OAEP_SHA256_MGF1SHA256, OaepAlgorithm, Pkcs1PrivateDecryptingKey};
use zeroize::Zeroizing;

use super::rsa::{RsaPair, oaep, open_oaep};
use crate::emulator::keys::crypto_error::CryptoError;

/// A key pair for one import, and the algorithm that it is used with.
pub(in crate::emulator) struct WrappingKey {
    algorithm: Algorithm,
    pair: RsaPair,
}

/// An algorithm that wraps material: `WrappingAlgorithm`.
#[derive(Clone, Copy)]
enum Algorithm {
    Pkcs1,
    Oaep(&'static OaepAlgorithm),
    /// OAEP for an AES key, and AES for the material, which may be longer than OAEP allows.
    Hybrid,
}

impl WrappingKey {
    /// Generates a key pair for an algorithm. `RSA_2048` is the only specification that the service
    /// offers besides that of SM2.
    pub(in crate::emulator) fn generate(spec: &str, algorithm: &str) -> Result<Self, CryptoError> {
        if spec != "RSA_2048" {
            return Err(CryptoError::NotEmulated);
        }
        let algorithm = match algorithm {
            "RSAES_PKCS1_V1_5" => Algorithm::Pkcs1,
            "RSAES_OAEP_SHA_256_AES_256_ECB_PKCS7_PAD" => Algorithm::Hybrid,
            name => Algorithm::Oaep(oaep(name)?),
        };
        Ok(Self { algorithm, pair: RsaPair::generate(KeySize::Rsa2048)? })
    }

    /// Returns the public key as a `SubjectPublicKeyInfo` in DER.
    pub(in crate::emulator) fn public_key_der(&self) -> &[u8] {
        &self.pair.public_key
    }

    /// Decrypts material that was encrypted with the public key.
    pub(in crate::emulator) fn unwrap(
        &self,
        wrapped: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        match self.algorithm {
            Algorithm::Pkcs1 => self.unwrap_pkcs1(wrapped),
            Algorithm::Oaep(algorithm) => {
                open_oaep(self.pair.decrypting_key()?, algorithm, wrapped)
            }
            Algorithm::Hybrid => self.unwrap_hybrid(wrapped),
        }
    }

    fn unwrap_pkcs1(&self, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        let key = Pkcs1PrivateDecryptingKey::new(self.pair.decrypting_key()?);
        let key = key.map_err(|_| CryptoError::Library)?;
        let mut buffer = Zeroizing::new(vec![0; key.min_output_size()]);
        let len = key.decrypt(wrapped, &mut buffer).map_err(|_| CryptoError::Malformed)?.len();
        buffer.truncate(len);
        Ok(buffer)
    }

    fn unwrap_hybrid(&self, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        let key = self.pair.decrypting_key()?;
        let (aes_key, material) =
            wrapped.split_at_checked(key.key_size_bytes()).ok_or(CryptoError::Malformed)?;
        let aes_key = open_oaep(key, &OAEP_SHA256_MGF1SHA256, aes_key)?;
        if aes_key.len() != AES_256_KEY_LEN {
            return Err(CryptoError::Malformed);
        }
        let key = UnboundCipherKey::new(&AES_256, &aes_key)
            .and_then(PaddedBlockDecryptingKey::ecb_pkcs7)
            .map_err(|_| CryptoError::Library)?;
        let mut buffer = Zeroizing::new(material.to_vec());
        let decrypted = key.decrypt(&mut buffer, DecryptionContext::None);
        let len = decrypted.map_err(|_| CryptoError::Malformed)?.len();
        buffer.truncate(len);
        Ok(buffer)
    }
}
