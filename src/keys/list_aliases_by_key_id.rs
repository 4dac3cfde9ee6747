//! `ListAliasesByKeyId`: the aliases of a key, in pages.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listaliasesbykeyid>

use std::borrow::Cow;

use super::list_aliases::{Alias, ListAliasesResponse};
use crate::operation::paged::{PageInfo, PagePosition, PagedRequest};
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;

/// The documented maximum, although some pages print 101.
const MAX_PAGE_SIZE: u32 = 100;
/// The service's own default, which is always sent so that a change of it does not change ours.
const DEFAULT_PAGE_SIZE: u32 = 10;

/// The parameters of
/// [`ListAliasesByKeyId`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listaliasesbykeyid).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct ListAliasesByKeyIdRequest {
    /// The id of the key (`KeyId`).
    pub key_id: String,
    /// The page to return, counted from 1 (`PageNumber`), default 1. For a paginator, the first
    /// page.
    pub page_number: Option<u32>,
    /// The number of aliases on a page, 1 to 100 (`PageSize`). The default is 10 for one page and
    /// 100 for a paginator.
    pub page_size: Option<u32>,
}

impl ListAliasesByKeyIdRequest {
    /// Creates a request for the aliases of this key.
    pub fn new(key_id: impl Into<String>) -> Self {
        Self { key_id: key_id.into(), page_number: None, page_size: None }
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

impl Operation for ListAliasesByKeyIdRequest {
    const SPEC: OperationSpec = OperationSpec::read("ListAliasesByKeyId", QuotaGroup::TagRead);
    type Response = ListAliasesResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.key_id(&self.key_id);
        let page_size = self.page_size.unwrap_or(DEFAULT_PAGE_SIZE);
        encoder.page(self.page_number.unwrap_or(1), page_size, Some(MAX_PAGE_SIZE));
    }

    fn request_id(response: &mut ListAliasesResponse) -> &mut String {
        &mut response.request_id
    }
}

impl PagedRequest for ListAliasesByKeyIdRequest {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    fn request() -> ListAliasesByKeyIdRequest {
        ListAliasesByKeyIdRequest::new("key-fake")
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
