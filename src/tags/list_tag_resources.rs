//! `ListTagResources`: the tags of secrets or keys, in pages with tokens.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listtagresources>

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::operation::paged::{PageInfo, PagePosition, PagedRequest};
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{ResourceType, Tag, wire};

/// The parameters of
/// [`ListTagResources`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listtagresources).
///
/// ```
/// use alibabacloud_kms::tags::{ListTagResourcesRequest, ResourceType};
///
/// let request = ListTagResourcesRequest::new(ResourceType::Secret)
///     .tag("team", "core")
///     .tag_key("env");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct ListTagResourcesRequest {
    /// The region of the resources (`RegionId`), default the client's region. A client that was
    /// built only for an endpoint has none.
    pub region: Option<String>,
    /// The type of the resources (`ResourceType`).
    pub resource_type: ResourceType,
    /// The names of secrets or the ids of keys (`ResourceId`), at most 50. Empty lists the tags of
    /// every resource.
    pub resource_ids: Vec<String>,
    /// The conditions on the tags of a resource (`Tag`), at most 20.
    ///
    /// The service's documentation does not say how several combine.
    pub tags: Vec<TagFilter>,
    /// The token of the page to return (`NextToken`), from the response before; without it the
    /// first page is returned.
    pub next_token: Option<String>,
}

/// A condition on the tags of a resource: a key, and optionally a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct TagFilter {
    /// The key, 1 to 128 characters.
    pub key: String,
    /// The value; `None` matches any.
    pub value: Option<String>,
}

impl ListTagResourcesRequest {
    /// Creates a request for the tags of all resources of a type.
    pub fn new(resource_type: ResourceType) -> Self {
        Self {
            region: None,
            resource_type,
            resource_ids: Vec::new(),
            tags: Vec::new(),
            next_token: None,
        }
    }

    /// Adds a resource whose tags are listed.
    pub fn resource_id(mut self, resource_id: impl Into<String>) -> Self {
        self.resource_ids.push(resource_id.into());
        self
    }

    /// Adds the condition that a resource has this tag.
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.tags.push(TagFilter { key: key.into(), value: Some(value.into()) });
        self
    }

    /// Adds the condition that a resource has a tag with this key and any value.
    pub fn tag_key(mut self, key: impl Into<String>) -> Self {
        self.tags.push(TagFilter { key: key.into(), value: None });
        self
    }

    /// Sets the token of the page to return.
    pub fn next_token(mut self, next_token: impl Into<String>) -> Self {
        self.next_token = Some(next_token.into());
        self
    }

    /// Sets the region of the resources.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }
}

impl Operation for ListTagResourcesRequest {
    const SPEC: OperationSpec =
        OperationSpec::read("ListTagResources", QuotaGroup::TagRead).without_required_fields();
    type Response = ListTagResourcesResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.region_id(self.region.as_deref());
        encoder.text("ResourceType", self.resource_type.as_str());
        if !self.resource_ids.is_empty() {
            encoder.resource_ids(&self.resource_ids);
        }
        if !self.tags.is_empty() {
            encoder.tag_filters(self.tags.iter().map(|tag| (&*tag.key, tag.value.as_deref())));
        }
        encoder.optional_text("NextToken", self.next_token.as_deref());
    }

    fn request_id(response: &mut ListTagResourcesResponse) -> &mut String {
        &mut response.request_id
    }
}

impl PagedRequest for ListTagResourcesRequest {
    type Item = ResourceTag;

    fn position(&self) -> PagePosition {
        PagePosition::Token(self.next_token.clone())
    }

    fn at(&self, position: &PagePosition) -> Self {
        match position {
            PagePosition::Token(token) => Self { next_token: token.clone(), ..self.clone() },
            PagePosition::Number { .. } => self.clone(),
        }
    }

