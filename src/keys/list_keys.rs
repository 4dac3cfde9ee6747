//! `ListKeys`: the ids of the keys in a region, in pages.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listkeys>

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::key_filter::KeyFilter;
use crate::operation::paged::{PageInfo, PagePosition, PagedRequest, items_of_page};
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{KeyArn, wire};

const MAX_PAGE_SIZE: u32 = 100;
/// The service's own default, which is always sent so that a change of it does not change ours.
const DEFAULT_PAGE_SIZE: u32 = 10;
const MAX_FILTERS: usize = 10;

/// The parameters of
/// [`ListKeys`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listkeys).
///
/// ```
/// use alibabacloud_kms::keys::{KeyFilter, KeyState, ListKeysRequest};
///
/// let request = ListKeysRequest::new()
///     .filter(KeyFilter::key_state([KeyState::Enabled, KeyState::Disabled]))
///     .filter(KeyFilter::tag_key(["team"]))
///     .page_size(50);
/// assert_eq!(request.page_size, Some(50));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct ListKeysRequest {
    /// The conditions on the keys (`Filters`), at most 10.
    ///
    /// All filters of different properties must match. The values of one filter are alternatives,
    /// and so are several filters of one property.
    pub filters: Vec<KeyFilter>,
    /// The page to return, counted from 1 (`PageNumber`), default 1. For a paginator, the first
    /// page.
    pub page_number: Option<u32>,
    /// The number of keys on a page, 1 to 100 (`PageSize`). The default is 10 for one page and
    /// 100 for a paginator.
    pub page_size: Option<u32>,
}

impl ListKeysRequest {
    /// Creates a request for every key of the account in the region, with those of other services.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a filter.
    pub fn filter(mut self, filter: KeyFilter) -> Self {
        self.filters.push(filter);
        self
    }

    /// Adds filters, as [`filter`](Self::filter) does for one.
    pub fn filters(mut self, filters: impl IntoIterator<Item = KeyFilter>) -> Self {
        self.filters.extend(filters);
        self
    }

    /// Sets the page to return.
    pub fn page_number(mut self, page_number: u32) -> Self {
        self.page_number = Some(page_number);
        self
    }

    /// Sets the number of keys on a page.
    pub fn page_size(mut self, page_size: u32) -> Self {
        self.page_size = Some(page_size);
        self
    }
}

impl Operation for ListKeysRequest {
    const SPEC: OperationSpec = OperationSpec::read("ListKeys", QuotaGroup::TagRead);
    type Response = ListKeysResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        let page_size = self.page_size.unwrap_or(DEFAULT_PAGE_SIZE);
        encoder.page(self.page_number.unwrap_or(1), page_size, Some(MAX_PAGE_SIZE));
        encoder.count("the number of `filters`", self.filters.len(), 0..=MAX_FILTERS, "0 to 10");
        encoder.check(self.filters.iter().try_for_each(KeyFilter::validate));
        if !self.filters.is_empty() {
            encoder.json("Filters", &self.filters);
        }
    }

    fn request_id(response: &mut ListKeysResponse) -> &mut String {
        &mut response.request_id
    }
}

impl PagedRequest for ListKeysRequest {
    type Item = KeySummary;

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

    fn items(response: &Self::Response) -> &[KeySummary] {
        &response.keys
    }

    fn into_items(response: Self::Response) -> Vec<KeySummary> {
        response.keys
    }

    fn item_id(key: &KeySummary) -> Cow<'_, str> {
        Cow::Borrowed(&key.key_id)
    }
}

/// A page of keys: the response to a [`ListKeysRequest`].
///
/// It serializes with the service's field names and plain lists, and reads that form as well as the
/// service's.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "WireResponse", rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ListKeysResponse {
    /// The page's number, counted from 1; 0 if the response does not contain it.
    pub page_number: u32,
    /// The number of keys on a full page; 0 if the response does not contain it.
    pub page_size: u32,
    /// The number of keys on all pages; 0 if the response does not contain it.
    pub total_count: u32,
    /// The keys of this page, in no documented order.
    pub keys: Vec<KeySummary>,
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
    keys: Option<Vec<KeySummary>>,
    #[serde(default, deserialize_with = "wire::lenient_string")]
    request_id: String,
}

impl TryFrom<WireResponse> for ListKeysResponse {
    type Error = &'static str;

    fn try_from(wire: WireResponse) -> Result<Self, &'static str> {
        let WireResponse { page_number, page_size, total_count, keys, request_id } = wire;
        let list = keys;
        if list.is_none() && [page_number, page_size, total_count].iter().all(Option::is_none) {
            return Err("no field of a list of keys");
        }
        let (page_number, page_size) = (page_number.unwrap_or(0), page_size.unwrap_or(0));
        let total_count = total_count.unwrap_or(0);
        let missing = "missing field `Keys`";
        let keys = items_of_page(list, missing, page_number, page_size, total_count)?;
        Ok(Self { page_number, page_size, total_count, keys, request_id })
    }
}

/// A key as a listing contains it. [`DescribeKey`](crate::keys::DescribeKeyRequest) returns the
/// rest.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct KeySummary {
    /// The id of the key.
    pub key_id: String,
    /// The ARN of the key (`KeyArn`). `None` if the response has none, or one of another form.
    #[serde(
        rename = "KeyArn",
        default,
        deserialize_with = "wire::parse_or_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub arn: Option<KeyArn>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{KeySpec, KeyState};
    use crate::operation::{Validate as _, sent};

    fn request() -> ListKeysRequest {
        ListKeysRequest::new()
    }

    #[test]
    fn empty_request_sends_the_defaults_and_no_filters() {
        assert_eq!(sent(&request()), ["PageNumber=1", "PageSize=10"]);
    }

    #[test]
    fn filters_are_sent_as_a_json_list() {
        let states = KeyFilter::key_state([KeyState::Enabled, KeyState::Disabled]);
        let request = request().filter(states).filter(KeyFilter::key_spec([KeySpec::Rsa2048]));
        let json = r#"[{"Key":"KeyState","Values":["Enabled","Disabled"]},{"Key":"KeySpec","Values":["RSA_2048"]}]"#;
        assert_eq!(sent(&request)[2], format!("Filters={json}"));
    }

    #[test]
    fn more_filters_than_ten_are_rejected() {
        let filters = |count| request().filters(vec![KeyFilter::creator(["1"]); count]);
        assert!(filters(10).validate().is_ok());
        let error = filters(11).validate().unwrap_err().to_string();
        assert_eq!(error, "the number of `filters` must be 0 to 10, got 11");
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
            "Keys":{"Key":[{"KeyId":"key-fake","KeyArn":"acs:kms:cn-hangzhou:1:key/key-fake"}]}}"#;
        let response = request().decode(body.as_bytes()).unwrap();
        assert_eq!((response.page_size, response.total_count), (10, 1));
        assert_eq!(response.keys[0].key_id, "key-fake");
        let written = serde_json::to_string(&response).unwrap();
        assert_eq!(request().decode(written.as_bytes()).unwrap(), response);
    }

    #[test]
    fn absent_list_is_an_error_if_the_total_promises_items() {
        let decode = |body: &str| request().decode(body.as_bytes());
        let error = decode(r#"{"TotalCount":3}"#).unwrap_err().to_string();
        assert!(error.ends_with("the field Keys is missing"), "{error}");
        assert!(decode(r#"{"RequestId":"r"}"#).is_err());
        assert!(decode(r#"{"TotalCount":0}"#).unwrap().keys.is_empty());
    }
}
