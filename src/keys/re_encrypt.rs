//! `ReEncrypt`: a ciphertext decrypted and encrypted again inside KMS.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-reencrypt>

use serde::Deserialize;

use super::algorithms::EncryptionAlgorithm;
use super::ciphertext_blob::CiphertextBlob;
use super::encryption_context::EncryptionContext;
use super::response_fields;
use crate::error::ValidationError;
use crate::operation::dry_run::DryRunRequest;
use crate::operation::{DecryptionKey, Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`ReEncrypt`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-reencrypt).
///
/// ```
/// use alibabacloud_kms::keys::{CiphertextBlob, EncryptionAlgorithm, ReEncryptRequest};
///
/// let blob: CiphertextBlob = "AJ+Slg==".parse()?;
/// let under_another_key = ReEncryptRequest::new(blob.clone(), "key-archive")
///     .source_encryption_context([("tenant", "7")])
///     .destination_encryption_context([("tenant", "7"), ("archive", "2026")]);
/// let from_a_public_key = ReEncryptRequest::new(blob, "key-archive").source_asymmetric_key(
///     "key-fake",
///     "version-fake",
///     EncryptionAlgorithm::RsaesOaepSha256,
/// );
/// # Ok::<(), alibabacloud_kms::keys::Base64Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct ReEncryptRequest {
    /// The ciphertext (`CiphertextBlob`): of a symmetric key or, with a
    /// [`source_asymmetric_key`](Self::source_asymmetric_key), of a public key.
    pub ciphertext_blob: CiphertextBlob,
    /// The id of the symmetric key that encrypts again (`DestinationKeyId`), not an alias or ARN.
    pub destination_key_id: String,
    /// The pairs of the first encryption (`SourceEncryptionContext`), default none. Only a
    /// symmetric ciphertext has them.
    pub source_encryption_context: EncryptionContext,
    /// The pairs of the second encryption (`DestinationEncryptionContext`), default none.
    pub destination_encryption_context: EncryptionContext,
    /// The id of the asymmetric key that encrypted (`SourceKeyId`), default none.
    pub source_key_id: Option<String>,
    /// The version of the asymmetric key (`SourceKeyVersionId`), default none.
    pub source_key_version_id: Option<String>,
    /// The algorithm of the asymmetric key (`SourceEncryptionAlgorithm`), default none.
    pub source_encryption_algorithm: Option<EncryptionAlgorithm>,
}

impl ReEncryptRequest {
    /// Creates a request that encrypts under this key what a symmetric key encrypted.
    pub fn new(ciphertext_blob: CiphertextBlob, destination_key_id: impl Into<String>) -> Self {
        Self {
            ciphertext_blob,
            destination_key_id: destination_key_id.into(),
            source_encryption_context: EncryptionContext::new(),
            destination_encryption_context: EncryptionContext::new(),
            source_key_id: None,
            source_key_version_id: None,
            source_encryption_algorithm: None,
        }
    }

    /// Sets the pairs of the first encryption.
    pub fn source_encryption_context(mut self, context: impl Into<EncryptionContext>) -> Self {
        self.source_encryption_context = context.into();
        self
    }

    /// Sets the pairs of the second encryption.
    pub fn destination_encryption_context(mut self, context: impl Into<EncryptionContext>) -> Self {
        self.destination_encryption_context = context.into();
        self
    }
}

impl Operation for ReEncryptRequest {
    const SPEC: OperationSpec = OperationSpec::read("ReEncrypt", QuotaGroup::SymmetricCryptography)
        .in_body()
        .decrypts(DecryptionKey::InRequest);
    type Response = ReEncryptResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.ciphertext_blob(&self.ciphertext_blob);
        encoder.key_id_named("DestinationKeyId", "destination_key_id", &self.destination_key_id);
        encoder.encryption_context_named(
            "SourceEncryptionContext",
            "source_encryption_context",
            &self.source_encryption_context,
        );
        encoder.encryption_context_named(
            "DestinationEncryptionContext",
            "destination_encryption_context",
            &self.destination_encryption_context,
        );
        encoder.optional_text("SourceKeyId", self.source_key_id.as_deref());
        encoder.optional_text("SourceKeyVersionId", self.source_key_version_id.as_deref());
        let algorithm = self.source_encryption_algorithm.as_ref();
        encoder
            .optional_text("SourceEncryptionAlgorithm", algorithm.map(EncryptionAlgorithm::as_str));
        encoder.check(self.validate_source());
    }

    fn request_id(response: &mut ReEncryptResponse) -> &mut String {
        &mut response.request_id
    }
}

