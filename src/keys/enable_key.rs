//! `EnableKey`: enables a key.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-enablekey>

use serde::{Deserialize, Serialize};

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`EnableKey`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-enablekey).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct EnableKeyRequest {
    /// The id of the key (`KeyId`).
    pub key_id: String,
}

impl EnableKeyRequest {
    /// Creates a request to enable this key.
    pub fn new(key_id: impl Into<String>) -> Self {
        Self { key_id: key_id.into() }
    }
}

impl Operation for EnableKeyRequest {
    const SPEC: OperationSpec =
        OperationSpec::write("EnableKey", QuotaGroup::TagWrite).without_required_fields();
    type Response = EnableKeyResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.key_id(&self.key_id);
    }

    fn request_id(response: &mut EnableKeyResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The confirmation that the key is enabled: the response to an [`EnableKeyRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct EnableKeyResponse {
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    fn request() -> EnableKeyRequest {
        EnableKeyRequest::new("key-fake")
    }

    #[test]
    fn only_the_key_is_sent() {
        assert_eq!(sent(&request()), ["KeyId=key-fake"]);
        assert!(EnableKeyRequest::new("").validate().is_err());
    }

    #[test]
    fn decodes_response() {
        let response = request().decode(br#"{"RequestId":"r"}"#).unwrap();
        assert_eq!(response.request_id, "r");
    }
}
