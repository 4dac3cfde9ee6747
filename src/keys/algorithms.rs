//! The algorithms of asymmetric keys, of message authentication codes and of imports.

use super::digest::Digest;
use crate::types::open_enum::open_enum;

open_enum! {
    /// An algorithm of digital signatures: `Algorithm` of AsymmetricSign and AsymmetricVerify.
    ///
    /// [`KeySpec::signing_algorithms`](crate::keys::KeySpec::signing_algorithms) returns those of a
    /// key. Each one signs a digest of 32 bytes.
    pub enum SigningAlgorithm ("the name of a signature algorithm") {
        /// RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes: `RSA_PSS_SHA_256`.
        RsaPssSha256 = "RSA_PSS_SHA_256",
        /// RSASSA-PKCS1-v1_5 with SHA-256: `RSA_PKCS1_SHA_256`.
        RsaPkcs1Sha256 = "RSA_PKCS1_SHA_256",
        /// ECDSA of a SHA-256 digest: `ECDSA_SHA_256`. The service signs any 32 bytes, such as a
        /// Keccak-256 digest for Ethereum.
        EcdsaSha256 = "ECDSA_SHA_256",
        /// SM2 of the SM3 digest of `Z` and the message (GB/T 32918.2): `SM2DSA`.
        Sm2Dsa = "SM2DSA",
        ..
        /// An algorithm that this version of the crate does not know, in the service's spelling.
        Unknown,
    }
}

impl SigningAlgorithm {
    /// Hashes a message to the digest that this algorithm signs.
    ///
    /// Returns `None` for [`Sm2Dsa`](Self::Sm2Dsa), whose digest depends on the public key, and for
    /// an unknown algorithm.
    #[must_use]
    pub fn digest(&self, message: &[u8]) -> Option<Digest> {
        match self {
            Self::RsaPssSha256 | Self::RsaPkcs1Sha256 | Self::EcdsaSha256 => {
                Some(Digest::sha256(message))
            }
            Self::Sm2Dsa | Self::Unknown(_) => None,
        }
    }
}

open_enum! {
    /// An algorithm of asymmetric encryption: `Algorithm` of AsymmetricEncrypt and
    /// AsymmetricDecrypt.
    ///
    /// [`KeySpec::encryption_algorithms`](crate::keys::KeySpec::encryption_algorithms) returns
    /// those of a key, and
    /// [`KeySpec::max_plaintext_len`](crate::keys::KeySpec::max_plaintext_len) their limits.
    pub enum EncryptionAlgorithm ("the name of an encryption algorithm") {
        /// RSAES-OAEP with SHA-256, MGF1 with SHA-256 and no label: `RSAES_OAEP_SHA_256`.
        RsaesOaepSha256 = "RSAES_OAEP_SHA_256",
        /// RSAES-OAEP with SHA-1, MGF1 with SHA-1 and no label: `RSAES_OAEP_SHA_1`.
        RsaesOaepSha1 = "RSAES_OAEP_SHA_1",
        /// SM2 public key encryption: `SM2PKE`.
        Sm2Pke = "SM2PKE",
        ..
        /// An algorithm that this version of the crate does not know, in the service's spelling.
        Unknown,
    }
}

open_enum! {
    /// An algorithm of message authentication codes: `Algorithm` of GenerateMac and VerifyMac.
    ///
    /// Only keys of KMS instances from version 4.1.0 on support them.
    pub enum MacAlgorithm ("the name of a MAC algorithm") {
        /// HMAC with SM3: `HMAC_SM3`.
        HmacSm3 = "HMAC_SM3",
        /// HMAC with SHA-224: `HMAC_SHA_224`.
        HmacSha224 = "HMAC_SHA_224",
        /// HMAC with SHA-256: `HMAC_SHA_256`.
        HmacSha256 = "HMAC_SHA_256",
        /// HMAC with SHA-384: `HMAC_SHA_384`.
        HmacSha384 = "HMAC_SHA_384",
        /// HMAC with SHA-512: `HMAC_SHA_512`.
        HmacSha512 = "HMAC_SHA_512",
        ..
        /// An algorithm that this version of the crate does not know, in the service's spelling.
        Unknown,
    }
}

