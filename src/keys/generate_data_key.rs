//! `GenerateDataKey`: a random data key, as it is and encrypted by a symmetric key.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-generatedatakey>

use serde::Deserialize;

use super::ciphertext_blob::CiphertextBlob;
use super::data_key_spec::DataKeySpec;
use super::encryption_context::EncryptionContext;
use super::response_fields;
use crate::operation::dry_run::DryRunRequest;
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{SecretBytes, wire};

/// The parameters of
/// [`GenerateDataKey`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-generatedatakey).
///
/// ```
/// use alibabacloud_kms::keys::{DataKeySpec, GenerateDataKeyRequest};
///
/// let context = [("table", "orders")];
/// let aes_256 = GenerateDataKeyRequest::new("alias/orders").encryption_context(context);
/// let aes_128 = GenerateDataKeyRequest::new("alias/orders").key_spec(DataKeySpec::Aes128);
/// let for_a_mac = GenerateDataKeyRequest::new("alias/orders").number_of_bytes(64);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct GenerateDataKeyRequest {
    /// The key: its id, alias or ARN (`KeyId`). A key of another account is named by its ARN.
    pub key_id: String,
    /// The length of the data key, by name (`KeySpec`), default [`Aes256`](DataKeySpec::Aes256).
    /// The service ignores it beside [`number_of_bytes`](Self::number_of_bytes).
    pub key_spec: Option<DataKeySpec>,
    /// The length of the data key in bytes, 1 to 1,024 (`NumberOfBytes`), default that of the
    /// [`key_spec`](Self::key_spec).
    pub number_of_bytes: Option<u32>,
    /// The pairs that the decryption will need again (`EncryptionContext`), default none.
    pub encryption_context: EncryptionContext,
}

impl GenerateDataKeyRequest {
    /// Creates a request for a data key of 256 bits, encrypted by this key.
    pub fn new(key_id: impl Into<String>) -> Self {
        Self {
            key_id: key_id.into(),
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

impl Operation for GenerateDataKeyRequest {
    const SPEC: OperationSpec =
        OperationSpec::read("GenerateDataKey", QuotaGroup::SymmetricCryptography)
            .in_body()
            .served_by_instances();
    type Response = GenerateDataKeyResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.key_id(&self.key_id);
        encoder.data_key_length(self.key_spec.as_ref(), self.number_of_bytes);
        encoder.encryption_context(&self.encryption_context);
    }

    fn request_id(response: &mut GenerateDataKeyResponse) -> &mut String {
        &mut response.request_id
    }
}

impl DryRunRequest for GenerateDataKeyRequest {}

/// A new data key, as it is and encrypted: the response to a [`GenerateDataKeyRequest`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct GenerateDataKeyResponse {
    /// The data key, which is wiped from memory on drop. Encrypt with it, and drop it.
    #[serde(deserialize_with = "response_fields::data_key")]
    pub plaintext: SecretBytes,
    /// The encrypted data key, to be stored beside what the data key encrypts.
    /// [`decrypt`](crate::KmsClient::decrypt) returns the data key.
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
    use super::GenerateDataKeyRequest as Request;
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn length_and_context_are_sent_if_set() {
        assert_eq!(sent(&Request::new("key-fake")), ["KeyId=key-fake"]);
        let request = Request::new("a")
            .key_spec(DataKeySpec::Aes128)
            .number_of_bytes(24)
            .encryption_context([("a", "1")]);
        assert_eq!(
            sent(&request)[1..],
            ["KeySpec=AES_128", "NumberOfBytes=24", r#"EncryptionContext={"a":"1"}"#]
        );
    }

    #[test]
    fn length_outside_1_to_1024_is_rejected() {
        let bytes = |bytes| Request::new("a").number_of_bytes(bytes).validate();
        assert!(bytes(1).is_ok() && bytes(1_024).is_ok());
        for len in [0, 1_025] {
            let error = bytes(len).unwrap_err().to_string();
            assert_eq!(error, format!("`number_of_bytes` must be 1 to 1,024, got {len}"));
        }
    }

    #[test]
    fn data_key_is_decoded_and_not_shown() {
        let decode = |key: &str| {
            let body = format!(r#"{{"Plaintext":"{key}","CiphertextBlob":"AQ==","KeyId":"k"}}"#);
            Request::new("a").decode(body.as_bytes())
        };
        let response = decode("ZmFrZQ==").unwrap();
        assert_eq!(response.plaintext.expose_secret(), b"fake");
        assert!(format!("{response:?}").contains("SecretBytes(4 bytes)"));
        for malformed in ["", "fake key"] {
            let error = decode(malformed).unwrap_err().to_string();
            assert!(!error.contains("fake key"), "{error}");
        }
    }
}
