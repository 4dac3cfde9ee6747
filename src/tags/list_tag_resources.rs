//! `ListTagResources`: which tags are on which secrets or keys, page by page.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listtagresources>

use std::borrow::Cow;

use http::Method;
use serde::{Deserialize, Serialize};

use crate::error::{Resource, ValidationError};
use crate::operation::paged::{PageInfo, PagePosition, PagedRequest};
use crate::operation::parameters::ParameterList;
use crate::operation::{Operation, limits};
use crate::rate_limit::QuotaGroup;
use crate::sign::Parameters;
use crate::types::{ResourceType, wire};

/// Whose tags to list: the parameters of
/// [`ListTagResources`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listtagresources).
///
/// ```
/// use alibabacloud_kms::tags::{ListTagResourcesRequest, ResourceType};
///
/// let of_two = ListTagResourcesRequest::new(ResourceType::Secret).resource_id("prod/db").resource_id("prod/cache");
/// let of_a_team = ListTagResourcesRequest::new(ResourceType::Secret).tag("team", "core");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct ListTagResourcesRequest {
    region: Option<String>,
    resource_type: ResourceType,
    resource_ids: Vec<String>,
    /// A key, and the value that it has to have if there is one.
    tags: Vec<(String, Option<String>)>,
    next_token: Option<String>,
}

impl ListTagResourcesRequest {
    /// The tags of all resources of one type (`ResourceType`).
    pub fn new(resource_type: ResourceType) -> Self {
        Self {
            region: None,
            resource_type,
            resource_ids: Vec::new(),
            tags: Vec::new(),
            next_token: None,
        }
    }

    /// Only those of this resource, the name of a secret or the id of a key (`ResourceId`); may be called up to 50 times.
    pub fn resource_id(mut self, resource_id: impl Into<String>) -> Self {
        self.resource_ids.push(resource_id.into());
        self
    }

    /// Only those of resources with this tag (`Tag`); may be called up to 20 times, together with [`tag_key`](Self::tag_key).
    ///
    /// The service's documentation does not say how several combine.
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.tags.push((key.into(), Some(value.into())));
        self
    }

    /// Only those of resources with a tag of this key, whatever its value (`Tag`).
    pub fn tag_key(mut self, key: impl Into<String>) -> Self {
        self.tags.push((key.into(), None));
        self
    }

    /// The page to get, by the token in the answer before (`NextToken`); the first page without one.
    pub fn next_token(mut self, next_token: impl Into<String>) -> Self {
        self.next_token = Some(next_token.into());
        self
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

impl Operation for ListTagResourcesRequest {
    const NAME: &'static str = "ListTagResources";
    const METHOD: Method = Method::GET;
    const QUOTA: QuotaGroup = QuotaGroup::TagRead;

    type Response = ListTagResourcesResponse;

    fn validate(&self) -> Result<(), ValidationError> {
        limits::region(self.region.as_deref())?;
        if !self.resource_ids.is_empty() {
            limits::resource_ids(&self.resource_ids)?;
        }
        if !self.tags.is_empty() {
            limits::tag_count("the number of tags", self.tags.len())?;
        }
        self.tags.iter().try_for_each(|(key, _)| limits::tag_key(key))
    }

    fn parameters(&self) -> Parameters<'_> {
        ParameterList::new()
            .optional_text("RegionId", self.region.as_deref())
            .text("ResourceType", self.resource_type.as_str())
            .list("ResourceId", &self.resource_ids)
            .tags(self.tags.iter().map(|(key, value)| (&**key, value.as_deref())))
            .optional_text("NextToken", self.next_token.as_deref())
            .done()
    }

    fn resource(&self) -> Option<Resource<'_>> {
        Resource::first_of(&self.resource_ids)
    }

    fn request_id(response: &ListTagResourcesResponse) -> &str {
        &response.request_id
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
        Cow::Owned(format!("{}\n{}", row.resource_id, row.tag_key))
    }
}

/// One page of tags, at most 200: the answer to a [`ListTagResourcesRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ListTagResourcesResponse {
    /// A row for each tag on each resource. The rows of one resource may go on on the next page.
    #[serde(default, deserialize_with = "wire::list")]
    pub tag_resources: Vec<ResourceTag>,
    /// What to ask for the next page with; `None` after the last.
    #[serde(default, deserialize_with = "wire::text")]
    pub next_token: Option<String>,
    /// The id under which the service knows the request; empty if it left it out.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

/// One tag on one resource (`TagResource` in answers).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ResourceTag {
    /// The name of the secret or the id of the key.
    pub resource_id: String,
    /// What the resource is.
    pub resource_type: ResourceType,
    /// The tag's key.
    pub tag_key: String,
    /// The tag's value, which may be empty.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub tag_value: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::sent;

    fn request() -> ListTagResourcesRequest {
        ListTagResourcesRequest::new(ResourceType::Secret).region("cn-hangzhou")
    }

    #[test]
    fn only_what_was_set_is_sent() {
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
    fn filters_are_counted_and_may_be_missing() {
        assert!(request().validate().is_ok());
        let tags = (0..21).fold(request(), |request, n| request.tag_key(format!("k{n}")));
        assert!(tags.validate().unwrap_err().to_string().starts_with("the number of tags is 21"));
        let ids = (0..51).fold(request(), |request, n| request.resource_id(format!("s{n}")));
        assert!(ids.validate().unwrap_err().to_string().contains("51, allowed are 1 to 50"));
        assert!(request().tag_key("").validate().is_err());
        let nowhere = ListTagResourcesRequest::new(ResourceType::Secret);
        assert!(nowhere.validate().unwrap_err().to_string().starts_with("region is missing"));
    }

    #[test]
    fn rows_are_read_and_an_empty_token_is_none() {
        let decode = |body: &str| request().decode(body.as_bytes()).unwrap();
        let answer = decode(
            r#"{"RequestId":"r","NextToken":"t2","TagResources":{"TagResource":[
                {"ResourceId":"a","ResourceType":"secret","TagKey":"team","TagValue":"core"}]}}"#,
        );
        let ResourceTag { resource_id, resource_type, tag_key, tag_value } =
            &answer.tag_resources[0];
        assert_eq!((&**resource_id, &**tag_key, &**tag_value), ("a", "team", "core"));
        assert_eq!(*resource_type, ResourceType::Secret);
        assert_eq!(answer.next_token.as_deref(), Some("t2"));
        for body in [r#"{"NextToken":""}"#, r#"{"NextToken":null,"TagResources":{}}"#, "{}"] {
            let answer = decode(body);
            assert_eq!((answer.next_token, answer.tag_resources), (None, vec![]), "{body}");
        }
    }
}
