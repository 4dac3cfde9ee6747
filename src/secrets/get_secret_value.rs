//! `GetSecretValue`: one version of a secret with its value.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getsecretvalue>

use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::Deserialize;

use crate::operation::dry_run::DryRunRequest;
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{
    ExtendedConfig, RotationState, SecretDataType, SecretType, SecretValue, VersionStage, wire,
};

/// The parameters of
/// [`GetSecretValue`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getsecretvalue).
///
/// A name is enough to read the current version, and converts into a request.
///
/// ```
/// use alibabacloud_kms::secrets::{GetSecretValueRequest, VersionStage};
///
/// let current = GetSecretValueRequest::from("prod/db");
/// let previous = GetSecretValueRequest::new("prod/db").version_stage(VersionStage::Previous);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct GetSecretValueRequest {
    /// The secret's name, or its ARN if it belongs to another account (`SecretName`).
    pub secret_name: String,
    /// The id of the version to read (`VersionId`), 1 to 64 characters. Without it the
    /// [`version_stage`](Self::version_stage) selects the version. Only secrets of type
    /// [`Generic`](SecretType::Generic) honour it.
    pub version_id: Option<String>,
    /// The stage of the version to read (`VersionStage`), default
    /// [`Current`](VersionStage::Current). Secrets of other types than
    /// [`Generic`](SecretType::Generic) have only [`Current`](VersionStage::Current) and
    /// [`Previous`](VersionStage::Previous).
    ///
    /// The result for a version id and a stage that disagree is not documented.
    pub version_stage: Option<VersionStage>,
    /// True to return the extended configuration of a secret of another type than
    /// [`Generic`](SecretType::Generic) (`FetchExtendedConfig`), default `false`.
    pub fetch_extended_config: bool,
}

impl GetSecretValueRequest {
    /// Creates a request for the current version of this secret.
    pub fn new(secret_name: impl Into<String>) -> Self {
        Self {
            secret_name: secret_name.into(),
            version_id: None,
            version_stage: None,
            fetch_extended_config: false,
        }
    }

    /// Selects the version with this id.
    pub fn version_id(mut self, version_id: impl Into<String>) -> Self {
        self.version_id = Some(version_id.into());
        self
    }

    /// Selects the version with this stage.
    pub fn version_stage(mut self, stage: impl Into<VersionStage>) -> Self {
        self.version_stage = Some(stage.into());
        self
    }

    /// Sets whether the response contains the extended configuration.
    pub fn fetch_extended_config(mut self, fetch: bool) -> Self {
        self.fetch_extended_config = fetch;
        self
    }
}

impl Operation for GetSecretValueRequest {
    const SPEC: OperationSpec =
        OperationSpec::read("GetSecretValue", QuotaGroup::Read).served_by_instances();
    type Response = GetSecretValueResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.secret_name(&self.secret_name);
        encoder.optional_version_id(self.version_id.as_deref());
        encoder.version_stage(self.version_stage.as_ref());
        if self.fetch_extended_config {
            encoder.flag("FetchExtendedConfig", true);
        }
    }

    fn request_id(response: &mut GetSecretValueResponse) -> &mut String {
        &mut response.request_id
    }
}

impl DryRunRequest for GetSecretValueRequest {}

/// A version of a secret with its value: the response to a [`GetSecretValueRequest`].
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "WireResponse")]
#[non_exhaustive]
pub struct GetSecretValueResponse {
    /// The secret's name.
    pub secret_name: String,
    /// The version that was read.
    pub version_id: String,
    /// The stages of that version.
    pub version_stages: Vec<VersionStage>,
    /// The value (`SecretData` and `SecretDataType`).
    pub value: SecretValue,
    /// The type of the secret; `None` in responses from before the service had types.
    pub secret_type: Option<SecretType>,
    /// The time at which the secret was created. The response does not contain that of the version.
    pub create_time: Option<DateTime<Utc>>,
    /// The state of the automatic rotation; `None` for secrets of type
    /// [`Generic`](SecretType::Generic).
    pub automatic_rotation: Option<RotationState>,
    /// The time between two rotations; `None` if KMS does not rotate the secret.
    pub rotation_interval: Option<Duration>,
    /// The time of the next rotation; `None` if KMS does not rotate the secret.
    pub next_rotation_date: Option<DateTime<Utc>>,
    /// The time of the last rotation; `None` if there was none.
    pub last_rotation_date: Option<DateTime<Utc>>,
    /// The resource and accounts that the secret opens; `None` if they were not requested, and for
    /// secrets of type [`Generic`](SecretType::Generic).
    pub extended_config: Option<ExtendedConfig>,
    /// The service's id of the request; empty if the response does not contain it.
    pub request_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireResponse {
    secret_name: String,
    #[serde(default, deserialize_with = "wire::lenient_string")]
    version_id: String,
    #[serde(default, deserialize_with = "wire::lenient_list")]
    version_stages: Vec<VersionStage>,
    #[serde(deserialize_with = "wire::secret")]
    secret_data: SecretString,
    #[serde(default)]
    secret_data_type: Option<SecretDataType>,
    #[serde(default, deserialize_with = "wire::parse_or_none")]
    secret_type: Option<SecretType>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    create_time: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "wire::parse_or_none")]
    automatic_rotation: Option<RotationState>,
    #[serde(default, deserialize_with = "wire::lenient_duration")]
    rotation_interval: Option<Duration>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    next_rotation_date: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    last_rotation_date: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "wire::extended_config")]
    extended_config: Option<ExtendedConfig>,
    #[serde(default, deserialize_with = "wire::lenient_string")]
    request_id: String,
}

