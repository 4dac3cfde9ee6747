//! The configuration of a managed secret.

use std::borrow::Cow;

use serde::de::Error as _;
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::fields::{FieldError, Fields};
use super::secret_sub_type::SecretSubType;

/// The instance or user that a secret of another type than
/// [`Generic`](crate::secrets::SecretType::Generic) gives access to, and the accounts:
/// `ExtendedConfig` of the service.
///
/// A constructor for each type takes what identifies the instance or user, and setters add the
/// rest. A field that this version of the crate does not know is in [`extra`](Self::extra), and can
/// be set there. Its JSON form may have at most 1,024 characters when it is sent.
///
/// ```
/// use alibabacloud_kms::secrets::{ExtendedConfig, SecretSubType};
///
/// let rds = ExtendedConfig::rds(SecretSubType::DoubleUsers, "rm-fake").custom_data("Port", 3306);
/// assert_eq!(rds.db_instance_id.as_deref(), Some("rm-fake"));
///
/// let redis = ExtendedConfig::redis("r-fake")
///     .region_id("cn-hangzhou")
///     .account_name("app")
///     .account_privilege("RoleReadOnly");
/// assert_eq!(redis.clone_account_name.as_deref(), Some("app_clone"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExtendedConfig {
    /// The number of accounts, or the form of the login. All types require it.
    pub secret_sub_type: Option<SecretSubType>,
    /// The RDS instance (`DBInstanceId`), such as `rm-bp1b3dd3a506e****`.
    pub db_instance_id: Option<String>,
    /// The PolarDB cluster (`DBClusterId`), such as `pc-bp1hsz****`.
    pub db_cluster_id: Option<String>,
    /// The engine of the PolarDB cluster (`DBType`): `MySQL` or `PostgreSQL`.
    pub db_type: Option<String>,
    /// The database that the account may use, for PolarDB for MySQL (`DBName`).
    pub db_name: Option<String>,
    /// The Redis or ECS instance (`InstanceId`).
    pub instance_id: Option<String>,
    /// The region of the instance or cluster (`RegionId`).
    pub region_id: Option<String>,
    /// The account of Redis or PolarDB (`AccountName`).
    pub account_name: Option<String>,
    /// The second account, which rotation alternates with the first (`CloneAccountName`): the
    /// first one's name followed by `_clone`.
    pub clone_account_name: Option<String>,
    /// The type of the PolarDB account (`AccountType`): `Normal`.
    pub account_type: Option<String>,
    /// The permissions of the account (`AccountPrivilege`), such as `RoleReadOnly` for Redis.
    pub account_privilege: Option<String>,
    /// The RAM user that owns the access keys (`UserName`).
    pub user_name: Option<String>,
    /// Data of the secret's users, at most 10 pairs (`CustomData`). The service does not use it.
    pub custom_data: Map<String, Value>,
    /// Fields that this version of the crate does not know.
    pub extra: Map<String, Value>,
    /// The service's text if it is not the documented JSON; then no other field is set.
    pub raw: Option<String>,
}

impl ExtendedConfig {
    /// Creates the configuration of an [`Rds`](crate::secrets::SecretType::Rds) secret for this
    /// instance, with [`SingleUser`](SecretSubType::SingleUser) or
    /// [`DoubleUsers`](SecretSubType::DoubleUsers).
    #[must_use]
    pub fn rds(sub_type: SecretSubType, db_instance_id: impl Into<String>) -> Self {
        Self { db_instance_id: Some(db_instance_id.into()), ..Self::with_sub_type(sub_type) }
    }

    /// Creates the configuration of a [`Redis`](crate::secrets::SecretType::Redis) secret for this
    /// instance.
    ///
    /// The service also requires [`region_id`](Self::region_id()),
    /// [`account_name`](Self::account_name()) and
    /// [`account_privilege`](Self::account_privilege()).
    #[must_use]
    pub fn redis(instance_id: impl Into<String>) -> Self {
        Self {
            instance_id: Some(instance_id.into()),
            ..Self::with_sub_type(SecretSubType::DoubleUsers)
        }
    }

    /// Creates the configuration of a
    /// [`RamCredentials`](crate::secrets::SecretType::RamCredentials) secret for the access keys of
    /// this RAM user.
    #[must_use]
    pub fn ram_credentials(user_name: impl Into<String>) -> Self {
        Self {
            user_name: Some(user_name.into()),
            ..Self::with_sub_type(SecretSubType::RamUserAccessKey)
        }
    }

    /// Creates the configuration of an [`Ecs`](crate::secrets::SecretType::Ecs) secret for this
    /// instance, with [`Password`](SecretSubType::Password) or [`SshKey`](SecretSubType::SshKey).
    ///
    /// The service also requires [`region_id`](Self::region_id()).
    #[must_use]
    pub fn ecs(sub_type: SecretSubType, instance_id: impl Into<String>) -> Self {
        Self { instance_id: Some(instance_id.into()), ..Self::with_sub_type(sub_type) }
    }

