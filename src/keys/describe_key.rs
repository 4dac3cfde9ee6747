//! `DescribeKey`: all of a key except its material.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describekey>

use serde::{Deserialize, Serialize};

use super::key_metadata::KeyMetadata;
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`DescribeKey`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describekey).
///
/// ```
/// use alibabacloud_kms::keys::DescribeKeyRequest;
///
/// let request = DescribeKeyRequest::new("alias/app");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct DescribeKeyRequest {
    /// The id, alias or ARN of the key (`KeyId`).
    pub key_id: String,
}

impl DescribeKeyRequest {
    /// Creates a request for this key.
    pub fn new(key_id: impl Into<String>) -> Self {
        Self { key_id: key_id.into() }
    }
}

impl Operation for DescribeKeyRequest {
    const SPEC: OperationSpec = OperationSpec::read("DescribeKey", QuotaGroup::TagRead);
    type Response = DescribeKeyResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.key_id(&self.key_id);
    }

    fn request_id(response: &mut DescribeKeyResponse) -> &mut String {
        &mut response.request_id
    }
}

/// A key: the response to a [`DescribeKeyRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DescribeKeyResponse {
    /// The key, identified by its id whatever the request named.
    pub key_metadata: KeyMetadata,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn ids_aliases_and_arns_are_sent_as_they_are() {
        for key in [
            "key-fake",
            "alias/app",
            "acs:kms:cn-hangzhou:1:key/key-fake",
            "acs:kms:cn-hangzhou:1:alias/app",
        ] {
            assert_eq!(sent(&DescribeKeyRequest::new(key)), [format!("KeyId={key}")]);
            assert!(DescribeKeyRequest::new(key).validate().is_ok(), "{key}");
        }
    }

    #[test]
    fn empty_ids_and_malformed_aliases_and_arns_are_rejected() {
        for key in ["", "alias/", "alias/a b", "acs:kms:cn-hangzhou:1:secret/a", "acs:kms"] {
            let error = DescribeKeyRequest::new(key).validate().unwrap_err().to_string();
            assert!(error.starts_with("`key_id` must be "), "{error}");
        }
    }

    #[test]
    fn decodes_response() {
        let body = br#"{"RequestId":"r","KeyMetadata":{"KeyId":"key-fake"}}"#;
        let response = DescribeKeyRequest::new("alias/app").decode(body).unwrap();
        assert_eq!(response.key_metadata.key_id, "key-fake");
        assert!(DescribeKeyRequest::new("alias/app").decode(br#"{"RequestId":"r"}"#).is_err());
    }
}
