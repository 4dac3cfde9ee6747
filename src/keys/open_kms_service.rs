//! `OpenKmsService`: activates KMS for the account.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-openkmsservice>

use serde::{Deserialize, Serialize};

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`OpenKmsService`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-openkmsservice).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct OpenKmsServiceRequest {}

impl OpenKmsServiceRequest {
    /// Creates a request to activate KMS for the account.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Operation for OpenKmsServiceRequest {
    const SPEC: OperationSpec =
        OperationSpec::write("OpenKmsService", QuotaGroup::Account).without_required_fields();
    type Response = OpenKmsServiceResponse;

    fn encode<'a>(&'a self, _encoder: &mut Encoder<'a>) {}

    fn request_id(response: &mut OpenKmsServiceResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The confirmation that KMS is activated for the account: the response to an
/// [`OpenKmsServiceRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct OpenKmsServiceResponse {
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::sent;

    fn request() -> OpenKmsServiceRequest {
        OpenKmsServiceRequest::new()
    }

    #[test]
    fn no_parameter_is_sent() {
        assert!(sent(&request()).is_empty());
    }

    #[test]
    fn decodes_response() {
        let response = request().decode(br#"{"RequestId":"r"}"#).unwrap();
        assert_eq!(response.request_id, "r");
    }
}
