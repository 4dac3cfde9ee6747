//! `ListAliases`: the aliases of a region, in pages.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listaliases>

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::operation::paged::{PageInfo, PagePosition, PagedRequest, items_of_page};
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{AliasArn, wire};

const MAX_PAGE_SIZE: u32 = 100;
/// The service's own default, which is always sent so that a change of it does not change ours.
const DEFAULT_PAGE_SIZE: u32 = 10;

/// The parameters of
/// [`ListAliases`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listaliases).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct ListAliasesRequest {
    /// The page to return, counted from 1 (`PageNumber`), default 1. For a paginator, the first
    /// page.
    pub page_number: Option<u32>,
    /// The number of aliases on a page, 1 to 100 (`PageSize`). The default is 10 for one page and
    /// 100 for a paginator.
    pub page_size: Option<u32>,
}

impl ListAliasesRequest {
    /// Creates a request for the aliases of every key of the account in the region, with those of
    /// other services.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the page to return.
    pub fn page_number(mut self, page_number: u32) -> Self {
        self.page_number = Some(page_number);
        self
    }

    /// Sets the number of aliases on a page.
    pub fn page_size(mut self, page_size: u32) -> Self {
        self.page_size = Some(page_size);
        self
    }
}

impl Operation for ListAliasesRequest {
    const SPEC: OperationSpec = OperationSpec::read("ListAliases", QuotaGroup::TagRead);
    type Response = ListAliasesResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        let page_size = self.page_size.unwrap_or(DEFAULT_PAGE_SIZE);
        encoder.page(self.page_number.unwrap_or(1), page_size, Some(MAX_PAGE_SIZE));
    }

    fn request_id(response: &mut ListAliasesResponse) -> &mut String {
        &mut response.request_id
    }
}

impl PagedRequest for ListAliasesRequest {
    type Item = Alias;

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

    fn items(response: &Self::Response) -> &[Alias] {
        &response.aliases
    }

    fn into_items(response: Self::Response) -> Vec<Alias> {
        response.aliases
    }

    fn item_id(alias: &Alias) -> Cow<'_, str> {
        Cow::Borrowed(&alias.alias_name)
    }
}

/// A page of aliases: the response to a [`ListAliasesRequest`] or a
/// [`ListAliasesByKeyIdRequest`](crate::keys::ListAliasesByKeyIdRequest).
///
/// It serializes with the service's field names and plain lists, and reads that form as well as the
/// service's.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "WireResponse", rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ListAliasesResponse {
    /// The page's number, counted from 1; 0 if the response does not contain it.
    pub page_number: u32,
    /// The number of aliases on a full page; 0 if the response does not contain it.
    pub page_size: u32,
    /// The number of aliases on all pages; 0 if the response does not contain it.
    pub total_count: u32,
    /// The aliases of this page, in no documented order.
    pub aliases: Vec<Alias>,
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
    aliases: Option<Vec<Alias>>,
    #[serde(default, deserialize_with = "wire::lenient_string")]
    request_id: String,
}

impl TryFrom<WireResponse> for ListAliasesResponse {
    type Error = &'static str;

    fn try_from(wire: WireResponse) -> Result<Self, &'static str> {
        let WireResponse { page_number, page_size, total_count, aliases, request_id } = wire;
        let list = aliases;
        if list.is_none() && [page_number, page_size, total_count].iter().all(Option::is_none) {
            return Err("no field of a list of aliases");
        }
        let (page_number, page_size) = (page_number.unwrap_or(0), page_size.unwrap_or(0));
        let total_count = total_count.unwrap_or(0);
        let missing = "missing field `Aliases`";
        let aliases = items_of_page(list, missing, page_number, page_size, total_count)?;
        Ok(Self { page_number, page_size, total_count, aliases, request_id })
    }
}

/// An alias: a second name for a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Alias {
    /// The name with its prefix, such as `alias/app`.
    pub alias_name: String,
    /// The id of the key that the alias refers to.
    pub key_id: String,
    /// The ARN of the alias (`AliasArn`). `None` if the response has none, or one of another form.
    #[serde(
        rename = "AliasArn",
        default,
        deserialize_with = "wire::parse_or_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub arn: Option<AliasArn>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    fn request() -> ListAliasesRequest {
        ListAliasesRequest::new()
    }

    #[test]
    fn defaults_are_sent() {
        assert_eq!(sent(&request()), ["PageNumber=1", "PageSize=10"]);
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
            "Aliases":{"Alias":[{"KeyId":"key-fake","AliasName":"alias/app","AliasArn":"acs:kms:cn-hangzhou:1:alias/app"}]}}"#;
        let response = request().decode(body.as_bytes()).unwrap();
        assert_eq!((response.page_size, response.total_count), (10, 1));
        assert_eq!(response.aliases[0].alias_name, "alias/app");
        let written = serde_json::to_string(&response).unwrap();
        assert_eq!(request().decode(written.as_bytes()).unwrap(), response);
    }

    #[test]
    fn absent_list_is_an_error_if_the_total_promises_items() {
        let decode = |body: &str| request().decode(body.as_bytes());
        let error = decode(r#"{"TotalCount":3}"#).unwrap_err().to_string();
        assert!(error.ends_with("the field Aliases is missing"), "{error}");
        assert!(decode(r#"{"RequestId":"r"}"#).is_err());
        assert!(decode(r#"{"TotalCount":0}"#).unwrap().aliases.is_empty());
    }
}
