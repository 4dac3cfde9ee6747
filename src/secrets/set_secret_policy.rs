//! `SetSecretPolicy`: replaces the policy of a secret.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-setsecretpolicy>

use serde::{Deserialize, Serialize};

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{Policy, wire};

/// The parameters of
/// [`SetSecretPolicy`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-setsecretpolicy).
///
/// ```
/// use alibabacloud_kms::policies::{Policy, PolicyPrincipal, PolicyStatement};
/// use alibabacloud_kms::secrets::SetSecretPolicyRequest;
///
/// let account = PolicyPrincipal::ram(["acs:ram::1234567890123456:*"]);
/// let owner = PolicyStatement::allow(account, ["kms:*"]);
/// let request = SetSecretPolicyRequest::new("prod/db", Policy::new([owner]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub struct SetSecretPolicyRequest {
    /// The name or ARN of a secret that a KMS instance holds (`SecretName`).
    pub secret_name: String,
    /// The policy (`Policy`), at most 32,768 bytes of JSON.
    pub policy: Policy,
}

impl SetSecretPolicyRequest {
    /// Creates a request to give this secret a new policy.
    pub fn new(secret_name: impl Into<String>, policy: Policy) -> Self {
        Self { secret_name: secret_name.into(), policy }
    }
}

impl Operation for SetSecretPolicyRequest {
    const SPEC: OperationSpec =
        OperationSpec::write("SetSecretPolicy", QuotaGroup::Undocumented).without_required_fields();
    type Response = SetSecretPolicyResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.secret_name(&self.secret_name);
        encoder.policy(Some(&self.policy));
    }

    fn request_id(response: &mut SetSecretPolicyResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The confirmation that the policy was replaced: the response to a [`SetSecretPolicyRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SetSecretPolicyResponse {
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};
    use crate::types::{PolicyPrincipal, PolicyStatement};

    #[test]
    fn policy_is_sent_as_json_text() {
        let request = SetSecretPolicyRequest::new("a", Policy::new([]));
        assert_eq!(sent(&request), ["SecretName=a", r#"Policy={"Version":"1","Statement":[]}"#]);
    }

    #[test]
    fn policy_over_32768_bytes_is_rejected() {
        let of_bytes = |bytes: usize| {
            let policy = |sid: usize| {
                let statement =
                    PolicyStatement::allow(PolicyPrincipal::ram(["acs:ram::1:*"]), ["kms:*"]);
                Policy::new([statement.sid("s".repeat(sid))])
            };
            let rest = policy(0).to_string().len();
            SetSecretPolicyRequest::new("a", policy(bytes - rest))
        };
        assert!(of_bytes(32_768).validate().is_ok());
        assert_eq!(
            of_bytes(32_769).validate().unwrap_err().to_string(),
            "the length of `policy` in bytes must be 1 to 32,768, got 32769"
        );
    }

    #[test]
    fn decodes_response() {
        let request = SetSecretPolicyRequest::new("a", Policy::new([]));
        assert_eq!(request.decode(br#"{"RequestId":"r"}"#).unwrap().request_id, "r");
    }
}
