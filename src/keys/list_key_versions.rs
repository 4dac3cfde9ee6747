//! `ListKeyVersions`: the versions of a key, in pages.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listkeyversions>

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::key_version::KeyVersion;
use crate::operation::paged::{PageInfo, PagePosition, PagedRequest, items_of_page};
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The documented maximum, although some pages print 101.
const MAX_PAGE_SIZE: u32 = 100;
/// The service's own default, which is always sent so that a change of it does not change ours.
const DEFAULT_PAGE_SIZE: u32 = 10;

/// The parameters of
/// [`ListKeyVersions`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listkeyversions).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct ListKeyVersionsRequest {
    /// The id of the key (`KeyId`). The service's newer documentation allows an alias too.
    pub key_id: String,
    /// The page to return, counted from 1 (`PageNumber`), default 1. For a paginator, the first
    /// page.
    pub page_number: Option<u32>,
    /// The number of versions on a page, 1 to 100 (`PageSize`). The default is 10 for one page and
    /// 100 for a paginator.
    pub page_size: Option<u32>,
}

impl ListKeyVersionsRequest {
    /// Creates a request for the versions of this key.
    pub fn new(key_id: impl Into<String>) -> Self {
        Self { key_id: key_id.into(), page_number: None, page_size: None }
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

impl Operation for ListKeyVersionsRequest {
    const SPEC: OperationSpec = OperationSpec::read("ListKeyVersions", QuotaGroup::TagRead);
    type Response = ListKeyVersionsResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        let page_size = self.page_size.unwrap_or(DEFAULT_PAGE_SIZE);
        encoder.key_id(&self.key_id);
        encoder.page(self.page_number.unwrap_or(1), page_size, Some(MAX_PAGE_SIZE));
    }

    fn request_id(response: &mut ListKeyVersionsResponse) -> &mut String {
        &mut response.request_id
    }
}

impl PagedRequest for ListKeyVersionsRequest {
    type Item = KeyVersion;

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

    fn page_info(response: &Self::Response) -> PageInfo<'_> {
        PageInfo::Number {
            number: response.page_number,
            size: response.page_size,
            total: response.total_count,
        }
    }

    fn items(response: &Self::Response) -> &[KeyVersion] {
        &response.versions
    }

    fn into_items(response: Self::Response) -> Vec<KeyVersion> {
        response.versions
    }

    fn item_id(version: &KeyVersion) -> Cow<'_, str> {
        Cow::Borrowed(&version.key_version_id)
    }
}

/// A page of versions: the response to a [`ListKeyVersionsRequest`].
///
/// It serializes with the service's field names and plain lists, and reads that form as well as the
/// service's.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "WireResponse", rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ListKeyVersionsResponse {
    /// The page's number, counted from 1; 0 if the response does not contain it.
    pub page_number: u32,
    /// The number of versions on a full page; 0 if the response does not contain it.
    pub page_size: u32,
    /// The number of versions on all pages; 0 if the response does not contain it.
    pub total_count: u32,
    /// The versions of this page, in no documented order. The newest has the latest
    /// [`creation_date`](KeyVersion::creation_date).
    #[serde(rename = "KeyVersions")]
    pub versions: Vec<KeyVersion>,
    /// The service's id of the request; empty if the response does not contain it.
    pub request_id: String,
}

/// The response with every field optional, to tell an empty page from a response to something else.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireResponse {
    #[serde(default, deserialize_with = "wire::count_if_present")]
    page_number: Option<u32>,
    #[serde(default, deserialize_with = "wire::count_if_present")]
    page_size: Option<u32>,
    #[serde(default, deserialize_with = "wire::count_if_present")]
    total_count: Option<u32>,
    #[serde(default, deserialize_with = "wire::page_items")]
    key_versions: Option<Vec<KeyVersion>>,
    #[serde(default, deserialize_with = "wire::lenient_string")]
    request_id: String,
}

impl TryFrom<WireResponse> for ListKeyVersionsResponse {
    type Error = &'static str;

    fn try_from(wire: WireResponse) -> Result<Self, &'static str> {
        let WireResponse { page_number, page_size, total_count, key_versions, request_id } = wire;
        let list = key_versions;
        if list.is_none() && [page_number, page_size, total_count].iter().all(Option::is_none) {
            return Err("no field of a list of versions");
        }
        let (page_number, page_size) = (page_number.unwrap_or(0), page_size.unwrap_or(0));
        let total_count = total_count.unwrap_or(0);
        let missing = "missing field `KeyVersions`";
        let versions = items_of_page(list, missing, page_number, page_size, total_count)?;
        Ok(Self { page_number, page_size, total_count, versions, request_id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    fn request() -> ListKeyVersionsRequest {
        ListKeyVersionsRequest::new("key-fake")
    }

    #[test]
    fn defaults_are_sent() {
        assert_eq!(sent(&request()), ["KeyId=key-fake", "PageNumber=1", "PageSize=10"]);
    }

    #[test]
    fn pages_outside_their_ranges_are_rejected() {
        assert!(request().page_size(100).validate().is_ok());
        for request in [request().page_number(0), request().page_size(0), request().page_size(101)]
        {
            assert!(request.validate().is_err(), "{request:?}");
        }
    }

    #[test]
    fn decodes_response_and_writes_it_plainly() {
        let body = r#"{"RequestId":"r","PageNumber":1,"PageSize":"10","TotalCount":1,
            "KeyVersions":{"KeyVersion":[{"KeyId":"key-fake","KeyVersionId":"v-1","CreationDate":"2024-03-25T10:42:40Z"}]}}"#;
        let response = request().decode(body.as_bytes()).unwrap();
        assert_eq!((response.page_size, response.total_count), (10, 1));
        assert_eq!(response.versions[0].key_version_id, "v-1");
        let written = serde_json::to_string(&response).unwrap();
        assert_eq!(request().decode(written.as_bytes()).unwrap(), response);
    }

    #[test]
    fn absent_list_is_an_error_if_the_total_promises_items() {
        let decode = |body: &str| request().decode(body.as_bytes());
        let error = decode(r#"{"TotalCount":3}"#).unwrap_err().to_string();
        assert!(error.ends_with("the field KeyVersions is missing"), "{error}");
        assert!(decode(r#"{"RequestId":"r"}"#).is_err());
        assert!(decode(r#"{"TotalCount":0}"#).unwrap().versions.is_empty());
    }
}
