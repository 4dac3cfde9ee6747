//! `RotateSecret`: a new value for a secret that KMS manages, made now.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-rotatesecret>

use http::Method;
use serde::{Deserialize, Serialize};

use crate::error::{Resource, ValidationError};
use crate::operation::parameters::ParameterList;
use crate::operation::{Operation, limits};
use crate::rate_limit::QuotaGroup;
use crate::sign::Parameters;
use crate::types::{SecretArn, wire};

/// Which secret to rotate: the parameters of
/// [`RotateSecret`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-rotatesecret).
///
/// The version id makes it safe to repeat: when the secret has that version already, nothing is done and the call succeeds. So
/// make one up for each rotation, and keep it for a repeat of your own.
///
/// ```
/// use alibabacloud_kms::secrets::RotateSecretRequest;
///
/// let request = RotateSecretRequest::new("prod/rds", "2026-11-24");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct RotateSecretRequest {
    secret_name: String,
    version_id: String,
}

impl RotateSecretRequest {
    /// Rotates the secret of this name or ARN (`SecretName`), of any type but [`Generic`](crate::secrets::SecretType::Generic), to a
    /// version of this id (`VersionId`), 1 to 64 characters.
    pub fn new(secret_name: impl Into<String>, version_id: impl Into<String>) -> Self {
        Self { secret_name: secret_name.into(), version_id: version_id.into() }
    }

    pub(crate) fn secret_name(&self) -> &str {
        &self.secret_name
    }

    pub(crate) fn version_id(&self) -> &str {
        &self.version_id
    }
}

impl Operation for RotateSecretRequest {
    const NAME: &'static str = "RotateSecret";
    const METHOD: Method = Method::POST;
    const QUOTA: QuotaGroup = QuotaGroup::Rotate;

    type Response = RotateSecretResponse;

    fn validate(&self) -> Result<(), ValidationError> {
        limits::secret_name_or_arn(&self.secret_name)?;
        limits::version_id(&self.version_id)
    }

    fn parameters(&self) -> Parameters<'_> {
        ParameterList::new()
            .text("SecretName", &self.secret_name)
            .text("VersionId", &self.version_id)
            .done()
    }

    fn resource(&self) -> Option<Resource<'_>> {
        Some(Resource::named(&self.secret_name).version(Some(&self.version_id)))
    }

    fn request_id(response: &RotateSecretResponse) -> &str {
        &response.request_id
    }
}

/// The version that the secret rotates to: the answer to a [`RotateSecretRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RotateSecretResponse {
    /// The secret's name across accounts. `None` if the service told none, or one of another form.
    #[serde(
        default,
        deserialize_with = "wire::parse_or_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub arn: Option<SecretArn>,
    /// The secret's name.
    pub secret_name: String,
    /// The version's id.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub version_id: String,
    /// The id under which the service knows the request; empty if it left it out.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::sent;

    #[test]
    fn name_and_version_are_sent_and_held_to_their_limits() {
        let request = RotateSecretRequest::new("acs:kms:cn-hangzhou:1:secret/a", "v2");
        assert!(request.validate().is_ok());
        assert_eq!(sent(&request), ["SecretName=acs:kms:cn-hangzhou:1:secret/a", "VersionId=v2"]);
        let refusal = |name: &str, version: &str| {
            RotateSecretRequest::new(name, version).validate().unwrap_err().to_string()
        };
        assert!(refusal("a b", "v").starts_with("secret_name is"));
        assert!(refusal("a", "").starts_with("version_id is"));
        assert!(refusal("a", &"v".repeat(65)).starts_with("version_id is"));
    }

    #[test]
    fn the_answer_is_read() {
        let body = r#"{"RequestId":"r","Arn":"acs:kms:cn-hangzhou:1:secret/a","SecretName":"a","VersionId":"v2"}"#;
        let answer = RotateSecretRequest::new("a", "v2").decode(body.as_bytes()).unwrap();
        assert_eq!(answer.arn.unwrap().to_string(), "acs:kms:cn-hangzhou:1:secret/a");
        assert_eq!(answer.version_id, "v2");
    }
}
