//! `CreateSecret`: a new secret with its first version.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-createsecret>

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::{Resource, ValidationError};
use crate::operation::{Encoder, Operation, OperationSpec, new_secret_name};
use crate::rate_limit::QuotaGroup;
use crate::retry::RetryClass;
use crate::secrets::describe_secret::DescribeSecretResponse;
use crate::types::{
    ExtendedConfig, Policy, RotationState, SecretArn, SecretDataType, SecretType, SecretValue, Tag,
    wire,
};

/// The service's placeholder for a name or a value that it generates.
const AUTO: &str = "$Auto";
/// The prefix of the names of managed secrets.
const MANAGED: &str = "acs/";
const MANAGED_ECS: &str = "acs/ecs/";
const MAX_TAGS: usize = 20;

/// The parameters of
/// [`CreateSecret`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-createsecret).
///
/// [`new`](Self::new) is for values that only their users know. Each type that KMS manages has a
/// constructor that takes what the type needs; its value is the JSON that the service expects.
///
/// ```
/// use std::time::Duration;
///
/// use alibabacloud_kms::secrets::{
///     CreateSecretRequest, ExtendedConfig, SecretSubType, SecretValue,
/// };
///
/// let generic = CreateSecretRequest::new("prod/api", SecretValue::text("fake-key"))
///     .version_id("v1")
///     .description("access to the weather service")
///     .tag("team", "core");
///
/// let accounts = r#"{"Accounts":[{"AccountName":"fake","AccountPassword":"fake-password"}]}"#;
/// let accounts = SecretValue::text(accounts);
/// let config = ExtendedConfig::rds(SecretSubType::SingleUser, "rm-fake");
/// let managed = CreateSecretRequest::rds("prod/rds", accounts, config)
///     .version_id("v1")
///     .rotation_interval(Duration::from_secs(30 * 24 * 60 * 60));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use]
pub struct CreateSecretRequest {
    /// The name of the secret (`SecretName`): 1 to 192 letters, digits and `_/+=.-@`, unique in the
    /// account and region, and not starting with `acs/`.
    pub secret_name: String,
    /// The value of the first version (`SecretData` and `SecretDataType`), at most 30,720 bytes.
    pub value: SecretValue,
    /// The id of the first version (`VersionId`), 1 to 64 characters; required.
    pub version_id: String,
    /// The type of the secret (`SecretType`).
    pub secret_type: SecretType,
    /// The resource and accounts that a managed secret opens (`ExtendedConfig`).
    pub extended_config: Option<ExtendedConfig>,
    /// The description (`Description`).
    pub description: Option<String>,
    /// The symmetric key that protects the secret (`EncryptionKeyId`), in the same KMS instance.
    /// Without it the service uses a key of its own.
    pub encryption_key_id: Option<String>,
    /// The KMS instance that holds the secret (`DKMSInstanceId`), such as
    /// `kst-bjj62d8f5e0sgtx8h****`.
    pub instance_id: Option<String>,
    /// The tags (`Tags`), at most 20.
    pub tags: Vec<Tag>,
    /// The time between two rotations by KMS (`EnableAutomaticRotation`, `RotationInterval`), 6 to
    /// 8,760 hours in whole seconds. For secrets of any type but [`Generic`](SecretType::Generic).
    pub rotation_interval: Option<Duration>,
    /// The policy of a secret in a KMS instance (`Policy`), at most 32,768 bytes of JSON. Without
    /// it the service's default applies.
    pub policy: Option<Policy>,
}

impl CreateSecretRequest {
    /// Creates a request for a secret of type [`Generic`](SecretType::Generic); it also needs a
    /// [`version_id`](Self::version_id).
    pub fn new(secret_name: impl Into<String>, value: SecretValue) -> Self {
        Self {
            secret_name: secret_name.into(),
            value,
            version_id: String::new(),
            secret_type: SecretType::Generic,
            extended_config: None,
            description: None,
            encryption_key_id: None,
            instance_id: None,
            tags: Vec::new(),
            rotation_interval: None,
            policy: None,
        }
    }

