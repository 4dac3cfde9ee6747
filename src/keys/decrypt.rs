//! `Decrypt`: the plaintext that a symmetric key encrypted. The ciphertext names the key.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-decrypt>

use serde::Deserialize;

use super::ciphertext_blob::CiphertextBlob;
use super::encryption_context::EncryptionContext;
use super::plaintext::Plaintext;
use crate::operation::dry_run::DryRunRequest;
use crate::operation::{DecryptionKey, Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`Decrypt`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-decrypt).
///
/// A ciphertext alone is enough if it has no context, and converts into a request.
///
/// ```
/// use alibabacloud_kms::keys::{CiphertextBlob, DecryptRequest};
///
/// let blob: CiphertextBlob = "AJ+Slg==".parse()?;
/// let request = DecryptRequest::new(blob).encryption_context([("tenant", "7")]);
/// # Ok::<(), alibabacloud_kms::keys::Base64Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct DecryptRequest {
    /// The ciphertext (`CiphertextBlob`). It names the version of its key, so it can be decrypted
    /// after a rotation too.
    pub ciphertext_blob: CiphertextBlob,
    /// The pairs of the encryption (`EncryptionContext`), in any order, default none.
    pub encryption_context: EncryptionContext,
}

impl DecryptRequest {
    /// Creates a request that decrypts this ciphertext.
    pub fn new(ciphertext_blob: CiphertextBlob) -> Self {
        Self { ciphertext_blob, encryption_context: EncryptionContext::new() }
    }

    /// Sets the encryption context.
    pub fn encryption_context(mut self, context: impl Into<EncryptionContext>) -> Self {
        self.encryption_context = context.into();
        self
    }
}

impl Operation for DecryptRequest {
    const SPEC: OperationSpec = OperationSpec::read("Decrypt", QuotaGroup::SymmetricCryptography)
        .in_body()
        .served_by_instances()
        .decrypts(DecryptionKey::InCiphertext);
    type Response = DecryptResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.ciphertext_blob(&self.ciphertext_blob);
        encoder.encryption_context(&self.encryption_context);
    }

    fn request_id(response: &mut DecryptResponse) -> &mut String {
        &mut response.request_id
    }
}

impl DryRunRequest for DecryptRequest {}

/// The plaintext and the key version that encrypted it: the response to a [`DecryptRequest`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DecryptResponse {
    /// The plaintext. [`to_bytes`](Plaintext::to_bytes) returns the bytes.
    pub plaintext: Plaintext,
    /// The id of the key, to be compared with the expected one: anyone who may use a key of the
    /// account can make a ciphertext. Empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub key_id: String,
    /// The version that encrypted; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub key_version_id: String,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

impl From<CiphertextBlob> for DecryptRequest {
    fn from(ciphertext_blob: CiphertextBlob) -> Self {
        Self::new(ciphertext_blob)
    }
}

#[cfg(test)]
mod tests {
    use super::DecryptRequest as Request;
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn ciphertext_is_sent_without_a_key() {
        let request = Request::new(CiphertextBlob::from_bytes([0, 159, 146, 150]));
        assert_eq!(sent(&request), ["CiphertextBlob=AJ+Slg=="]);
        let context = request.encryption_context([("a", "1")]);
        assert_eq!(sent(&context)[1], r#"EncryptionContext={"a":"1"}"#);
        let empty = Request::from(CiphertextBlob::from_bytes([]));
        let error = empty.validate().unwrap_err().to_string();
        assert_eq!(error, "the length of `ciphertext_blob` in bytes must be at least 1, got 0");
    }

    #[test]
    fn plaintext_is_returned_as_bytes_and_as_text() {
        let decode = |text: &str| {
            let body = format!(r#"{{"Plaintext":"{text}","KeyId":"k","KeyVersionId":7}}"#);
            Request::new(CiphertextBlob::from_bytes([1])).decode(body.as_bytes()).unwrap()
        };
        let response = decode("ZmFrZQ==");
        assert_eq!(response.plaintext.to_bytes().unwrap().expose_secret(), b"fake");
        assert_eq!((&*response.key_id, &*response.key_version_id), ("k", ""));
        let older = decode("fake text");
        assert!(older.plaintext.to_bytes().is_err());
        assert_eq!(older.plaintext.expose_secret(), "fake text");
        assert!(!format!("{response:?}{older:?}").contains("fake text"));
    }
}
