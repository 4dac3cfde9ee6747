//! `ListManagedDataKeyVersions`: the versions of a data key that KMS stores, in pages.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listmanageddatakeyversions>

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::error::Resource;
use crate::operation::paged::{PageInfo, PagePosition, PagedRequest, items_of_page};
use crate::operation::{Encoder, Operation, OperationSpec, not_empty};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

const MAX_PAGE_SIZE: u32 = 100;

/// The parameters of
/// [`ListManagedDataKeyVersions`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listmanageddatakeyversions).
///
/// ```
/// use alibabacloud_kms::keys::ListManagedDataKeyVersionsRequest;
///
/// let request = ListManagedDataKeyVersionsRequest::new("orders").page_size(20);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct ListManagedDataKeyVersionsRequest {
    /// The name of the data key (`DataKeyName`).
    pub data_key_name: String,
    /// The page to return, counted from 1 (`PageNumber`), default 1. For a paginator, the first
    /// page.
    pub page_number: Option<u32>,
    /// The number of versions on a page, 1 to 100 (`PageSize`), default 100.
    pub page_size: Option<u32>,
}

impl ListManagedDataKeyVersionsRequest {
    /// Creates a request for the versions of this data key.
    pub fn new(data_key_name: impl Into<String>) -> Self {
        Self { data_key_name: data_key_name.into(), page_number: None, page_size: None }
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

impl Operation for ListManagedDataKeyVersionsRequest {
    const SPEC: OperationSpec =
        OperationSpec::read("ListManagedDataKeyVersions", QuotaGroup::Undocumented).in_body();
    type Response = ListManagedDataKeyVersionsResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.check(not_empty("data_key_name", &self.data_key_name));
        encoder.text("DataKeyName", &self.data_key_name);
        encoder.resource(Some(Resource::named(&self.data_key_name)));
        let page_size = self.page_size.unwrap_or(MAX_PAGE_SIZE);
        encoder.page(self.page_number.unwrap_or(1), page_size, Some(MAX_PAGE_SIZE));
    }

    fn request_id(response: &mut ListManagedDataKeyVersionsResponse) -> &mut String {
        &mut response.request_id
    }
}

impl PagedRequest for ListManagedDataKeyVersionsRequest {
    type Item = ManagedDataKeyVersion;

    fn position(&self) -> PagePosition {
        PagePosition::Number {
            number: self.page_number.unwrap_or(1),
            size: self.page_size.unwrap_or(MAX_PAGE_SIZE),
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

    fn page_info(response: &ListManagedDataKeyVersionsResponse) -> PageInfo<'_> {
        PageInfo::Number {
            number: response.page_number,
            size: response.page_size,
            total: response.total_count,
        }
    }

    fn items(response: &ListManagedDataKeyVersionsResponse) -> &[ManagedDataKeyVersion] {
        &response.versions
    }

    fn into_items(response: ListManagedDataKeyVersionsResponse) -> Vec<ManagedDataKeyVersion> {
        response.versions
    }

    fn item_id(version: &ManagedDataKeyVersion) -> Cow<'_, str> {
        Cow::Borrowed(&version.data_key_version_id)
    }
}

/// A page of versions: the response to a [`ListManagedDataKeyVersionsRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "WireResponse", rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ListManagedDataKeyVersionsResponse {
    /// The name of the data key; empty if the response does not contain it.
    pub data_key_name: String,
    /// The page's number, counted from 1; 0 if the response does not contain it.
    pub page_number: u32,
    /// The number of versions on a full page; 0 if the response does not contain it.
    pub page_size: u32,
    /// The number of versions on all pages; 0 if the response does not contain it.
    pub total_count: u32,
    /// The versions on this page (`ManagedDataKeyVersions`). No order is promised.
    #[serde(rename = "ManagedDataKeyVersions")]
    pub versions: Vec<ManagedDataKeyVersion>,
    /// The service's id of the request; empty if the response does not contain it.
    pub request_id: String,
}

