//! `CreateSecret`: a new secret with its first version.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-createsecret>

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::error::{Resource, ValidationError};
use crate::operation::parameters::ParameterList;
use crate::operation::{Operation, limits};
use crate::rate_limit::QuotaGroup;
use crate::retry::RetryClass;
use crate::sign::Parameters;
use crate::types::{
    ExtendedConfig, Policy, RotationState, SecretArn, SecretDataType, SecretType, SecretValue, Tag,
    wire,
};

/// Stands for a name or a value that the service makes up.
const AUTO: &str = "$Auto";
/// What the names of managed secrets begin with.
const MANAGED: &str = "acs/";
const MANAGED_ECS: &str = "acs/ecs/";
const MAX_TAGS: usize = 20;

/// A secret to create: the parameters of
/// [`CreateSecret`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-createsecret).
///
/// [`new`](Self::new) is for secrets whose value is the users' own affair. Each type that KMS manages has a constructor that
/// takes what it needs; its value is the JSON that the service wants there.
///
/// ```
/// use std::time::Duration;
///
/// use alibabacloud_kms::secrets::{CreateSecretRequest, ExtendedConfig, SecretSubType, SecretValue};
///
/// let generic = CreateSecretRequest::new("prod/api", "v1", SecretValue::text("fake-key"))
///     .description("key of the weather service")
///     .tag("team", "core");
///
/// let accounts = SecretValue::text(r#"{"Accounts":[{"AccountName":"fake","AccountPassword":"fake-password"}]}"#);
/// let config = ExtendedConfig::rds(SecretSubType::SingleUser, "rm-fake");
/// let monthly = Duration::from_secs(30 * 24 * 60 * 60);
/// let managed = CreateSecretRequest::rds("prod/rds", "v1", accounts, config).rotation_interval(monthly);
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct CreateSecretRequest {
    secret_name: String,
    version_id: String,
    value: SecretValue,
    secret_type: SecretType,
    extended_config: Option<ExtendedConfig>,
    description: Option<String>,
    encryption_key_id: Option<String>,
    instance_id: Option<String>,
    tags: Vec<Tag>,
    rotation_interval: Option<Duration>,
    policy: Option<Policy>,
}