    /// Creates the configuration of a [`PolarDb`](crate::secrets::SecretType::PolarDb) secret for
    /// this cluster.
    ///
    /// The service also requires [`region_id`](Self::region_id()), [`db_type`](Self::db_type()) and
    /// [`account_name`](Self::account_name()). For MySQL,
    /// [`account_privilege`](Self::account_privilege()) and [`db_name`](Self::db_name()) can be set
    /// too.
    #[must_use]
    pub fn polar_db(db_cluster_id: impl Into<String>) -> Self {
        Self {
            db_cluster_id: Some(db_cluster_id.into()),
            // The only documented value; the service does not document a default.
            account_type: Some("Normal".to_owned()),
            ..Self::with_sub_type(SecretSubType::DoubleUsers)
        }
    }

    /// Sets [`region_id`](Self#structfield.region_id).
    #[must_use]
    pub fn region_id(mut self, region_id: impl Into<String>) -> Self {
        self.region_id = Some(region_id.into());
        self
    }

    /// Sets [`db_type`](Self#structfield.db_type): `MySQL` or `PostgreSQL`.
    #[must_use]
    pub fn db_type(mut self, db_type: impl Into<String>) -> Self {
        self.db_type = Some(db_type.into());
        self
    }

    /// Sets [`db_name`](Self#structfield.db_name).
    #[must_use]
    pub fn db_name(mut self, db_name: impl Into<String>) -> Self {
        self.db_name = Some(db_name.into());
        self
    }

    /// Sets [`account_name`](Self#structfield.account_name), and
    /// [`clone_account_name`](Self#structfield.clone_account_name) to the same name followed by
    /// `_clone`, as the service requires for two accounts.
    #[must_use]
    pub fn account_name(mut self, account_name: impl Into<String>) -> Self {
        let account_name = account_name.into();
        self.clone_account_name = Some(format!("{account_name}_clone"));
        self.account_name = Some(account_name);
        self
    }

    /// Sets [`account_privilege`](Self#structfield.account_privilege), such as `RoleReadOnly`.
    #[must_use]
    pub fn account_privilege(mut self, account_privilege: impl Into<String>) -> Self {
        self.account_privilege = Some(account_privilege.into());
        self
    }

    /// Adds a pair to [`custom_data`](Self#structfield.custom_data).
    #[must_use]
    pub fn custom_data(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.custom_data.insert(key.into(), value.into());
        self
    }

    fn with_sub_type(sub_type: SecretSubType) -> Self {
        Self { secret_sub_type: Some(sub_type), ..Self::default() }
    }

    /// Returns the fields that are texts, by the service's names, for reading and for writing.
    fn text_fields(&mut self) -> [(&'static str, &mut Option<String>); 11] {
        [
            ("DBInstanceId", &mut self.db_instance_id),
            ("DBClusterId", &mut self.db_cluster_id),
            ("DBType", &mut self.db_type),
            ("DBName", &mut self.db_name),
            ("InstanceId", &mut self.instance_id),
            ("RegionId", &mut self.region_id),
            ("AccountName", &mut self.account_name),
            ("CloneAccountName", &mut self.clone_account_name),
            ("AccountType", &mut self.account_type),
            ("AccountPrivilege", &mut self.account_privilege),
            ("UserName", &mut self.user_name),
        ]
    }

    fn from_fields(mut fields: Fields) -> Result<Self, FieldError> {
        let mut config = Self {
            secret_sub_type: fields.optional_text("SecretSubType")?.map(Into::into),
            custom_data: fields.object("CustomData")?.map(Fields::rest).unwrap_or_default(),
            ..Self::default()
        };
        for (name, text) in config.text_fields() {
            *text = fields.optional_text(name)?;
        }
        Ok(Self { extra: fields.rest(), ..config })
    }

    /// Reads the JSON text of a response, and keeps a text of another form: the service's own
    /// samples are escaped more often than they should be.
    pub(super) fn from_text(text: String) -> Self {
        let config = match text.parse() {
            Ok(Value::Object(object)) => Self::from_fields(object.into()).ok(),
            _ => None,
        };
        config.unwrap_or_else(|| Self { raw: Some(text), ..Self::default() })
    }

    /// Returns the text that requests contain: the JSON, or the text of another form.
    pub(crate) fn to_text(&self) -> Cow<'_, str> {
        match &self.raw {
            Some(text) => Cow::Borrowed(text),
            // All of it has a JSON form.
            None => Cow::Owned(serde_json::to_string(self).unwrap_or_default()),
        }
    }

    /// Reads the JSON object of a response, and keeps the text of one of another form.
    pub(super) fn from_object(object: Map<String, Value>) -> Self {
        Self::from_text(Value::Object(object).to_string())
    }
}

