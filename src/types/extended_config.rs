//! What KMS has to know of the thing that a managed secret opens.

use serde::de::Error as _;
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::SecretSubType;
use super::fields::{FieldError, Fields};

/// What a secret of another type than [`Generic`](crate::secrets::SecretType::Generic) opens, and with which accounts: `ExtendedConfig`
/// of the service.
///
/// A constructor for each type sets what that type needs. A field that came after this version of the crate is in
/// [`extra`](Self::extra), and can be set there. All of it may have 1,024 characters when it is sent, as JSON.
///
/// ```
/// use alibabacloud_kms::secrets::{ExtendedConfig, SecretSubType};
///
/// let config = ExtendedConfig::rds(SecretSubType::DoubleUsers, "rm-fake").custom_data("Port", "3306");
/// assert_eq!(config.db_instance_id.as_deref(), Some("rm-fake"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExtendedConfig {
    /// How many accounts there are, or of which form the login is. All types need it.
    pub secret_sub_type: Option<SecretSubType>,
    /// The RDS instance (`DBInstanceId`), such as `rm-bp1b3dd3a506e****`.
    pub db_instance_id: Option<String>,
    /// The PolarDB cluster (`DBClusterId`), such as `pc-bp1hsz****`.
    pub db_cluster_id: Option<String>,
    /// The kind of the PolarDB cluster (`DBType`): `MySQL` or `PostgreSQL`.
    pub db_type: Option<String>,
    /// The database that the account may use, of PolarDB for MySQL (`DBName`).
    pub db_name: Option<String>,
    /// The instance of Redis or of ECS (`InstanceId`).
    pub instance_id: Option<String>,
    /// The region of the instance or cluster (`RegionId`).
    pub region_id: Option<String>,
    /// The account of Redis or PolarDB (`AccountName`).
    pub account_name: Option<String>,
    /// The account that takes turns with it (`CloneAccountName`): its name with `_clone` behind it.
    pub clone_account_name: Option<String>,
    /// The kind of the account of PolarDB (`AccountType`): `Normal`.
    pub account_type: Option<String>,
    /// What the account may do (`AccountPrivilege`), such as `RoleReadOnly` for Redis.
    pub account_privilege: Option<String>,
    /// The RAM user whose access keys it holds (`UserName`).
    pub user_name: Option<String>,
    /// What the users of the secret keep with it, at most 10 pairs (`CustomData`). The service does not look at it.
    pub custom_data: Map<String, Value>,
    /// Fields that this version of the crate does not know.
    pub extra: Map<String, Value>,
    /// The service's own text when it is not the JSON that it should be; then nothing else is set.
    pub raw: Option<String>,
}

impl ExtendedConfig {
    /// For [`Rds`](crate::secrets::SecretType::Rds): [`SingleUser`](SecretSubType::SingleUser) or
    /// [`DoubleUsers`](SecretSubType::DoubleUsers), and the instance.
    #[must_use]
    pub fn rds(sub_type: SecretSubType, db_instance_id: impl Into<String>) -> Self {
        Self { db_instance_id: Some(db_instance_id.into()), ..Self::of(sub_type) }
    }

    /// For [`Redis`](crate::secrets::SecretType::Redis): the instance with its region, and the account with what it may do, such as
    /// `RoleReadOnly`.
    #[must_use]
    pub fn redis(
        region_id: impl Into<String>,
        instance_id: impl Into<String>,
        account_name: impl Into<String>,
        account_privilege: impl Into<String>,
    ) -> Self {
        Self {
            region_id: Some(region_id.into()),
            instance_id: Some(instance_id.into()),
            account_privilege: Some(account_privilege.into()),
            ..Self::two_accounts(account_name.into())
        }
    }

    /// For [`RamCredentials`](crate::secrets::SecretType::RamCredentials): the RAM user whose access keys the secret holds.
    #[must_use]
    pub fn ram_credentials(user_name: impl Into<String>) -> Self {
        Self { user_name: Some(user_name.into()), ..Self::of(SecretSubType::RamUserAccessKey) }
    }

    /// For [`Ecs`](crate::secrets::SecretType::Ecs): [`Password`](SecretSubType::Password) or [`SshKey`](SecretSubType::SshKey), and the
    /// instance with its region.
    #[must_use]
    pub fn ecs(
        sub_type: SecretSubType,
        region_id: impl Into<String>,
        instance_id: impl Into<String>,
    ) -> Self {
        Self {
            region_id: Some(region_id.into()),
            instance_id: Some(instance_id.into()),
            ..Self::of(sub_type)
        }
    }

    /// For [`PolarDb`](crate::secrets::SecretType::PolarDb): the cluster with its region and kind, `MySQL` or `PostgreSQL`, and the
    /// account.
    ///
    /// For MySQL, [`account_privilege`](Self::account_privilege) and [`db_name`](Self::db_name) can be set besides.
    #[must_use]
    pub fn polar_db(
        region_id: impl Into<String>,
        db_cluster_id: impl Into<String>,
        db_type: impl Into<String>,
        account_name: impl Into<String>,
    ) -> Self {
        Self {
            region_id: Some(region_id.into()),
            db_cluster_id: Some(db_cluster_id.into()),
            db_type: Some(db_type.into()),
            // The only one there is, and not told to be the default.
            account_type: Some("Normal".to_owned()),
            ..Self::two_accounts(account_name.into())
        }
    }

    /// Adds a pair to [`custom_data`](Self::custom_data).
    #[must_use]
    pub fn custom_data(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.custom_data.insert(key.into(), value.into());
        self
    }

