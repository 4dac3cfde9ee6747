//! `CreateKeyVersion`: a new version of a key.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-createkeyversion>

use serde::{Deserialize, Serialize};

use super::key_version::KeyVersion;
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`CreateKeyVersion`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-createkeyversion).
///
/// The service creates versions of symmetric keys in instances of software key management, where
/// the new version becomes the primary one and counts as a key of the instance's quota. Another of
/// its pages allows versions of asymmetric keys: at most 50, 7 days apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct CreateKeyVersionRequest {
    /// The id of the key (`KeyId`). The service's newer documentation allows an alias too.
    pub key_id: String,
}

impl CreateKeyVersionRequest {
    /// Creates a request for a new version of this key.
    pub fn new(key_id: impl Into<String>) -> Self {
        Self { key_id: key_id.into() }
    }
}

impl Operation for CreateKeyVersionRequest {
    // Each success creates a version.
    const SPEC: OperationSpec =
        OperationSpec::write("CreateKeyVersion", QuotaGroup::TagWrite).not_idempotent();
    type Response = CreateKeyVersionResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.key_id(&self.key_id);
    }

    fn request_id(response: &mut CreateKeyVersionResponse) -> &mut String {
        &mut response.request_id
    }
}

/// A version of a key: the response to a [`CreateKeyVersionRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct CreateKeyVersionResponse {
    /// The metadata of the new version (`KeyVersion`).
    pub key_version: KeyVersion,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};
    use crate::retry::RetryClass;

    fn request() -> CreateKeyVersionRequest {
        CreateKeyVersionRequest::new("key-fake")
    }

    #[test]
    fn only_the_key_is_sent() {
        assert_eq!(sent(&request()), ["KeyId=key-fake"]);
        assert!(CreateKeyVersionRequest::new("").validate().is_err());
    }

    #[test]
    fn no_request_is_retried_that_may_have_been_executed() {
        assert_eq!(request().retry_class(), RetryClass::IfNotExecuted);
    }

    #[test]
    fn decodes_response() {
        let body = br#"{"RequestId":"r","KeyVersion":{"KeyId":"key-fake","KeyVersionId":"v-1",
            "CreationDate":"2023-07-02T10:38:27Z"}}"#;
        let version = request().decode(body).unwrap().key_version;
        assert_eq!((&*version.key_id, &*version.key_version_id), ("key-fake", "v-1"));
        assert_eq!(version.creation_date.unwrap().to_rfc3339(), "2023-07-02T10:38:27+00:00");
        assert!(request().decode(br#"{"RequestId":"r"}"#).is_err());
    }
}