    fn page_info(response: &ListTagResourcesResponse) -> PageInfo<'_> {
        PageInfo::Token(response.next_token.as_deref())
    }

    fn items(response: &ListTagResourcesResponse) -> &[ResourceTag] {
        &response.tag_resources
    }

    fn into_items(response: ListTagResourcesResponse) -> Vec<ResourceTag> {
        response.tag_resources
    }

    fn item_id(row: &ResourceTag) -> Cow<'_, str> {
        // All resources of a listing have one type. Names and ids have no line break.
        Cow::Owned(format!("{}\n{}", row.resource_id, row.tag.key))
    }
}

/// One page of tags, at most 200: the response to a [`ListTagResourcesRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ListTagResourcesResponse {
    /// A row for each tag on each resource. The rows of one resource may continue on the next page.
    #[serde(default, deserialize_with = "wire::list")]
    pub tag_resources: Vec<ResourceTag>,
    /// The token of the next page; `None` on the last page.
    #[serde(default, deserialize_with = "wire::text")]
    pub next_token: Option<String>,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

/// One tag on one resource.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "WireResourceTag", rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ResourceTag {
    /// The name of the secret or the id of the key.
    pub resource_id: String,
    /// The type of the resource.
    pub resource_type: ResourceType,
    /// The key and the value of the tag.
    #[serde(flatten)]
    pub tag: Tag,
}

// Reading with `flatten` would buffer each row.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireResourceTag {
    resource_id: String,
    resource_type: ResourceType,
    tag_key: String,
    #[serde(default, deserialize_with = "wire::lenient_string")]
    tag_value: String,
}

impl From<WireResourceTag> for ResourceTag {
    fn from(wire: WireResourceTag) -> Self {
        let tag = Tag::new(wire.tag_key, wire.tag_value);
        Self { resource_id: wire.resource_id, resource_type: wire.resource_type, tag }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    fn request() -> ListTagResourcesRequest {
        ListTagResourcesRequest::new(ResourceType::Secret).region("cn-hangzhou")
    }

    #[test]
    fn only_set_fields_are_sent() {
        let common = ["RegionId=cn-hangzhou", "ResourceType=secret"];
        assert_eq!(sent(&request()), common);
        let all = request().resource_id("a").tag("team", "core").tag_key("env").next_token("t");
        let rest = [
            "ResourceId.1=a",
            "Tag.1.Key=team",
            "Tag.1.Value=core",
            "Tag.2.Key=env",
            "NextToken=t",
        ];
        assert_eq!(sent(&all), [&common[..], &rest[..]].concat());
    }

    #[test]
    fn too_many_filters_are_rejected() {
        assert!(request().validate().is_ok());
        let tags = (0..21).fold(request(), |request, n| request.tag_key(format!("k{n}")));
        assert!(tags.validate().unwrap_err().to_string().ends_with("1 to 20, got 21"));
        let ids = (0..51).fold(request(), |request, n| request.resource_id(format!("s{n}")));
        assert!(ids.validate().unwrap_err().to_string().contains("must be 1 to 50, got 51"));
        assert!(request().tag_key("").validate().is_err());
        let nowhere = ListTagResourcesRequest::new(ResourceType::Secret);
        assert!(nowhere.validate().unwrap_err().to_string().starts_with("`region` is missing"));
    }

    #[test]
    fn decodes_rows_and_an_empty_token_as_none() {
        let decode = |body: &str| request().decode(body.as_bytes()).unwrap();
        let response = decode(
            r#"{"RequestId":"r","NextToken":"t2","TagResources":{"TagResource":[
                {"ResourceId":"a","ResourceType":"secret","TagKey":"team","TagValue":"core"}]}}"#,
        );
        let ResourceTag { resource_id, resource_type, tag } = &response.tag_resources[0];
        assert_eq!((&**resource_id, tag), ("a", &Tag::new("team", "core")));
        assert_eq!(*resource_type, ResourceType::Secret);
        assert_eq!(response.next_token.as_deref(), Some("t2"));
        for body in [r#"{"NextToken":""}"#, r#"{"NextToken":null,"TagResources":{}}"#, "{}"] {
            let response = decode(body);
            assert_eq!((response.next_token, response.tag_resources), (None, vec![]), "{body}");
        }
    }
}