impl CreateSecretRequest {
    /// A secret of type [`Generic`](SecretType::Generic) with its name (`SecretName`), and its value (`SecretData`) as the
    /// version of this id (`VersionId`).
    ///
    /// The name has 1 to 192 characters of letters, digits and `_/+=.-@`, is unique in the account and region, and does not
    /// begin with `acs/`. The id has 1 to 64 characters, the value at most 30,720 bytes.
    pub fn new(
        secret_name: impl Into<String>,
        version_id: impl Into<String>,
        value: SecretValue,
    ) -> Self {
        Self {
            secret_name: secret_name.into(),
            version_id: version_id.into(),
            value,
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

    /// A secret of a type that KMS manages, and what it opens (`ExtendedConfig`), for types that came after this version of
    /// the crate.
    pub fn managed(
        secret_type: SecretType,
        secret_name: impl Into<String>,
        version_id: impl Into<String>,
        value: SecretValue,
        config: ExtendedConfig,
    ) -> Self {
        Self {
            secret_type,
            extended_config: Some(config),
            ..Self::new(secret_name, version_id, value)
        }
    }

    /// A secret of type [`Rds`](SecretType::Rds). Its value lists the accounts:
    /// `{"Accounts":[{"AccountName":"..","AccountPassword":".."}]}`.
    pub fn rds(
        secret_name: impl Into<String>,
        version_id: impl Into<String>,
        accounts: SecretValue,
        config: ExtendedConfig,
    ) -> Self {
        Self::managed(SecretType::Rds, secret_name, version_id, accounts, config)
    }

    /// A secret of type [`Redis`](SecretType::Redis), whose accounts the service makes.
    pub fn redis(
        secret_name: impl Into<String>,
        version_id: impl Into<String>,
        config: ExtendedConfig,
    ) -> Self {
        Self::managed(SecretType::Redis, secret_name, version_id, SecretValue::text(AUTO), config)
    }

    /// A secret of type [`RamCredentials`](SecretType::RamCredentials), whose name the service makes: it begins with
    /// `acs/ram/user/` and is in the answer. Its value lists all access keys of the RAM user:
    /// `{"AccessKeys":[{"AccessKeyId":"..","AccessKeySecret":".."}]}`.
    ///
    /// A request whose answer is lost is not repeated, since no look would tell what became of it.
    pub fn ram_credentials(
        version_id: impl Into<String>,
        access_keys: SecretValue,
        config: ExtendedConfig,
    ) -> Self {
        Self::managed(SecretType::RamCredentials, AUTO, version_id, access_keys, config)
    }

    /// A secret of type [`Ecs`](SecretType::Ecs), whose name begins with `acs/ecs/`. Its value is
    /// `{"UserName":"..","Password":".."}` or `{"UserName":"..","PublicKey":"..","PrivateKey":".."}`.
    pub fn ecs(
        secret_name: impl Into<String>,
        version_id: impl Into<String>,
        login: SecretValue,
        config: ExtendedConfig,
    ) -> Self {
        Self::managed(SecretType::Ecs, secret_name, version_id, login, config)
    }

    /// A secret of type [`PolarDb`](SecretType::PolarDb), whose accounts the service makes.
    pub fn polar_db(
        secret_name: impl Into<String>,
        version_id: impl Into<String>,
        config: ExtendedConfig,
    ) -> Self {
        Self::managed(SecretType::PolarDb, secret_name, version_id, SecretValue::text(AUTO), config)
    }

    /// What is said of it in words (`Description`).
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// The symmetric key to protect it with (`EncryptionKeyId`), in the same KMS instance as the secret. Without one the
    /// service uses a key of its own.
    pub fn encryption_key_id(mut self, key_id: impl Into<String>) -> Self {
        self.encryption_key_id = Some(key_id.into());
        self
    }

    /// The KMS instance to hold it (`DKMSInstanceId`), such as `kst-bjj62d8f5e0sgtx8h****`.
    pub fn instance_id(mut self, instance_id: impl Into<String>) -> Self {
        self.instance_id = Some(instance_id.into());
        self
    }

    /// Adds a tag (`Tags`), at most 20: key and value of at most 128 letters, digits and `/\_-.+=:@`, with a key that begins
    /// with neither `aliyun` nor `acs:`.
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.tags.push(Tag::new(key, value));
        self
    }

    /// Adds tags, as [`tag`](Self::tag) does one.
    pub fn tags(mut self, tags: impl IntoIterator<Item = Tag>) -> Self {
        self.tags.extend(tags);
        self
    }

    /// Lets KMS rotate it at this interval (`EnableAutomaticRotation`, `RotationInterval`), 6 to 8,760 hours in whole seconds.
    /// For secrets of any type but [`Generic`](SecretType::Generic).
    pub fn rotation_interval(mut self, interval: Duration) -> Self {
        self.rotation_interval = Some(interval);
        self
    }

    /// Who may do what with it (`Policy`), for a secret in a KMS instance; at most 32,768 bytes. Without one the service's
    /// default applies.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = Some(policy);
        self
    }

    /// What the type of a secret asks of its name.
    fn validate_name(&self) -> Result<(), ValidationError> {
        let name = &self.secret_name;
        let refused = |allowed| Err(ValidationError::new("secret_name", name, allowed));
        match &self.secret_type {
            SecretType::RamCredentials if name == AUTO => Ok(()),
            SecretType::RamCredentials => refused("$Auto, as the service makes the name itself"),
            SecretType::Ecs if !name.starts_with(MANAGED_ECS) => {
                refused("names that begin with acs/ecs/")
            }
            SecretType::Generic | SecretType::Rds | SecretType::Redis
                if name.starts_with(MANAGED) =>
            {
                refused("names that do not begin with acs/")
            }
            _ => limits::secret_name(name),
        }
    }

