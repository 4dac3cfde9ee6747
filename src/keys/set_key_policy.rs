//! `SetKeyPolicy`: replaces the policy of a key.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-setkeypolicy>

use serde::{Deserialize, Serialize};

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{Policy, wire};

/// The parameters of
/// [`SetKeyPolicy`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-setkeypolicy).
///
/// ```
/// use alibabacloud_kms::keys::SetKeyPolicyRequest;
/// use alibabacloud_kms::policies::{Policy, PolicyPrincipal, PolicyStatement};
///
/// let account = PolicyPrincipal::ram(["acs:ram::1234567890123456:*"]);
/// let owner = PolicyStatement::allow(account, ["kms:*"]);
/// let request = SetKeyPolicyRequest::new("key-fake", Policy::new([owner]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub struct SetKeyPolicyRequest {
    /// The id or ARN of a key in a KMS instance (`KeyId`).
    pub key_id: String,
    /// The policy (`Policy`), at most 32,768 bytes of JSON.
    pub policy: Policy,
}

impl SetKeyPolicyRequest {
    /// Creates a request to give this key a new policy.
    pub fn new(key_id: impl Into<String>, policy: Policy) -> Self {
        Self { key_id: key_id.into(), policy }
    }
}

impl Operation for SetKeyPolicyRequest {
    const SPEC: OperationSpec =
        OperationSpec::write("SetKeyPolicy", QuotaGroup::Undocumented).without_required_fields();
    type Response = SetKeyPolicyResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.key_id(&self.key_id);
        encoder.policy(Some(&self.policy));
    }

    fn request_id(response: &mut SetKeyPolicyResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The confirmation that the policy was replaced: the response to a [`SetKeyPolicyRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SetKeyPolicyResponse {
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::sent;

    fn request() -> SetKeyPolicyRequest {
        SetKeyPolicyRequest::new("key-fake", Policy::new([]))
    }

    #[test]
    fn policy_is_sent_as_json_text() {
        let policy = r#"Policy={"Version":"1","Statement":[]}"#;
        assert_eq!(sent(&request()), ["KeyId=key-fake", policy]);
    }

    #[test]
    fn decodes_response() {
        let response = request().decode(br#"{"RequestId":"r"}"#).unwrap();
        assert_eq!(response.request_id, "r");
    }
}
