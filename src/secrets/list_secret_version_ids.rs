//! `ListSecretVersionIds`: the versions of a secret with their stages, in pages, without values.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listsecretversionids>

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::operation::paged::{PageInfo, PagePosition, PagedRequest, items_of_page};
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{VersionStage, wire};

/// One page holds the ten versions of most secrets. It is always sent: the service's texts disagree
/// on whether its default is 20 or 10, and none documents a maximum.
const DEFAULT_PAGE_SIZE: u32 = 20;

/// The parameters of
/// [`ListSecretVersionIds`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listsecretversionids).
///
/// ```
/// use alibabacloud_kms::secrets::ListSecretVersionIdsRequest;
///
/// let all = ListSecretVersionIdsRequest::new("prod/db").include_deprecated(true);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct ListSecretVersionIdsRequest {
    /// The secret's name, or its ARN if it belongs to another account (`SecretName`).
    pub secret_name: String,
    /// True to list versions without a stage too (`IncludeDeprecated`), default `false`.
    pub include_deprecated: bool,
    /// The page to return, counted from 1 (`PageNumber`), default 1. For a paginator, the first
    /// page.
    pub page_number: Option<u32>,
    /// The number of versions on a page, at least 1 (`PageSize`), default 20. No maximum is
    /// documented.
    pub page_size: Option<u32>,
}

impl ListSecretVersionIdsRequest {
    /// Creates a request for the versions of this secret that have a stage.
    pub fn new(secret_name: impl Into<String>) -> Self {
        Self {
            secret_name: secret_name.into(),
            include_deprecated: false,
            page_number: None,
            page_size: None,
        }
    }

    /// Sets whether versions without a stage are listed too.
    pub fn include_deprecated(mut self, include: bool) -> Self {
        self.include_deprecated = include;
        self
    }

    /// Sets the page to return.
    pub fn page_number(mut self, page_number: u32) -> Self {
        self.page_number = Some(page_number);
        self
    }

    /// Sets the number of versions on a page.
    pub fn page_size(mut self, page_size: u32) -> Self {
        self.page_size = Some(page_size);
        self
    }
}

impl Operation for ListSecretVersionIdsRequest {
    const SPEC: OperationSpec = OperationSpec::read("ListSecretVersionIds", QuotaGroup::Manage);
    type Response = ListSecretVersionIdsResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        let page_size = self.page_size.unwrap_or(DEFAULT_PAGE_SIZE);
        encoder.secret_name(&self.secret_name);
        encoder.flag("IncludeDeprecated", self.include_deprecated);
        encoder.page(self.page_number.unwrap_or(1), page_size, None);
    }

    fn request_id(response: &mut ListSecretVersionIdsResponse) -> &mut String {
        &mut response.request_id
    }
}

impl PagedRequest for ListSecretVersionIdsRequest {
    type Item = SecretVersion;

    fn position(&self) -> PagePosition {
        PagePosition::Number {
            number: self.page_number.unwrap_or(1),
            size: self.page_size.unwrap_or(DEFAULT_PAGE_SIZE),
        }
    }

    fn at(&self, position: &PagePosition) -> Self {
        match *position {
            PagePosition::Number { number, size } => {
                self.clone().page_number(number).page_size(size)
            }
            PagePosition::Token(_) => self.clone(),
        }
    }

    fn page_info(response: &ListSecretVersionIdsResponse) -> PageInfo<'_> {
        PageInfo::Number {
            number: response.page_number,
            size: response.page_size,
            total: response.total_count,
        }
    }

    fn items(response: &ListSecretVersionIdsResponse) -> &[SecretVersion] {
        &response.versions
    }

    fn into_items(response: ListSecretVersionIdsResponse) -> Vec<SecretVersion> {
        response.versions
    }

    fn item_id(version: &SecretVersion) -> Cow<'_, str> {
        Cow::Borrowed(&version.version_id)
    }
}

/// A page of versions: the response to a [`ListSecretVersionIdsRequest`].
///
/// Serialization writes the service's field names and plain lists; deserialization reads that form
/// and the service's own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "WireResponse", rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ListSecretVersionIdsResponse {
    /// The secret's name.
    pub secret_name: String,
    /// The page's number, counted from 1; 0 if the response does not contain it.
    pub page_number: u32,
    /// The number of versions on a full page; 0 if the response does not contain it.
    pub page_size: u32,
    /// The number of versions on all pages; 0 if the response does not contain it.
    pub total_count: u32,
    /// The versions of this page. No order is promised.
    #[serde(rename = "VersionIds")]
    pub versions: Vec<SecretVersion>,
    /// The service's id of the request; empty if the response does not contain it.
    pub request_id: String,
}