    /// Creates a request for a secret like another one, with a name and value of its own; it also
    /// needs a [`version_id`](Self::version_id).
    ///
    /// It copies the type, description, key, instance, rotation and extended configuration, and the
    /// tags if the description was requested [with
    /// tags](crate::secrets::DescribeSecretRequest::fetch_tags). A description does not contain the
    /// policy, so the service's default applies.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # let emulator = Emulator::start().await?;
    /// # emulator.add_secret(EmulatedSecret::new("prod/db").tag("team", "core"));
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::secrets::{CreateSecretRequest, DescribeSecretRequest, SecretValue};
    ///
    /// let request = DescribeSecretRequest::new("prod/db").fetch_tags(true);
    /// let existing = client.describe_secret(request).await?;
    /// let value = SecretValue::text("fake-password");
    /// let request = CreateSecretRequest::like(&existing, "prod/db-2", value).version_id("v1");
    /// client.create_secret(request).await?;
    ///
    /// let created = DescribeSecretRequest::new("prod/db-2").fetch_tags(true);
    /// assert_eq!(client.describe_secret(created).await?.tags, existing.tags);
    /// # Ok(())
    /// # }
    /// ```
    pub fn like(
        existing: &DescribeSecretResponse,
        secret_name: impl Into<String>,
        value: SecretValue,
    ) -> Self {
        Self {
            secret_type: existing.secret_type.clone().unwrap_or(SecretType::Generic),
            extended_config: existing.extended_config.clone(),
            description: existing.description.clone(),
            encryption_key_id: existing.encryption_key_id.clone(),
            instance_id: existing.instance_id.clone(),
            tags: existing.tags.clone().unwrap_or_default(),
            rotation_interval: existing.rotation_interval,
            ..Self::new(secret_name, value)
        }
    }

    /// Creates a request for a secret of a type that KMS manages, for types that are newer than
    /// this version of the crate.
    pub fn managed(
        secret_type: SecretType,
        secret_name: impl Into<String>,
        value: SecretValue,
        config: ExtendedConfig,
    ) -> Self {
        Self { secret_type, extended_config: Some(config), ..Self::new(secret_name, value) }
    }

    /// Creates a request for a secret of type [`Rds`](SecretType::Rds). Its value lists the
    /// accounts: `{"Accounts":[{"AccountName":"..","AccountPassword":".."}]}`.
    pub fn rds(
        secret_name: impl Into<String>,
        accounts: SecretValue,
        config: ExtendedConfig,
    ) -> Self {
        Self::managed(SecretType::Rds, secret_name, accounts, config)
    }

    /// Creates a request for a secret of type [`Redis`](SecretType::Redis), whose accounts the
    /// service creates.
    pub fn redis(secret_name: impl Into<String>, config: ExtendedConfig) -> Self {
        Self::managed(SecretType::Redis, secret_name, SecretValue::text(AUTO), config)
    }

    /// Creates a request for a secret of type [`RamCredentials`](SecretType::RamCredentials). The
    /// service generates its name, which starts with `acs/ram/user/` and is in the response. Its
    /// value lists all access keys of the RAM user:
    /// `{"AccessKeys":[{"AccessKeyId":"..","AccessKeySecret":".."}]}`.
    ///
    /// The request is not retried if its outcome is unknown, since the secret cannot then be found
    /// by its name.
    pub fn ram_credentials(access_keys: SecretValue, config: ExtendedConfig) -> Self {
        Self::managed(SecretType::RamCredentials, AUTO, access_keys, config)
    }

    /// Creates a request for a secret of type [`Ecs`](SecretType::Ecs), whose name starts with
    /// `acs/ecs/`. Its value is `{"UserName":"..","Password":".."}` or
    /// `{"UserName":"..","PublicKey":"..","PrivateKey":".."}`.
    pub fn ecs(secret_name: impl Into<String>, login: SecretValue, config: ExtendedConfig) -> Self {
        Self::managed(SecretType::Ecs, secret_name, login, config)
    }

    /// Creates a request for a secret of type [`PolarDb`](SecretType::PolarDb), whose accounts the
    /// service creates.
    pub fn polar_db(secret_name: impl Into<String>, config: ExtendedConfig) -> Self {
        Self::managed(SecretType::PolarDb, secret_name, SecretValue::text(AUTO), config)
    }

    /// Sets the id of the first version.
    pub fn version_id(mut self, version_id: impl Into<String>) -> Self {
        self.version_id = version_id.into();
        self
    }

    /// Sets the description.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Sets the key that protects the secret.
    pub fn encryption_key_id(mut self, key_id: impl Into<String>) -> Self {
        self.encryption_key_id = Some(key_id.into());
        self
    }

    /// Sets the KMS instance that holds the secret.
    pub fn instance_id(mut self, instance_id: impl Into<String>) -> Self {
        self.instance_id = Some(instance_id.into());
        self
    }

