//! `PutSecretValue`: a new version of a secret.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-putsecretvalue>

use http::Method;
use serde::{Deserialize, Serialize};

use crate::error::{Resource, ValidationError};
use crate::operation::parameters::ParameterList;
use crate::operation::{Operation, limits};
use crate::rate_limit::QuotaGroup;
use crate::sign::Parameters;
use crate::types::{SecretValue, VersionStage, wire};

/// A value for a secret of type [`Generic`](crate::secrets::SecretType::Generic), as a version of its own: the parameters of
/// [`PutSecretValue`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-putsecretvalue).
///
/// The version id makes it safe to repeat: the same id with the same value changes nothing, with another value it is refused
/// as a [`Conflict`](crate::ErrorKind::Conflict). So make one up for each new value, and keep it for a repeat of your own.
///
/// ```
/// use alibabacloud_kms::secrets::{PutSecretValueRequest, SecretValue};
///
/// let request = PutSecretValueRequest::new("prod/db", "2026-11-24", SecretValue::text("fake-password"));
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct PutSecretValueRequest {
    secret_name: String,
    version_id: String,
    value: SecretValue,
    version_stages: Vec<VersionStage>,
}

impl PutSecretValueRequest {
    /// A value for the secret of this name or ARN (`SecretName`), as the version of this id (`VersionId`), which becomes the
    /// current one.
    ///
    /// The id has 1 to 64 characters and is unique in the secret; the value has at most 30,720 bytes.
    pub fn new(
        secret_name: impl Into<String>,
        version_id: impl Into<String>,
        value: SecretValue,
    ) -> Self {
        Self {
            secret_name: secret_name.into(),
            version_id: version_id.into(),
            value,
            version_stages: Vec::new(),
        }
    }

    /// A label for the version (`VersionStages`), in place of [`Current`](VersionStage::Current); may be called several times.
    ///
    /// A label moves here from the version that has it. With custom labels alone the current version stays what it was.
    pub fn version_stage(mut self, stage: impl Into<VersionStage>) -> Self {
        self.version_stages.push(stage.into());
        self
    }
}

impl Operation for PutSecretValueRequest {
    const NAME: &'static str = "PutSecretValue";
    const METHOD: Method = Method::POST;
    const QUOTA: QuotaGroup = QuotaGroup::Manage;

    type Response = PutSecretValueResponse;

    fn validate(&self) -> Result<(), ValidationError> {
        limits::secret_name_or_arn(&self.secret_name)?;
        limits::version_id(&self.version_id)?;
        limits::secret_value(&self.value)?;
        limits::version_stages(&self.version_stages)
    }

    fn parameters(&self) -> Parameters<'_> {
        let list = ParameterList::new()
            .text("SecretName", &self.secret_name)
            .text("VersionId", &self.version_id)
            .text("SecretData", self.value.expose_secret())
            .text("SecretDataType", self.value.data_type().as_str());
        if self.version_stages.is_empty() {
            list.done()
        } else {
            list.json("VersionStages", &self.version_stages).done()
        }
    }

    fn resource(&self) -> Option<Resource<'_>> {
        Some(Resource::named(&self.secret_name).version(Some(&self.version_id)))
    }

    fn secret_material(&self) -> Option<&SecretValue> {
        Some(&self.value)
    }

    fn request_id(response: &PutSecretValueResponse) -> &str {
        &response.request_id
    }
}

/// The version that was put: the answer to a [`PutSecretValueRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PutSecretValueResponse {
    /// The secret's name.
    pub secret_name: String,
    /// The version's id.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub version_id: String,
    /// The labels that the version has now.
    #[serde(default, deserialize_with = "wire::lenient_list")]
    pub version_stages: Vec<VersionStage>,
    /// The id under which the service knows the request; empty if it left it out.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::sent;

    fn request() -> PutSecretValueRequest {
        PutSecretValueRequest::new("a", "v2", SecretValue::text("fake-value"))
    }

    #[test]
    fn the_labels_are_a_json_array_and_left_to_the_service_when_there_are_none() {
        let without =
            ["SecretName=a", "VersionId=v2", "SecretData=fake-value", "SecretDataType=text"];
        assert_eq!(sent(&request()), without);
        let with = request().version_stage(VersionStage::Current).version_stage("canary");
        assert_eq!(sent(&with)[4], r#"VersionStages=["ACSCurrent","canary"]"#);
    }

    #[test]
    fn limits_are_checked_without_showing_the_value() {
        let put = |value| PutSecretValueRequest::new("a", "v2", SecretValue::text(value));
        assert!(put("x".repeat(30_720)).validate().is_ok());
        assert_eq!(
            put("x".repeat(30_721)).validate().unwrap_err().to_string(),
            "the length of the secret value in bytes is 30721, allowed are 0 to 30720"
        );
        let nine = (0..9).fold(request(), |request, n| request.version_stage(format!("l{n}")));
        assert!(nine.validate().unwrap_err().to_string().contains("is 9, allowed are 1 to 8"));
        assert!(!format!("{:?}", request()).contains("fake-value"));
    }

    #[test]
    fn the_answer_is_read() {
        let body = r#"{"RequestId":"r","SecretName":"a","VersionId":"v2","VersionStages":{"VersionStage":["ACSCurrent"]}}"#;
        let answer = request().decode(body.as_bytes()).unwrap();
        assert_eq!(answer.version_stages, [VersionStage::Current]);
    }
}