/// The response with an optional list, to tell an empty page from a response that lacks its list.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireResponse {
    secret_name: String,
    #[serde(default, deserialize_with = "wire::count")]
    page_number: u32,
    #[serde(default, deserialize_with = "wire::count")]
    page_size: u32,
    #[serde(default, deserialize_with = "wire::count")]
    total_count: u32,
    #[serde(default, deserialize_with = "wire::page_items")]
    version_ids: Option<Vec<SecretVersion>>,
    #[serde(default, deserialize_with = "wire::lenient_string")]
    request_id: String,
}

impl TryFrom<WireResponse> for ListSecretVersionIdsResponse {
    type Error = &'static str;

    fn try_from(wire: WireResponse) -> Result<Self, &'static str> {
        let WireResponse {
            secret_name,
            page_number,
            page_size,
            total_count,
            version_ids,
            request_id,
        } = wire;
        let missing = "missing field `VersionIds`";
        let versions = items_of_page(version_ids, missing, page_number, page_size, total_count)?;
        Ok(Self { secret_name, page_number, page_size, total_count, versions, request_id })
    }
}

/// One version in a listing, without its value.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SecretVersion {
    /// The id that the version was put with, unique in the secret.
    pub version_id: String,
    /// The time at which the version was put.
    #[serde(default, deserialize_with = "wire::lenient_time")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_time: Option<DateTime<Utc>>,
    /// The stages of the version; empty for a deprecated one.
    #[serde(default, deserialize_with = "wire::lenient_list")]
    pub version_stages: Vec<VersionStage>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn defaults_and_set_fields_are_sent() {
        let request = ListSecretVersionIdsRequest::new("prod/db");
        let defaults =
            ["SecretName=prod/db", "IncludeDeprecated=false", "PageNumber=1", "PageSize=20"];
        assert_eq!(sent(&request), defaults);
        let request = request.include_deprecated(true).page_number(2).page_size(5);
        assert_eq!(sent(&request)[1..], ["IncludeDeprecated=true", "PageNumber=2", "PageSize=5"]);
    }

    #[test]
    fn page_number_or_size_of_zero_is_rejected() {
        let request = || ListSecretVersionIdsRequest::new("a");
        let violation = |request: ListSecretVersionIdsRequest| request.validate().unwrap_err();
        assert_eq!(
            violation(request().page_number(0)).to_string(),
            "`page_number` must be at least 1, got 0"
        );
        assert_eq!(
            violation(request().page_size(0)).to_string(),
            "`page_size` must be at least 1, got 0"
        );
        assert!(
            violation(ListSecretVersionIdsRequest::new("")).to_string().contains("secret_name")
        );
        assert!(request().page_size(1_000).validate().is_ok());
    }

    #[test]
    fn absent_list_with_a_positive_total_is_an_error() {
        let decode = |body: &str| ListSecretVersionIdsRequest::new("a").decode(body.as_bytes());
        let error = decode(r#"{"SecretName":"a","TotalCount":3}"#).unwrap_err().to_string();
        assert!(error.ends_with("the field VersionIds is missing"), "{error}");
        assert!(decode(r#"{"SecretName":"a","TotalCount":0}"#).unwrap().versions.is_empty());
    }

    #[test]
    fn decoded_versions_serialize_as_a_plain_list() {
        let body = r#"{"RequestId":"r-1","SecretName":"a","PageNumber":1,"PageSize":"10","TotalCount":2,
            "VersionIds":{"VersionId":[
                {"VersionId":"v1","CreateTime":"2024-02-21T15:39:26Z","VersionStages":{"VersionStage":["ACSCurrent","UStage1"]}},
                {"VersionId":"v0"}]}}"#;
        let page = ListSecretVersionIdsRequest::new("a").decode(body.as_bytes()).unwrap();
        assert_eq!((page.page_size, page.total_count), (10, 2));
        assert_eq!(page.versions[0].version_stages, [VersionStage::Current, "UStage1".into()]);
        assert!(page.versions[1].version_stages.is_empty());
        let written = serde_json::to_string(&page).unwrap();
        assert_eq!(
            serde_json::from_str::<ListSecretVersionIdsResponse>(&written).unwrap(),
            page,
            "{written}"
        );
    }

    #[test]
    fn null_list_is_empty_and_another_response_is_an_error() {
        let decode = |body: &str| ListSecretVersionIdsRequest::new("a").decode(body.as_bytes());
        assert_eq!(decode(r#"{"SecretName":"a","VersionIds":null}"#).unwrap().versions, []);
        assert!(decode(r#"{"RequestId":"r"}"#).is_err());
    }
}
