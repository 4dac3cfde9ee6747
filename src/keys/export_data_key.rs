//! `ExportDataKey`: a data key, encrypted for a public key.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-exportdatakey>

use serde::Deserialize;

use super::algorithms::EncryptionAlgorithm;
use super::ciphertext_blob::CiphertextBlob;
use super::encryption_context::EncryptionContext;
use super::key_spec::KeySpec;
use super::response_fields;
use crate::operation::dry_run::DryRunRequest;
use crate::operation::{DecryptionKey, Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`ExportDataKey`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-exportdatakey).
///
/// ```
/// use alibabacloud_kms::keys::{
///     CiphertextBlob, EncryptionAlgorithm, ExportDataKeyRequest, KeySpec,
/// };
///
/// let encrypted_key: CiphertextBlob = "AJ+Slg==".parse()?;
/// # let public_key_der = [0x30, 0];
/// let request = ExportDataKeyRequest::new(
///     encrypted_key,
///     public_key_der,
///     KeySpec::Rsa2048,
///     EncryptionAlgorithm::RsaesOaepSha256,
/// );
/// # Ok::<(), alibabacloud_kms::keys::Base64Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct ExportDataKeyRequest {
    /// The data key as a symmetric key of KMS encrypted it (`CiphertextBlob`).
    pub ciphertext_blob: CiphertextBlob,
    /// The public key in DER, as a `SubjectPublicKeyInfo` (`PublicKeyBlob`).
    pub public_key: Vec<u8>,
    /// The type of the public key: [`Rsa2048`](KeySpec::Rsa2048) or [`EcSm2`](KeySpec::EcSm2)
    /// (`WrappingKeySpec`).
    pub wrapping_key_spec: KeySpec,
    /// The algorithm that encrypts for the public key (`WrappingAlgorithm`).
    pub wrapping_algorithm: EncryptionAlgorithm,
    /// The pairs of the encryption (`EncryptionContext`), default none.
    pub encryption_context: EncryptionContext,
}

impl ExportDataKeyRequest {
    /// Creates a request that encrypts this data key for this public key.
    pub fn new(
        ciphertext_blob: CiphertextBlob,
        public_key: impl Into<Vec<u8>>,
        wrapping_key_spec: impl Into<KeySpec>,
        wrapping_algorithm: impl Into<EncryptionAlgorithm>,
    ) -> Self {
        Self {
            ciphertext_blob,
            public_key: public_key.into(),
            wrapping_key_spec: wrapping_key_spec.into(),
            wrapping_algorithm: wrapping_algorithm.into(),
            encryption_context: EncryptionContext::new(),
        }
    }

    /// Sets the encryption context.
    pub fn encryption_context(mut self, context: impl Into<EncryptionContext>) -> Self {
        self.encryption_context = context.into();
        self
    }
}

impl Operation for ExportDataKeyRequest {
    const SPEC: OperationSpec =
        OperationSpec::read("ExportDataKey", QuotaGroup::SymmetricCryptography)
            .in_body()
            .served_by_instances()
            .decrypts(DecryptionKey::InCiphertext);
    type Response = ExportDataKeyResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.ciphertext_blob(&self.ciphertext_blob);
        encoder.wrapping_key(&self.public_key, &self.wrapping_key_spec, &self.wrapping_algorithm);
        encoder.encryption_context(&self.encryption_context);
    }

    fn request_id(response: &mut ExportDataKeyResponse) -> &mut String {
        &mut response.request_id
    }
}

impl DryRunRequest for ExportDataKeyRequest {}

/// A data key that is encrypted for a public key: the response to an [`ExportDataKeyRequest`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ExportDataKeyResponse {
    /// The data key encrypted for the public key.
    #[serde(deserialize_with = "response_fields::ciphertext")]
    pub exported_data_key: CiphertextBlob,
    /// The id of the key that decrypted; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub key_id: String,
    /// The version that decrypted; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub key_version_id: String,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::ExportDataKeyRequest as Request;
    use super::*;
    use crate::operation::{Validate as _, sent};

    fn request(public_key: &[u8], algorithm: &str) -> Request {
        Request::new(CiphertextBlob::from_bytes([1]), public_key, KeySpec::Rsa2048, algorithm)
    }

    #[test]
    fn public_key_is_sent_with_its_type() {
        let request = request(&[0x30, 0], "RSAES_OAEP_SHA_1").encryption_context([("a", "1")]);
        assert_eq!(
            sent(&request),
            [
                "CiphertextBlob=AQ==",
                "PublicKeyBlob=MAA=",
                "WrappingKeySpec=RSA_2048",
                "WrappingAlgorithm=RSAES_OAEP_SHA_1",
                r#"EncryptionContext={"a":"1"}"#,
            ]
        );
        let response = request.decode(br#"{"ExportedDataKey":"AQI=","KeyId":"k"}"#).unwrap();
        assert_eq!(response.exported_data_key.as_bytes(), [1, 2]);
    }

    #[test]
    fn other_keys_and_algorithms_are_rejected() {
        let error =
            |key: &[u8], algorithm| request(key, algorithm).validate().unwrap_err().to_string();
        assert!(error(b"-----BEGIN PUBLIC KEY-----", "SM2PKE").ends_with("got PEM"));
        assert!(error(b"", "RSAES_OAEP_SHA_1").ends_with("got nothing"));
        let algorithm = error(&[0x30], "SM2PKE");
        assert!(algorithm.starts_with("`wrapping_algorithm` must be "), "{algorithm}");
        assert!(algorithm.ends_with(r#"for RSA_2048, got "SM2PKE""#), "{algorithm}");
    }
}