    /// What a secret that KMS manages has, and no other.
    fn validate_management(&self) -> Result<(), ValidationError> {
        if self.secret_type == SecretType::Generic {
            return match self.rotation_interval {
                Some(interval) => Err(ValidationError::new(
                    "rotation_interval",
                    interval,
                    "none for a secret of type Generic, which KMS does not rotate",
                )),
                None => Ok(()),
            };
        }
        let data_type = self.value.data_type();
        if *data_type != SecretDataType::Text {
            let allowed = "text for secrets of other types than Generic";
            return Err(ValidationError::new("the data type", data_type.as_str(), allowed));
        }
        self.rotation_interval.map_or(Ok(()), limits::rotation_interval)
    }

    pub(crate) fn secret_name(&self) -> &str {
        &self.secret_name
    }

    pub(crate) fn version_id(&self) -> &str {
        &self.version_id
    }

    pub(crate) fn value(&self) -> &SecretValue {
        &self.value
    }
}

impl Operation for CreateSecretRequest {
    const NAME: &'static str = "CreateSecret";
    const METHOD: Method = Method::POST;
    const QUOTA: QuotaGroup = QuotaGroup::CreateAndDelete;

    type Response = CreateSecretResponse;

    /// Nobody could tell what became of a secret whose name is not known: a repeat might make another one.
    fn retry_class(&self) -> RetryClass {
        match self.secret_type {
            SecretType::RamCredentials => RetryClass::IfNotExecuted,
            _ => RetryClass::Always,
        }
    }

    fn validate(&self) -> Result<(), ValidationError> {
        self.validate_name()?;
        limits::version_id(&self.version_id)?;
        limits::secret_value(&self.value)?;
        self.validate_management()?;
        self.extended_config.as_ref().map_or(Ok(()), limits::extended_config)?;
        if self.tags.len() > MAX_TAGS {
            return Err(ValidationError::new("the number of tags", self.tags.len(), "0 to 20"));
        }
        self.tags.iter().try_for_each(limits::tag)?;
        self.policy.as_ref().map_or(Ok(()), limits::policy)
    }

    fn parameters(&self) -> Parameters<'_> {
        let list = ParameterList::new()
            .text("SecretName", &self.secret_name)
            .text("VersionId", &self.version_id)
            .text("SecretData", self.value.expose_secret())
            .text("SecretDataType", self.value.data_type().as_str())
            .text("SecretType", self.secret_type.as_str())
            .optional_json("ExtendedConfig", self.extended_config.as_ref())
            .optional_text("Description", self.description.as_deref())
            .optional_text("EncryptionKeyId", self.encryption_key_id.as_deref())
            .optional_text("DKMSInstanceId", self.instance_id.as_deref())
            .optional_json("Tags", (!self.tags.is_empty()).then_some(&self.tags))
            .optional_json("Policy", self.policy.as_ref());
        match self.rotation_interval {
            Some(interval) => {
                list.flag("EnableAutomaticRotation", true).seconds("RotationInterval", interval)
            }
            None => list,
        }
        .done()
    }

    fn resource(&self) -> Option<Resource<'_>> {
        Some(Resource::named(&self.secret_name).version(Some(&self.version_id)))
    }

    fn secret_material(&self) -> Option<&SecretValue> {
        Some(&self.value)
    }

    fn request_id(response: &CreateSecretResponse) -> &str {
        &response.request_id
    }
}

