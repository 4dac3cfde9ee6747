//! `ListResourceTags`: the tags of one key.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listresourcetags>

use http::Method;
use serde::{Deserialize, Serialize};

use crate::error::{Resource, ValidationError};
use crate::operation::parameters::ParameterList;
use crate::operation::{Operation, limits};
use crate::rate_limit::QuotaGroup;
use crate::sign::Parameters;
use crate::types::wire;

/// Whose tags to list: the parameters of
/// [`ListResourceTags`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listresourcetags).
///
/// It knows encryption keys alone. For secrets there is [`ListTagResourcesRequest`](crate::tags::ListTagResourcesRequest).
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct ListResourceTagsRequest {
    key_id: String,
}

impl ListResourceTagsRequest {
    /// The tags of the encryption key of this id (`KeyId`).
    pub fn new(key_id: impl Into<String>) -> Self {
        Self { key_id: key_id.into() }
    }
}

impl Operation for ListResourceTagsRequest {
    const NAME: &'static str = "ListResourceTags";
    const METHOD: Method = Method::GET;
    const QUOTA: QuotaGroup = QuotaGroup::KeyTagRead;

    type Response = ListResourceTagsResponse;

    fn validate(&self) -> Result<(), ValidationError> {
        limits::key_id(&self.key_id)
    }

    fn parameters(&self) -> Parameters<'_> {
        ParameterList::new().text("KeyId", &self.key_id).done()
    }

    fn resource(&self) -> Option<Resource<'_>> {
        Some(Resource::named(&self.key_id))
    }

    fn request_id(response: &ListResourceTagsResponse) -> &str {
        &response.request_id
    }
}

/// The tags of a key: the answer to a [`ListResourceTagsRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ListResourceTagsResponse {
    /// The tags; empty if the key has none.
    #[serde(default, deserialize_with = "wire::list")]
    pub tags: Vec<KeyTag>,
    /// The id under which the service knows the request; empty if it left it out.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

/// One tag on an encryption key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct KeyTag {
    /// The id of the key (`KeyId`).
    #[serde(rename = "KeyId", default, deserialize_with = "wire::lenient_string")]
    pub key_id: String,
    /// The tag's key (`TagKey`).
    #[serde(rename = "TagKey")]
    pub key: String,
    /// The tag's value (`TagValue`), which may be empty.
    #[serde(rename = "TagValue", default, deserialize_with = "wire::lenient_string")]
    pub value: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::sent;

    #[test]
    fn a_key_is_named() {
        assert_eq!(sent(&ListResourceTagsRequest::new("key-1")), ["KeyId=key-1"]);
        let refusal = ListResourceTagsRequest::new("").validate().unwrap_err().to_string();
        assert!(refusal.starts_with("key_id is \"\""), "{refusal}");
    }

    #[test]
    fn tags_are_read_with_their_key_and_none_are_no_tags() {
        let decode =
            |body: &str| ListResourceTagsRequest::new("key-1").decode(body.as_bytes()).unwrap();
        let answer = decode(
            r#"{"RequestId":"r","Tags":{"Tag":[{"KeyId":"key-1","TagKey":"team","TagValue":"core"},{"TagKey":"empty"}]}}"#,
        );
        let told: Vec<_> = answer.tags.iter().map(|t| (&*t.key_id, &*t.key, &*t.value)).collect();
        assert_eq!(told, [("key-1", "team", "core"), ("", "empty", "")]);
        for body in [r#"{"Tags":null}"#, "{}", r#"{"Tags":{"Tag":[]}}"#] {
            assert_eq!(decode(body).tags, []);
        }
    }
}
