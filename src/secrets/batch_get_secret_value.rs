//! `BatchGetSecretValue`: the values of up to 20 secrets in one call.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-batchgetsecretvalue>

use serde::{Deserialize, Serialize};

use super::get_secret_value::{GetSecretValueRequest, GetSecretValueResponse};
use crate::error::{ErrorKind, ValidationError};
use crate::operation::{Encoder, Operation, OperationSpec, first_repeated};
use crate::rate_limit::QuotaGroup;
use crate::types::{VersionStage, bare_name, wire};

const MAX_SECRETS: usize = 20;

/// The parameters of
/// [`BatchGetSecretValue`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-batchgetsecretvalue).
///
/// ```
/// use alibabacloud_kms::secrets::{BatchGetSecretValueRequest, GetSecretValueRequest};
///
/// let by_name = BatchGetSecretValueRequest::new(["prod/db", "prod/cache"]);
/// let by_version =
///     BatchGetSecretValueRequest::new([GetSecretValueRequest::new("prod/db").version_id("v1")]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct BatchGetSecretValueRequest {
    /// The versions to read (`SecretsList`), 1 to 20, each of a secret with another name: the
    /// response may contain the name of a secret that was requested by its ARN, and an error
    /// contains nothing else of it.
    pub secrets: Vec<GetSecretValueRequest>,
}

impl BatchGetSecretValueRequest {
    /// Creates a request for these secrets.
    pub fn new(secrets: impl IntoIterator<Item = impl Into<GetSecretValueRequest>>) -> Self {
        Self { secrets: secrets.into_iter().map(Into::into).collect() }
    }

    fn validate_names(&self) -> Result<(), ValidationError> {
        let names = self.secrets.iter().map(|secret| bare_name(&secret.secret_name));
        match first_repeated(names) {
            Some(name) => {
                Err(ValidationError::new("secret_name", name, "different for each secret"))
            }
            None => Ok(()),
        }
    }
}

/// One entry of `SecretsList`. Its flag is a text.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct WireSecret<'a> {
    secret_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_stage: Option<&'a VersionStage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fetch_extended_config: Option<&'static str>,
}

