//! `UpdateKeyDescription`: replaces the description of a key.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatekeydescription>

use serde::{Deserialize, Serialize};

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`UpdateKeyDescription`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatekeydescription).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct UpdateKeyDescriptionRequest {
    /// The id of the key (`KeyId`).
    pub key_id: String,
    /// The description (`Description`), at most 8,192 characters.
    pub description: String,
}

impl UpdateKeyDescriptionRequest {
    /// Creates a request to give this key a new description.
    pub fn new(key_id: impl Into<String>, description: impl Into<String>) -> Self {
        Self { key_id: key_id.into(), description: description.into() }
    }
}

impl Operation for UpdateKeyDescriptionRequest {
    const SPEC: OperationSpec = OperationSpec::write("UpdateKeyDescription", QuotaGroup::TagWrite)
        .without_required_fields();
    type Response = UpdateKeyDescriptionResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.key_id(&self.key_id);
        encoder.key_description(Some(&self.description));
    }

    fn request_id(response: &mut UpdateKeyDescriptionResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The confirmation that the description was replaced: the response to an
/// [`UpdateKeyDescriptionRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct UpdateKeyDescriptionResponse {
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    fn request() -> UpdateKeyDescriptionRequest {
        UpdateKeyDescriptionRequest::new("key-fake", "for backups")
    }

    #[test]
    fn key_and_description_are_sent() {
        assert_eq!(sent(&request()), ["KeyId=key-fake", "Description=for backups"]);
        assert_eq!(sent(&UpdateKeyDescriptionRequest::new("a", ""))[1], "Description=");
    }

    #[test]
    fn longer_description_is_rejected() {
        let described = |length| UpdateKeyDescriptionRequest::new("a", "密".repeat(length));
        assert!(described(8_192).validate().is_ok());
        assert_eq!(
            described(8_193).validate().unwrap_err().to_string(),
            "the length of `description` in characters must be 0 to 8,192, got 8193"
        );
    }

    #[test]
    fn decodes_response() {
        let response = request().decode(br#"{"RequestId":"r"}"#).unwrap();
        assert_eq!(response.request_id, "r");
    }
}