/// The secret that was created: the answer to a [`CreateSecretRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct CreateSecretResponse {
    /// The secret's name, made by the service for type [`RamCredentials`](SecretType::RamCredentials).
    pub secret_name: String,
    /// Its name across accounts. `None` if the service told none, or one of another form.
    #[serde(
        default,
        deserialize_with = "wire::parse_or_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub arn: Option<SecretArn>,
    /// The id of its first version.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub version_id: String,
    /// What it opens. `None` in answers from before the service had types.
    #[serde(
        default,
        deserialize_with = "wire::parse_or_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub secret_type: Option<SecretType>,
    /// The KMS instance that holds it, if one does (`DKMSInstanceId`).
    #[serde(
        rename = "DKMSInstanceId",
        default,
        deserialize_with = "wire::lenient_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub instance_id: Option<String>,
    /// Whether KMS rotates it. `None` for secrets of type [`Generic`](SecretType::Generic).
    #[serde(
        default,
        deserialize_with = "wire::parse_or_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub automatic_rotation: Option<RotationState>,
    /// How often KMS rotates it, if it does.
    #[serde(
        default,
        deserialize_with = "wire::lenient_duration",
        serialize_with = "wire::seconds",
        skip_serializing_if = "Option::is_none"
    )]
    pub rotation_interval: Option<Duration>,
    /// When KMS rotates it next, if it does.
    #[serde(
        default,
        deserialize_with = "wire::lenient_time",
        skip_serializing_if = "Option::is_none"
    )]
    pub next_rotation_date: Option<DateTime<Utc>>,
    /// What it opens in detail. `None` for secrets of type [`Generic`](SecretType::Generic).
    #[serde(
        default,
        deserialize_with = "wire::extended_config",
        skip_serializing_if = "Option::is_none"
    )]
    pub extended_config: Option<ExtendedConfig>,
    /// The id under which the service knows the request; empty if it left it out.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::CreateSecretRequest as Request;
    use super::*;
    use crate::operation::sent;
    use crate::types::SecretSubType;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    fn generic(name: &str) -> Request {
        Request::new(name, "v1", SecretValue::text("fake-value"))
    }

    fn config() -> ExtendedConfig {
        ExtendedConfig::rds(SecretSubType::SingleUser, "rm-1")
    }

    fn rds(name: &str) -> Request {
        Request::rds(name, "v1", SecretValue::text("fake-accounts"), config())
    }

    #[track_caller]
    fn refused(request: &Request, words: &str) {
        let refusal = request.validate().unwrap_err().to_string();
        assert!(refusal.contains(words), "{refusal}");
        assert!(!refusal.contains("fake-value"), "{refusal}");
    }

    #[test]
    fn a_generic_secret_sends_what_it_needs_and_what_was_set() {
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
    fn a_managed_secret_sends_its_configuration_and_its_rotation() {
        let request = rds("a").rotation_interval(7 * DAY);
        let more = [
            "SecretType=Rds",
            r#"ExtendedConfig={"SecretSubType":"SingleUser","DBInstanceId":"rm-1"}"#,
            "EnableAutomaticRotation=true",
            "RotationInterval=604800s",
        ];
        assert_eq!(sent(&request)[4..], more);
        assert!(request.validate().is_ok());
    }

    #[test]
    fn each_type_has_the_name_and_value_that_the_service_wants() {
        let keys = SecretValue::text("fake-keys");
        let ram =
            Request::ram_credentials("v1", keys.clone(), ExtendedConfig::ram_credentials("u"));
        assert_eq!(
            (&*sent(&ram)[0], &*sent(&ram)[4]),
            ("SecretName=$Auto", "SecretType=RAMCredentials")
        );
        let redis = Request::redis("a", "v1", config());
        let polar_db = Request::polar_db("a", "v1", config());
        for request in [redis, polar_db, ram, Request::ecs("acs/ecs/a", "v1", keys, config())] {
            assert!(request.validate().is_ok(), "{request:?}");
        }
        assert_eq!(sent(&Request::redis("a", "v1", config()))[2], "SecretData=$Auto");
    }

    #[test]
    fn names_follow_the_type() {
        refused(&generic("acs/a"), "names that do not begin with acs/");
        refused(&rds("acs/a"), "names that do not begin with acs/");
        refused(&generic("$Auto"), "1 to 192 characters");
        refused(&generic("acs:kms:cn-hangzhou:1:secret/a"), "1 to 192 characters");
        let text = || SecretValue::text("x");
        refused(&Request::ecs("a", "v1", text(), config()), "begin with acs/ecs/");
        let named = Request::managed(SecretType::RamCredentials, "a", "v1", text(), config());
        refused(&named, "$Auto");
    }

    #[test]
    fn what_only_managed_secrets_have_is_refused_for_others_and_the_other_way_round() {
        refused(&generic("a").rotation_interval(7 * DAY), "which KMS does not rotate");
        let binary = SecretValue::binary(b"fake");
        refused(&Request::rds("a", "v1", binary.clone(), config()), "the data type is \"binary\"");
        assert!(Request::new("a", "v1", binary).validate().is_ok());
        refused(&rds("a").rotation_interval(DAY / 5), "rotation_interval");
    }

    #[test]
    fn sizes_and_numbers_are_limited() {
        refused(&Request::new("a", "", SecretValue::text("x")), "version_id");
        refused(&Request::new("a", "v1", SecretValue::text("x".repeat(30_721))), "30721");
        let tagged = |count: u32| (0..count).fold(generic("a"), |r, n| r.tag(n.to_string(), ""));
        assert!(tagged(20).validate().is_ok());
        refused(&tagged(21), "the number of tags is 21, allowed are 0 to 20");
        refused(&generic("a").tag("acs:a", "x"), "tag key");
        let long = |length: usize| {
            let frame = r#"{"SecretSubType":"RamUserAccessKey","UserName":""}"#.len();
            let config = ExtendedConfig::ram_credentials("x".repeat(length - frame));
            Request::managed(SecretType::PolarDb, "a", "v1", SecretValue::text("x"), config)
        };
        assert!(long(1_024).validate().is_ok());
        refused(&long(1_025), "the length of extended_config in characters is 1025");
        let crowded = (0..11).fold(config(), |config, n| config.custom_data(n.to_string(), n));
        let request = Request::rds("a", "v1", SecretValue::text("x"), crowded);
        refused(&request, "the number of pairs in custom_data is 11");
    }

    #[test]
    fn a_name_made_by_the_service_cannot_be_looked_up() {
        let ram = Request::ram_credentials("v1", SecretValue::text("x"), config());
        assert_eq!(ram.retry_class(), RetryClass::IfNotExecuted);
        assert_eq!(generic("a").retry_class(), RetryClass::Always);
        assert!(!format!("{:?}", generic("a")).contains("fake-value"));
    }

    #[test]
    fn the_answer_is_read_and_written_plainly() {
        let body = r#"{"RequestId":"r-1","Arn":"acs:kms:cn-hangzhou:154035569884****:secret/a","SecretName":"a","VersionId":"v1",
            "SecretType":"Rds","DKMSInstanceId":"kst-bjj62d8f5e0sgtx8h****","AutomaticRotation":"Enabled",
            "RotationInterval":"604800s","NextRotationDate":"2023-07-06T18:22:03Z",
            "ExtendedConfig":"{\"SecretSubType\":\"SingleUser\",\"DBInstanceId\":\"rm-uf667446pc955****\",\"CustomData\":{}}"}"#;
        let answer = generic("a").decode(body.as_bytes()).unwrap();
        assert_eq!(answer.arn.as_ref().unwrap().secret_name(), "a");
        assert_eq!(answer.rotation_interval, Some(7 * DAY));
        let sub_type = answer.extended_config.as_ref().unwrap().secret_sub_type.as_ref();
        assert_eq!(sub_type, Some(&SecretSubType::SingleUser));
        let written = serde_json::to_string(&answer).unwrap();
        assert_eq!(serde_json::from_str::<CreateSecretResponse>(&written).unwrap(), answer);
        let oldest = generic("a").decode(br#"{"SecretName":"a","VersionId":"v1"}"#).unwrap();
        assert_eq!((oldest.secret_type, oldest.arn), (None, None));
    }
}
