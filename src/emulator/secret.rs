//! [`EmulatedSecret`]: a secret as a test describes it.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::rotation::Rotation;
use super::time::shifted;
use super::versions::{CURRENT, Version};
use crate::types::{ExtendedConfig, SecretType, SecretValue, VersionStage, wire};

/// The type of secrets whose values KMS does not manage.
pub(super) const GENERIC: &str = "Generic";

/// A secret to add to an [`Emulator`](super::Emulator).
///
/// Only the name is required. The other defaults follow the service: the type is `Generic`, there
/// are no tags, and both times are the emulator's time when the secret is added. Without a
/// [`value`](Self::value) the secret has a version `v1` with the value `emulated-value`.
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
/// Secrets can also be read from JSON, with the service's own field names. An unknown field is an
/// error, so that a misspelt one is noticed:
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
    /// `OwingService` is the service's own spelling.
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
    rotation_interval: Option<RotationInterval>,
    next_rotation_date: Option<DateTime<Utc>>,
}

/// An interval in the service's form, such as `7d`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
struct RotationInterval(Duration);

impl TryFrom<String> for RotationInterval {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let interval = wire::parse_duration(&text);
        let error =
            || format!("`RotationInterval` must be a number and s, m, h or d, got {text:?}");
        interval.map(Self).ok_or_else(error)
    }
}

