//! `TagResource`: sets tags on one secret, key or certificate.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-tagresource>

use serde::{Deserialize, Serialize};

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{Tag, TagTarget, wire};

/// The parameters of
/// [`TagResource`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-tagresource).
///
/// ```
/// use alibabacloud_kms::tags::{Tag, TagResourceRequest, TagTarget};
///
/// let request = TagResourceRequest::new(TagTarget::secret("prod/db"), [Tag::new("team", "core")]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct TagResourceRequest {
    /// The resource to tag.
    pub target: TagTarget,
    /// The tags to set (`Tags`), at least 1. A tag whose key the resource already has is replaced.
    ///
    /// Whether a resource can have 10 or 20 tags is contradictory in the service's documentation
    /// and not checked here.
    pub tags: Vec<Tag>,
}

impl TagResourceRequest {
    /// Creates a request to set these tags on this resource.
    pub fn new(target: TagTarget, tags: impl IntoIterator<Item = Tag>) -> Self {
        Self { target, tags: tags.into_iter().collect() }
    }
}

impl Operation for TagResourceRequest {
    const SPEC: OperationSpec =
        OperationSpec::write("TagResource", QuotaGroup::TagWrite).without_required_fields();
    type Response = TagResourceResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.tag_target(&self.target);
        encoder.count("the number of `tags`", self.tags.len(), 1..=usize::MAX, "at least 1");
        encoder.tags_as_json(&self.tags);
    }

    fn request_id(response: &mut TagResourceResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The confirmation that the tags were set: the response to a [`TagResourceRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct TagResourceResponse {
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    fn request(tags: impl IntoIterator<Item = Tag>) -> TagResourceRequest {
        TagResourceRequest::new(TagTarget::secret("prod/db"), tags)
    }

    #[test]
    fn target_decides_the_parameter_and_tags_are_json_text() {
        let tags = r#"Tags=[{"TagKey":"team","TagValue":"core"}]"#;
        for (target, first) in [
            (TagTarget::secret("a"), "SecretName=a"),
            (TagTarget::key("a"), "KeyId=a"),
            (TagTarget::Certificate("a".to_owned()), "CertificateId=a"),
        ] {
            let request = TagResourceRequest::new(target, [Tag::new("team", "core")]);
            assert_eq!(sent(&request), [first, tags]);
        }
    }

    #[test]
    fn malformed_target_is_rejected() {
        let certificate = TagTarget::Certificate(String::new());
        for target in
            [TagTarget::secret("a b"), TagTarget::secret("acs:a"), TagTarget::key(""), certificate]
        {
            let request = TagResourceRequest::new(target, [Tag::new("team", "core")]);
            let error = request.validate().unwrap_err().to_string();
            assert!(error.starts_with("`target` must be "), "{error}");
        }
    }

    #[test]
    fn malformed_tag_is_rejected() {
        let violation = |key: &str, value: &str| {
            request([Tag::new(key, value)]).validate().unwrap_err().to_string()
        };
        assert!(violation("", "x").starts_with("a tag key must be 1 to 128 characters, got \"\""));
        assert!(violation(&"k".repeat(129), "x").contains("must be 1 to 128 characters"));
        assert!(violation("acs:team", "x").contains("does not start with aliyun or acs:"));
        assert!(violation("aliyun", "x").contains("does not start with aliyun or acs:"));
        assert!(violation("a key", "x").starts_with("a tag key must be letters, digits"));
        assert!(violation("k", "a value").starts_with("a tag value must be at most 128"));
        assert!(violation("k", &"v".repeat(129)).contains("at most 128 characters"));
        assert!(request([Tag::new("组/a\\b_c-d.e+f=g:h@i", "")]).validate().is_ok());
        let none = request([]).validate().unwrap_err().to_string();
        assert_eq!(none, "the number of `tags` must be at least 1, got 0");
    }

    #[test]
    fn number_of_tags_is_not_checked() {
        let tags = (0..21).map(|n| Tag::new(format!("k{n}"), "v"));
        assert!(request(tags).validate().is_ok());
    }

    #[test]
    fn decodes_response() {
        assert_eq!(request([]).decode(br#"{"RequestId":"r"}"#).unwrap().request_id, "r");
    }
}
