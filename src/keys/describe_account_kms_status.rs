//! `DescribeAccountKmsStatus`: the state of KMS for the account.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describeaccountkmsstatus>

use serde::{Deserialize, Serialize};

use super::account_status::AccountStatus;
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`DescribeAccountKmsStatus`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describeaccountkmsstatus).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct DescribeAccountKmsStatusRequest {}

impl DescribeAccountKmsStatusRequest {
    /// Creates a request for the state of KMS for the account.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Operation for DescribeAccountKmsStatusRequest {
    const SPEC: OperationSpec =
        OperationSpec::read("DescribeAccountKmsStatus", QuotaGroup::Account);
    type Response = DescribeAccountKmsStatusResponse;

    fn encode<'a>(&'a self, _encoder: &mut Encoder<'a>) {}

    fn request_id(response: &mut DescribeAccountKmsStatusResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The state of KMS for the account: the response to a [`DescribeAccountKmsStatusRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DescribeAccountKmsStatusResponse {
    /// The state: enabled or not, and if not, why (`AccountStatus`).
    pub account_status: AccountStatus,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::sent;

    #[test]
    fn no_parameter_is_sent() {
        assert!(sent(&DescribeAccountKmsStatusRequest::new()).is_empty());
    }

    #[test]
    fn decodes_response() {
        let decode = |body: &[u8]| DescribeAccountKmsStatusRequest::new().decode(body);
        let response = decode(br#"{"RequestId":"r","AccountStatus":"InDebt"}"#).unwrap();
        assert_eq!(response.account_status, AccountStatus::InDebt);
        assert!(decode(br#"{"RequestId":"r"}"#).is_err());
    }
}
