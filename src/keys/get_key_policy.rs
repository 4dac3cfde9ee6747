//! `GetKeyPolicy`: the policy of a key.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getkeypolicy>

use serde::{Deserialize, Serialize};

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{Policy, wire};

/// The parameters of
/// [`GetKeyPolicy`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getkeypolicy).
///
/// A key has one policy, so there is no field for its name (`PolicyName`, always `default`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct GetKeyPolicyRequest {
    /// The id or ARN of a key in a KMS instance (`KeyId`).
    pub key_id: String,
}

impl GetKeyPolicyRequest {
    /// Creates a request for the policy of this key.
    pub fn new(key_id: impl Into<String>) -> Self {
        Self { key_id: key_id.into() }
    }
}

impl Operation for GetKeyPolicyRequest {
    const SPEC: OperationSpec = OperationSpec::read("GetKeyPolicy", QuotaGroup::Undocumented);
    type Response = GetKeyPolicyResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.key_id(&self.key_id);
    }

    fn request_id(response: &mut GetKeyPolicyResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The policy of a key: the response to a [`GetKeyPolicyRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "WireResponse", rename_all = "PascalCase")]
#[non_exhaustive]
pub struct GetKeyPolicyResponse {
    /// The policy; `None` if this version of the crate cannot read its text.
    #[serde(skip_serializing)]
    pub policy: Option<Policy>,
    /// The text of the policy as the service returned it (`Policy`).
    #[serde(rename = "Policy")]
    pub policy_text: String,
    /// The service's id of the request; empty if the response does not contain it.
    pub request_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireResponse {
    policy: String,
    #[serde(default, deserialize_with = "wire::lenient_string")]
    request_id: String,
}

impl From<WireResponse> for GetKeyPolicyResponse {
    fn from(wire: WireResponse) -> Self {
        let policy = serde_json::from_str(&wire.policy).ok();
        Self { policy, policy_text: wire.policy, request_id: wire.request_id }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    fn decode(body: &str) -> GetKeyPolicyResponse {
        GetKeyPolicyRequest::new("key-fake").decode(body.as_bytes()).unwrap()
    }

    #[test]
    fn only_the_key_is_sent() {
        assert_eq!(sent(&GetKeyPolicyRequest::new("key-fake")), ["KeyId=key-fake"]);
        assert!(GetKeyPolicyRequest::new("").validate().is_err());
    }

    #[test]
    fn text_of_an_unreadable_policy_is_kept() {
        let response =
            decode(r#"{"RequestId":"r","Policy":"{\"Version\":\"1\",\"Statement\":[]}"}"#);
        assert_eq!(response.policy, Some(Policy::new([])));
        let response = decode(r#"{"Policy":"not JSON"}"#);
        assert_eq!((response.policy.as_ref(), &*response.policy_text), (None, "not JSON"));
        assert_eq!(decode(&serde_json::to_string(&response).unwrap()), response);
    }
}
