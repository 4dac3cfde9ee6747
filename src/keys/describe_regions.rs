//! `DescribeRegions`: the regions in which KMS is available.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describeregions>

use serde::{Deserialize, Serialize};

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// A request for
/// [`DescribeRegions`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describeregions),
/// which has no parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct DescribeRegionsRequest {}

impl DescribeRegionsRequest {
    /// Creates a request for all regions.
    pub fn new() -> Self {
        Self {}
    }
}

impl Operation for DescribeRegionsRequest {
    const SPEC: OperationSpec =
        OperationSpec::read("DescribeRegions", QuotaGroup::TagRead).without_required_fields();
    type Response = DescribeRegionsResponse;

    fn encode<'a>(&'a self, _encoder: &mut Encoder<'a>) {}

    fn request_id(response: &mut DescribeRegionsResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The regions of KMS: the response to a [`DescribeRegionsRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DescribeRegionsResponse {
    /// The regions. The response does not report whether the account has activated KMS there.
    #[serde(default, deserialize_with = "wire::list")]
    pub regions: Vec<Region>,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

/// A region in which KMS can be called.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Region {
    /// The id, such as `cn-hangzhou`, for [`region`](crate::KmsClientBuilder::region).
    pub region_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::sent;

    #[test]
    fn decodes_response() {
        let request = DescribeRegionsRequest::new();
        assert_eq!(sent(&request), [""; 0]);
        let body = r#"{"RequestId":"r","Regions":{"Region":[{"RegionId":"cn-hangzhou","New":1},{"RegionId":"eu-west-1"}]}}"#;
        let response = request.decode(body.as_bytes()).unwrap();
        let ids: Vec<_> = response.regions.iter().map(|region| &*region.region_id).collect();
        assert_eq!(ids, ["cn-hangzhou", "eu-west-1"]);
    }
}
