//! `AsymmetricEncrypt`: a few bytes encrypted by a public key.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-asymmetricencrypt>

use serde::Deserialize;

use super::algorithms::EncryptionAlgorithm;
use super::ciphertext_blob::CiphertextBlob;
use super::key_spec::KeySpec;
use super::response_fields;
use crate::operation::dry_run::DryRunRequest;
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{SecretBytes, wire};

/// The parameters of
/// [`AsymmetricEncrypt`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-asymmetricencrypt).
///
/// A program that keeps the [public key](crate::KmsClient::get_public_key) encrypts without a call.
///
/// ```
/// use alibabacloud_kms::keys::{AsymmetricEncryptRequest, EncryptionAlgorithm, KeySpec};
///
/// let algorithm = EncryptionAlgorithm::RsaesOaepSha256;
/// let (key, version) = ("alias/inbox", "version-fake");
/// let request = AsymmetricEncryptRequest::new(key, version, algorithm, b"fake-key")
///     .key_spec(KeySpec::Rsa2048);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use]
pub struct AsymmetricEncryptRequest {
    /// The key: its id, alias or ARN (`KeyId`). A key of another account is named by its ARN.
    pub key_id: String,
    /// The version of the key (`KeyVersionId`). An asymmetric key has no primary version.
    pub key_version_id: String,
    /// The algorithm (`Algorithm`).
    /// [`KeySpec::encryption_algorithms`](crate::keys::KeySpec::encryption_algorithms) returns
    /// those of a key.
    pub algorithm: EncryptionAlgorithm,
    /// The bytes to encrypt (`Plaintext`), at most what [`KeySpec::max_plaintext_len`] returns.
    pub plaintext: SecretBytes,
    /// The type of the key, default unknown. It is not sent: the algorithm and the limit of the
    /// plaintext are checked by it. Without it, the limit is the largest of the algorithm.
    pub key_spec: Option<KeySpec>,
}

impl AsymmetricEncryptRequest {
    /// Creates a request that encrypts these bytes.
    pub fn new(
        key_id: impl Into<String>,
        key_version_id: impl Into<String>,
        algorithm: impl Into<EncryptionAlgorithm>,
        plaintext: impl Into<SecretBytes>,
    ) -> Self {
        Self {
            key_id: key_id.into(),
            key_version_id: key_version_id.into(),
            algorithm: algorithm.into(),
            plaintext: plaintext.into(),
            key_spec: None,
        }
    }

    /// Sets the type of the key, by which the limits are checked.
    pub fn key_spec(mut self, spec: impl Into<KeySpec>) -> Self {
        self.key_spec = Some(spec.into());
        self
    }
}

impl Operation for AsymmetricEncryptRequest {
    const SPEC: OperationSpec =
        OperationSpec::read("AsymmetricEncrypt", QuotaGroup::AsymmetricCryptography)
            .in_body()
            .served_by_instances();
    type Response = AsymmetricEncryptResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.key_id(&self.key_id);
        encoder.key_version_id(&self.key_version_id);
        encoder.asymmetric_plaintext(&self.plaintext, &self.algorithm, self.key_spec.as_ref());
    }

    fn request_id(response: &mut AsymmetricEncryptResponse) -> &mut String {
        &mut response.request_id
    }
}

impl DryRunRequest for AsymmetricEncryptRequest {}

/// The ciphertext and the key version that made it: the response to an
/// [`AsymmetricEncryptRequest`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AsymmetricEncryptResponse {
    /// The ciphertext, which contains neither the key nor its version: store both beside it.
    #[serde(deserialize_with = "response_fields::ciphertext")]
    pub ciphertext_blob: CiphertextBlob,
    /// The id of the key, also if the request has an alias or an ARN; empty if the response does
    /// not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub key_id: String,
    /// The version of the key; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub key_version_id: String,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::AsymmetricEncryptRequest as Request;
    use super::*;
    use crate::operation::{Validate as _, sent};

    fn request(algorithm: &str, len: usize) -> Request {
        Request::new("a", "v", algorithm, vec![b'x'; len])
    }

    #[test]
    fn bytes_are_sent_as_base64() {
        let request = Request::new("a", "v", "RSAES_OAEP_SHA_1", "fake").key_spec("RSA_2048");
        assert_eq!(
            sent(&request),
            ["KeyId=a", "KeyVersionId=v", "Algorithm=RSAES_OAEP_SHA_1", "Plaintext=ZmFrZQ=="]
        );
        let response = request.decode(br#"{"CiphertextBlob":"AQ==","KeyId":"k"}"#).unwrap();
        assert_eq!(response.ciphertext_blob.as_bytes(), [1]);
    }

    #[test]
    fn limit_is_that_of_the_key_or_the_largest_of_the_algorithm() {
        for (algorithm, spec, limit) in [
            ("RSAES_OAEP_SHA_256", Some("RSA_2048"), 190),
            ("RSAES_OAEP_SHA_1", Some("RSA_3072"), 342),
            ("RSAES_OAEP_SHA_256", None, 446),
            ("RSAES_OAEP_SHA_1", None, 470),
            ("SM2PKE", None, 6_047),
        ] {
            let request =
                |len| Request { key_spec: spec.map(KeySpec::from), ..request(algorithm, len) };
            assert!(request(limit).validate().is_ok(), "{algorithm}");
            let error = request(limit + 1).validate().unwrap_err().to_string();
            assert!(
                error.contains(&format!("0 to {limit} for {algorithm}, got {}", limit + 1)),
                "{error}"
            );
        }
        assert!(request("NEW_ALGORITHM", 10_000).validate().is_ok());
        let error = request("SM2PKE", 1).key_spec("RSA_2048").validate().unwrap_err().to_string();
        assert!(error.ends_with(r#"RSAES_OAEP_SHA_1 for RSA_2048, got "SM2PKE""#), "{error}");
    }
}
