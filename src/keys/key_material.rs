//! Key material encrypted for an import.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/user-guide/import-key-material-into-a-symmetric-key>

use aws_lc_rs::cipher::{AES_256, EncryptingKey, UnboundCipherKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand;
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm, OaepPublicEncryptingKey,
    Pkcs1PublicEncryptingKey, PublicEncryptingKey,
};
use zeroize::Zeroizing;

use super::algorithms::WrappingAlgorithm;
use super::get_parameters_for_import::GetParametersForImportResponse;
use super::import_key_material::ImportKeyMaterialRequest;
use crate::types::SecretBytes;

const AES_BLOCK: usize = 16;
const AES_256_LEN: usize = 32;

impl GetParametersForImportResponse {
    /// Encrypts key material for the public key, and makes the import of it. It needs the feature
    /// `aws-lc-rs`, which is on by default.
    ///
    /// `algorithm` is that of the request for these parameters. The material of an
    /// [`Aes256`](crate::keys::KeySpec::Aes256) key has 32 bytes, and that of an asymmetric key is
    /// its private key in PKCS#8 DER, by
    /// [`RsaesOaepSha256Aes256EcbPkcs7Pad`](WrappingAlgorithm::RsaesOaepSha256Aes256EcbPkcs7Pad).
    ///
    /// # Errors
    ///
    /// - [`UnsupportedAlgorithm`](WrapError::UnsupportedAlgorithm) for the SM2 algorithms and
    ///   unknown ones: encrypt the material yourself, and make an [`ImportKeyMaterialRequest`].
    /// - [`InvalidPublicKey`](WrapError::InvalidPublicKey) if the public key is not an RSA key.
    /// - [`TooLong`](WrapError::TooLong) if the material is longer than the algorithm encrypts.
    ///
    /// [`get_parameters_for_import`](crate::KmsClient::get_parameters_for_import) has an example.
    pub fn wrap(
        &self,
        algorithm: &WrappingAlgorithm,
        material: &SecretBytes,
    ) -> Result<ImportKeyMaterialRequest, WrapError> {
        let key = || {
            PublicEncryptingKey::from_der(&self.public_key).map_err(|_| WrapError::InvalidPublicKey)
        };
        let material = material.expose_secret();
        let encrypted = match algorithm {
            WrappingAlgorithm::RsaesPkcs1V15 => encrypt_pkcs1(key()?, material),
            WrappingAlgorithm::RsaesOaepSha1 => encrypt_oaep(key()?, &OAEP_SHA1_MGF1SHA1, material),
            WrappingAlgorithm::RsaesOaepSha256 => {
                encrypt_oaep(key()?, &OAEP_SHA256_MGF1SHA256, material)
            }
            WrappingAlgorithm::RsaesOaepSha256Aes256EcbPkcs7Pad => encrypt_hybrid(key()?, material),
            other => return Err(WrapError::UnsupportedAlgorithm(other.clone())),
        };
        let encrypted = encrypted.map_err(|Unspecified| WrapError::TooLong)?;
        let (key_id, token) = (self.key_id.as_str(), self.import_token.as_str());
        Ok(ImportKeyMaterialRequest::new(key_id, encrypted, token))
    }
}

fn encrypt_pkcs1(key: PublicEncryptingKey, material: &[u8]) -> Result<Vec<u8>, Unspecified> {
    let key = Pkcs1PublicEncryptingKey::new(key)?;
    let mut encrypted = vec![0; key.ciphertext_size()];
    let len = key.encrypt(material, &mut encrypted)?.len();
    encrypted.truncate(len);
    Ok(encrypted)
}

fn encrypt_oaep(
    key: PublicEncryptingKey,
    algorithm: &'static OaepAlgorithm,
    material: &[u8],
) -> Result<Vec<u8>, Unspecified> {
    let key = OaepPublicEncryptingKey::new(key)?;
    let mut encrypted = vec![0; key.ciphertext_size()];
    let len = key.encrypt(algorithm, material, &mut encrypted, None)?.len();
    encrypted.truncate(len);
    Ok(encrypted)
}

/// Encrypts a random AES key for the public key, and the material by that AES key.
///
/// <https://www.alibabacloud.com/help/en/kms/key-management-service/user-guide/import-key-material-into-an-asymmetric-key>
fn encrypt_hybrid(key: PublicEncryptingKey, material: &[u8]) -> Result<Vec<u8>, Unspecified> {
    let mut aes_key = Zeroizing::new([0; AES_256_LEN]);
    rand::fill(&mut *aes_key)?;
    let mut encrypted = encrypt_oaep(key, &OAEP_SHA256_MGF1SHA256, &*aes_key)?;
    let mut padded = pkcs7_padded(material);
    // A key that is used once needs no initialization vector.
    EncryptingKey::ecb(UnboundCipherKey::new(&AES_256, &*aes_key)?)?.encrypt(&mut padded)?;
    encrypted.extend_from_slice(&padded);
    Ok(encrypted)
}