impl Serialize for ExtendedConfig {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(text) = &self.raw {
            return serializer.serialize_str(text);
        }
        let mut object = serializer.serialize_map(None)?;
        if let Some(sub_type) = &self.secret_sub_type {
            object.serialize_entry("SecretSubType", sub_type.as_str())?;
        }
        // From a copy, since the table of names borrows the fields mutably.
        for (name, text) in self.clone().text_fields() {
            if let Some(text) = text {
                object.serialize_entry(name, text.as_str())?;
            }
        }
        if !self.custom_data.is_empty() {
            object.serialize_entry("CustomData", &self.custom_data)?;
        }
        for (name, value) in &self.extra {
            object.serialize_entry(name, value)?;
        }
        object.end()
    }
}

/// Reads an object, or the JSON text of one.
impl<'de> Deserialize<'de> for ExtendedConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self::from_text(text)),
            Value::Object(object) => Self::from_fields(object.into()).map_err(D::Error::custom),
            _ => Err(D::Error::custom("neither an object nor the text of one")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::types::wire;

    fn to_json(config: &ExtendedConfig) -> Value {
        serde_json::to_value(config).unwrap()
    }

    fn from_json(value: Value) -> ExtendedConfig {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn constructors_set_the_fields_of_their_type() {
        let rds = ExtendedConfig::rds(SecretSubType::SingleUser, "rm-1");
        assert_eq!(to_json(&rds), json!({"SecretSubType": "SingleUser", "DBInstanceId": "rm-1"}));
        assert_eq!(
            to_json(
                &ExtendedConfig::redis("r-1")
                    .region_id("cn-hangzhou")
                    .account_name("app")
                    .account_privilege("RoleReadOnly")
            ),
            json!({
                "SecretSubType": "DoubleUsers", "RegionId": "cn-hangzhou", "InstanceId": "r-1",
                "AccountName": "app", "CloneAccountName": "app_clone",
                "AccountPrivilege": "RoleReadOnly",
            })
        );
        assert_eq!(
            to_json(&ExtendedConfig::ram_credentials("robot").custom_data("team", "core")),
            json!({
                "SecretSubType": "RamUserAccessKey", "UserName": "robot",
                "CustomData": {"team": "core"},
            })
        );
        assert_eq!(
            to_json(&ExtendedConfig::ecs(SecretSubType::SshKey, "i-1").region_id("cn-hangzhou")),
            json!({"SecretSubType": "SSHKey", "RegionId": "cn-hangzhou", "InstanceId": "i-1"})
        );
        assert_eq!(
            to_json(
                &ExtendedConfig::polar_db("pc-1")
                    .region_id("cn-hangzhou")
                    .db_type("MySQL")
                    .account_name("app")
                    .db_name("orders")
            ),
            json!({
                "SecretSubType": "DoubleUsers", "RegionId": "cn-hangzhou", "DBClusterId": "pc-1",
                "DBType": "MySQL", "DBName": "orders", "AccountName": "app",
                "CloneAccountName": "app_clone", "AccountType": "Normal",
            })
        );
    }

    #[test]
    fn json_text_is_read_and_new_fields_are_kept() {
        let text = r#"{"SecretSubType":"Quantum","DBInstanceId":"rm-1","CustomData":{"Port":3306},
            "New":[1],"UserName":null}"#;
        let config = from_json(json!(text));
        assert_eq!(config.secret_sub_type, Some(SecretSubType::Unknown("Quantum".into())));
        assert_eq!(config.custom_data["Port"], 3306);
        assert_eq!(config.extra["New"], json!([1]));
        assert_eq!(from_json(to_json(&config)), config);
        let empty = from_json(json!(r#"{"CustomData":null}"#));
        assert_eq!(empty, ExtendedConfig::default());
    }

    #[test]
    fn text_of_another_form_is_kept() {
        for text in [
            r#"{\"SecretSubType\":\"SingleUser\"}"#,
            r#"{"SecretSubType":"SingleUser"} and more"#,
            r#"{"UserName":7}"#,
            "[]",
            "plain",
        ] {
            let config = from_json(json!(text));
            assert_eq!(config.raw.as_deref(), Some(text));
            assert_eq!(config.secret_sub_type, None);
            assert_eq!(to_json(&config), json!(text));
            assert_eq!(config.to_text(), text, "sent as it came");
        }
        assert!(serde_json::from_value::<ExtendedConfig>(json!(7)).is_err());
    }

    #[test]
    fn response_keeps_a_configuration_of_any_form() {
        #[derive(Deserialize)]
        struct Response {
            #[serde(default, deserialize_with = "wire::extended_config")]
            config: Option<ExtendedConfig>,
        }
        let read = |value: Value| {
            let json = json!({"config": value}).to_string();
            wire::object::<Response>(&json).unwrap().config
        };
        for value in [json!(null), json!(""), json!(7), json!([1])] {
            assert_eq!(read(value.clone()), None, "{value}");
        }
        let rds = ExtendedConfig::rds(SecretSubType::SingleUser, "rm-1");
        assert_eq!(read(to_json(&rds)), Some(rds.clone()));
        assert_eq!(read(json!(to_json(&rds).to_string())), Some(rds));
        let malformed = read(json!({"UserName": 7})).unwrap();
        assert_eq!(malformed.raw.as_deref(), Some(r#"{"UserName":7}"#));
    }
}