open_enum! {
    /// An algorithm that encrypts key material for an import: `WrappingAlgorithm` of
    /// GetParametersForImport.
    ///
    /// <https://www.alibabacloud.com/help/en/kms/key-management-service/user-guide/import-key-material-into-a-symmetric-key>
    pub enum WrappingAlgorithm ("the name of a wrapping algorithm") {
        /// RSAES-PKCS1-v1_5, for symmetric keys: `RSAES_PKCS1_V1_5`.
        RsaesPkcs1V15 = "RSAES_PKCS1_V1_5",
        /// RSAES-OAEP with SHA-1, for symmetric keys outside instances: `RSAES_OAEP_SHA_1`.
        RsaesOaepSha1 = "RSAES_OAEP_SHA_1",
        /// RSAES-OAEP with SHA-256, for symmetric keys: `RSAES_OAEP_SHA_256`.
        RsaesOaepSha256 = "RSAES_OAEP_SHA_256",
        /// SM2 public key encryption, for symmetric keys with
        /// [`Hsm`](crate::keys::ProtectionLevel::Hsm): `SM2PKE`.
        Sm2Pke = "SM2PKE",
        /// An AES key by RSAES-OAEP with SHA-256, and the material by that AES key, for RSA and
        /// elliptic curve keys of instances: `RSAES_OAEP_SHA_256_AES_256_ECB_PKCS7_PAD`.
        RsaesOaepSha256Aes256EcbPkcs7Pad = "RSAES_OAEP_SHA_256_AES_256_ECB_PKCS7_PAD",
        /// An SM4 key by SM2, and the material by that SM4 key, for SM2 keys of instances:
        /// `SM2PKE_SM4_ECB`.
        Sm2PkeSm4Ecb = "SM2PKE_SM4_ECB",
        ..
        /// An algorithm that this version of the crate does not know, in the service's spelling.
        Unknown,
    }
}

impl MacAlgorithm {
    /// Returns the number of bytes of a code; `None` for an unknown algorithm.
    #[must_use]
    pub fn mac_len(&self) -> Option<usize> {
        match self {
            Self::HmacSha224 => Some(28),
            Self::HmacSm3 | Self::HmacSha256 => Some(32),
            Self::HmacSha384 => Some(48),
            Self::HmacSha512 => Some(64),
            Self::Unknown(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documented_names_are_known() {
        for name in ["RSA_PSS_SHA_256", "RSA_PKCS1_SHA_256", "ECDSA_SHA_256", "SM2DSA"] {
            assert!(
                !matches!(SigningAlgorithm::from(name), SigningAlgorithm::Unknown(_)),
                "{name}"
            );
        }
        for name in ["RSAES_OAEP_SHA_256", "RSAES_OAEP_SHA_1", "SM2PKE"] {
            let algorithm = EncryptionAlgorithm::from(name);
            assert!(!matches!(algorithm, EncryptionAlgorithm::Unknown(_)), "{name}");
        }
        for name in ["HMAC_SM3", "HMAC_SHA_224", "HMAC_SHA_256", "HMAC_SHA_384", "HMAC_SHA_512"] {
            assert!(MacAlgorithm::from(name).mac_len().is_some(), "{name}");
        }
        assert_eq!(MacAlgorithm::from("HMAC_MD5").mac_len(), None);
    }

    #[test]
    fn messages_are_hashed_except_for_sm2() {
        let digest = Some(Digest::sha256(b"abc"));
        for algorithm in ["RSA_PSS_SHA_256", "RSA_PKCS1_SHA_256", "ECDSA_SHA_256"] {
            assert_eq!(SigningAlgorithm::from(algorithm).digest(b"abc"), digest);
        }
        assert_eq!(SigningAlgorithm::Sm2Dsa.digest(b"abc"), None);
        assert_eq!(SigningAlgorithm::from("ED25519").digest(b"abc"), None);
    }
}
