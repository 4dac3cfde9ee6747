//! `RotateSecret`: a new value for a secret that KMS manages.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-rotatesecret>

use serde::{Deserialize, Serialize};

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{SecretArn, wire};

/// The parameters of
/// [`RotateSecret`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-rotatesecret).
///
/// The version id makes the request idempotent: if the secret already has that version, the service
/// does nothing and reports success. So choose a new id for each rotation, and keep it for a retry.
///
/// ```
/// use alibabacloud_kms::secrets::RotateSecretRequest;
///
/// let request = RotateSecretRequest::new("prod/rds").version_id("2026-11-24");
/// assert_eq!(request.version_id, "2026-11-24");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct RotateSecretRequest {
    /// The name or ARN of a secret (`SecretName`) of any type but
    /// [`Generic`](crate::secrets::SecretType::Generic).
    pub secret_name: String,
    /// The id of the version to create (`VersionId`), 1 to 64 characters; required.
    pub version_id: String,
}

impl RotateSecretRequest {
    /// Creates a request to rotate this secret; it also needs a [`version_id`](Self::version_id).
    pub fn new(secret_name: impl Into<String>) -> Self {
        Self { secret_name: secret_name.into(), version_id: String::new() }
    }

    /// Sets the id of the version to create.
    pub fn version_id(mut self, version_id: impl Into<String>) -> Self {
        self.version_id = version_id.into();
        self
    }
}

impl Operation for RotateSecretRequest {
    const SPEC: OperationSpec = OperationSpec::write("RotateSecret", QuotaGroup::Rotate);
    type Response = RotateSecretResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.secret_name(&self.secret_name);
        encoder.version_id(&self.version_id);
    }

    fn request_id(response: &mut RotateSecretResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The version that the secret rotates to: the response to a [`RotateSecretRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RotateSecretResponse {
    /// The secret's ARN; `None` if the response contains none, or one of another form.
    #[serde(default, deserialize_with = "wire::parse_or_none")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arn: Option<SecretArn>,
    /// The secret's name.
    pub secret_name: String,
    /// The version's id.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub version_id: String,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn name_and_version_are_sent_and_checked() {
        let request = RotateSecretRequest::new("acs:kms:cn-hangzhou:1:secret/a").version_id("v2");
        assert!(request.validate().is_ok());
        assert_eq!(sent(&request), ["SecretName=acs:kms:cn-hangzhou:1:secret/a", "VersionId=v2"]);
        let violation = |name: &str, version: &str| {
            RotateSecretRequest::new(name).version_id(version).validate().unwrap_err().to_string()
        };
        assert!(violation("a b", "v").starts_with("`secret_name` must be"));
        assert!(violation("a", "").starts_with("`version_id` must be"));
        assert!(violation("a", &"v".repeat(65)).starts_with("`version_id` must be"));
    }

    #[test]
    fn decodes_response() {
        let body = r#"{"RequestId":"r","Arn":"acs:kms:cn-hangzhou:1:secret/a","SecretName":"a","VersionId":"v2"}"#;
        let response =
            RotateSecretRequest::new("a").version_id("v2").decode(body.as_bytes()).unwrap();
        assert_eq!(response.arn.unwrap().to_string(), "acs:kms:cn-hangzhou:1:secret/a");
        assert_eq!(response.version_id, "v2");
    }
}
