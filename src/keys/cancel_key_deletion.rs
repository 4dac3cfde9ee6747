//! `CancelKeyDeletion`: cancels the scheduled deletion of a key.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-cancelkeydeletion>

use serde::{Deserialize, Serialize};

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`CancelKeyDeletion`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-cancelkeydeletion).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct CancelKeyDeletionRequest {
    /// The id of a key that is pending deletion (`KeyId`).
    pub key_id: String,
}

impl CancelKeyDeletionRequest {
    /// Creates a request to cancel the scheduled deletion of this key.
    pub fn new(key_id: impl Into<String>) -> Self {
        Self { key_id: key_id.into() }
    }
}

impl Operation for CancelKeyDeletionRequest {
    const SPEC: OperationSpec =
        OperationSpec::write("CancelKeyDeletion", QuotaGroup::TagWrite).without_required_fields();
    type Response = CancelKeyDeletionResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.key_id(&self.key_id);
    }

    fn request_id(response: &mut CancelKeyDeletionResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The confirmation that the deletion was cancelled: the response to a
/// [`CancelKeyDeletionRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct CancelKeyDeletionResponse {
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    fn request() -> CancelKeyDeletionRequest {
        CancelKeyDeletionRequest::new("key-fake")
    }

    #[test]
    fn only_the_key_is_sent() {
        assert_eq!(sent(&request()), ["KeyId=key-fake"]);
        assert!(CancelKeyDeletionRequest::new("").validate().is_err());
    }

    #[test]
    fn decodes_response() {
        let response = request().decode(br#"{"RequestId":"r"}"#).unwrap();
        assert_eq!(response.request_id, "r");
    }
}
