//! [`EmulatedSecret`]: what a test says about a secret.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::versions::{CURRENT, Version};
use crate::types::{ExtendedConfig, SecretType, SecretValue, VersionStage};

/// The type of secrets whose value is their users' own affair.
pub(super) const GENERIC: &str = "Generic";

/// A secret to put into an [`Emulator`](super::Emulator).
///
/// Only the name is needed. The rest follows the service: the type is `Generic`, there are no tags, and both times are the
/// emulator's time at which the secret was added. Without a [`value`](Self::value) there is a version `v1` that holds
/// `emulated-value`.
///
/// ```
/// use alibabacloud_kms::emulator::EmulatedSecret;
///
/// let secret = EmulatedSecret::new("prod/db")
///     .secret_type("Rds")
///     .description("main database")
///     .tag("team", "core");
/// # let _ = secret;
/// ```
///
/// A list of secrets can also be read from JSON, with the service's own field names. A name that is not one of them is an
/// error, so that a misspelt one does not go unnoticed:
///
/// ```
/// use alibabacloud_kms::emulator::EmulatedSecret;
///
/// let seed = r#"[{
///     "SecretName": "prod/db", "SecretType": "Rds", "Description": "main database",
///     "CreateTime": "2024-07-17T07:59:05Z", "PlannedDeleteTime": "2099-01-01T00:00:00Z",
///     "Tags": [{"TagKey": "team", "TagValue": "core"}]
/// }]"#;
/// let secrets: Vec<EmulatedSecret> = serde_json::from_str(seed)?;
/// assert_eq!(secrets.len(), 1);
///
/// let misspelt = serde_json::from_str::<EmulatedSecret>(r#"{"SecretName": "x", "Tag": []}"#);
/// assert!(misspelt.unwrap_err().to_string().starts_with("unknown field `Tag`"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct EmulatedSecret {
    #[serde(rename = "SecretName")]
    pub(super) name: String,
    #[serde(default = "generic")]
    pub(super) secret_type: String,
    #[serde(default)]
    pub(super) description: String,
    pub(super) create_time: Option<DateTime<Utc>>,
    pub(super) update_time: Option<DateTime<Utc>>,
    pub(super) planned_delete_time: Option<DateTime<Utc>>,
    #[serde(default)]
    pub(super) tags: Vec<EmulatedTag>,
    /// The service's own spelling.
    #[serde(default, rename = "OwingService")]
    pub(super) owning_service: String,
    #[serde(default, rename = "DKMSInstanceId")]
    pub(super) instance_id: String,
    #[serde(default)]
    pub(super) encryption_key_id: String,
    #[serde(default)]
    pub(super) extended_config: Map<String, Value>,
    #[serde(default)]
    pub(super) creator: String,
    #[serde(default)]
    versions: Vec<EmulatedVersion>,
}

/// What a secret has had as its value, oldest first.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct EmulatedVersion {
    #[serde(rename = "VersionId")]
    id: String,
    #[serde(rename = "SecretData")]
    data: SecretString,
    #[serde(rename = "SecretDataType", default = "text")]
    data_type: String,
    #[serde(rename = "VersionStages", default = "current")]
    stages: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct EmulatedTag {
    #[serde(rename = "TagKey")]
    pub(super) key: String,
    #[serde(rename = "TagValue")]
    pub(super) value: String,
}

fn generic() -> String {
    GENERIC.to_owned()
}

fn text() -> String {
    "text".to_owned()
}

fn current() -> Vec<String> {
    vec![CURRENT.to_owned()]
}

