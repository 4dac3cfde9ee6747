//! `RestoreSecret`: takes the planned deletion of a secret back.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-restoresecret>

use http::Method;
use serde::{Deserialize, Serialize};

use crate::error::{Resource, ValidationError};
use crate::operation::parameters::ParameterList;
use crate::operation::{Operation, limits};
use crate::rate_limit::QuotaGroup;
use crate::sign::Parameters;
use crate::types::wire;

/// Which secret is not to be deleted after all: the parameters of
/// [`RestoreSecret`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-restoresecret).
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct RestoreSecretRequest {
    secret_name: String,
}

impl RestoreSecretRequest {
    /// Restores the secret of this name or ARN (`SecretName`), which awaits its deletion.
    pub fn new(secret_name: impl Into<String>) -> Self {
        Self { secret_name: secret_name.into() }
    }

    pub(crate) fn secret_name(&self) -> &str {
        &self.secret_name
    }
}

impl Operation for RestoreSecretRequest {
    const NAME: &'static str = "RestoreSecret";
    const METHOD: Method = Method::POST;
    const QUOTA: QuotaGroup = QuotaGroup::Manage;

    type Response = RestoreSecretResponse;

    fn validate(&self) -> Result<(), ValidationError> {
        limits::secret_name_or_arn(&self.secret_name)
    }

    fn parameters(&self) -> Parameters<'_> {
        ParameterList::new().text("SecretName", &self.secret_name).done()
    }

    fn resource(&self) -> Option<Resource<'_>> {
        Some(Resource::named(&self.secret_name))
    }

    fn request_id(response: &RestoreSecretResponse) -> &str {
        &response.request_id
    }
}

/// That the secret no longer awaits deletion: the answer to a [`RestoreSecretRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RestoreSecretResponse {
    /// The secret's name.
    pub secret_name: String,
    /// The id under which the service knows the request; empty if it left it out.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::sent;

    #[test]
    fn the_name_is_sent_and_comes_back() {
        let request = RestoreSecretRequest::new("a");
        assert_eq!(sent(&request), ["SecretName=a"]);
        assert!(RestoreSecretRequest::new("a b").validate().is_err());
        let answer = request.decode(br#"{"RequestId":"r-1","SecretName":"a"}"#).unwrap();
        assert_eq!((&*answer.secret_name, &*answer.request_id), ("a", "r-1"));
    }
}