    /// Adds a tag: key and value of at most 128 letters, digits and `/\_-.+=:@`, with a key that
    /// starts with neither `aliyun` nor `acs:`.
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.tags.push(Tag::new(key, value));
        self
    }

    /// Adds tags, as [`tag`](Self::tag) does for one.
    pub fn tags(mut self, tags: impl IntoIterator<Item = Tag>) -> Self {
        self.tags.extend(tags);
        self
    }

    /// Sets the time between two rotations by KMS.
    pub fn rotation_interval(mut self, interval: Duration) -> Self {
        self.rotation_interval = Some(interval);
        self
    }

    /// Sets the policy.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = Some(policy);
        self
    }

    /// Returns true if the service generates the value.
    pub(crate) fn is_value_generated(&self) -> bool {
        self.secret_type != SecretType::Generic && self.value.is_same(&SecretValue::text(AUTO))
    }

    /// Checks the name against the type of the secret.
    fn validate_name(&self) -> Result<(), ValidationError> {
        let name = &self.secret_name;
        let rejected = |allowed| Err(ValidationError::new("secret_name", name, allowed));
        let is = |secret_type| self.secret_type == secret_type;
        let is_unmanaged =
            || is(SecretType::Generic) || is(SecretType::Rds) || is(SecretType::Redis);
        if is(SecretType::RamCredentials) {
            if name == AUTO {
                Ok(())
            } else {
                rejected("$Auto, since the service generates the name")
            }
        } else if is(SecretType::Ecs) && !name.starts_with(MANAGED_ECS) {
            rejected("a name that starts with acs/ecs/")
        } else if is_unmanaged() && name.starts_with(MANAGED) {
            rejected("a name that does not start with acs/")
        } else {
            new_secret_name(name)
        }
    }

    /// Checks the fields that only managed secrets have.
    fn validate_management(&self) -> Result<(), ValidationError> {
        if self.secret_type == SecretType::Generic {
            return match self.rotation_interval {
                Some(interval) => Err(ValidationError::new(
                    "rotation_interval",
                    interval,
                    "unset for a secret of type Generic, which KMS does not rotate",
                )),
                None => Ok(()),
            };
        }
        let data_type = self.value.data_type();
        if *data_type == SecretDataType::Text {
            return Ok(());
        }
        Err(ValidationError::new(
            "the data type of the value",
            data_type.as_str(),
            "text for secrets of other types than Generic",
        ))
    }
}

impl Operation for CreateSecretRequest {
    const SPEC: OperationSpec = OperationSpec::write("CreateSecret", QuotaGroup::CreateAndDelete);
    type Response = CreateSecretResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.check(self.validate_name());
        encoder.text("SecretName", &self.secret_name);
        encoder.resource(Some(Resource::named(&self.secret_name)));
        encoder.version_id(&self.version_id);
        encoder.secret_value(&self.value);
        encoder.check(self.validate_management());
        encoder.text("SecretType", self.secret_type.as_str());
        encoder.extended_config(self.extended_config.as_ref());
        encoder.optional_text("Description", self.description.as_deref());
        encoder.optional_text("EncryptionKeyId", self.encryption_key_id.as_deref());
        encoder.optional_text("DKMSInstanceId", self.instance_id.as_deref());
        encoder.count("the number of `tags`", self.tags.len(), 0..=MAX_TAGS, "0 to 20");
        encoder.tags_as_json(&self.tags);
        encoder.policy(self.policy.as_ref());
        if self.rotation_interval.is_some() {
            encoder.rotation_interval(self.rotation_interval);
        }
    }

    fn request_id(response: &mut CreateSecretResponse) -> &mut String {
        &mut response.request_id
    }

    /// A secret whose name is not known cannot be found, and a second request could create another
    /// one.
    fn retry_class(&self) -> RetryClass {
        if self.secret_type == SecretType::RamCredentials {
            RetryClass::IfNotExecuted
        } else {
            Self::SPEC.retry_class
        }
    }
}

