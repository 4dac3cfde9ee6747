//! `SetSecretPolicy`: another policy for a secret, in place of the one it has.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-setsecretpolicy>

use http::Method;
use serde::{Deserialize, Serialize};

use crate::error::{Resource, ValidationError};
use crate::operation::parameters::ParameterList;
use crate::operation::{Operation, limits};
use crate::rate_limit::QuotaGroup;
use crate::sign::Parameters;
use crate::types::{Policy, wire};

/// A secret and the policy it is to have: the parameters of
/// [`SetSecretPolicy`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-setsecretpolicy).
///
/// ```
/// use alibabacloud_kms::secrets::{
///     Policy, PolicyPrincipal, PolicyStatement, SetSecretPolicyRequest,
/// };
///
/// let account = PolicyPrincipal::ram(["acs:ram::1234567890123456:*"]);
/// let owner = PolicyStatement::allow(account, ["kms:*"]);
/// let request = SetSecretPolicyRequest::new("prod/db", Policy::new([owner]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct SetSecretPolicyRequest {
    secret_name: String,
    policy: Policy,
}

impl SetSecretPolicyRequest {
    /// Gives the secret of this name or ARN (`SecretName`), which is held in a KMS instance, this policy (`Policy`), whose JSON
    /// has at most 32,768 bytes.
    pub fn new(secret_name: impl Into<String>, policy: Policy) -> Self {
        Self { secret_name: secret_name.into(), policy }
    }
}

impl Operation for SetSecretPolicyRequest {
    const NAME: &'static str = "SetSecretPolicy";
    const METHOD: Method = Method::POST;
    const QUOTA: QuotaGroup = QuotaGroup::Undocumented;

    type Response = SetSecretPolicyResponse;

    fn validate(&self) -> Result<(), ValidationError> {
        limits::secret_name_or_arn(&self.secret_name)?;
        limits::policy(&self.policy)
    }

    fn parameters(&self) -> Parameters<'_> {
        ParameterList::new()
            .text("SecretName", &self.secret_name)
            .json("Policy", &self.policy)
            .done()
    }

    fn resource(&self) -> Option<Resource<'_>> {
        Some(Resource::named(&self.secret_name))
    }

    fn request_id(response: &SetSecretPolicyResponse) -> &str {
        &response.request_id
    }
}

/// The answer to a [`SetSecretPolicyRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SetSecretPolicyResponse {
    /// The id under which the service knows the request; empty if it left it out.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::sent;
    use crate::types::{PolicyPrincipal, PolicyStatement};

    #[test]
    fn the_policy_is_sent_as_json_text() {
        let request = SetSecretPolicyRequest::new("a", Policy::new([]));
        assert_eq!(sent(&request), ["SecretName=a", r#"Policy={"Version":"1","Statement":[]}"#]);
    }

    #[test]
    fn a_policy_has_a_longest_text() {
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
            "the length of the policy in bytes is 32769, allowed are 1 to 32768"
        );
    }

    #[test]
    fn the_answer_is_read() {
        let request = SetSecretPolicyRequest::new("a", Policy::new([]));
        assert_eq!(request.decode(br#"{"RequestId":"r"}"#).unwrap().request_id, "r");
    }
}