/// The response with optional fields, to tell an empty page from a response to something else.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireResponse {
    #[serde(default, deserialize_with = "wire::lenient_string")]
    data_key_name: String,
    #[serde(default, deserialize_with = "wire::count_if_present")]
    page_number: Option<u32>,
    #[serde(default, deserialize_with = "wire::count_if_present")]
    page_size: Option<u32>,
    #[serde(default, deserialize_with = "wire::count_if_present")]
    total_count: Option<u32>,
    #[serde(default, deserialize_with = "wire::page_items")]
    managed_data_key_versions: Option<Vec<ManagedDataKeyVersion>>,
    #[serde(default, deserialize_with = "wire::lenient_string")]
    request_id: String,
}

impl TryFrom<WireResponse> for ListManagedDataKeyVersionsResponse {
    type Error = &'static str;

    fn try_from(wire: WireResponse) -> Result<Self, &'static str> {
        let WireResponse { data_key_name, page_number, page_size, total_count, .. } = wire;
        let list = wire.managed_data_key_versions;
        if list.is_none() && [page_number, page_size, total_count].iter().all(Option::is_none) {
            return Err("no field of a list of versions");
        }
        let (page_number, page_size) = (page_number.unwrap_or(0), page_size.unwrap_or(0));
        let total_count = total_count.unwrap_or(0);
        let missing = "missing field `ManagedDataKeyVersions`";
        let versions = items_of_page(list, missing, page_number, page_size, total_count)?;
        let request_id = wire.request_id;
        Ok(Self { data_key_name, page_number, page_size, total_count, versions, request_id })
    }
}

/// A version of a data key in a listing, without the data key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ManagedDataKeyVersion {
    /// The id of the version.
    pub data_key_version_id: String,
    /// The name of the secret in which KMS stores this version; empty if the response does not
    /// contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub data_key_version_name: String,
}

#[cfg(test)]
mod tests {
    use super::ListManagedDataKeyVersionsRequest as Request;
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn page_is_always_sent() {
        let request = Request::new("a");
        assert_eq!(sent(&request), ["DataKeyName=a", "PageNumber=1", "PageSize=100"]);
        assert_eq!(sent(&request.page_number(2).page_size(5))[1..], ["PageNumber=2", "PageSize=5"]);
        assert!(Request::new("").validate().is_err());
        let size = |size| Request::new("a").page_size(size).validate();
        assert!(size(1).is_ok() && size(100).is_ok());
        assert!(size(0).is_err() && size(101).is_err());
    }

    #[test]
    fn versions_are_read_and_serialized() {
        let body = br#"{"DataKeyName":"a","ManagedDataKeyVersions":{"ManagedDataKeyVersion":
            [{"DataKeyVersionId":"v1","DataKeyVersionName":"s1"},{"DataKeyVersionId":"v2"}]},
            "PageNumber":1,"PageSize":10,"TotalCount":2}"#;
        let response = Request::new("a").decode(body).unwrap();
        assert_eq!(response.total_count, 2);
        let names: Vec<_> = response.versions.iter().map(|v| &*v.data_key_version_name).collect();
        assert_eq!(names, ["s1", ""]);
        let json = serde_json::to_string(&response).unwrap();
        let read: ListManagedDataKeyVersionsResponse = serde_json::from_str(&json).unwrap();
        assert_eq!(read, response);
    }

    #[test]
    fn absent_list_is_an_error_unless_the_total_is_zero() {
        let decode = |body: &str| Request::new("a").decode(body.as_bytes());
        assert!(decode(r#"{"RequestId":"r"}"#).is_err());
        assert!(decode(r#"{"RequestId":"r","DataKeyName":"a"}"#).is_err());
        assert!(decode(r#"{"TotalCount":2,"PageNumber":1}"#).is_err());
        assert!(decode(r#"{"TotalCount":0}"#).unwrap().versions.is_empty());
    }

    #[test]
    fn each_page_has_its_position() {
        let request = Request::new("a").page_size(5);
        let PagePosition::Number { number: 1, size: 5 } = request.position() else { panic!() };
        let next = request.at(&PagePosition::Number { number: 2, size: 5 });
        assert_eq!((next.page_number, next.page_size), (Some(2), Some(5)));
    }
}