/// The secret that was created: the response to a [`CreateSecretRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct CreateSecretResponse {
    /// The secret's name, which the service generates for type
    /// [`RamCredentials`](SecretType::RamCredentials).
    pub secret_name: String,
    /// The secret's ARN; `None` if the response contains none, or one of another form.
    #[serde(default, deserialize_with = "wire::parse_or_none")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arn: Option<SecretArn>,
    /// The id of the first version.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub version_id: String,
    /// The type of the secret; `None` in responses from before the service had types.
    #[serde(default, deserialize_with = "wire::parse_or_none")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_type: Option<SecretType>,
    /// The KMS instance that holds the secret (`DKMSInstanceId`), if one does.
    #[serde(rename = "DKMSInstanceId", default, deserialize_with = "wire::lenient_text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_id: Option<String>,
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
    /// The resource and accounts that the secret opens; `None` for secrets of type
    /// [`Generic`](SecretType::Generic).
    #[serde(default, deserialize_with = "wire::extended_config")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_config: Option<ExtendedConfig>,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::CreateSecretRequest as Request;
    use super::*;
    use crate::operation::{Validate as _, sent};
    use crate::types::SecretSubType;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    fn generic(name: &str) -> Request {
        Request::new(name, SecretValue::text("fake-value")).version_id("v1")
    }

    fn config() -> ExtendedConfig {
        ExtendedConfig::rds(SecretSubType::SingleUser, "rm-1")
    }

    fn rds(name: &str) -> Request {
        Request::rds(name, SecretValue::text("fake-accounts"), config()).version_id("v1")
    }

    #[track_caller]
    fn assert_rejected(request: &Request, words: &str) {
        let violation = request.validate().unwrap_err().to_string();
        assert!(violation.contains(words), "{violation}");
        assert!(!violation.contains("fake-value"), "{violation}");
    }

    #[test]
    fn generic_secret_sends_required_and_set_fields() {
        let needed = [
            "SecretName=a",
            "VersionId=v1",
            "SecretData=fake-value",
            "SecretDataType=text",
            "SecretType=Generic",
        ];
        assert_eq!(sent(&generic("a")), needed);
        let more = generic("a")
            .description("")
            .encryption_key_id("key-fake")
            .instance_id("kst-fake")
            .tag("team", "core")
            .tags([Tag::new("empty", "")]);
        assert_eq!(
            sent(&more)[5..],
            [
                "Description=",
                "EncryptionKeyId=key-fake",
                "DKMSInstanceId=kst-fake",
                r#"Tags=[{"TagKey":"team","TagValue":"core"},{"TagKey":"empty","TagValue":""}]"#,
            ]
        );
    }

    #[test]
    fn managed_secret_sends_configuration_and_rotation() {
        let request = rds("a").rotation_interval(7 * DAY);
        let more = [
            "SecretType=Rds",
            r#"ExtendedConfig={"SecretSubType":"SingleUser","DBInstanceId":"rm-1"}"#,
            "EnableAutomaticRotation=true",
            "RotationInterval=604800s",
        ];
        assert_eq!(sent(&request)[4..], more);
        assert!(request.validate().is_ok());
        let raw = ExtendedConfig { raw: Some("{fake".to_owned()), ..ExtendedConfig::default() };
        let request = Request::redis("a", raw).version_id("v1");
        assert!(sent(&request).contains(&"ExtendedConfig={fake".to_owned()));
    }

    #[test]
    fn type_in_another_form_is_treated_alike() {
        let mut ram =
            Request::ram_credentials(SecretValue::text("fake"), ExtendedConfig::default());
        ram.secret_type = SecretType::Unknown("RAMCredentials".to_owned());
        assert_eq!(ram.retry_class(), RetryClass::IfNotExecuted);
        assert!(ram.version_id("v1").validate().is_ok(), "the service generates the name");
    }

    #[test]
    fn only_values_of_managed_secrets_are_generated() {
        assert!(Request::redis("a", config()).is_value_generated());
        assert!(!Request::new("a", SecretValue::text(AUTO)).is_value_generated());
    }

    #[test]
    fn each_type_has_the_name_and_value_of_its_documentation() {
        let keys = SecretValue::text("fake-keys");
        let ram = Request::ram_credentials(keys.clone(), ExtendedConfig::ram_credentials("u"))
            .version_id("v1");
        assert_eq!(
            (&*sent(&ram)[0], &*sent(&ram)[4]),
            ("SecretName=$Auto", "SecretType=RAMCredentials")
        );
        let redis = Request::redis("a", config()).version_id("v1");
        let polar_db = Request::polar_db("a", config()).version_id("v1");
        for request in
            [redis, polar_db, ram, Request::ecs("acs/ecs/a", keys, config()).version_id("v1")]
        {
            assert!(request.validate().is_ok(), "{request:?}");
        }
        assert_eq!(sent(&Request::redis("a", config()).version_id("v1"))[2], "SecretData=$Auto");
    }

    #[test]
    fn name_that_does_not_fit_the_type_is_rejected() {
        assert_rejected(&generic("acs/a"), "does not start with acs/");
        assert_rejected(&rds("acs/a"), "does not start with acs/");
        assert_rejected(&generic("$Auto"), "1 to 192 characters");
        assert_rejected(&generic("acs:kms:cn-hangzhou:1:secret/a"), "1 to 192 characters");
        let text = || SecretValue::text("x");
        assert_rejected(
            &Request::ecs("a", text(), config()).version_id("v1"),
            "starts with acs/ecs/",
        );
        let named =
            Request::managed(SecretType::RamCredentials, "a", text(), config()).version_id("v1");
        assert_rejected(&named, "$Auto");
    }

    #[test]
    fn fields_of_another_type_are_rejected() {
        assert_rejected(&generic("a").rotation_interval(7 * DAY), "which KMS does not rotate");
        let binary = SecretValue::binary(b"fake");
        assert_rejected(
            &Request::rds("a", binary.clone(), config()).version_id("v1"),
            "the data type of the value",
        );
        assert!(Request::new("a", binary).version_id("v1").validate().is_ok());
        assert_rejected(&rds("a").rotation_interval(DAY / 5), "rotation_interval");
    }

    #[test]
    fn values_beyond_the_limits_are_rejected() {
        assert_rejected(&Request::new("a", SecretValue::text("x")).version_id(""), "version_id");
        assert_rejected(
            &Request::new("a", SecretValue::text("x".repeat(30_721))).version_id("v1"),
            "30721",
        );
        let tagged = |count: u32| (0..count).fold(generic("a"), |r, n| r.tag(n.to_string(), ""));
        assert!(tagged(20).validate().is_ok());
        assert_rejected(&tagged(21), "the number of `tags` must be 0 to 20, got 21");
        assert_rejected(&generic("a").tag("acs:a", "x"), "tag key");
        let long = |length: usize| {
            let frame = r#"{"SecretSubType":"RamUserAccessKey","UserName":""}"#.len();
            let config = ExtendedConfig::ram_credentials("x".repeat(length - frame));
            Request::managed(SecretType::PolarDb, "a", SecretValue::text("x"), config)
                .version_id("v1")
        };
        assert!(long(1_024).validate().is_ok());
        assert_rejected(
            &long(1_025),
            "the length of `extended_config` in characters must be 1 to 1,024, got 1025",
        );
        let crowded = (0..11).fold(config(), |config, n| config.custom_data(n.to_string(), n));
        let request = Request::rds("a", SecretValue::text("x"), crowded).version_id("v1");
        assert_rejected(&request, "the number of pairs in `custom_data` must be 0 to 10, got 11");
    }

    #[test]
    fn request_with_a_generated_name_is_not_retried() {
        let ram = Request::ram_credentials(SecretValue::text("x"), config()).version_id("v1");
        assert_eq!(ram.retry_class(), RetryClass::IfNotExecuted);
        assert_eq!(generic("a").retry_class(), RetryClass::Always);
        assert!(!format!("{:?}", generic("a")).contains("fake-value"));
    }

    #[test]
    fn decoded_response_serializes_to_itself() {
        let body = r#"{"RequestId":"r-1","Arn":"acs:kms:cn-hangzhou:154035569884****:secret/a","SecretName":"a","VersionId":"v1",
            "SecretType":"Rds","DKMSInstanceId":"kst-bjj62d8f5e0sgtx8h****","AutomaticRotation":"Enabled",
            "RotationInterval":"604800s","NextRotationDate":"2023-07-06T18:22:03Z",
            "ExtendedConfig":"{\"SecretSubType\":\"SingleUser\",\"DBInstanceId\":\"rm-uf667446pc955****\",\"CustomData\":{}}"}"#;
        let response = generic("a").decode(body.as_bytes()).unwrap();
        assert_eq!(response.arn.as_ref().unwrap().secret_name(), "a");
        assert_eq!(response.rotation_interval, Some(7 * DAY));
        let sub_type = response.extended_config.as_ref().unwrap().secret_sub_type.as_ref();
        assert_eq!(sub_type, Some(&SecretSubType::SingleUser));
        let written = serde_json::to_string(&response).unwrap();
        assert_eq!(serde_json::from_str::<CreateSecretResponse>(&written).unwrap(), response);
        let oldest = generic("a").decode(br#"{"SecretName":"a","VersionId":"v1"}"#).unwrap();
        assert_eq!((oldest.secret_type, oldest.arn), (None, None));
    }
}
