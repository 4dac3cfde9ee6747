//! `UntagResources`: removes tags from several secrets or keys.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-untagresources>

use serde::{Deserialize, Serialize};

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{ResourceType, wire};

/// The parameters of
/// [`UntagResources`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-untagresources).
///
/// ```
/// use alibabacloud_kms::tags::{ResourceType, UntagResourcesRequest};
///
/// let secrets = ["prod/db", "prod/cache"];
/// let one_tag = UntagResourcesRequest::new(ResourceType::Secret, secrets, ["team"]);
/// let every_tag = UntagResourcesRequest::all(ResourceType::Secret, secrets);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct UntagResourcesRequest {
    /// The region of the resources (`RegionId`), default the client's region. A client that was
    /// built only for an endpoint has none.
    pub region: Option<String>,
    /// The type of all resources (`ResourceType`).
    pub resource_type: ResourceType,
    /// The names of secrets or the ids of keys (`ResourceId`), 1 to 50.
    pub resource_ids: Vec<String>,
    /// The keys of the tags to remove (`TagKey`), 1 to 20; `None` removes every tag (`All`). A
    /// resource without such a tag is skipped.
    pub tag_keys: Option<Vec<String>>,
}

impl UntagResourcesRequest {
    /// Creates a request to remove the tags with these keys from each of these resources.
    pub fn new(
        resource_type: ResourceType,
        resource_ids: impl IntoIterator<Item = impl Into<String>>,
        tag_keys: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let tag_keys = tag_keys.into_iter().map(Into::into).collect();
        Self { tag_keys: Some(tag_keys), ..Self::all(resource_type, resource_ids) }
    }

    /// Creates a request to remove every tag from each of these resources.
    pub fn all(
        resource_type: ResourceType,
        resource_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self {
            region: None,
            resource_type,
            resource_ids: resource_ids.into_iter().map(Into::into).collect(),
            tag_keys: None,
        }
    }

    /// Sets the region of the resources.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }
}

impl Operation for UntagResourcesRequest {
    const SPEC: OperationSpec =
        OperationSpec::write("UntagResources", QuotaGroup::TagWrite).without_required_fields();
    type Response = UntagResourcesResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.region_id(self.region.as_deref());
        encoder.text("ResourceType", self.resource_type.as_str());
        encoder.resource_ids(&self.resource_ids);
        match &self.tag_keys {
            Some(keys) => encoder.tag_keys(keys),
            None => encoder.flag("All", true),
        }
    }

    fn request_id(response: &mut UntagResourcesResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The confirmation that the tags were removed: the response to an [`UntagResourcesRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct UntagResourcesResponse {
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    fn keys(count: usize) -> UntagResourcesRequest {
        let keys = (0..count).map(|n| format!("k{n}"));
        UntagResourcesRequest::new(ResourceType::Secret, ["a"], keys).region("cn-hangzhou")
    }

    #[test]
    fn tag_keys_are_numbered_and_all_replaces_them() {
        let common = ["RegionId=cn-hangzhou", "ResourceType=secret", "ResourceId.1=a"];
        assert_eq!(sent(&keys(2)), [&common[..], &["TagKey.1=k0", "TagKey.2=k1"]].concat());
        let all = UntagResourcesRequest::all(ResourceType::Secret, ["a"]).region("cn-hangzhou");
        assert_eq!(sent(&all), [&common[..], &["All=true"]].concat());
        assert!(all.validate().is_ok());
    }

    #[test]
    fn empty_list_of_tag_keys_is_rejected() {
        assert!(keys(20).validate().is_ok());
        for (count, words) in [
            (0, "the number of `tag_keys` must be 1 to 20, got 0"),
            (21, "the number of `tag_keys` must be 1 to 20, got 21"),
        ] {
            let violation = keys(count).validate().unwrap_err().to_string();
            assert!(violation.starts_with(words), "{violation}");
        }
        let nowhere = UntagResourcesRequest::all(ResourceType::Secret, ["a"]);
        assert!(nowhere.validate().unwrap_err().to_string().starts_with("`region` is missing"));
        assert!(nowhere.encoded(Some("cn-hangzhou")).violation.is_none());
    }

    #[test]
    fn decodes_response() {
        assert_eq!(keys(1).decode(br#"{"RequestId":"r"}"#).unwrap().request_id, "r");
    }
}