    fn of(sub_type: SecretSubType) -> Self {
        Self { secret_sub_type: Some(sub_type), ..Self::default() }
    }

    fn two_accounts(account_name: String) -> Self {
        Self {
            clone_account_name: Some(format!("{account_name}_clone")),
            account_name: Some(account_name),
            ..Self::of(SecretSubType::DoubleUsers)
        }
    }

    /// The fields that are texts, by the service's names: for reading and for writing.
    fn texts(&mut self) -> [(&'static str, &mut Option<String>); 11] {
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

    fn of_members(mut fields: Fields) -> Result<Self, FieldError> {
        let mut config = Self {
            secret_sub_type: fields.optional_text("SecretSubType")?.map(Into::into),
            custom_data: fields.object("CustomData")?.map(Fields::rest).unwrap_or_default(),
            ..Self::default()
        };
        for (name, text) in config.texts() {
            *text = fields.optional_text(name)?;
        }
        Ok(Self { extra: fields.rest(), ..config })
    }

    /// The JSON that an answer holds as a text, or that text if it is something else: the service's own samples are escaped
    /// more often than they should be.
    fn answered(text: String) -> Self {
        let read = match text.parse() {
            Ok(Value::Object(object)) => Self::of_members(object.into()).ok(),
            _ => None,
        };
        read.unwrap_or_else(|| Self { raw: Some(text), ..Self::default() })
    }
}

impl Serialize for ExtendedConfig {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(text) = &self.raw {
            return serializer.serialize_str(text);
        }
        let mut fields = serializer.serialize_map(None)?;
        if let Some(sub_type) = &self.secret_sub_type {
            fields.serialize_entry("SecretSubType", sub_type.as_str())?;
        }
        // Of a copy, since the names stand with the fields that they are read into.
        for (name, text) in self.clone().texts() {
            if let Some(text) = text {
                fields.serialize_entry(name, text.as_str())?;
            }
        }
        if !self.custom_data.is_empty() {
            fields.serialize_entry("CustomData", &self.custom_data)?;
        }
        for (name, value) in &self.extra {
            fields.serialize_entry(name, value)?;
        }
        fields.end()
    }
}

/// An object, or the JSON text of one.
impl<'de> Deserialize<'de> for ExtendedConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self::answered(text)),
            Value::Object(object) => Self::of_members(object.into()).map_err(D::Error::custom),
            _ => Err(D::Error::custom("neither an object nor the text of one")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(config: &ExtendedConfig) -> Value {
        serde_json::to_value(config).unwrap()
    }

    fn read(value: Value) -> ExtendedConfig {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn each_type_has_the_fields_that_it_needs() {
        let rds = ExtendedConfig::rds(SecretSubType::SingleUser, "rm-1");
        assert_eq!(written(&rds), json!({"SecretSubType": "SingleUser", "DBInstanceId": "rm-1"}));
        assert_eq!(
            written(&ExtendedConfig::redis("cn-hangzhou", "r-1", "app", "RoleReadOnly")),
            json!({
                "SecretSubType": "DoubleUsers", "RegionId": "cn-hangzhou", "InstanceId": "r-1", "AccountName": "app",
                "CloneAccountName": "app_clone", "AccountPrivilege": "RoleReadOnly",
            })
        );
        assert_eq!(
            written(&ExtendedConfig::ram_credentials("robot").custom_data("team", "core")),
            json!({"SecretSubType": "RamUserAccessKey", "UserName": "robot", "CustomData": {"team": "core"}})
        );
        assert_eq!(
            written(&ExtendedConfig::ecs(SecretSubType::SshKey, "cn-hangzhou", "i-1")),
            json!({"SecretSubType": "SSHKey", "RegionId": "cn-hangzhou", "InstanceId": "i-1"})
        );
        assert_eq!(
            written(&ExtendedConfig::polar_db("cn-hangzhou", "pc-1", "MySQL", "app")),
            json!({
                "SecretSubType": "DoubleUsers", "RegionId": "cn-hangzhou", "DBClusterId": "pc-1", "DBType": "MySQL",
                "AccountName": "app", "CloneAccountName": "app_clone", "AccountType": "Normal",
            })
        );
    }

    #[test]
    fn the_text_of_an_answer_is_read_and_new_fields_are_kept() {
        let text = r#"{"SecretSubType":"Quantum","DBInstanceId":"rm-1","CustomData":{"Port":3306},"New":[1],"UserName":null}"#;
        let config = read(json!(text));
        assert_eq!(config.secret_sub_type, Some(SecretSubType::Unknown("Quantum".into())));
        assert_eq!(config.custom_data["Port"], 3306);
        assert_eq!(config.extra["New"], json!([1]));
        assert_eq!(read(written(&config)), config);
        let hollow = read(json!(r#"{"CustomData":null}"#));
        assert_eq!(hollow, ExtendedConfig::default());
    }

    #[test]
    fn a_text_that_is_something_else_is_kept_as_it_is() {
        for text in [
            r#"{\"SecretSubType\":\"SingleUser\"}"#,
            r#"{"SecretSubType":"SingleUser"} and more"#,
            r#"{"UserName":7}"#,
            "[]",
            "plain",
        ] {
            let config = read(json!(text));
            assert_eq!(config.raw.as_deref(), Some(text));
            assert_eq!(config.secret_sub_type, None);
            assert_eq!(written(&config), json!(text));
        }
        assert!(serde_json::from_value::<ExtendedConfig>(json!(7)).is_err());
    }
}
