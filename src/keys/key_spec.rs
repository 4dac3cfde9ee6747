//! The specifications of keys.

use super::algorithms::{EncryptionAlgorithm, SigningAlgorithm};
use crate::types::open_enum::open_enum;

open_enum! {
    /// The type and length of a key: `KeySpec` of the service.
    ///
    /// Which ones can be created depends on the region and the KMS instance. All but
    /// [`Aes256`](Self::Aes256) exist only in KMS instances.
    ///
    /// <https://help.aliyun.com/document_detail/480161.html>
    ///
    /// ```
    /// use alibabacloud_kms::keys::KeySpec;
    ///
    /// assert_eq!(KeySpec::Aes256, "Aliyun_AES_256");
    /// assert_eq!(KeySpec::from("EC_P256K"), KeySpec::EcP256K);
    /// ```
    pub enum KeySpec ("the specification of a key") {
        /// AES with 256 bits, the default: `Aliyun_AES_256`.
        Aes256 = "Aliyun_AES_256",
        /// AES with 192 bits, only in instances of hardware key management: `Aliyun_AES_192`.
        Aes192 = "Aliyun_AES_192",
        /// AES with 128 bits, only in instances of hardware key management: `Aliyun_AES_128`.
        Aes128 = "Aliyun_AES_128",
        /// SM4: `Aliyun_SM4`.
        Sm4 = "Aliyun_SM4",
        /// RSA with 2,048 bits: `RSA_2048`.
        Rsa2048 = "RSA_2048",
        /// RSA with 3,072 bits: `RSA_3072`.
        Rsa3072 = "RSA_3072",
        /// RSA with 4,096 bits: `RSA_4096`.
        Rsa4096 = "RSA_4096",
        /// The elliptic curve NIST P-256 (secp256r1): `EC_P256`.
        EcP256 = "EC_P256",
        /// The elliptic curve secp256k1, which Bitcoin and Ethereum use: `EC_P256K`.
        EcP256K = "EC_P256K",
        /// The elliptic curve SM2: `EC_SM2`.
        EcSm2 = "EC_SM2",
        ..
        /// A specification that this version of the crate does not know, in the service's
        /// spelling.
        Unknown,
    }
}

impl KeySpec {
    /// Returns the algorithms that such a key signs with; none if it cannot sign or is not known.
    ///
    /// The service's tables do not contain [`Rsa4096`](Self::Rsa4096) yet. Its algorithms are taken
    /// to be those of the shorter RSA keys.
    #[must_use]
    pub fn signing_algorithms(&self) -> &'static [SigningAlgorithm] {
        const RSA: &[SigningAlgorithm] =
            &[SigningAlgorithm::RsaPssSha256, SigningAlgorithm::RsaPkcs1Sha256];
        const ECDSA: &[SigningAlgorithm] = &[SigningAlgorithm::EcdsaSha256];
        const SM2: &[SigningAlgorithm] = &[SigningAlgorithm::Sm2Dsa];
        match self {
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 => RSA,
            Self::EcP256 | Self::EcP256K => ECDSA,
            Self::EcSm2 => SM2,
            _ => &[],
        }
    }

    /// Returns the algorithms of asymmetric encryption with such a key; none if there is none or it
    /// is not known. Symmetric keys encrypt without naming an algorithm.
    #[must_use]
    pub fn encryption_algorithms(&self) -> &'static [EncryptionAlgorithm] {
        const RSA: &[EncryptionAlgorithm] =
            &[EncryptionAlgorithm::RsaesOaepSha256, EncryptionAlgorithm::RsaesOaepSha1];
        const SM2: &[EncryptionAlgorithm] = &[EncryptionAlgorithm::Sm2Pke];
        match self {
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 => RSA,
            Self::EcSm2 => SM2,
            _ => &[],
        }
    }

    /// Returns the most bytes that such a key encrypts at once with this algorithm; `None` if it
    /// does not support the algorithm or is not known.
    ///
    /// ```
    /// use alibabacloud_kms::keys::{EncryptionAlgorithm, KeySpec};
    ///
    /// let oaep = EncryptionAlgorithm::RsaesOaepSha256;
    /// assert_eq!(KeySpec::Rsa2048.max_plaintext_len(&oaep), Some(190));
    /// assert_eq!(KeySpec::EcP256.max_plaintext_len(&oaep), None);
    /// ```
    #[must_use]
    pub fn max_plaintext_len(&self, algorithm: &EncryptionAlgorithm) -> Option<usize> {
        let modulus_len = match self {
            Self::Rsa2048 => 256,
            Self::Rsa3072 => 384,
            Self::Rsa4096 => 512,
            Self::EcSm2 if matches!(algorithm, EncryptionAlgorithm::Sm2Pke) => return Some(6_047),
            _ => return None,
        };
        let hash_len = match algorithm {
            EncryptionAlgorithm::RsaesOaepSha256 => 32,
            EncryptionAlgorithm::RsaesOaepSha1 => 20,
            _ => return None,
        };
        // RFC 8017, section 7.1.1.
        Some(modulus_len - 2 * hash_len - 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [&str; 10] = [
        "Aliyun_AES_256",
        "Aliyun_AES_192",
        "Aliyun_AES_128",
        "Aliyun_SM4",
        "RSA_2048",
        "RSA_3072",
        "RSA_4096",
        "EC_P256",
        "EC_P256K",
        "EC_SM2",
    ];

    #[test]
    fn documented_names_are_known() {
        for name in ALL {
            let spec = KeySpec::from(name);
            assert!(!matches!(spec, KeySpec::Unknown(_)), "{name}");
            assert_eq!(spec, name);
        }
    }

    #[test]
    fn plaintext_limits_are_the_documented_ones() {
        for (spec, algorithm, limit) in [
            ("RSA_2048", "RSAES_OAEP_SHA_256", Some(190)),
            ("RSA_2048", "RSAES_OAEP_SHA_1", Some(214)),
            ("RSA_3072", "RSAES_OAEP_SHA_256", Some(318)),
            ("RSA_3072", "RSAES_OAEP_SHA_1", Some(342)),
            ("RSA_4096", "RSAES_OAEP_SHA_256", Some(446)),
            ("EC_SM2", "SM2PKE", Some(6_047)),
            ("EC_SM2", "RSAES_OAEP_SHA_256", None),
            ("RSA_2048", "SM2PKE", None),
            ("EC_P256", "RSAES_OAEP_SHA_256", None),
            ("Aliyun_AES_256", "RSAES_OAEP_SHA_256", None),
            ("RSA_2048", "RSAES_OAEP_SHA_512", None),
        ] {
            let found = KeySpec::from(spec).max_plaintext_len(&algorithm.into());
            assert_eq!(found, limit, "{spec} {algorithm}");
        }
    }

    #[test]
    fn every_algorithm_of_a_key_has_a_limit() {
        for spec in ALL.map(KeySpec::from) {
            for algorithm in spec.encryption_algorithms() {
                assert!(spec.max_plaintext_len(algorithm).is_some(), "{spec} {algorithm}");
            }
        }
    }

    #[test]
    fn only_asymmetric_keys_sign() {
        let signing = ALL.map(KeySpec::from).map(|spec| spec.signing_algorithms().len());
        assert_eq!(signing, [0, 0, 0, 0, 2, 2, 2, 1, 1, 1]);
        let encrypting = ALL.map(KeySpec::from).map(|spec| spec.encryption_algorithms().len());
        assert_eq!(encrypting, [0, 0, 0, 0, 2, 2, 2, 0, 0, 1]);
        assert!(KeySpec::from("RSA_8192").signing_algorithms().is_empty());
    }
}