impl DryRunRequest for ReEncryptRequest {}

/// The new ciphertext: the response to a [`ReEncryptRequest`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ReEncryptResponse {
    /// The new ciphertext.
    #[serde(deserialize_with = "response_fields::ciphertext")]
    pub ciphertext_blob: CiphertextBlob,
    /// The id of a key, by one page of the documentation the one that decrypted; empty if the
    /// response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub key_id: String,
    /// The version of that key; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub key_version_id: String,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

impl ReEncryptRequest {
    /// Sets the asymmetric key whose public key encrypted, its version and its algorithm.
    pub fn source_asymmetric_key(
        mut self,
        key_id: impl Into<String>,
        key_version_id: impl Into<String>,
        algorithm: EncryptionAlgorithm,
    ) -> Self {
        self.source_key_id = Some(key_id.into());
        self.source_key_version_id = Some(key_version_id.into());
        self.source_encryption_algorithm = Some(algorithm);
        self
    }

    /// Checks that an asymmetric key is named as a whole.
    fn validate_source(&self) -> Result<(), ValidationError> {
        let parts = [
            ("source_key_id", self.source_key_id.is_some()),
            ("source_key_version_id", self.source_key_version_id.is_some()),
            ("source_encryption_algorithm", self.source_encryption_algorithm.is_some()),
        ];
        match parts.iter().find(|(_, is_set)| !is_set) {
            Some((missing, _)) if parts.iter().any(|(_, is_set)| *is_set) => {
                Err(ValidationError::missing(missing, "set all three by source_asymmetric_key"))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ReEncryptRequest as Request;
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn both_contexts_and_the_source_key_are_sent() {
        let request = Request::new(CiphertextBlob::from_bytes([1]), "b")
            .source_encryption_context([("a", "1")])
            .destination_encryption_context([("b", "2")]);
        assert_eq!(
            sent(&request),
            [
                "CiphertextBlob=AQ==",
                "DestinationKeyId=b",
                r#"SourceEncryptionContext={"a":"1"}"#,
                r#"DestinationEncryptionContext={"b":"2"}"#,
            ]
        );
        let oaep = EncryptionAlgorithm::RsaesOaepSha256;
        let request = Request::new(CiphertextBlob::from_bytes([1]), "b")
            .source_asymmetric_key("k", "v", oaep);
        assert_eq!(
            sent(&request)[2..],
            [
                "SourceKeyId=k",
                "SourceKeyVersionId=v",
                "SourceEncryptionAlgorithm=RSAES_OAEP_SHA_256"
            ]
        );
        assert!(request.validate().is_ok());
    }

    #[test]
    fn part_of_a_source_key_is_rejected() {
        let mut request = Request::new(CiphertextBlob::from_bytes([1]), "b");
        assert!(request.validate().is_ok());
        request.source_key_id = Some("k".to_owned());
        let error = request.validate().unwrap_err().to_string();
        assert!(error.starts_with("`source_key_version_id` is missing: "), "{error}");
    }

    #[test]
    fn errors_name_the_fields_of_the_request() {
        let error = |request: Request| request.validate().unwrap_err().to_string();
        let request = |key| Request::new(CiphertextBlob::from_bytes([1]), key);
        let key = error(request(""));
        assert_eq!(key, r#"`destination_key_id` must be at least 1 character, got """#);
        let long = || [("k", "v".repeat(8_192))];
        for (request, field) in [
            (request("b").source_encryption_context(long()), "source_encryption_context"),
            (request("b").destination_encryption_context(long()), "destination_encryption_context"),
        ] {
            let error = error(request);
            assert!(
                error.starts_with(&format!("the length of `{field}` in characters")),
                "{error}"
            );
        }
    }
}
