//! `DescribeKeyVersion`: a version of a key.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describekeyversion>

use serde::{Deserialize, Serialize};

use super::key_version::KeyVersion;
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`DescribeKeyVersion`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describekeyversion).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct DescribeKeyVersionRequest {
    /// The id of the key (`KeyId`). The service's newer documentation allows an alias too.
    pub key_id: String,
    /// The id of the version (`KeyVersionId`).
    pub key_version_id: String,
}

impl DescribeKeyVersionRequest {
    /// Creates a request for this version of this key.
    pub fn new(key_id: impl Into<String>, key_version_id: impl Into<String>) -> Self {
        Self { key_id: key_id.into(), key_version_id: key_version_id.into() }
    }
}

impl Operation for DescribeKeyVersionRequest {
    const SPEC: OperationSpec = OperationSpec::read("DescribeKeyVersion", QuotaGroup::TagRead);
    type Response = DescribeKeyVersionResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.key_id(&self.key_id);
        encoder.key_version_id(&self.key_version_id);
    }

    fn request_id(response: &mut DescribeKeyVersionResponse) -> &mut String {
        &mut response.request_id
    }
}

/// A version of a key: the response to a [`DescribeKeyVersionRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DescribeKeyVersionResponse {
    /// The metadata of the version (`KeyVersion`).
    pub key_version: KeyVersion,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    fn request() -> DescribeKeyVersionRequest {
        DescribeKeyVersionRequest::new("key-fake", "v-1")
    }

    #[test]
    fn key_and_version_are_sent() {
        assert_eq!(sent(&request()), ["KeyId=key-fake", "KeyVersionId=v-1"]);
        assert!(DescribeKeyVersionRequest::new("", "v-1").validate().is_err());
        assert!(DescribeKeyVersionRequest::new("key-fake", "").validate().is_err());
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
