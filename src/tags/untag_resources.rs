//! `UntagResources`: tags off several secrets or keys.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-untagresources>

use http::Method;
use serde::{Deserialize, Serialize};

use crate::error::{Resource, ValidationError};
use crate::operation::parameters::ParameterList;
use crate::operation::{Operation, limits};
use crate::rate_limit::QuotaGroup;
use crate::sign::Parameters;
use crate::types::{ResourceType, wire};

/// Which resources to take tags from and which tags: the parameters of
/// [`UntagResources`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-untagresources).
///
/// ```
/// use alibabacloud_kms::tags::{ResourceType, UntagResourcesRequest};
///
/// let one_tag = UntagResourcesRequest::new(ResourceType::Secret, ["prod/db", "prod/cache"], ["team"]);
/// let every_tag = UntagResourcesRequest::all(ResourceType::Secret, ["prod/db"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct UntagResourcesRequest {
    region: Option<String>,
    resource_type: ResourceType,
    resource_ids: Vec<String>,
    /// `None` stands for all.
    tag_keys: Option<Vec<String>>,
}

impl UntagResourcesRequest {
    /// Takes the tags with these 1 to 20 keys (`TagKey`) from each of 1 to 50 resources of one type (`ResourceType`,
    /// `ResourceId`): names of secrets or ids of keys. A resource that has no such tag is passed over.
    pub fn new(
        resource_type: ResourceType,
        resource_ids: impl IntoIterator<Item = impl Into<String>>,
        tag_keys: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let tag_keys = tag_keys.into_iter().map(Into::into).collect();
        Self { tag_keys: Some(tag_keys), ..Self::all(resource_type, resource_ids) }
    }

    /// Takes every tag (`All`) from each of 1 to 50 resources.
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

    /// The region of the resources (`RegionId`). The default is the client's own; a client that was given nothing but an
    /// endpoint knows of none.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Fills in the region of the client where none was said.
    pub(crate) fn in_region(mut self, region: Option<&str>) -> Self {
        self.region = self.region.or_else(|| region.map(str::to_owned));
        self
    }
}

impl Operation for UntagResourcesRequest {
    const NAME: &'static str = "UntagResources";
    const METHOD: Method = Method::POST;
    const QUOTA: QuotaGroup = QuotaGroup::TagWrite;

    type Response = UntagResourcesResponse;

    fn validate(&self) -> Result<(), ValidationError> {
        limits::region(self.region.as_deref())?;
        limits::resource_ids(&self.resource_ids)?;
        let Some(keys) = &self.tag_keys else { return Ok(()) };
        limits::tag_count("the number of tag keys", keys.len())?;
        keys.iter().try_for_each(|key| limits::tag_key(key))
    }

    fn parameters(&self) -> Parameters<'_> {
        let list = ParameterList::new()
            .optional_text("RegionId", self.region.as_deref())
            .text("ResourceType", self.resource_type.as_str())
            .list("ResourceId", &self.resource_ids);
        match &self.tag_keys {
            Some(keys) => list.list("TagKey", keys).done(),
            None => list.flag("All", true).done(),
        }
    }

    fn resource(&self) -> Option<Resource<'_>> {
        Resource::first_of(&self.resource_ids)
    }

    fn request_id(response: &UntagResourcesResponse) -> &str {
        &response.request_id
    }
}

/// The answer to an [`UntagResourcesRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct UntagResourcesResponse {
    /// The id under which the service knows the request; empty if it left it out.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::sent;

    fn keys(count: usize) -> UntagResourcesRequest {
        let keys = (0..count).map(|n| format!("k{n}"));
        UntagResourcesRequest::new(ResourceType::Secret, ["a"], keys).region("cn-hangzhou")
    }

    #[test]
    fn keys_are_numbered_and_all_is_said_in_their_place() {
        let common = ["RegionId=cn-hangzhou", "ResourceType=secret", "ResourceId.1=a"];
        assert_eq!(sent(&keys(2)), [&common[..], &["TagKey.1=k0", "TagKey.2=k1"]].concat());
        let all = UntagResourcesRequest::all(ResourceType::Secret, ["a"]).region("cn-hangzhou");
        assert_eq!(sent(&all), [&common[..], &["All=true"]].concat());
        assert!(all.validate().is_ok());
    }

    #[test]
    fn no_keys_are_not_taken_for_all() {
        assert!(keys(20).validate().is_ok());
        for (count, words) in
            [(0, "the number of tag keys is 0"), (21, "the number of tag keys is 21")]
        {
            let refusal = keys(count).validate().unwrap_err().to_string();
            assert!(refusal.starts_with(words), "{refusal}");
        }
        let nowhere = UntagResourcesRequest::all(ResourceType::Secret, ["a"]);
        assert!(nowhere.validate().unwrap_err().to_string().starts_with("region is missing"));
        assert!(nowhere.in_region(Some("cn-hangzhou")).validate().is_ok());
    }

    #[test]
    fn the_answer_is_read() {
        assert_eq!(keys(1).decode(br#"{"RequestId":"r"}"#).unwrap().request_id, "r");
    }
}
