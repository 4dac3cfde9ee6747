//! `Encrypt`: up to 6 KB encrypted by a symmetric key.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-encrypt>

use serde::Deserialize;

use super::ciphertext_blob::CiphertextBlob;
use super::encryption_context::EncryptionContext;
use super::plaintext::Plaintext;
use super::response_fields;
use crate::operation::dry_run::DryRunRequest;
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`Encrypt`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-encrypt).
///
/// ```
/// use alibabacloud_kms::keys::EncryptRequest;
///
/// let request = EncryptRequest::new("alias/orders", b"fake-card-number")
///     .encryption_context([("tenant", "7"), ("table", "orders")]);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use]
pub struct EncryptRequest {
    /// The key: its id, alias or ARN (`KeyId`). A key of another account is named by its ARN. The
    /// service encrypts by its primary version.
    pub key_id: String,
    /// The bytes to encrypt, at most 6,144 (`Plaintext`).
    pub plaintext: Plaintext,
    /// The pairs that the decryption will need again (`EncryptionContext`), default none.
    pub encryption_context: EncryptionContext,
}

impl EncryptRequest {
    /// Creates a request that encrypts these bytes.
    pub fn new(key_id: impl Into<String>, plaintext: impl Into<Plaintext>) -> Self {
        Self {
            key_id: key_id.into(),
            plaintext: plaintext.into(),
            encryption_context: EncryptionContext::new(),
        }
    }

    /// Sets the encryption context.
    pub fn encryption_context(mut self, context: impl Into<EncryptionContext>) -> Self {
        self.encryption_context = context.into();
        self
    }
}

impl Operation for EncryptRequest {
    const SPEC: OperationSpec = OperationSpec::read("Encrypt", QuotaGroup::SymmetricCryptography)
        .in_body()
        .served_by_instances();
    type Response = EncryptResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.key_id(&self.key_id);
        encoder.plaintext(&self.plaintext);
        encoder.encryption_context(&self.encryption_context);
    }

    fn request_id(response: &mut EncryptResponse) -> &mut String {
        &mut response.request_id
    }
}

impl DryRunRequest for EncryptRequest {}

/// The ciphertext and the key version that made it: the response to an [`EncryptRequest`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct EncryptResponse {
    /// The ciphertext. Each request returns another one.
    #[serde(deserialize_with = "response_fields::ciphertext")]
    pub ciphertext_blob: CiphertextBlob,
    /// The id of the key, also if the request has an alias or an ARN; empty if the response does
    /// not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub key_id: String,
    /// The version that encrypted, the primary one; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub key_version_id: String,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::EncryptRequest as Request;
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn bytes_are_sent_as_base64_with_their_context() {
        let request =
            Request::new("alias/a", b"fake-plaintext").encryption_context([("b", "2"), ("a", "1")]);
        let context = r#"EncryptionContext={"a":"1","b":"2"}"#;
        assert_eq!(sent(&request), ["KeyId=alias/a", "Plaintext=ZmFrZS1wbGFpbnRleHQ=", context]);
        let text = Request::new("key-fake", Plaintext::from_text("fake text"));
        assert_eq!(sent(&text), ["KeyId=key-fake", "Plaintext=fake text"]);
        assert!(!format!("{request:?}{text:?}").contains("ZmFr"));
    }

    #[test]
    fn limits_are_those_of_the_bytes_and_the_context() {
        let plaintext = |len| Request::new("a", vec![b'x'; len]).validate();
        assert!(plaintext(6_144).is_ok());
        let error = plaintext(6_145).unwrap_err().to_string();
        let limit = "the length of the text of `plaintext` in bytes must be 0 to 8,192, which are \
            6,144 bytes in Base64, got ";
        assert_eq!(error, format!("{limit}8196"));
        // Line breaks are part of the text, although they encode nothing.
        let broken = format!("{}\n", "A".repeat(63)).repeat(129);
        let error = Request::new("a", Plaintext::from_text(broken)).validate().unwrap_err();
        assert_eq!(error.to_string(), format!("{limit}8256"));
        // With the braces, the quotation marks and the colon of the JSON.
        let context =
            |len: usize| Request::new("a", b"x").encryption_context([("k", "v".repeat(len - 8))]);
        assert!(context(8_192).validate().is_ok());
        let error = context(8_193).validate().unwrap_err().to_string();
        assert!(error.ends_with("in characters must be 1 to 8,192, got 8193"), "{error}");
    }

    #[test]
    fn response_without_a_ciphertext_is_an_error() {
        let request = Request::new("a", b"x");
        let response = request
            .decode(br#"{"CiphertextBlob":"AJ+Slg==","KeyId":"k","KeyVersionId":"v"}"#)
            .unwrap();
        assert_eq!(response.ciphertext_blob.as_bytes(), [0, 159, 146, 150]);
        assert_eq!((&*response.key_id, &*response.key_version_id), ("k", "v"));
        for body in [r#"{"KeyId":"k"}"#, r#"{"CiphertextBlob":""}"#, r#"{"CiphertextBlob":"*"}"#] {
            assert!(request.decode(body.as_bytes()).is_err(), "{body}");
        }
    }
}