impl Operation for BatchGetSecretValueRequest {
    // In the body, since the names of 20 secrets may be too long for a URL.
    const SPEC: OperationSpec =
        OperationSpec::read("BatchGetSecretValue", QuotaGroup::Undocumented).in_body();
    type Response = BatchGetSecretValueResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        let count = self.secrets.len();
        encoder.count("the number of `secrets`", count, 1..=MAX_SECRETS, "1 to 20");
        for secret in &self.secrets {
            encoder.check(secret.encoded(None).violation.map_or(Ok(()), Err));
        }
        encoder.check(self.validate_names());
        let secrets = self.secrets.iter().map(|secret| WireSecret {
            secret_name: &secret.secret_name,
            version_id: secret.version_id.as_deref(),
            version_stage: secret.version_stage.as_ref(),
            fetch_extended_config: secret.fetch_extended_config.then_some("true"),
        });
        encoder.json("SecretsList", &secrets.collect::<Vec<_>>());
    }

    fn request_id(response: &mut BatchGetSecretValueResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The response to a [`BatchGetSecretValueRequest`]: each secret is either in
/// [`values`](Self::values) or in [`errors`](Self::errors).
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct BatchGetSecretValueResponse {
    /// The secrets that were read (`SecretValues`). The request id of each is usually empty.
    #[serde(rename = "SecretValues", deserialize_with = "wire::list")]
    pub values: Vec<GetSecretValueResponse>,
    /// The secrets that were not read.
    #[serde(default, deserialize_with = "wire::list")]
    pub errors: Vec<BatchGetSecretValueError>,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

/// The reason why one secret of a batch was not read.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct BatchGetSecretValueError {
    /// The secret's name or ARN.
    pub secret_name: String,
    /// The service's error code, such as `Forbidden.ResourceNotFound`.
    pub code: String,
    /// The service's message; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub message: String,
    /// The HTTP status that the same error has in a call of its own; 0 if the response does not
    /// contain it.
    #[serde(default, deserialize_with = "wire::count")]
    pub http_status: u32,
}

impl BatchGetSecretValueResponse {
    /// Returns the outcome for a secret by the name or ARN of its request; `None` if the response
    /// contains neither a value nor an error for it.
    #[must_use]
    pub fn outcome(
        &self,
        secret_name: &str,
    ) -> Option<Result<&GetSecretValueResponse, &BatchGetSecretValueError>> {
        // The service may return a name for an ARN, but not another ARN.
        let name = bare_name(secret_name);
        let is_same =
            |other: &str| other == secret_name || other == name || bare_name(other) == secret_name;
        let value = self.values.iter().find(|value| is_same(&value.secret_name));
        let error = || self.errors.iter().find(|error| is_same(&error.secret_name));
        value.map(Ok).or_else(|| error().map(Err))
    }
}

impl BatchGetSecretValueError {
    /// Returns the class of the error, as [`Error::kind`](crate::Error::kind) does for a call.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        ErrorKind::from_code(&self.code, u16::try_from(self.http_status).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::BatchGetSecretValueRequest as Request;
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn secrets_are_sent_as_a_json_list() {
        let secrets = [
            GetSecretValueRequest::new("a"),
            GetSecretValueRequest::new("b").version_id("v1").fetch_extended_config(true),
            GetSecretValueRequest::new("c").version_stage(VersionStage::Previous),
        ];
        let list = r#"[{"SecretName":"a"},{"SecretName":"b","VersionId":"v1","FetchExtendedConfig":"true"},{"SecretName":"c","VersionStage":"ACSPrevious"}]"#;
        assert_eq!(sent(&Request::new(secrets)), [format!("SecretsList={list}")]);
    }

    #[test]
    fn limits_are_checked_for_the_batch_and_each_secret() {
        let names = |count: u32| (0..count).map(|n| format!("s{n}"));
        let violation = |request: Request| request.validate().unwrap_err().to_string();
        assert!(Request::new(names(20)).validate().is_ok());
        assert!(violation(Request::new(names(21))).contains("1 to 20, got 21"));
        assert!(violation(Request::new(names(0))).contains("1 to 20, got 0"));
        assert!(violation(Request::new(["a b"])).contains("secret_name"));
        for name in ["a", "acs:kms:cn-hangzhou:1:secret/a"] {
            assert!(violation(Request::new(["a", name])).contains("different for each secret"));
        }
    }

    #[test]
    fn outcomes_are_found_by_name_and_arn() {
        let body = r#"{"RequestId":"r","SecretValues":[{"SecretName":"a","VersionId":"v1","SecretData":"fake-value"}],
            "Errors":[{"Code":"Forbidden.ResourceNotFound","HttpStatus":404,"Message":"m","SecretName":"acs:kms:cn-hangzhou:1:secret/b"}]}"#;
        let response = Request::new(["a", "b"]).decode(body.as_bytes()).unwrap();
        let value = response.outcome("acs:kms:cn-hangzhou:1:secret/a").unwrap().unwrap();
        assert_eq!(value.version_id, "v1");
        let error = response.outcome("b").unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert!(response.outcome("c").is_none());
        assert!(response.outcome("acs:kms:cn-hangzhou:2:secret/b").is_none());
        assert!(!format!("{response:?}").contains("fake-value"));
    }

    #[test]
    fn wrapped_lists_are_decoded_too() {
        let body = r#"{"SecretValues":{"SecretValue":[]},"Errors":null}"#;
        let response = Request::new(["a"]).decode(body.as_bytes()).unwrap();
        assert!(response.values.is_empty() && response.errors.is_empty());
        assert!(Request::new(["a"]).decode(br#"{"RequestId":"r"}"#).is_err());
    }
}
