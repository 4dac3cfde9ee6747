//! [`Store`]: the account's secrets, in memory and sorted by name, and its keys.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::error_response::ErrorResponse;
use super::keys::{KeyNames, Keys};
use super::region::Region;
use super::rotation::{Rotation, generated_value};
use super::secret::{EmulatedSecret, EmulatedTag, GENERIC};
use super::versions::{CURRENT, Version, Versions, already_exists};

/// The order of `ListSecrets`, which the service's documentation leaves open.
///
/// It decides what a program sees that lists secrets while others are created and deleted. A
/// deletion makes a later page skip a secret in any order. A creation makes one appear twice if the
/// order is by name or newest first, and has no effect if it is by creation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListOrder {
    /// By name, in byte order.
    #[default]
    Name,
    /// Oldest first.
    Creation,
    /// Newest first.
    NewestFirst,
}

/// Secrets by name. A scheduled deletion takes effect by time: a secret whose time has come does
/// not exist any more.
#[derive(Default)]
pub(super) struct Store {
    secrets: BTreeMap<String, StoredSecret>,
    list_order: ListOrder,
    region: Region,
    pub(super) keys: Keys,
}

/// A secret with its state in the account.
pub(super) struct StoredSecret {
    pub(super) arn: String,
    pub(super) secret: EmulatedSecret,
    pub(super) create_time: DateTime<Utc>,
    pub(super) update_time: DateTime<Utc>,
    pub(super) versions: Versions,
    pub(super) rotation: Rotation,
    /// The JSON text of its policy, which only a secret in a KMS instance shows.
    pub(super) policy: String,
}

/// The initial policy, which allows the account everything. The text is that of the service's own
/// sample.
const DEFAULT_POLICY: &str = concat!(
    r#"{"Version":"1","Statement":[{"Sid":"kms default secret policy","Effect":"Allow","#,
    r#""Principal":{"RAM":["acs:ram::1234567890123456:*"]},"Action":["kms:*"],"Resource":["*"]}]}"#
);

impl Store {
    pub(super) fn new(region: Region, list_order: ListOrder) -> Self {
        let keys = Keys::new(region.clone());
        Self { region, list_order, secrets: BTreeMap::new(), keys }
    }

    /// Returns the region that its secrets are in.
    pub(super) fn region(&self) -> &Region {
        &self.region
    }

    /// Adds a secret. It replaces one of the same name.
    pub(super) fn add(&mut self, secret: EmulatedSecret, now: DateTime<Utc>) {
        let create_time = secret.create_time.unwrap_or(now);
        let update_time = secret.update_time.unwrap_or(create_time);
        let mut versions = Versions::default();
        for version in secret.versions(create_time) {
            // A second version of the same id is an error of the test; the first one counts.
            let _ = versions.put(version);
        }
        let stored = StoredSecret {
            arn: self.region.secret_arn(&secret.name),
            rotation: secret.rotation(create_time),
            secret,
            create_time,
            update_time,
            versions,
            policy: DEFAULT_POLICY.to_owned(),
        };
        self.secrets.insert(stored.secret.name.clone(), stored);
    }

    /// Adds a new secret, unless its name is in use.
    pub(super) fn create(
        &mut self,
        secret: EmulatedSecret,
        now: DateTime<Utc>,
    ) -> Result<&mut StoredSecret, ErrorResponse> {
        let name = secret.name.clone();
        match self.secrets.get(&name).filter(|stored| stored.exists(now)) {
            Some(stored) if stored.secret.planned_delete_time.is_some() => {
                return Err(pending_deletion());
            }
            Some(_) => return Err(already_exists("The specified secret exists already.")),
            None => self.add(secret, now),
        }
        self.find(&name, now)
    }

    /// Returns the secret of this name or ARN, rotated if its rotation was due. KMS cannot encrypt
    /// the new value of a secret while its key is unusable.
    pub(super) fn find(
        &mut self,
        name_or_arn: &str,
        now: DateTime<Utc>,
    ) -> Result<&mut StoredSecret, ErrorResponse> {
        let name = self.region.secret_name(name_or_arn);
        let found = self.secrets.get_mut(name).filter(|stored| stored.exists(now));
        let stored = found.ok_or_else(ErrorResponse::resource_not_found)?;
        if require_encryption_key(&mut self.keys, &stored.secret.encryption_key_id, now).is_ok() {
            stored.rotate_if_due(now);
        }
        Ok(stored)
    }

