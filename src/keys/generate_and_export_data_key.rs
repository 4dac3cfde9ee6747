//! `GenerateAndExportDataKey`: a random data key, encrypted by a symmetric key and for a public
//! key.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-generateandexportdatakey>

use serde::Deserialize;

use super::algorithms::EncryptionAlgorithm;
use super::ciphertext_blob::CiphertextBlob;
use super::data_key_spec::DataKeySpec;
use super::encryption_context::EncryptionContext;
use super::key_spec::KeySpec;
use super::response_fields;
use crate::operation::dry_run::DryRunRequest;
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`GenerateAndExportDataKey`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-generateandexportdatakey).
///
/// ```
/// use alibabacloud_kms::keys::{EncryptionAlgorithm, GenerateAndExportDataKeyRequest, KeySpec};
///
/// # let public_key_der = [0x30, 0];
/// let request = GenerateAndExportDataKeyRequest::new(
///     "alias/orders",
///     public_key_der,
///     KeySpec::Rsa2048,
///     EncryptionAlgorithm::RsaesOaepSha256,
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct GenerateAndExportDataKeyRequest {
    /// The key: its id, alias or ARN (`KeyId`). A key of another account is named by its ARN.
    pub key_id: String,
    /// The public key in DER, as a `SubjectPublicKeyInfo` (`PublicKeyBlob`).
    pub public_key: Vec<u8>,
    /// The type of the public key: [`Rsa2048`](KeySpec::Rsa2048) or [`EcSm2`](KeySpec::EcSm2)
    /// (`WrappingKeySpec`).
    pub wrapping_key_spec: KeySpec,
    /// The algorithm that encrypts for the public key (`WrappingAlgorithm`).
    pub wrapping_algorithm: EncryptionAlgorithm,
    /// The length of the data key, by name (`KeySpec`), default [`Aes256`](DataKeySpec::Aes256).
    /// The service ignores it beside [`number_of_bytes`](Self::number_of_bytes).
    pub key_spec: Option<DataKeySpec>,
    /// The length of the data key in bytes, 1 to 1,024 (`NumberOfBytes`), default that of the
    /// [`key_spec`](Self::key_spec).
    pub number_of_bytes: Option<u32>,
    /// The pairs that the decryption will need again (`EncryptionContext`), default none.
    pub encryption_context: EncryptionContext,
}

impl GenerateAndExportDataKeyRequest {
    /// Creates a request for a data key of 256 bits, encrypted by this key and for this public key.
    pub fn new(
        key_id: impl Into<String>,
        public_key: impl Into<Vec<u8>>,
        wrapping_key_spec: impl Into<KeySpec>,
        wrapping_algorithm: impl Into<EncryptionAlgorithm>,
    ) -> Self {
        Self {
            key_id: key_id.into(),
            public_key: public_key.into(),
            wrapping_key_spec: wrapping_key_spec.into(),
            wrapping_algorithm: wrapping_algorithm.into(),
            key_spec: None,
            number_of_bytes: None,
            encryption_context: EncryptionContext::new(),
        }
    }

    /// Sets the length by its name, such as `AES_256`.
    pub fn key_spec(mut self, spec: impl Into<DataKeySpec>) -> Self {
        self.key_spec = Some(spec.into());
        self
    }

    /// Sets the length in bytes.
    pub fn number_of_bytes(mut self, number_of_bytes: u32) -> Self {
        self.number_of_bytes = Some(number_of_bytes);
        self
    }

    /// Sets the encryption context.
    pub fn encryption_context(mut self, context: impl Into<EncryptionContext>) -> Self {
        self.encryption_context = context.into();
        self
    }
}

impl Operation for GenerateAndExportDataKeyRequest {
    const SPEC: OperationSpec =
        OperationSpec::read("GenerateAndExportDataKey", QuotaGroup::SymmetricCryptography)
            .in_body()
            .served_by_instances();
    type Response = GenerateAndExportDataKeyResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.key_id(&self.key_id);
        encoder.wrapping_key(&self.public_key, &self.wrapping_key_spec, &self.wrapping_algorithm);
        encoder.data_key_length(self.key_spec.as_ref(), self.number_of_bytes);
        encoder.encryption_context(&self.encryption_context);
    }

    fn request_id(response: &mut GenerateAndExportDataKeyResponse) -> &mut String {
        &mut response.request_id
    }
}

impl DryRunRequest for GenerateAndExportDataKeyRequest {}

/// A new data key, encrypted by a symmetric key and for a public key: the response to a
/// [`GenerateAndExportDataKeyRequest`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct GenerateAndExportDataKeyResponse {
    /// The data key encrypted by the symmetric key.
    #[serde(deserialize_with = "response_fields::ciphertext")]
    pub ciphertext_blob: CiphertextBlob,
    /// The data key encrypted for the public key.
    #[serde(deserialize_with = "response_fields::ciphertext")]
    pub exported_data_key: CiphertextBlob,
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
    use super::GenerateAndExportDataKeyRequest as Request;
    use super::*;
    use crate::operation::{Validate as _, sent};

    fn request() -> Request {
        Request::new("a", [0x30, 0], KeySpec::EcSm2, EncryptionAlgorithm::Sm2Pke)
    }

    #[test]
    fn everything_that_is_set_is_sent() {
        let request =
            request().key_spec("AES_128").number_of_bytes(16).encryption_context([("a", "1")]);
        assert_eq!(
            sent(&request),
            [
                "KeyId=a",
                "PublicKeyBlob=MAA=",
                "WrappingKeySpec=EC_SM2",
                "WrappingAlgorithm=SM2PKE",
                "KeySpec=AES_128",
                "NumberOfBytes=16",
                r#"EncryptionContext={"a":"1"}"#,
            ]
        );
    }

    #[test]
    fn length_outside_1_to_1024_is_rejected() {
        let bytes = |bytes| request().number_of_bytes(bytes).validate();
        assert!(bytes(1).is_ok() && bytes(1_024).is_ok());
        for len in [0, 1_025] {
            let error = bytes(len).unwrap_err().to_string();
            assert_eq!(error, format!("`number_of_bytes` must be 1 to 1,024, got {len}"));
        }
    }

    #[test]
    fn both_ciphertexts_are_returned() {
        let body = br#"{"CiphertextBlob":"AQ==","ExportedDataKey":"AQI=","KeyId":"k"}"#;
        let response = request().decode(body).unwrap();
        assert_eq!(response.ciphertext_blob.as_bytes(), [1]);
        assert_eq!(response.exported_data_key.as_bytes(), [1, 2]);
        assert!(request().decode(br#"{"CiphertextBlob":"AQ=="}"#).is_err());
    }
}