impl EmulatedSecret {
    /// A secret of type `Generic` with nothing but a name (`SecretName`), which identifies it.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            secret_type: generic(),
            description: String::new(),
            create_time: None,
            update_time: None,
            planned_delete_time: None,
            tags: Vec::new(),
            owning_service: String::new(),
            instance_id: String::new(),
            encryption_key_id: String::new(),
            extended_config: Map::new(),
            creator: String::new(),
            versions: Vec::new(),
        }
    }

    /// Says what it opens (`SecretType`): a [`SecretType`] or the service's name of one, known here or not.
    #[must_use]
    pub fn secret_type(mut self, secret_type: impl Into<SecretType>) -> Self {
        self.secret_type = secret_type.into().into();
        self
    }

    /// Sets what is said of it in words (`Description`); listings do not show it.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Sets when it was created (`CreateTime`; shown in whole seconds).
    #[must_use]
    pub fn create_time(mut self, time: DateTime<Utc>) -> Self {
        self.create_time = Some(time);
        self
    }

    /// Sets when it was last changed (`UpdateTime`; shown in whole seconds). Left out, it is the time of creation.
    #[must_use]
    pub fn update_time(mut self, time: DateTime<Utc>) -> Self {
        self.update_time = Some(time);
        self
    }

    /// Makes the secret one that awaits deletion: it is listed with its `PlannedDeleteTime` until the emulator's time reaches
    /// it, and is gone from then on.
    #[must_use]
    pub fn planned_delete_time(mut self, time: DateTime<Utc>) -> Self {
        self.planned_delete_time = Some(time);
        self
    }

    /// Adds a tag; one with the same key is replaced.
    #[must_use]
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        let tag = EmulatedTag { key: key.into(), value: value.into() };
        self.tags.retain(|old| old.key != tag.key);
        self.tags.push(tag);
        self
    }

    /// Sets the cloud service that keeps the secret for itself (`OwingService`, as the service spells it).
    #[must_use]
    pub fn owning_service(mut self, service: impl Into<String>) -> Self {
        self.owning_service = service.into();
        self
    }

    /// Sets the KMS instance that holds the secret (`DKMSInstanceId`).
    #[must_use]
    pub fn instance_id(mut self, instance_id: impl Into<String>) -> Self {
        self.instance_id = instance_id.into();
        self
    }

    /// Sets the key that protects the secret (`EncryptionKeyId`). Nothing is encrypted with it.
    #[must_use]
    pub fn encryption_key_id(mut self, key_id: impl Into<String>) -> Self {
        self.encryption_key_id = key_id.into();
        self
    }

    /// Sets what a secret of another type than `Generic` opens (`ExtendedConfig`, in JSON an object).
    #[must_use]
    pub fn extended_config(mut self, config: &ExtendedConfig) -> Self {
        if let Ok(Value::Object(fields)) = serde_json::to_value(config) {
            self.extended_config = fields;
        }
        self
    }

    /// Sets who created the secret; only the filter key `Creator` looks at it.
    #[must_use]
    pub fn creator(mut self, creator: impl Into<String>) -> Self {
        self.creator = creator.into();
        self
    }

    /// Adds a version with this value, which is the current one until another is added. Its id is `v1`, that of the next one
    /// `v2`, and so on.
    #[must_use]
    pub fn value(self, value: SecretValue) -> Self {
        let id = format!("v{}", self.versions.len() + 1);
        self.version(id, value)
    }

    /// Adds a version of this id (`VersionId`), which is the current one until another is added.
    #[must_use]
    pub fn version(self, id: impl Into<String>, value: SecretValue) -> Self {
        self.version_with_stages(id, value, [VersionStage::Current])
    }

    /// Adds a version with these labels (`VersionStages`), which earlier versions lose. In JSON `Versions` are a list of
    /// objects with `VersionId`, `SecretData` and, where they are others than `text` and `["ACSCurrent"]`, `SecretDataType`
    /// and `VersionStages`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// use alibabacloud_kms::secrets::{GetSecretValueRequest, SecretValue, VersionStage};
    ///
    /// let emulator = Emulator::start().await?;
    /// let canary = VersionStage::from("canary");
    /// emulator.add_secret(
    ///     EmulatedSecret::new("prod/db")
    ///         .version("2026-11", SecretValue::text("fake-current"))
    ///         .version_with_stages("2026-12", SecretValue::text("fake-next"), [canary.clone()]),
    /// );
    ///
    /// let client = emulator.client()?;
    /// let next = client.get_secret_value(GetSecretValueRequest::new("prod/db").version_stage(canary)).await?;
    /// assert_eq!((&*next.version_id, next.value.expose_secret()), ("2026-12", "fake-next"));
    /// assert_eq!(client.get_secret_value(GetSecretValueRequest::new("prod/db")).await?.version_id, "2026-11");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn version_with_stages(
        mut self,
        id: impl Into<String>,
        value: SecretValue,
        stages: impl IntoIterator<Item = VersionStage>,
    ) -> Self {
        self.versions.push(EmulatedVersion {
            id: id.into(),
            data: value.expose_secret().into(),
            data_type: value.data_type().to_string(),
            stages: stages.into_iter().map(String::from).collect(),
        });
        self
    }

    /// The versions to begin with, created at a time.
    pub(super) fn versions(&self, create_time: DateTime<Utc>) -> Vec<Version> {
        let made_up = || EmulatedVersion {
            id: "v1".to_owned(),
            data: "emulated-value".into(),
            data_type: text(),
            stages: current(),
        };
        let given = self.versions.iter().cloned();
        let versions = given.chain(self.versions.is_empty().then(made_up));
        versions
            .map(|EmulatedVersion { id, data, data_type, stages }| Version {
                id,
                data,
                data_type,
                stages,
                create_time,
            })
            .collect()
    }

    /// The name it is listed under.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}