    /// Returns the secret of this name or ARN, unless it is pending deletion.
    pub(super) fn find_active(
        &mut self,
        name_or_arn: &str,
        now: DateTime<Utc>,
    ) -> Result<&mut StoredSecret, ErrorResponse> {
        let stored = self.find(name_or_arn, now)?;
        match stored.secret.planned_delete_time {
            None => Ok(stored),
            Some(_) => Err(pending_deletion()),
        }
    }

    /// Returns the secret of this name or ARN, if its values can be decrypted.
    pub(super) fn find_decryptable(
        &mut self,
        name_or_arn: &str,
        now: DateTime<Utc>,
    ) -> Result<&mut StoredSecret, ErrorResponse> {
        let key_id = self.find(name_or_arn, now)?.secret.encryption_key_id.clone();
        self.require_encryption_key(&key_id, now)?;
        self.find(name_or_arn, now)
    }

    /// Rejects a key that cannot encrypt or decrypt the values of secrets now.
    ///
    /// Tests describe secrets with any key id, so a key that the account never had is accepted, as
    /// is the empty id of the service's own key.
    pub(super) fn require_encryption_key(
        &mut self,
        key_id: &str,
        now: DateTime<Utc>,
    ) -> Result<(), ErrorResponse> {
        require_encryption_key(&mut self.keys, key_id, now)
    }

    /// Returns the tags of a secret, to change them.
    pub(super) fn secret_tags(
        &mut self,
        name: &str,
        now: DateTime<Utc>,
    ) -> Result<&mut Vec<EmulatedTag>, ErrorResponse> {
        Ok(&mut self.find(name, now)?.secret.tags)
    }

    /// Returns the tags of a key, to change them, unless it is pending deletion.
    pub(super) fn key_tags(
        &mut self,
        id: &str,
        now: DateTime<Utc>,
    ) -> Result<&mut Vec<EmulatedTag>, ErrorResponse> {
        let key = self.keys.find(id, KeyNames::Ids, now)?;
        key.state(now).require_not_deleted()?;
        Ok(&mut key.attributes.tags)
    }

    /// Removes a secret without a recovery window. Returns false if it did not exist.
    pub(super) fn remove(&mut self, name: &str, now: DateTime<Utc>) -> bool {
        self.secrets.remove(name).is_some_and(|stored| stored.exists(now))
    }

    /// Returns the secrets that exist at a time, by name in byte order.
    pub(super) fn iter(&self, now: DateTime<Utc>) -> impl Iterator<Item = &StoredSecret> {
        self.secrets.values().filter(move |stored| stored.exists(now))
    }

    /// Returns the secrets that exist at a time, in the order of listings. Secrets of the same
    /// creation time are in the order of their names.
    pub(super) fn listed(&self, now: DateTime<Utc>) -> Vec<&StoredSecret> {
        let mut listed: Vec<_> = self.iter(now).collect();
        match self.list_order {
            ListOrder::Name => {}
            ListOrder::Creation => listed.sort_by_key(|stored| stored.create_time),
            ListOrder::NewestFirst => listed.sort_by_key(|stored| Reverse(stored.create_time)),
        }
        listed
    }
}

impl StoredSecret {
    /// Makes a version with a generated value the current one, unless the version exists already.
    pub(super) fn rotate(
        &mut self,
        version_id: &str,
        at: DateTime<Utc>,
    ) -> Result<(), ErrorResponse> {
        if self.versions.get(version_id).is_some() {
            return Ok(());
        }
        self.versions.put(Version {
            id: version_id.to_owned(),
            data: generated_value(&self.secret.secret_type, version_id).into(),
            data_type: "text".to_owned(),
            stages: vec![CURRENT.to_owned()],
            create_time: at,
        })?;
        self.rotation.record(at);
        self.update_time = at;
        Ok(())
    }

