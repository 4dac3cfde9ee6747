//! [`KeyMaterial`]: the secret part of a key version, and the cryptography with it.

mod aes;
mod digest;
mod elliptic_curve;
mod mac;
mod rsa;
mod wrapping_key;

use zeroize::Zeroizing;

use self::aes::AesKey;
use self::elliptic_curve::{Curve, EcKey};
use self::mac::MacKey;
use self::rsa::RsaKey;
pub(in crate::emulator) use self::rsa::wrap;
pub(in crate::emulator) use self::wrapping_key::WrappingKey;
use super::crypto_error::CryptoError;
use crate::keys::KeySpec;

/// The material of one key version. It does not implement `Debug`, and is wiped on drop.
pub(in crate::emulator) enum KeyMaterial {
    Aes(AesKey),
    Rsa(RsaKey),
    Ec(EcKey),
    Mac(MacKey),
}

impl KeyMaterial {
    /// Generates the material of a key. RSA takes long, so it is generated when it is first used.
    pub(in crate::emulator) fn generate(spec: &KeySpec) -> Result<Self, CryptoError> {
        Ok(match spec.as_str() {
            "RSA_2048" | "RSA_3072" | "RSA_4096" => Self::Rsa(RsaKey::new(spec)?),
            "EC_P256" => Self::Ec(EcKey::generate(Curve::P256)?),
            "EC_P256K" => Self::Ec(EcKey::generate(Curve::P256K)?),
            name => Self::symmetric(spec, random_bytes(symmetric_key_len(name)?)?)?,
        })
    }

    /// Reads imported material: the bytes of a symmetric key, PKCS#8 in DER of an asymmetric one.
    pub(in crate::emulator) fn import(
        spec: &KeySpec,
        material: &[u8],
    ) -> Result<Self, CryptoError> {
        Ok(match spec.as_str() {
            "RSA_2048" | "RSA_3072" | "RSA_4096" => Self::Rsa(RsaKey::from_pkcs8(spec, material)?),
            "EC_P256" => Self::Ec(EcKey::from_pkcs8(Curve::P256, material)?),
            "EC_P256K" => Self::Ec(EcKey::from_pkcs8(Curve::P256K, material)?),
            name if material.len() != symmetric_key_len(name)? => {
                return Err(CryptoError::Malformed);
            }
            _ => Self::symmetric(spec, Zeroizing::new(material.to_vec()))?,
        })
    }

    fn symmetric(spec: &KeySpec, bytes: Zeroizing<Vec<u8>>) -> Result<Self, CryptoError> {
        match spec.as_str() {
            "Aliyun_AES_128" | "Aliyun_AES_192" | "Aliyun_AES_256" => {
                AesKey::new(bytes).map(Self::Aes)
            }
            algorithm => MacKey::new(algorithm, bytes).map(Self::Mac),
        }
    }

    /// Returns whether this is the same material, which is all that may be imported again.
    pub(in crate::emulator) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Aes(one), Self::Aes(other)) => one.is_same(other),
            (Self::Mac(one), Self::Mac(other)) => one.is_same(other),
            (Self::Rsa(one), Self::Rsa(other)) => one.is_same(other),
            (Self::Ec(one), Self::Ec(other)) => one.public_key() == other.public_key(),
            _ => false,
        }
    }

    /// Encrypts by AES-GCM under a random nonce: nonce, ciphertext and tag.
    pub(in crate::emulator) fn seal(
        &self,
        plaintext: &[u8],
        additional_data: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        match self {
            Self::Aes(key) => key.seal(plaintext, additional_data),
            _ => Err(CryptoError::WrongKeyType),
        }
    }

    /// Decrypts what [`seal`](Self::seal) returned.
    pub(in crate::emulator) fn open(
        &self,
        sealed: &[u8],
        additional_data: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        match self {
            Self::Aes(key) => key.open(sealed, additional_data),
            _ => Err(CryptoError::WrongKeyType),
        }
    }

    /// Encrypts with the public key.
    pub(in crate::emulator) fn encrypt(
        &self,
        algorithm: &str,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        match self {
            Self::Rsa(key) => wrap(key.public_key()?, algorithm, plaintext),
            _ => Err(CryptoError::WrongKeyType),
        }
    }

    /// Decrypts with the private key.
    pub(in crate::emulator) fn decrypt(
        &self,
        algorithm: &str,
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        match self {
            Self::Rsa(key) => key.decrypt(algorithm, ciphertext),
            _ => Err(CryptoError::WrongKeyType),
        }
    }

    /// Signs a digest of 32 bytes, whichever hash it is of. An ECDSA signature is in DER.
    pub(in crate::emulator) fn sign(
        &self,
        algorithm: &str,
        digest: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        match self {
            Self::Rsa(key) => key.sign(algorithm, digest),
            Self::Ec(key) => key.sign(algorithm, digest),
            _ => Err(CryptoError::WrongKeyType),
        }
    }

    /// Returns whether a signature is that of this digest by this key.
    pub(in crate::emulator) fn verify(
        &self,
        algorithm: &str,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<bool, CryptoError> {
        match self {
            Self::Rsa(key) => key.verify(algorithm, digest, signature),
            Self::Ec(key) => key.verify(algorithm, digest, signature),
            _ => Err(CryptoError::WrongKeyType),
        }
    }

    /// Returns the authentication code of a message.
    pub(in crate::emulator) fn mac(
        &self,
        algorithm: &str,
        message: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        match self {
            Self::Mac(key) => key.mac(algorithm, message),
            _ => Err(CryptoError::WrongKeyType),
        }
    }

    /// Returns whether a code is that of this message by this key.
    pub(in crate::emulator) fn verify_mac(
        &self,
        algorithm: &str,
        message: &[u8],
        mac: &[u8],
    ) -> Result<bool, CryptoError> {
        match self {
            Self::Mac(key) => key.verify(algorithm, message, mac),
            _ => Err(CryptoError::WrongKeyType),
        }
    }

    /// Returns the public key as a `SubjectPublicKeyInfo` in DER.
    pub(in crate::emulator) fn public_key(&self) -> Result<&[u8], CryptoError> {
        match self {
            Self::Rsa(key) => key.public_key(),
            Self::Ec(key) => Ok(key.public_key()),
            _ => Err(CryptoError::WrongKeyType),
        }
    }
}

/// Returns random bytes: material and data keys.
pub(in crate::emulator) fn random_bytes(len: usize) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    let mut bytes = Zeroizing::new(vec![0; len]);
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| CryptoError::Library)?;
    Ok(bytes)
}

/// Returns the number of bytes of a symmetric key. A key for authentication codes is as long as its
/// codes, which no source documents.
fn symmetric_key_len(spec: &str) -> Result<usize, CryptoError> {
    match spec {
        "Aliyun_AES_128" => Ok(16),
        "Aliyun_AES_192" => Ok(24),
        "Aliyun_AES_256" => Ok(32),
        algorithm => mac::code_len(algorithm),
    }
}

#[cfg(test)]
mod tests;
