//! `GetSecretPolicy`: the policy of a secret.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getsecretpolicy>

use serde::{Deserialize, Serialize};

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{Policy, wire};

/// The parameters of
/// [`GetSecretPolicy`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getsecretpolicy).
///
/// A secret has one policy, so there is no field for its name (`PolicyName`, always `default`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct GetSecretPolicyRequest {
    /// The name or ARN of a secret that a KMS instance holds (`SecretName`).
    pub secret_name: String,
}

impl GetSecretPolicyRequest {
    /// Creates a request for the policy of this secret.
    pub fn new(secret_name: impl Into<String>) -> Self {
        Self { secret_name: secret_name.into() }
    }
}

impl Operation for GetSecretPolicyRequest {
    const SPEC: OperationSpec = OperationSpec::read("GetSecretPolicy", QuotaGroup::Undocumented);
    type Response = GetSecretPolicyResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.secret_name(&self.secret_name);
    }

    fn request_id(response: &mut GetSecretPolicyResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The policy of a secret: the response to a [`GetSecretPolicyRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "WireResponse", rename_all = "PascalCase")]
#[non_exhaustive]
pub struct GetSecretPolicyResponse {
    /// The policy; `None` if this version of the crate cannot read its text.
    #[serde(skip_serializing)]
    pub policy: Option<Policy>,
    /// The text of the policy as it was returned (`Policy`).
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

impl From<WireResponse> for GetSecretPolicyResponse {
    fn from(wire: WireResponse) -> Self {
        let policy = serde_json::from_str(&wire.policy).ok();
        Self { policy, policy_text: wire.policy, request_id: wire.request_id }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    fn decode(body: &str) -> GetSecretPolicyResponse {
        GetSecretPolicyRequest::new("a").decode(body.as_bytes()).unwrap()
    }

    #[test]
    fn name_is_the_only_parameter() {
        assert_eq!(sent(&GetSecretPolicyRequest::new("a")), ["SecretName=a"]);
        assert!(GetSecretPolicyRequest::new("a b").validate().is_err());
    }

    #[test]
    fn unreadable_policy_keeps_its_text() {
        let response =
            decode(r#"{"RequestId":"r","Policy":"{\"Version\":\"1\",\"Statement\":[]}"}"#);
        assert_eq!(response.policy, Some(Policy::new([])));
        assert_eq!(response.policy_text, r#"{"Version":"1","Statement":[]}"#);
        assert_eq!(decode(&serde_json::to_string(&response).unwrap()), response);
        for text in ["", "policy", r#"{\"Statement\":7}"#] {
            let response = decode(&format!(r#"{{"Policy":"{text}"}}"#));
            assert_eq!(response.policy, None, "{text}");
            assert_eq!(decode(&serde_json::to_string(&response).unwrap()), response);
            assert_eq!(response.policy_text, text.replace('\\', ""));
        }
    }
}
