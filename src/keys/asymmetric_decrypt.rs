//! `AsymmetricDecrypt`: what a public key encrypted.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-asymmetricdecrypt>

use serde::Deserialize;

use super::algorithms::EncryptionAlgorithm;
use super::ciphertext_blob::CiphertextBlob;
use super::response_fields;
use crate::operation::dry_run::DryRunRequest;
use crate::operation::{DecryptionKey, Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{SecretBytes, wire};

/// The parameters of
/// [`AsymmetricDecrypt`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-asymmetricdecrypt).
///
/// ```
/// use alibabacloud_kms::keys::{AsymmetricDecryptRequest, CiphertextBlob, EncryptionAlgorithm};
///
/// let blob: CiphertextBlob = "AJ+Slg==".parse()?;
/// let algorithm = EncryptionAlgorithm::RsaesOaepSha256;
/// let request = AsymmetricDecryptRequest::new("alias/inbox", "version-fake", algorithm, blob);
/// # Ok::<(), alibabacloud_kms::keys::Base64Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct AsymmetricDecryptRequest {
    /// The key: its id, alias or ARN (`KeyId`). A key of another account is named by its ARN.
    pub key_id: String,
    /// The version of the key (`KeyVersionId`). An asymmetric key has no primary version.
    pub key_version_id: String,
    /// The algorithm (`Algorithm`).
    /// [`KeySpec::encryption_algorithms`](crate::keys::KeySpec::encryption_algorithms) returns
    /// those of a key.
    pub algorithm: EncryptionAlgorithm,
    /// The ciphertext, made by KMS or elsewhere with the public key (`CiphertextBlob`).
    pub ciphertext_blob: CiphertextBlob,
}

impl AsymmetricDecryptRequest {
    /// Creates a request that decrypts this ciphertext.
    pub fn new(
        key_id: impl Into<String>,
        key_version_id: impl Into<String>,
        algorithm: impl Into<EncryptionAlgorithm>,
        ciphertext_blob: CiphertextBlob,
    ) -> Self {
        Self {
            key_id: key_id.into(),
            key_version_id: key_version_id.into(),
            algorithm: algorithm.into(),
            ciphertext_blob,
        }
    }
}

impl Operation for AsymmetricDecryptRequest {
    const SPEC: OperationSpec =
        OperationSpec::read("AsymmetricDecrypt", QuotaGroup::AsymmetricCryptography)
            .in_body()
            .served_by_instances()
            .decrypts(DecryptionKey::InRequest);
    type Response = AsymmetricDecryptResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.key_id(&self.key_id);
        encoder.key_version_id(&self.key_version_id);
        encoder.text("Algorithm", self.algorithm.as_str());
        encoder.ciphertext_blob(&self.ciphertext_blob);
    }

    fn request_id(response: &mut AsymmetricDecryptResponse) -> &mut String {
        &mut response.request_id
    }
}

impl DryRunRequest for AsymmetricDecryptRequest {}

/// The plaintext and the key version that decrypted it: the response to an
/// [`AsymmetricDecryptRequest`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AsymmetricDecryptResponse {
    /// The bytes that were encrypted.
    #[serde(deserialize_with = "response_fields::secret_bytes")]
    pub plaintext: SecretBytes,
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
    use super::AsymmetricDecryptRequest as Request;
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn plaintext_is_decoded_and_not_shown() {
        let blob = CiphertextBlob::from_bytes([1]);
        let request = Request::new("a", "v", "RSAES_OAEP_SHA_256", blob);
        assert_eq!(sent(&request)[2..], ["Algorithm=RSAES_OAEP_SHA_256", "CiphertextBlob=AQ=="]);
        assert!(request.validate().is_ok());
        let response = request.decode(br#"{"Plaintext":"ZmFrZQ==","KeyId":"k"}"#).unwrap();
        assert_eq!(response.plaintext.expose_secret(), b"fake");
        assert!(!format!("{response:?}").contains("102, 97"));
        for body in [r#"{"KeyId":"k"}"#, r#"{"Plaintext":"fake key"}"#] {
            let error = request.decode(body.as_bytes()).unwrap_err().to_string();
            assert!(!error.contains("fake key"), "{error}");
        }
    }
}
