//! `PutSecretValue`: a new version of a secret.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-putsecretvalue>

use serde::{Deserialize, Serialize};

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{SecretValue, VersionStage, wire};

/// The parameters of
/// [`PutSecretValue`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-putsecretvalue),
/// for secrets of type [`Generic`](crate::secrets::SecretType::Generic).
///
/// The version id makes the request idempotent: the same id with the same value changes nothing,
/// and with another value it is rejected as a [`Conflict`](crate::ErrorKind::Conflict). So choose a
/// new id for each new value, and keep it for a retry.
///
/// ```
/// use alibabacloud_kms::secrets::{PutSecretValueRequest, SecretValue};
///
/// let value = SecretValue::text("fake-password");
/// let request = PutSecretValueRequest::new("prod/db", value).version_id("2026-11-24");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use]
pub struct PutSecretValueRequest {
    /// The secret's name or ARN (`SecretName`).
    pub secret_name: String,
    /// The value (`SecretData` and `SecretDataType`), at most 30,720 bytes.
    pub value: SecretValue,
    /// The id of the new version (`VersionId`), 1 to 64 characters and unique in the secret;
    /// required.
    pub version_id: String,
    /// The stages of the new version (`VersionStages`), at most 8. Empty means
    /// [`Current`](VersionStage::Current).
    ///
    /// A stage moves here from the version that has it. With only custom stages, the current
    /// version stays current.
    pub version_stages: Vec<VersionStage>,
}

impl PutSecretValueRequest {
    /// Creates a request to put this value, which becomes the current version; it also needs a
    /// [`version_id`](Self::version_id).
    pub fn new(secret_name: impl Into<String>, value: SecretValue) -> Self {
        Self {
            secret_name: secret_name.into(),
            value,
            version_id: String::new(),
            version_stages: Vec::new(),
        }
    }

    /// Sets the id of the new version.
    pub fn version_id(mut self, version_id: impl Into<String>) -> Self {
        self.version_id = version_id.into();
        self
    }

    /// Adds a stage for the new version.
    pub fn version_stage(mut self, stage: impl Into<VersionStage>) -> Self {
        self.version_stages.push(stage.into());
        self
    }
}

impl Operation for PutSecretValueRequest {
    const SPEC: OperationSpec = OperationSpec::write("PutSecretValue", QuotaGroup::Manage);
    type Response = PutSecretValueResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.secret_name(&self.secret_name);
        encoder.version_id(&self.version_id);
        encoder.secret_value(&self.value);
        encoder.version_stages(&self.version_stages);
    }

    fn request_id(response: &mut PutSecretValueResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The version that was put: the response to a [`PutSecretValueRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PutSecretValueResponse {
    /// The secret's name.
    pub secret_name: String,
    /// The version's id.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub version_id: String,
    /// The stages that the version has now.
    #[serde(default, deserialize_with = "wire::lenient_list")]
    pub version_stages: Vec<VersionStage>,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    fn request() -> PutSecretValueRequest {
        PutSecretValueRequest::new("a", SecretValue::text("fake-value")).version_id("v2")
    }

    #[test]
    fn stages_are_a_json_array_and_omitted_if_empty() {
        let without =
            ["SecretName=a", "VersionId=v2", "SecretData=fake-value", "SecretDataType=text"];
        assert_eq!(sent(&request()), without);
        let with = request().version_stage(VersionStage::Current).version_stage("canary");
        assert_eq!(sent(&with)[4], r#"VersionStages=["ACSCurrent","canary"]"#);
    }

    #[test]
    fn violated_limit_does_not_show_the_value() {
        let put =
            |value| PutSecretValueRequest::new("a", SecretValue::text(value)).version_id("v2");
        assert!(put("x".repeat(30_720)).validate().is_ok());
        assert_eq!(
            put("x".repeat(30_721)).validate().unwrap_err().to_string(),
            "the length of `value` in bytes must be 0 to 30,720, got 30721"
        );
        let nine = (0..9).fold(request(), |request, n| request.version_stage(format!("l{n}")));
        assert!(nine.validate().unwrap_err().to_string().contains("must be 1 to 8, got 9"));
        assert!(!format!("{:?}", request()).contains("fake-value"));
    }

    #[test]
    fn decodes_response() {
        let body = r#"{"RequestId":"r","SecretName":"a","VersionId":"v2","VersionStages":{"VersionStage":["ACSCurrent"]}}"#;
        let response = request().decode(body.as_bytes()).unwrap();
        assert_eq!(response.version_stages, [VersionStage::Current]);
    }
}
