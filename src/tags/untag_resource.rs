//! `UntagResource`: tags off one secret, key or certificate.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-untagresource>

use http::Method;
use serde::{Deserialize, Serialize};

use crate::error::{Resource, ValidationError};
use crate::operation::parameters::ParameterList;
use crate::operation::{Operation, limits};
use crate::rate_limit::QuotaGroup;
use crate::sign::Parameters;
use crate::types::{TagTarget, wire};

/// What to take tags from and which: the parameters of
/// [`UntagResource`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-untagresource).
///
/// ```
/// use alibabacloud_kms::tags::{TagTarget, UntagResourceRequest};
///
/// let request = UntagResourceRequest::new(TagTarget::secret("prod/db"), ["team"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct UntagResourceRequest {
    target: TagTarget,
    tag_keys: Vec<String>,
}

impl UntagResourceRequest {
    /// Takes the tags with these keys from the target (`TagKeys`).
    pub fn new(target: TagTarget, tag_keys: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { target, tag_keys: tag_keys.into_iter().map(Into::into).collect() }
    }
}

impl Operation for UntagResourceRequest {
    const NAME: &'static str = "UntagResource";
    const METHOD: Method = Method::POST;
    const QUOTA: QuotaGroup = QuotaGroup::TagWrite;

    type Response = UntagResourceResponse;

    fn validate(&self) -> Result<(), ValidationError> {
        limits::tag_target(&self.target)?;
        if self.tag_keys.is_empty() {
            return Err(ValidationError::new("the number of tag keys", 0, "1 and more"));
        }
        self.tag_keys.iter().try_for_each(|key| limits::tag_key(key))
    }

    fn parameters(&self) -> Parameters<'_> {
        let (name, id) = self.target.parameter();
        // The prose of the documentation says a list with commas; its example and its users send JSON.
        ParameterList::new().text(name, id).json("TagKeys", &self.tag_keys).done()
    }

    fn resource(&self) -> Option<Resource<'_>> {
        Some(Resource::named(self.target.parameter().1))
    }

    fn request_id(response: &UntagResourceResponse) -> &str {
        &response.request_id
    }
}

/// The answer to an [`UntagResourceRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct UntagResourceResponse {
    /// The id under which the service knows the request; empty if it left it out.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::sent;

    #[test]
    fn keys_are_json_text() {
        let request = UntagResourceRequest::new(TagTarget::Key("k".to_owned()), ["a", "b"]);
        assert_eq!(sent(&request), ["KeyId=k", r#"TagKeys=["a","b"]"#]);
        assert!(request.validate().is_ok());
    }

    #[test]
    fn there_is_a_target_and_a_key_and_keys_of_the_service_may_be_named() {
        let untag = |name: &str, keys: &[&str]| {
            UntagResourceRequest::new(TagTarget::secret(name), keys.iter().copied())
        };
        let refusal = |name, keys| untag(name, keys).validate().unwrap_err().to_string();
        assert!(refusal("", &["a"]).starts_with("secret_name is \"\""));
        assert_eq!(refusal("a", &[]), "the number of tag keys is 0, allowed are 1 and more");
        assert!(refusal("a", &[""]).starts_with("a tag key is \"\""));
        assert!(untag("a", &["acs:rm:rgId"]).validate().is_ok());
        let no_key = UntagResourceRequest::new(TagTarget::Key(String::new()), ["a"]);
        assert_eq!(
            no_key.validate().unwrap_err().to_string(),
            "key_id is \"\", allowed are 1 and more characters"
        );
    }

    #[test]
    fn the_answer_is_read() {
        let request = UntagResourceRequest::new(TagTarget::Key("k".to_owned()), ["a"]);
        assert_eq!(request.decode(br#"{"RequestId":"r"}"#).unwrap().request_id, "r");
    }
}
