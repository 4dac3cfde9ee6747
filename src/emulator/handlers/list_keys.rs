//! ListKeys:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listkeys>

mod filter;

use serde::Serialize;

use self::filter::KeyFilters;
use super::paging::Page;
use super::response_fields::json;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

/// Lists keys in the order of their creation.
pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let page = Page::read(parameters, 10)?;
    let filters = KeyFilters::parse(parameters.get("Filters").unwrap_or_default())?;
    let matching =
        store.keys.iter(context.now).filter(|key| filters.match_key(key, &store.keys, context));
    let entries = matching.map(|key| Entry { key_id: &key.id, key_arn: &key.arn });
    let (key, total_count) = page.of(entries);
    json(&Response {
        request_id: context.request_id,
        page_number: page.number,
        page_size: page.size,
        total_count,
        keys: Keys { key },
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    page_number: i32,
    page_size: i32,
    /// All matching keys, not only those of this page.
    total_count: usize,
    keys: Keys<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Keys<'a> {
    key: Vec<Entry<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry<'a> {
    key_id: &'a str,
    key_arn: &'a str,
}
