//! The fields that several operations on keys share: each checks its documented limit and adds its
//! parameter under the service's name.

use super::algorithms::{EncryptionAlgorithm, MacAlgorithm, SigningAlgorithm};
use super::ciphertext_blob::CiphertextBlob;
use super::data_key_spec::DataKeySpec;
use super::digest::Digest;
use super::encryption_context::EncryptionContext;
use super::key_spec::KeySpec;
use super::mac::Mac;
use super::plaintext::Plaintext;
use crate::error::ValidationError;
use crate::operation::{Encoder, not_empty};
use crate::types::SecretBytes;

/// The length of the digests that all known algorithms sign.
const DIGEST_LEN: usize = 32;
const MAX_DATA_KEY: u32 = 1_024;

impl<'a> Encoder<'a> {
    /// Adds the version of the key, which becomes part of the resource of the request.
    pub(super) fn key_version_id(&mut self, id: &'a str) {
        self.check(not_empty("key_version_id", id));
        self.text("KeyVersionId", id);
        self.resource_version(id);
    }

    /// Adds what a symmetric key encrypts.
    pub(super) fn plaintext(&mut self, plaintext: &'a Plaintext) {
        const MAX_TEXT: usize = Plaintext::MAX_BYTES.div_ceil(3) * 4;
        self.count(
            "the length of the text of `plaintext` in bytes",
            plaintext.expose_secret().len(),
            0..=MAX_TEXT,
            "0 to 8,192, which are 6,144 bytes in Base64",
        );
        self.secret_text("Plaintext", plaintext.expose_secret());
        if let Ok(bytes) = plaintext.to_bytes() {
            self.encoded_bytes(bytes);
        }
    }

    pub(super) fn ciphertext_blob(&mut self, blob: &CiphertextBlob) {
        let len = blob.as_bytes().len();
        self.count("the length of `ciphertext_blob` in bytes", len, 1..=usize::MAX, "at least 1");
        self.base64("CiphertextBlob", blob.as_bytes());
    }

    /// Adds an encryption context; an empty one is none.
    pub(super) fn encryption_context(&mut self, context: &EncryptionContext) {
        self.encryption_context_named("EncryptionContext", "encryption_context", context);
    }

    /// Adds the same as another parameter, which is another field of the request.
    pub(super) fn encryption_context_named(
        &mut self,
        parameter: &'static str,
        field: &'static str,
        context: &EncryptionContext,
    ) {
        if context.is_empty() {
            return;
        }
        let characters = context.json_characters();
        if characters > EncryptionContext::MAX_CHARACTERS {
            let field = format!("the length of `{field}` in characters");
            self.check(Err(ValidationError::new(field, characters, "1 to 8,192")));
        }
        self.json(parameter, context);
    }

    /// Adds the length of a data key.
    pub(super) fn data_key_length(&mut self, spec: Option<&'a DataKeySpec>, bytes: Option<u32>) {
        self.optional_text("KeySpec", spec.map(DataKeySpec::as_str));
        if let Some(bytes) = bytes {
            if !(1..=MAX_DATA_KEY).contains(&bytes) {
                self.check(Err(ValidationError::new("number_of_bytes", bytes, "1 to 1,024")));
            }
            self.number("NumberOfBytes", bytes);
        }
    }

    /// Adds a public key that a data key is encrypted for.
    pub(super) fn wrapping_key(
        &mut self,
        der: &[u8],
        spec: &'a KeySpec,
        algorithm: &'a EncryptionAlgorithm,
    ) {
        if der.is_empty() || der.starts_with(b"-----") {
            let got = if der.is_empty() { "nothing" } else { "PEM" };
            let allowed = "the DER form of a SubjectPublicKeyInfo";
            self.check(Err(ValidationError::new("public_key", format_args!("{got}"), allowed)));
        }
        self.check(algorithm_of_key("wrapping_algorithm", spec, algorithm));
        self.base64("PublicKeyBlob", der);
        self.text("WrappingKeySpec", spec.as_str());
        self.text("WrappingAlgorithm", algorithm.as_str());
    }

    /// Adds bytes that an asymmetric key encrypts. With the specification of the key, its limit is
    /// checked, and otherwise the largest limit of the algorithm.
    pub(super) fn asymmetric_plaintext(
        &mut self,
        plaintext: &'a SecretBytes,
        algorithm: &'a EncryptionAlgorithm,
        spec: Option<&KeySpec>,
    ) {
        if let Some(spec) = spec {
            self.check(algorithm_of_key("algorithm", spec, algorithm));
        }
        let largest = match algorithm {
            EncryptionAlgorithm::Sm2Pke => &KeySpec::EcSm2,
            _ => &KeySpec::Rsa4096,
        };
        let max = spec.unwrap_or(largest).max_plaintext_len(algorithm);
        let len = plaintext.expose_secret().len();
        if let Some(max) = max.filter(|max| len > *max) {
            let allowed = format!("0 to {max} for {algorithm}");
            let field = "the length of `plaintext` in bytes";
            self.check(Err(ValidationError::new(field, len, allowed)));
        }
        self.secret_base64("Plaintext", plaintext);
        self.text("Algorithm", algorithm.as_str());
    }