/// One version of a secret.
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
    /// Creates a secret of type `Generic` with this name (`SecretName`), which identifies it.
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
            rotation_interval: None,
            next_rotation_date: None,
        }
    }

    /// Sets the type (`SecretType`): a [`SecretType`] or the service's name of one, known to this
    /// crate or not.
    #[must_use]
    pub fn secret_type(mut self, secret_type: impl Into<SecretType>) -> Self {
        self.secret_type = secret_type.into().into();
        self
    }

    /// Sets the description (`Description`). Listings do not contain it.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Sets the creation time (`CreateTime`), which responses contain in whole seconds.
    #[must_use]
    pub fn create_time(mut self, time: DateTime<Utc>) -> Self {
        self.create_time = Some(time);
        self
    }

    /// Sets the time of the latest change (`UpdateTime`), which responses contain in whole seconds.
    /// The default is the creation time.
    #[must_use]
    pub fn update_time(mut self, time: DateTime<Utc>) -> Self {
        self.update_time = Some(time);
        self
    }

    /// Schedules the deletion of the secret (`PlannedDeleteTime`). It is pending deletion until the
    /// emulator's time reaches this time, and does not exist from then on.
    #[must_use]
    pub fn planned_delete_time(mut self, time: DateTime<Utc>) -> Self {
        self.planned_delete_time = Some(time);
        self
    }

    /// Adds a tag. It replaces one with the same key.
    #[must_use]
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        let tag = EmulatedTag { key: key.into(), value: value.into() };
        self.tags.retain(|old| old.key != tag.key);
        self.tags.push(tag);
        self
    }

    /// Sets the cloud service that owns the secret (`OwingService`, as the service spells it).
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

    /// Sets the KMS key that encrypts the secret (`EncryptionKeyId`). If the emulator has or had a
    /// key with this id, the value can be read only while the key is enabled.
    #[must_use]
    pub fn encryption_key_id(mut self, key_id: impl Into<String>) -> Self {
        self.encryption_key_id = key_id.into();
        self
    }

    /// Sets the extended configuration (`ExtendedConfig`, in JSON an object), which only secrets of
    /// other types than `Generic` have.
    #[must_use]
    pub fn extended_config(mut self, config: &ExtendedConfig) -> Self {
        if let Ok(Value::Object(fields)) = serde_json::to_value(config) {
            self.extended_config = fields;
        }
        self
    }

    /// Sets the creator, which only the filter key `Creator` uses.
    #[must_use]
    pub fn creator(mut self, creator: impl Into<String>) -> Self {
        self.creator = creator.into();
        self
    }

    /// Enables automatic rotation (`RotationInterval`, in JSON a text such as `7d`, and
    /// `NextRotationDate`): the emulator rotates the secret when its time reaches `next`, and then
    /// at every interval. It has no effect on a secret of type `Generic`.
    ///
    /// A rotated secret has a new current version with a generated value:
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use alibabacloud_kms::chrono::TimeDelta;
    /// use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let emulator = Emulator::in_process();
    /// let day = Duration::from_secs(24 * 60 * 60);
    /// let next = emulator.time() + TimeDelta::hours(1);
    /// let secret = EmulatedSecret::new("prod/db").secret_type("Rds");
    /// emulator.add_secret(secret.automatic_rotation(day, next));
    ///
    /// let client = emulator.client()?;
    /// assert_eq!(client.get_secret_value("prod/db").await?.version_id, "v1");
    /// emulator.advance(TimeDelta::hours(2));
    /// assert_ne!(client.get_secret_value("prod/db").await?.version_id, "v1");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn automatic_rotation(mut self, interval: Duration, next: DateTime<Utc>) -> Self {
        self.rotation_interval = Some(RotationInterval(interval));
        self.next_rotation_date = Some(next);
        self
    }

    /// Adds a version with this value. It is the current one until another is added. Its id is
    /// `v1`, that of the next one `v2`, and so on.
    #[must_use]
    pub fn value(self, value: SecretValue) -> Self {
        let id = format!("v{}", self.versions.len() + 1);
        self.version(id, value)
    }

    /// Adds a version with this id (`VersionId`). It is the current one until another is added.
    #[must_use]
    pub fn version(self, id: impl Into<String>, value: SecretValue) -> Self {
        self.version_with_stages(id, value, [VersionStage::Current])
    }

    /// Adds a version with these stages (`VersionStages`), which earlier versions lose.
    ///
    /// In JSON `Versions` is a list of objects with `VersionId`, `SecretData` and, unless they are
    /// `text` and `["ACSCurrent"]`, `SecretDataType` and `VersionStages`.
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
    /// let request = GetSecretValueRequest::new("prod/db").version_stage(canary);
    /// let next = client.get_secret_value(request).await?;
    /// assert_eq!((&*next.version_id, next.value.expose_secret()), ("2026-12", "fake-next"));
    /// assert_eq!(client.get_secret_value("prod/db").await?.version_id, "2026-11");
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

    /// Returns its versions, all created at this time.
    pub(super) fn versions(&self, create_time: DateTime<Utc>) -> Vec<Version> {
        let default = || EmulatedVersion {
            id: "v1".to_owned(),
            data: "emulated-value".into(),
            data_type: text(),
            stages: current(),
        };
        let given = self.versions.iter().cloned();
        let versions = given.chain(self.versions.is_empty().then(default));
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

    /// Returns its rotation, counted from the creation unless the next one is set.
    pub(super) fn rotation(&self, create_time: DateTime<Utc>) -> Rotation {
        let interval = self.rotation_interval.filter(|_| self.secret_type != GENERIC);
        let Some(RotationInterval(interval)) = interval else { return Rotation::default() };
        let after_creation =
            || shifted(create_time, TimeDelta::from_std(interval).unwrap_or(TimeDelta::MAX));
        let next = self.next_rotation_date.unwrap_or_else(after_creation);
        Rotation::scheduled(interval, next)
    }

    /// Returns what is ambiguous in it: a version id or a tag key that occurs twice.
    pub(super) fn duplicate(&self) -> Option<String> {
        let version_ids = self.versions.iter().map(|version| ("VersionId", &version.id));
        let tag_keys = self.tags.iter().map(|tag| ("TagKey", &tag.key));
        let mut seen = BTreeSet::new();
        let (field, value) = version_ids.chain(tag_keys).find(|pair| !seen.insert(*pair))?;
        Some(format!("the secret {:?} has the {field} {value:?} twice", self.name))
    }

    /// Returns the name (`SecretName`).
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: &str) -> Result<EmulatedSecret, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn rotation_is_read_from_json() {
        let created = DateTime::UNIX_EPOCH;
        let next = |json: &str| {
            let rotation = parse(json).unwrap().rotation(created);
            rotation.schedule().map(|schedule| (schedule.next - created).num_hours())
        };
        let rds = r#"{"SecretName":"a","SecretType":"Rds","RotationInterval":"7d"}"#;
        assert_eq!(next(rds), Some(7 * 24));
        let at = r#"{"SecretName":"a","SecretType":"Rds","RotationInterval":"7d",
            "NextRotationDate":"1970-01-02T00:00:00Z"}"#;
        assert_eq!(next(at), Some(24));
        assert_eq!(next(r#"{"SecretName":"a","RotationInterval":"7d"}"#), None);
        let error = parse(r#"{"SecretName":"a","RotationInterval":"weekly"}"#).unwrap_err();
        assert!(error.starts_with("`RotationInterval` must be"), "{error}");
    }

    #[test]
    fn duplicate_version_id_or_tag_key_is_found() {
        let secret = EmulatedSecret::new("a").value(SecretValue::text("fake")).tag("team", "core");
        assert_eq!(secret.duplicate(), None);
        let version = secret.version("v1", SecretValue::text("fake-other")).duplicate();
        assert_eq!(version.unwrap(), r#"the secret "a" has the VersionId "v1" twice"#);
        let tags = r#"{"SecretName":"a","Tags":[{"TagKey":"k","TagValue":"1"},
            {"TagKey":"k","TagValue":"2"}]}"#;
        let tag = parse(tags).unwrap().duplicate();
        assert_eq!(tag.unwrap(), r#"the secret "a" has the TagKey "k" twice"#);
    }
}
