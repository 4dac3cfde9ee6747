//! `TagResources`: sets the same tags on several secrets or keys.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-tagresources>

use serde::{Deserialize, Serialize};

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{ResourceType, Tag, wire};

/// The parameters of
/// [`TagResources`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-tagresources).
///
/// ```
/// use alibabacloud_kms::tags::{ResourceType, Tag, TagResourcesRequest};
///
/// let secrets = ["prod/db", "prod/cache"];
/// let tags = [Tag::new("team", "core")];
/// let request = TagResourcesRequest::new(ResourceType::Secret, secrets, tags);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct TagResourcesRequest {
    /// The region of the resources (`RegionId`), default the client's region. A client that was
    /// built only for an endpoint has none.
    pub region: Option<String>,
    /// The type of all resources (`ResourceType`).
    pub resource_type: ResourceType,
    /// The names of secrets or the ids of keys (`ResourceId`), 1 to 50.
    pub resource_ids: Vec<String>,
    /// The tags to set (`Tag`), 1 to 20. A tag whose key a resource already has is replaced.
    pub tags: Vec<Tag>,
}

impl TagResourcesRequest {
    /// Creates a request to set these tags on each of these resources.
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

    /// Sets the region of the resources.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }
}

impl Operation for TagResourcesRequest {
    const SPEC: OperationSpec =
        OperationSpec::write("TagResources", QuotaGroup::TagWrite).without_required_fields();
    type Response = TagResourcesResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.region_id(self.region.as_deref());
        encoder.text("ResourceType", self.resource_type.as_str());
        encoder.resource_ids(&self.resource_ids);
        encoder.tags_to_set(&self.tags);
    }

    fn request_id(response: &mut TagResourcesResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The confirmation that the tags were set: the response to a [`TagResourcesRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct TagResourcesResponse {
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    fn request(resources: usize, tags: usize) -> TagResourcesRequest {
        let ids = (0..resources).map(|n| format!("s{n}"));
        let tags = (0..tags).map(|n| Tag::new(format!("k{n}"), "v"));
        TagResourcesRequest::new(ResourceType::Secret, ids, tags).region("cn-hangzhou")
    }

    #[test]
    fn list_items_are_numbered_parameters() {
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
    fn region_of_the_client_is_the_default() {
        let request = TagResourcesRequest::new(ResourceType::Key, ["k"], [Tag::new("k", "v")]);
        let region = |request: &TagResourcesRequest, client| {
            let encoded = request.encoded(client);
            encoded.parameters().iter().find(|(name, _)| name == "RegionId").unwrap().1.to_string()
        };
        assert_eq!(region(&request, Some("eu-west-1")), "eu-west-1");
        assert_eq!(region(&request.clone().region("us-east-1"), Some("eu-west-1")), "us-east-1");
        let missing = request.validate().unwrap_err().to_string();
        assert!(missing.contains("region") && missing.contains("cn-hangzhou"), "{missing}");
        assert!(request.region("").validate().is_err());
    }

    #[test]
    fn too_many_resources_or_tags_are_rejected() {
        assert!(request(50, 20).validate().is_ok());
        for (resources, tags, words) in [
            (0, 1, "the number of `resource_ids` must be 1 to 50, got 0"),
            (51, 1, "the number of `resource_ids` must be 1 to 50, got 51"),
            (1, 0, "the number of `tags` must be 1 to 20, got 0"),
            (1, 21, "the number of `tags` must be 1 to 20, got 21"),
        ] {
            let violation = request(resources, tags).validate().unwrap_err().to_string();
            assert!(violation.starts_with(words), "{violation}");
        }
    }

    #[test]
    fn decodes_response() {
        assert_eq!(request(1, 1).decode(br#"{"RequestId":"r"}"#).unwrap().request_id, "r");
    }
}
