//! `DescribeSecret`: the metadata of one secret, without its value.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describesecret>

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{ExtendedConfig, RotationState, SecretArn, SecretType, Tag, wire};

/// The parameters of
/// [`DescribeSecret`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describesecret).
///
/// ```
/// use alibabacloud_kms::secrets::DescribeSecretRequest;
///
/// let with_tags = DescribeSecretRequest::new("prod/db").fetch_tags(true);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct DescribeSecretRequest {
    /// The secret's name, or its ARN if it belongs to another account (`SecretName`).
    pub secret_name: String,
    /// True to return the secret's tags (`FetchTags`), default `false`.
    pub fetch_tags: bool,
}

impl DescribeSecretRequest {
    /// Creates a request for the metadata of this secret, without its tags.
    pub fn new(secret_name: impl Into<String>) -> Self {
        Self { secret_name: secret_name.into(), fetch_tags: false }
    }

    /// Sets whether the response contains the secret's tags.
    pub fn fetch_tags(mut self, fetch_tags: bool) -> Self {
        self.fetch_tags = fetch_tags;
        self
    }
}

impl Operation for DescribeSecretRequest {
    const SPEC: OperationSpec = OperationSpec::read("DescribeSecret", QuotaGroup::Read);
    type Response = DescribeSecretResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.secret_name(&self.secret_name);
        encoder.flag("FetchTags", self.fetch_tags);
    }

    fn complete(&self, response: &mut DescribeSecretResponse) {
        if self.fetch_tags {
            // The service omits the list if there are no tags, as it does if none were requested.
            response.tags.get_or_insert_default();
        }
    }

    fn request_id(response: &mut DescribeSecretResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The metadata of a secret: the response to a [`DescribeSecretRequest`].
///
/// Its versions are listed by
/// [`ListSecretVersionIdsRequest`](crate::secrets::ListSecretVersionIdsRequest). Serialization
/// writes the service's field names and plain lists; deserialization reads that form and the
/// service's own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DescribeSecretResponse {
    /// The secret's name.
    pub secret_name: String,
    /// The secret's ARN; `None` if the response contains none, or one of another form.
    #[serde(default, deserialize_with = "wire::parse_or_none")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arn: Option<SecretArn>,
    /// The type of the secret; `None` in responses from before the service had types.
    #[serde(default, deserialize_with = "wire::parse_or_none")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_type: Option<SecretType>,
    /// The description; `None` if it is empty.
    #[serde(default, deserialize_with = "wire::lenient_text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The key that encrypts the secret, if it is one of the account's own.
    #[serde(default, deserialize_with = "wire::lenient_text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption_key_id: Option<String>,
    /// The KMS instance that holds the secret (`DKMSInstanceId`), if one does.
    #[serde(rename = "DKMSInstanceId", default, deserialize_with = "wire::lenient_text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_id: Option<String>,
    /// The time at which the secret was created.
    #[serde(default, deserialize_with = "wire::lenient_time")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_time: Option<DateTime<Utc>>,
    /// The time of the last change.
    #[serde(default, deserialize_with = "wire::lenient_time")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update_time: Option<DateTime<Utc>>,
    /// The time at which the secret is deleted; `None` unless it is pending deletion.
    #[serde(default, deserialize_with = "wire::lenient_time")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned_delete_time: Option<DateTime<Utc>>,
    /// The state of the automatic rotation; `None` for secrets of type
    /// [`Generic`](SecretType::Generic).
    #[serde(default, deserialize_with = "wire::parse_or_none")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automatic_rotation: Option<RotationState>,
    /// The time between two rotations; `None` if KMS does not rotate the secret.
    #[serde(
        default,
        deserialize_with = "wire::lenient_duration",
        serialize_with = "wire::seconds"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotation_interval: Option<Duration>,
    /// The time of the next rotation; `None` if KMS does not rotate the secret.
    #[serde(default, deserialize_with = "wire::lenient_time")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_rotation_date: Option<DateTime<Utc>>,
    /// The time of the last rotation; `None` if there was none.
    #[serde(default, deserialize_with = "wire::lenient_time")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_rotation_date: Option<DateTime<Utc>>,
    /// The resource and accounts that the secret opens; `None` for secrets of type
    /// [`Generic`](SecretType::Generic).
    #[serde(default, deserialize_with = "wire::extended_config")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_config: Option<ExtendedConfig>,
    /// The tags; `None` if they were not requested, and an empty list if there are none.
    #[serde(default, deserialize_with = "wire::lenient_list_if_present")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
    /// The service that manages the secret (`OwingService`, spelt so), if one does.
    #[serde(rename = "OwingService", default, deserialize_with = "wire::lenient_text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owning_service: Option<String>,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};
    use crate::types::SecretSubType;

    const MANAGED: &str = r#"{"RequestId":"r-1","Arn":"acs:kms:cn-hangzhou:154035569884****:secret/app/redis",
        "SecretName":"app/redis","SecretType":"Redis","Description":"","EncryptionKeyId":"key-hzz63ca8cbe3hefht****",
        "DKMSInstanceId":"kst-bjj62d8f5e0sgtx8h****","CreateTime":"2024-02-21T15:39:26Z","UpdateTime":"2024-02-21T15:39:26Z",
        "PlannedDeleteTime":"2024-03-21T23:45:12.713703651+08:00","AutomaticRotation":"Enabled","RotationInterval":"3153600s",
        "NextRotationDate":"2024-07-06T18:22:03Z","LastRotationDate":"",
        "ExtendedConfig":"{\"SecretSubType\":\"DoubleUsers\",\"InstanceId\":\"r-bp1****\",\"CustomData\":{}}",
        "Tags":{"Tag":[{"TagKey":"key1","TagValue":"val1"}]},"OwingService":""}"#;

    fn decode(request: &DescribeSecretRequest, body: &str) -> DescribeSecretResponse {
        request.decode(body.as_bytes()).unwrap()
    }

    #[test]
    fn name_and_fetch_tags_are_sent() {
        let request = DescribeSecretRequest::new("prod/db");
        assert_eq!(sent(&request), ["SecretName=prod/db", "FetchTags=false"]);
        assert_eq!(sent(&request.fetch_tags(true))[1], "FetchTags=true");
        assert!(DescribeSecretRequest::new("a b").validate().is_err());
    }

    #[test]
    fn every_field_of_a_managed_secret_is_read_and_written() {
        let secret = decode(&DescribeSecretRequest::new("app/redis"), MANAGED);
        assert_eq!(secret.arn.as_ref().unwrap().account(), "154035569884****");
        assert_eq!(secret.description, None);
        assert_eq!(secret.rotation_interval, Some(Duration::from_secs(3_153_600)));
        assert_eq!(secret.last_rotation_date, None);
        let config = secret.extended_config.as_ref().unwrap();
        assert_eq!(config.secret_sub_type, Some(SecretSubType::DoubleUsers));
        assert_eq!(secret.tags.as_ref().unwrap()[0].value, "val1");
        let written = serde_json::to_string(&secret).unwrap();
        assert_eq!(serde_json::from_str::<DescribeSecretResponse>(&written).unwrap(), secret);
    }

    #[test]
    fn only_the_name_is_required() {
        let request = DescribeSecretRequest::new("a");
        let bare = r#"{"SecretName":"a","Arn":"malformed","ExtendedConfig":""}"#;
        let secret = decode(&request, bare);
        assert_eq!((secret.tags, secret.arn, secret.extended_config), (None, None, None));
        assert_eq!(decode(&request.clone().fetch_tags(true), bare).tags, Some(vec![]));
        assert!(request.decode(br#"{"RequestId":"r"}"#).is_err());
    }
}
