//! DescribeRegions:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describeregions>

use serde::Serialize;

use super::response_fields::json;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

pub(super) fn handle(
    _parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let region =
        store.region().known_regions.iter().map(|region_id| Region { region_id }).collect();
    json(&Response { request_id: context.request_id, regions: Regions { region } })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    regions: Regions<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Regions<'a> {
    region: Vec<Region<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Region<'a> {
    region_id: &'a str,
}
