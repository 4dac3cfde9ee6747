//! `ListResourceTags`: the tags of one key.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listresourcetags>

use serde::{Deserialize, Serialize};

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{Tag, wire};

/// The parameters of
/// [`ListResourceTags`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listresourcetags).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct ListResourceTagsRequest {
    /// The id of a key (`KeyId`).
    pub key_id: String,
}

impl ListResourceTagsRequest {
    /// Creates a request for the tags of this key.
    pub fn new(key_id: impl Into<String>) -> Self {
        Self { key_id: key_id.into() }
    }
}

impl From<&str> for ListResourceTagsRequest {
    fn from(key_id: &str) -> Self {
        Self::new(key_id)
    }
}

impl From<String> for ListResourceTagsRequest {
    fn from(key_id: String) -> Self {
        Self::new(key_id)
    }
}

impl Operation for ListResourceTagsRequest {
    const SPEC: OperationSpec =
        OperationSpec::read("ListResourceTags", QuotaGroup::KeyTagRead).without_required_fields();
    type Response = ListResourceTagsResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.key_id(&self.key_id);
    }

    fn request_id(response: &mut ListResourceTagsResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The tags of a key: the response to a [`ListResourceTagsRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ListResourceTagsResponse {
    /// The tags; empty if the key has none.
    #[serde(default, deserialize_with = "wire::list")]
    pub tags: Vec<KeyTag>,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

/// One tag on a key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "WireKeyTag", rename_all = "PascalCase")]
#[non_exhaustive]
pub struct KeyTag {
    /// The id of the key (`KeyId`).
    pub key_id: String,
    /// The key and the value of the tag.
    #[serde(flatten)]
    pub tag: Tag,
}

// Reading with `flatten` would buffer each row.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireKeyTag {
    #[serde(default, deserialize_with = "wire::lenient_string")]
    key_id: String,
    tag_key: String,
    #[serde(default, deserialize_with = "wire::lenient_string")]
    tag_value: String,
}

impl From<WireKeyTag> for KeyTag {
    fn from(wire: WireKeyTag) -> Self {
        Self { key_id: wire.key_id, tag: Tag::new(wire.tag_key, wire.tag_value) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn missing_key_id_is_rejected() {
        assert_eq!(sent(&ListResourceTagsRequest::new("key-1")), ["KeyId=key-1"]);
        let violation = ListResourceTagsRequest::new("").validate().unwrap_err().to_string();
        assert!(violation.starts_with("`key_id` must be at least 1 character"), "{violation}");
    }

    #[test]
    fn decodes_tags_with_their_key() {
        let decode =
            |body: &str| ListResourceTagsRequest::new("key-1").decode(body.as_bytes()).unwrap();
        let response = decode(
            r#"{"RequestId":"r","Tags":{"Tag":[{"KeyId":"key-1","TagKey":"team","TagValue":"core"},{"TagKey":"empty"}]}}"#,
        );
        let read: Vec<_> =
            response.tags.iter().map(|t| (&*t.key_id, &*t.tag.key, &*t.tag.value)).collect();
        assert_eq!(read, [("key-1", "team", "core"), ("", "empty", "")]);
        for body in [r#"{"Tags":null}"#, "{}", r#"{"Tags":{"Tag":[]}}"#] {
            assert_eq!(decode(body).tags, []);
        }
    }
}
