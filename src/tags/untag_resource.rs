//! `UntagResource`: removes tags from one secret, key or certificate.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-untagresource>

use serde::{Deserialize, Serialize};

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{TagTarget, wire};

/// The parameters of
/// [`UntagResource`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-untagresource).
///
/// ```
/// use alibabacloud_kms::tags::{TagTarget, UntagResourceRequest};
///
/// let request = UntagResourceRequest::new(TagTarget::secret("prod/db"), ["team"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct UntagResourceRequest {
    /// The resource that loses the tags.
    pub target: TagTarget,
    /// The keys of the tags to remove (`TagKeys`), at least 1.
    pub tag_keys: Vec<String>,
}

impl UntagResourceRequest {
    /// Creates a request to remove the tags with these keys from this resource.
    pub fn new(target: TagTarget, tag_keys: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { target, tag_keys: tag_keys.into_iter().map(Into::into).collect() }
    }
}

impl Operation for UntagResourceRequest {
    const SPEC: OperationSpec =
        OperationSpec::write("UntagResource", QuotaGroup::TagWrite).without_required_fields();
    type Response = UntagResourceResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.tag_target(&self.target);
        encoder.count(
            "the number of `tag_keys`",
            self.tag_keys.len(),
            1..=usize::MAX,
            "at least 1",
        );
        encoder.check_tag_keys(&self.tag_keys);
        // The documentation describes a comma-separated list; its example and its users send JSON.
        encoder.json("TagKeys", &self.tag_keys);
    }

    fn request_id(response: &mut UntagResourceResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The confirmation that the tags were removed: the response to an [`UntagResourceRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct UntagResourceResponse {
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn tag_keys_are_json_text() {
        let request = UntagResourceRequest::new(TagTarget::Key("k".to_owned()), ["a", "b"]);
        assert_eq!(sent(&request), ["KeyId=k", r#"TagKeys=["a","b"]"#]);
        assert!(request.validate().is_ok());
    }

    #[test]
    fn target_and_tag_key_are_required() {
        let untag = |name: &str, keys: &[&str]| {
            UntagResourceRequest::new(TagTarget::secret(name), keys.iter().copied())
        };
        let violation = |name, keys| untag(name, keys).validate().unwrap_err().to_string();
        assert!(violation("", &["a"]).starts_with("`target` must be"));
        assert_eq!(violation("a", &[]), "the number of `tag_keys` must be at least 1, got 0");
        assert!(violation("a", &[""]).starts_with("a tag key must be 1 to 128"));
        assert!(untag("a", &["acs:rm:rgId"]).validate().is_ok());
        let no_key = UntagResourceRequest::new(TagTarget::Key(String::new()), ["a"]);
        assert_eq!(
            no_key.validate().unwrap_err().to_string(),
            "`target` must be at least 1 character, got \"\""
        );
    }

    #[test]
    fn decodes_response() {
        let request = UntagResourceRequest::new(TagTarget::Key("k".to_owned()), ["a"]);
        assert_eq!(request.decode(br#"{"RequestId":"r"}"#).unwrap().request_id, "r");
    }
}
