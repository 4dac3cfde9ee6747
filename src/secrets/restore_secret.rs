//! `RestoreSecret`: cancels the scheduled deletion of a secret.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-restoresecret>

use serde::{Deserialize, Serialize};

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`RestoreSecret`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-restoresecret).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct RestoreSecretRequest {
    /// The name or ARN of a secret that is pending deletion (`SecretName`).
    pub secret_name: String,
}

impl RestoreSecretRequest {
    /// Creates a request to cancel the scheduled deletion of this secret.
    pub fn new(secret_name: impl Into<String>) -> Self {
        Self { secret_name: secret_name.into() }
    }
}

impl Operation for RestoreSecretRequest {
    const SPEC: OperationSpec = OperationSpec::write("RestoreSecret", QuotaGroup::Manage);
    type Response = RestoreSecretResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.secret_name(&self.secret_name);
    }

    fn request_id(response: &mut RestoreSecretResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The secret whose deletion was cancelled: the response to a [`RestoreSecretRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RestoreSecretResponse {
    /// The secret's name.
    pub secret_name: String,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn name_is_sent_and_returned() {
        let request = RestoreSecretRequest::new("a");
        assert_eq!(sent(&request), ["SecretName=a"]);
        assert!(RestoreSecretRequest::new("a b").validate().is_err());
        let response = request.decode(br#"{"RequestId":"r-1","SecretName":"a"}"#).unwrap();
        assert_eq!((&*response.secret_name, &*response.request_id), ("a", "r-1"));
    }
}