    /// Adds the digest that is signed.
    pub(super) fn digest(&mut self, digest: &Digest, algorithm: &'a SigningAlgorithm) {
        let len = digest.as_bytes().len();
        if len != DIGEST_LEN && !matches!(algorithm, SigningAlgorithm::Unknown(_)) {
            let allowed = format!("32 for {algorithm}");
            let field = "the length of `digest` in bytes";
            self.check(Err(ValidationError::new(field, len, allowed)));
        }
        self.base64("Digest", digest.as_bytes());
        self.text("Algorithm", algorithm.as_str());
    }

    /// Adds the message that a code authenticates.
    pub(super) fn mac_message(&mut self, message: &'a SecretBytes, algorithm: &'a MacAlgorithm) {
        self.secret_base64("Message", message);
        self.text("Algorithm", algorithm.as_str());
    }

    pub(super) fn mac(&mut self, mac: &Mac, algorithm: &MacAlgorithm) {
        let len = mac.as_bytes().len();
        if let Some(expected) = algorithm.mac_len().filter(|expected| len != *expected) {
            let allowed = format!("{expected} for {algorithm}");
            let field = "the length of `mac` in bytes";
            self.check(Err(ValidationError::new(field, len, allowed)));
        }
        self.base64("Mac", mac.as_bytes());
    }
}

/// Checks that a key of this specification supports the algorithm, as far as both are known.
fn algorithm_of_key(
    field: &'static str,
    spec: &KeySpec,
    algorithm: &EncryptionAlgorithm,
) -> Result<(), ValidationError> {
    let is_known = !matches!(spec, KeySpec::Unknown(_))
        && !matches!(algorithm, EncryptionAlgorithm::Unknown(_));
    if is_known && !spec.encryption_algorithms().contains(algorithm) {
        let names = spec.encryption_algorithms().iter().map(EncryptionAlgorithm::as_str);
        let allowed = match names.collect::<Vec<_>>().join(" or ") {
            names if names.is_empty() => format!("of another key, since {spec} encrypts nothing"),
            names => format!("{names} for {spec}"),
        };
        return Err(ValidationError::new(field, algorithm.as_str(), allowed));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violation(key: &str) -> Option<String> {
        let mut encoder = Encoder::new(None);
        encoder.key_id(key);
        encoder.finish().violation.map(|violation| violation.to_string())
    }

    #[test]
    fn keys_are_ids_aliases_and_arns() {
        let longest = format!("alias/{}", "a".repeat(255));
        for key in [
            "key-fake",
            "1234abcd-12ab-34cd-56ef-1234567890ab",
            "alias/a",
            "alias/acs/oss",
            &longest,
            "acs:kms:cn-hangzhou:1234:key/key-fake",
            "acs:kms:cn-hangzhou:1234:alias/a_b-c/d",
        ] {
            assert_eq!(violation(key), None, "{key}");
        }
        let too_long = format!("alias/{}", "a".repeat(256));
        for key in [
            "",
            "alias/",
            "alias/a b",
            &too_long,
            "acs:kms:cn-hangzhou:1234",
            "acs:kms:cn-hangzhou:1234:secret/a",
            "acs:kms:cn-hangzhou:1234:key/",
            "acs:kms::1234:key/key-fake",
            "acs:kms:cn-hangzhou::key/key-fake",
            "acs:kms:cn-hangzhou:1234:alias/a.b",
            "acs:kms:cn-hangzhou:1234:key/a:b",
            "acs:ram::1234:role/a",
        ] {
            let violation = violation(key).unwrap();
            assert!(violation.starts_with("`key_id` must be "), "{violation}");
        }
    }

    #[test]
    fn algorithm_must_be_one_of_the_key() {
        let check = |spec: &str, algorithm: &str| {
            let checked = algorithm_of_key("algorithm", &spec.into(), &algorithm.into());
            checked.map_err(|error| error.to_string())
        };
        assert_eq!(check("RSA_2048", "RSAES_OAEP_SHA_1"), Ok(()));
        assert_eq!(check("RSA_8192", "SM2PKE"), Ok(()));
        assert_eq!(check("EC_SM2", "NEW"), Ok(()));
        let error = check("EC_SM2", "RSAES_OAEP_SHA_1").unwrap_err();
        assert_eq!(error, r#"`algorithm` must be SM2PKE for EC_SM2, got "RSAES_OAEP_SHA_1""#);
        let error = check("EC_P256", "SM2PKE").unwrap_err();
        assert!(error.contains("of another key, since EC_P256 encrypts nothing"), "{error}");
    }
}