impl From<WireResponse> for GetSecretValueResponse {
    fn from(wire: WireResponse) -> Self {
        let data_type = wire.secret_data_type.unwrap_or(SecretDataType::Text);
        Self {
            secret_name: wire.secret_name,
            version_id: wire.version_id,
            version_stages: wire.version_stages,
            value: SecretValue::from_response(wire.secret_data, data_type),
            secret_type: wire.secret_type,
            create_time: wire.create_time,
            automatic_rotation: wire.automatic_rotation,
            rotation_interval: wire.rotation_interval,
            next_rotation_date: wire.next_rotation_date,
            last_rotation_date: wire.last_rotation_date,
            extended_config: wire.extended_config,
            request_id: wire.request_id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn only_set_fields_are_sent() {
        let request = GetSecretValueRequest::new("prod/db");
        assert_eq!(sent(&request), ["SecretName=prod/db"]);
        let request = request.version_id("v1").version_stage("canary");
        assert_eq!(sent(&request), ["SecretName=prod/db", "VersionId=v1", "VersionStage=canary"]);
        assert_eq!(sent(&request.fetch_extended_config(true))[3], "FetchExtendedConfig=true");
    }

    #[test]
    fn limits_are_checked_and_an_arn_is_accepted_as_a_name() {
        let violation =
            |request: GetSecretValueRequest| request.validate().unwrap_err().to_string();
        let request = GetSecretValueRequest::new;
        assert!(violation(request("")).starts_with("`secret_name` must be 1 to 192 characters"));
        assert!(violation(request("a b")).ends_with(", got \"a b\""));
        assert!(
            violation(request("a").version_id(""))
                .starts_with("`version_id` must be 1 to 64 characters, got \"\"")
        );
        assert!(
            violation(request("acs:kms:a"))
                .starts_with("`secret_name` must be a name or an ARN such as")
        );
        assert!(request("acs:kms:cn-hangzhou:1234:secret/a").validate().is_ok());
        assert!(request(&"n".repeat(192)).version_id("v".repeat(64)).validate().is_ok());
    }

    #[test]
    fn decodes_response_with_stages_times_and_intervals() {
        let body = r#"{"RequestId":"r-1","SecretName":"a","VersionId":"v1",
            "VersionStages":{"VersionStage":["ACSCurrent","canary"]},"SecretData":"fake-value","SecretDataType":"text",
            "SecretType":"Rds","CreateTime":"2024-02-21T15:39:26Z","AutomaticRotation":"Enabled",
            "RotationInterval":"604800s","NextRotationDate":"2024-07-06T18:22:03Z","New":[1],
            "ExtendedConfig":"{\"SecretSubType\":\"SingleUser\",\"DBInstanceId\":\"rm-fake\"}"}"#;
        let response = GetSecretValueRequest::new("a").decode(body.as_bytes()).unwrap();
        assert_eq!(response.value.expose_secret(), "fake-value");
        assert_eq!(response.version_stages, [VersionStage::Current, "canary".into()]);
        assert_eq!(response.automatic_rotation, Some(RotationState::Enabled));
        assert_eq!(response.rotation_interval, Some(Duration::from_secs(604_800)));
        assert_eq!(response.last_rotation_date, None);
        assert_eq!(
            response.extended_config.as_ref().unwrap().db_instance_id.as_deref(),
            Some("rm-fake")
        );
        assert!(!format!("{response:?}").contains("fake-value"));
    }

    #[test]
    fn malformed_other_fields_keep_the_value() {
        for malformed in ["null", "7", "[]", r#""""#, r#""yesterday""#] {
            let body = format!(
                r#"{{"SecretName":"a","SecretData":"fake-value","CreateTime":{malformed},"RotationInterval":{malformed},
                "NextRotationDate":{malformed},"LastRotationDate":{malformed}}}"#
            );
            let response = GetSecretValueRequest::new("a").decode(body.as_bytes()).unwrap();
            assert_eq!(response.value.expose_secret(), "fake-value", "{malformed}");
            assert_eq!(
                (response.create_time, response.rotation_interval),
                (None, None),
                "{malformed}"
            );
            assert_eq!((response.next_rotation_date, response.last_rotation_date), (None, None));
            let body =
                r#"{"SecretName":"a","SecretData":"fake-value","VersionId":null,"RequestId":7}"#;
            let response = GetSecretValueRequest::new("a").decode(body.as_bytes()).unwrap();
            assert_eq!((&*response.version_id, &*response.request_id), ("", ""));
        }
    }

    #[test]
    fn response_without_a_value_is_an_error() {
        let decode = |body: &str| GetSecretValueRequest::new("a").decode(body.as_bytes());
        let error = decode(r#"{"SecretName":"a","VersionId":"v1"}"#).unwrap_err();
        assert_eq!(error.to_string(), "at ., line 1 column 35: the field SecretData is missing");
        assert!(decode(r#"{"SecretName":"a","SecretData":null}"#).is_err());
        let error = decode(r#"{"SecretName":"a","SecretData":["fake-value"]}"#).unwrap_err();
        assert!(!error.to_string().contains("fake-value"));
    }
}
