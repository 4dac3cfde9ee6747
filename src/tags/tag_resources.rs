//! `TagResources`: the same tags for several secrets or keys.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-tagresources>

use http::Method;
use serde::{Deserialize, Serialize};

use crate::error::{Resource, ValidationError};
use crate::operation::parameters::ParameterList;
use crate::operation::{Operation, limits};
use crate::rate_limit::QuotaGroup;
use crate::sign::Parameters;
use crate::types::{ResourceType, Tag, wire};

/// Which resources to tag and how: the parameters of
/// [`TagResources`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-tagresources).
///
/// ```
/// use alibabacloud_kms::tags::{ResourceType, Tag, TagResourcesRequest};
///
/// let request =
///     TagResourcesRequest::new(ResourceType::Secret, ["prod/db", "prod/cache"], [Tag::new("team", "core")]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct TagResourcesRequest {
    region: Option<String>,
    resource_type: ResourceType,
    resource_ids: Vec<String>,
    tags: Vec<Tag>,
}

impl TagResourcesRequest {
    /// Puts 1 to 20 tags (`Tag`) on each of 1 to 50 resources of one type (`ResourceType`, `ResourceId`): names of secrets or
    /// ids of keys. A tag with a key that a resource has already is replaced.
    pub fn new(
        resource_type: ResourceType,
        resource_ids: impl IntoIterator<Item = impl Into<String>>,
        tags: impl IntoIterator<Item = Tag>,
    ) -> Self {
        Self {
            region: None,
            resource_type,
            resource_ids: resource_ids.into_iter().map(Into::into).collect(),
            tags: tags.into_iter().collect(),
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

impl Operation for TagResourcesRequest {
    const NAME: &'static str = "TagResources";
    const METHOD: Method = Method::POST;
    const QUOTA: QuotaGroup = QuotaGroup::TagWrite;

    type Response = TagResourcesResponse;

    fn validate(&self) -> Result<(), ValidationError> {
        limits::region(self.region.as_deref())?;
        limits::resource_ids(&self.resource_ids)?;
        limits::tag_count("the number of tags", self.tags.len())?;
        self.tags.iter().try_for_each(limits::tag)
    }

    fn parameters(&self) -> Parameters<'_> {
        ParameterList::new()
            .optional_text("RegionId", self.region.as_deref())
            .text("ResourceType", self.resource_type.as_str())
            .list("ResourceId", &self.resource_ids)
            .tags(self.tags.iter().map(|tag| (&*tag.key, Some(&*tag.value))))
            .done()
    }

    fn resource(&self) -> Option<Resource<'_>> {
        Resource::first_of(&self.resource_ids)
    }

    fn request_id(response: &TagResourcesResponse) -> &str {
        &response.request_id
    }
}

/// The answer to a [`TagResourcesRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct TagResourcesResponse {
    /// The id under which the service knows the request; empty if it left it out.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::sent;

    fn request(resources: usize, tags: usize) -> TagResourcesRequest {
        let ids = (0..resources).map(|n| format!("s{n}"));
        let tags = (0..tags).map(|n| Tag::new(format!("k{n}"), "v"));
        TagResourcesRequest::new(ResourceType::Secret, ids, tags).region("cn-hangzhou")
    }

    #[test]
    fn lists_are_numbered_and_tags_have_other_names_than_in_answers() {
        assert_eq!(
            sent(&request(2, 1)),
            [
                "RegionId=cn-hangzhou",
                "ResourceType=secret",
                "ResourceId.1=s0",
                "ResourceId.2=s1",
                "Tag.1.Key=k0",
                "Tag.1.Value=v",
            ]
        );
    }

    #[test]
    fn the_clients_region_is_taken_where_the_request_has_none() {
        let without = || TagResourcesRequest::new(ResourceType::Key, ["k"], [Tag::new("k", "v")]);
        assert_eq!(sent(&without().in_region(Some("eu-west-1")))[0], "RegionId=eu-west-1");
        let own = without().region("us-east-1").in_region(Some("eu-west-1"));
        assert_eq!(sent(&own)[0], "RegionId=us-east-1");
        assert_eq!(
            without().in_region(None).validate().unwrap_err().to_string(),
            "region is missing: give a region such as cn-hangzhou to the request or the client"
        );
        assert!(without().region("").validate().is_err());
    }

    #[test]
    fn resources_and_tags_are_counted() {
        assert!(request(50, 20).validate().is_ok());
        for (resources, tags, words) in [
            (0, 1, "the number of resource ids is 0, allowed are 1 to 50"),
            (51, 1, "the number of resource ids is 51"),
            (1, 0, "the number of tags is 0, allowed are 1 to 20"),
            (1, 21, "the number of tags is 21"),
        ] {
            let refusal = request(resources, tags).validate().unwrap_err().to_string();
            assert!(refusal.starts_with(words), "{refusal}");
        }
    }

    #[test]
    fn the_answer_is_read() {
        assert_eq!(request(1, 1).decode(br#"{"RequestId":"r"}"#).unwrap().request_id, "r");
    }
}