    /// Executes the latest scheduled rotation that has passed, unless the secret is pending
    /// deletion.
    fn rotate_if_due(&mut self, now: DateTime<Utc>) {
        if self.secret.planned_delete_time.is_some() {
            return;
        }
        if let Some(at) = self.rotation.due(now) {
            // A secret with too many stages for one more version stays as it is.
            let _ = self.rotate(&format!("rotated-{}", at.timestamp()), at);
        }
    }

    /// Returns whether only its users change its value, and KMS never does.
    pub(super) fn is_generic(&self) -> bool {
        self.secret.secret_type == GENERIC
    }

    /// Returns the JSON text of the extended configuration, which only a managed secret has.
    pub(super) fn extended_config(&self) -> Option<String> {
        let text = || Value::from(self.secret.extended_config.clone()).to_string();
        (!self.is_generic()).then(text)
    }

    fn exists(&self, now: DateTime<Utc>) -> bool {
        self.secret.planned_delete_time.is_none_or(|planned| now < planned)
    }
}

fn require_encryption_key(
    keys: &mut Keys,
    key_id: &str,
    now: DateTime<Utc>,
) -> Result<(), ErrorResponse> {
    if !keys.was_created(key_id) {
        return Ok(());
    }
    let key = keys.find(key_id, KeyNames::Ids, now)?;
    key.state(now).require_enabled()?;
    if key.is_symmetric() {
        return Ok(());
    }
    Err(ErrorResponse::invalid_parameter("EncryptionKeyId", "a symmetric key"))
}

fn pending_deletion() -> ErrorResponse {
    let message = "The specified secret is pending deletion.";
    ErrorResponse::service(409, "Rejected.ResourceInDeleteWindow", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn names(store: &Store, now: DateTime<Utc>) -> Vec<&str> {
        store.iter(now).map(|stored| stored.secret.name()).collect()
    }

    #[test]
    fn secrets_are_sorted_and_names_are_unique() {
        let mut store = Store::default();
        for name in ["b", "a", "B", "a"] {
            store.add(EmulatedSecret::new(name), at(0));
        }
        assert_eq!(names(&store, at(0)), ["B", "a", "b"]);
        assert!(store.remove("a", at(0)));
        assert!(!store.remove("a", at(0)));
    }

    #[test]
    fn secrets_are_listed_in_the_configured_order() {
        for (order, names) in [
            (ListOrder::Name, ["a", "b", "c", "d"]),
            (ListOrder::Creation, ["c", "a", "d", "b"]),
            (ListOrder::NewestFirst, ["b", "a", "d", "c"]),
        ] {
            let mut store = Store::new(Region::default(), order);
            for (name, created) in [("a", 2), ("b", 3), ("c", 1), ("d", 2)] {
                store.add(EmulatedSecret::new(name), at(created));
            }
            let listed = store.listed(at(9)).into_iter();
            assert_eq!(listed.map(|stored| stored.secret.name()).collect::<Vec<_>>(), names);
        }
    }

    #[test]
    fn secret_is_gone_from_its_deletion_time_on() {
        let mut store = Store::default();
        store.add(EmulatedSecret::new("a").planned_delete_time(at(100)), at(0));
        assert_eq!(names(&store, at(99)), ["a"]);
        assert!(names(&store, at(100)).is_empty());
        assert!(!store.remove("a", at(100)));
    }

    #[test]
    fn secret_is_rotated_only_while_it_is_not_pending_deletion() {
        let mut store = Store::default();
        let secret = EmulatedSecret::new("a").secret_type("Rds").planned_delete_time(at(100));
        let day = std::time::Duration::from_secs(24 * 60 * 60);
        store.add(secret.automatic_rotation(day, at(10)), at(0));
        let stored = store.find("a", at(20)).unwrap();
        assert_eq!(stored.versions.iter().count(), 1);
        stored.secret.planned_delete_time = None;
        assert_eq!(store.find("a", at(20)).unwrap().versions.iter().count(), 2);
    }

    #[test]
    fn times_default_to_the_times_of_adding_and_creation() {
        let mut store = Store::default();
        store.add(EmulatedSecret::new("a"), at(5));
        store.add(EmulatedSecret::new("b").create_time(at(1)), at(5));
        let times: Vec<_> =
            store.iter(at(9)).map(|stored| (stored.create_time, stored.update_time)).collect();
        assert_eq!(times, [(at(5), at(5)), (at(1), at(1))]);
    }
}