/// Fills the last block with its number of filling bytes (RFC 5652, section 6.3).
fn pkcs7_padded(material: &[u8]) -> Zeroizing<Vec<u8>> {
    let filling = AES_BLOCK - material.len() % AES_BLOCK;
    let mut padded = Zeroizing::new(Vec::with_capacity(material.len() + filling));
    padded.extend_from_slice(material);
    // 1 to 16.
    padded.resize(material.len() + filling, filling as u8);
    padded
}

/// Key material was not encrypted for an import. The error does not contain it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WrapError {
    /// This crate does not encrypt by the algorithm.
    #[error("key material cannot be encrypted here by {0}: encrypt it elsewhere, and import that")]
    UnsupportedAlgorithm(WrappingAlgorithm),
    /// The public key is not an RSA key in DER.
    #[error("the public key of the import is not an RSA key of at least 2048 bits in DER")]
    InvalidPublicKey,
    /// The material is longer than the algorithm encrypts.
    #[error(
        "the key material is too long for the wrapping algorithm: a private key needs \
         RSAES_OAEP_SHA_256_AES_256_ECB_PKCS7_PAD"
    )]
    TooLong,
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::cipher::{DecryptingKey, DecryptionContext};
    use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
    use aws_lc_rs::rsa::{
        KeySize, OaepPrivateDecryptingKey, Pkcs1PrivateDecryptingKey, PrivateDecryptingKey,
    };
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde_json::json;

    use super::*;

    fn parameters(public_key: &[u8]) -> GetParametersForImportResponse {
        let public_key = STANDARD.encode(public_key);
        let body =
            json!({"KeyId": "key-fake", "ImportToken": "fake-token", "PublicKey": public_key});
        serde_json::from_value(body).unwrap()
    }

    fn new_key() -> (PrivateDecryptingKey, GetParametersForImportResponse) {
        let key = PrivateDecryptingKey::generate(KeySize::Rsa2048).unwrap();
        let der: PublicKeyX509Der<'_> = key.public_key().as_der().unwrap();
        let parameters = parameters(der.as_ref());
        (key, parameters)
    }

    #[test]
    fn private_key_decrypts_what_each_algorithm_wrapped() {
        let (key, parameters) = new_key();
        let material = SecretBytes::from(&[7; 32]);
        let mut plaintext = vec![0; 256];

        let request = parameters.wrap(&WrappingAlgorithm::RsaesPkcs1V15, &material).unwrap();
        assert_eq!((&*request.key_id, &*request.import_token), ("key-fake", "fake-token"));
        let pkcs1 = Pkcs1PrivateDecryptingKey::new(key.clone()).unwrap();
        let read = pkcs1.decrypt(&request.encrypted_key_material, &mut plaintext).unwrap();
        assert_eq!(read, [7; 32]);

        let oaep = OaepPrivateDecryptingKey::new(key).unwrap();
        for (algorithm, hash) in [
            (WrappingAlgorithm::RsaesOaepSha1, &OAEP_SHA1_MGF1SHA1),
            (WrappingAlgorithm::RsaesOaepSha256, &OAEP_SHA256_MGF1SHA256),
        ] {
            let request = parameters.wrap(&algorithm, &material).unwrap();
            let encrypted = &request.encrypted_key_material;
            assert_eq!(oaep.decrypt(hash, encrypted, &mut plaintext, None).unwrap(), [7; 32]);
        }

        let private_key = SecretBytes::from(&[9; 1_217]);
        let algorithm = WrappingAlgorithm::RsaesOaepSha256Aes256EcbPkcs7Pad;
        let request = parameters.wrap(&algorithm, &private_key).unwrap();
        let (aes_key, encrypted) = request.encrypted_key_material.split_at(256);
        let aes_key = oaep.decrypt(&OAEP_SHA256_MGF1SHA256, aes_key, &mut plaintext, None).unwrap();
        let mut padded = encrypted.to_vec();
        let aes_key = UnboundCipherKey::new(&AES_256, aes_key).unwrap();
        let aes = DecryptingKey::ecb(aes_key).unwrap();
        let padded = aes.decrypt(&mut padded, DecryptionContext::None).unwrap();
        assert_eq!(padded, [&[9; 1_217][..], &[15; 15]].concat());
    }

    #[test]
    fn whole_block_of_padding_follows_whole_blocks() {
        assert_eq!(*pkcs7_padded(&[1; 16]), [[1; 16], [16; 16]].concat());
        assert_eq!(*pkcs7_padded(&[]), [16; 16]);
    }

    #[test]
    fn material_that_cannot_be_wrapped_is_an_error() {
        let material = SecretBytes::from("fake-material");
        let wrap =
            |algorithm: &str, material| parameters(b"fake").wrap(&algorithm.into(), material);
        for algorithm in ["SM2PKE", "SM2PKE_SM4_ECB", "NEW"] {
            let error = wrap(algorithm, &material).unwrap_err();
            assert!(error.to_string().contains(algorithm), "{error}");
        }
        let error = wrap("RSAES_OAEP_SHA_1", &material).unwrap_err();
        assert_eq!(error, WrapError::InvalidPublicKey);
        let long = SecretBytes::from(&[7; 300]);
        let error = new_key().1.wrap(&WrappingAlgorithm::RsaesOaepSha256, &long).unwrap_err();
        assert_eq!(error, WrapError::TooLong);
    }
}
