//! ListKeyVersions:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listkeyversions>

use serde::Serialize;

use super::key_fields::KeyVersionFields;
use super::paging::Page;
use super::response_fields::json;
use super::target;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::keys::KeyNames;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

/// Lists versions newest first, as secrets' versions are. The service documents no order.
pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let page = Page::read(parameters, 10)?;
    let key = target::key(parameters, store, KeyNames::All, context)?;
    let versions = key.versions().iter().rev();
    let (key_version, total_count) =
        page.of(versions.map(|version| KeyVersionFields::new(&key.id, version)));
    json(&Response {
        request_id: context.request_id,
        page_number: page.number,
        page_size: page.size,
        total_count,
        key_versions: KeyVersions { key_version },
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    page_number: i32,
    page_size: i32,
    /// All versions, not only those of this page.
    total_count: usize,
    key_versions: KeyVersions<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct KeyVersions<'a> {
    key_version: Vec<KeyVersionFields<'a>>,
}
