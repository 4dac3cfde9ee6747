//! [`Keys`]: the account's KMS keys and their aliases, found by every name that a request may use.
//!
//! The time is an argument, and ids come from a [`Random`] whose seed is the region's name, so that
//! they are the same in every run. Only material is really random.

mod aliases;
mod ciphertext;
mod crypto_error;
mod encryption_context;
mod import;
mod key;
mod key_state;
mod managed_data_key;
mod material;
mod random;
mod version;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

pub(super) use self::aliases::ALIAS_PREFIX;
use self::aliases::{Aliases, alias_not_found};
pub(super) use self::ciphertext::Ciphertext;
pub(super) use self::crypto_error::CryptoError;
pub(super) use self::encryption_context::EncryptionContext;
pub(super) use self::import::ImportParameters;
pub(super) use self::key::{
    DEFAULT_POLICY, DeletionProtection, Key, KeyAttributes, invalid_key_material,
    rejected_operation,
};
pub(super) use self::key_state::KeyState;
pub(super) use self::managed_data_key::ManagedDataKey;
pub(super) use self::material::{KeyMaterial, WrappingKey, random_bytes, wrap};
pub(super) use self::random::Random;
pub(super) use self::version::KeyVersion;
use super::error_response::ErrorResponse;
use super::region::Region;
use crate::keys::Origin;

/// The quota of an account in a region.
/// <https://www.alibabacloud.com/help/en/kms/support/limits>
const MAX_KEYS: usize = 200;
/// The quota of the versions of all keys.
const MAX_VERSIONS: usize = 10_000;

/// The forms in which an operation accepts the name of a key. Keys of the account itself can always
/// be named by their ids.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum KeyNames {
    /// Only key ids.
    Ids,
    /// Key ids and ARNs of keys.
    IdsAndArns,
    /// Key ids, aliases, and the ARNs of both.
    All,
}

/// Keys by id. Like that of a secret, a scheduled deletion takes effect by time: a key whose time
/// has come does not exist any more, nor do its aliases.
pub(super) struct Keys {
    keys: BTreeMap<String, Key>,
    /// The ids in the order of creation, which is the order of listings.
    order: Vec<String>,
    aliases: Aliases,
    managed_data_keys: BTreeMap<String, ManagedDataKey>,
    random: Random,
    region: Region,
}

impl Keys {
    pub(super) fn new(region: Region) -> Self {
        Self {
            keys: BTreeMap::new(),
            order: Vec::new(),
            aliases: Aliases::default(),
            managed_data_keys: BTreeMap::new(),
            random: Random::seeded(&region.id),
            region,
        }
    }

    /// Creates a key. One whose material is imported has none until then.
    pub(super) fn create(
        &mut self,
        attributes: KeyAttributes,
        now: DateTime<Utc>,
    ) -> Result<&mut Key, ErrorResponse> {
        if self.iter(now).count() >= MAX_KEYS {
            return Err(limit_exceeded("The number of keys exceeds the limit of 200."));
        }
        // Also for a key without material, so that its specification is one that can be imported.
        let generated = KeyMaterial::generate(&attributes.spec)?;
        let material = (attributes.origin != Origin::External).then_some(generated);
        let id = format!("key-hzz{}", self.random.word(18));
        let version = self.new_version(&id, &attributes.instance_id, material, now);
        let key = Key::new(id.clone(), self.region.key_arn(&id), attributes, version, now);
        self.order.push(id.clone());
        Ok(self.keys.entry(id).or_insert(key))
    }

    /// Adds a version with new material, which becomes the primary one.
    pub(super) fn create_version(
        &mut self,
        id: &str,
        now: DateTime<Utc>,
    ) -> Result<&KeyVersion, ErrorResponse> {
        let versions = self.keys.values().map(|key| key.versions().len()).sum::<usize>();
        if versions >= MAX_VERSIONS {
            return Err(limit_exceeded("The number of key versions exceeds the limit of 10000."));
        }
        self.add_version(id, now, now)
    }

    fn add_version(
        &mut self,
        id: &str,
        at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<&KeyVersion, ErrorResponse> {
        let key = self.keys.get(id).filter(|key| key.exists(now)).ok_or_else(key_not_found)?;
        let instance_id = key.attributes.instance_id.clone();
        let material = KeyMaterial::generate(&key.attributes.spec)?;
        let version = self.new_version(id, &instance_id, Some(material), at);
        let key = self.keys.get_mut(id).ok_or_else(key_not_found)?;
        Ok(key.rotate_to(version))
    }

    /// The ids of versions have 36 characters, whichever form they have.
    fn new_version(
        &mut self,
        key_id: &str,
        instance_id: &str,
        material: Option<KeyMaterial>,
        at: DateTime<Utc>,
    ) -> KeyVersion {
        let id = if instance_id.is_empty() {
            self.random.uuid()
        } else {
            format!("{key_id}-{}", self.random.word(10))
        };
        KeyVersion { id, create_time: at, material }
    }

    /// Returns the key of a name in one of the accepted forms, rotated if its rotation was due.
    pub(super) fn find(
        &mut self,
        name: &str,
        accepted: KeyNames,
        now: DateTime<Utc>,
    ) -> Result<&mut Key, ErrorResponse> {
        let id = self.resolve(name, accepted, now)?;
        self.rotate_if_due(&id, now);
        let key = self.keys.get_mut(&id).filter(|key| key.exists(now));
        key.ok_or_else(key_not_found)
    }

    /// Returns the key that has a version, with the version. Ciphertexts name only versions.
    pub(super) fn find_version(
        &self,
        version_id: &str,
        now: DateTime<Utc>,
    ) -> Result<(&Key, &KeyVersion), ErrorResponse> {
        let mut versions =
            self.iter(now).filter_map(|key| Some((key, key.version(version_id).ok()?)));
        versions.next().ok_or_else(key_not_found)
    }

    /// Returns whether a key has or had this id.
    pub(super) fn was_created(&self, id: &str) -> bool {
        self.keys.contains_key(id)
    }

    /// Returns the keys that exist at a time, oldest first.
    pub(super) fn iter(&self, now: DateTime<Utc>) -> impl Iterator<Item = &Key> {
        let keys = self.order.iter().filter_map(|id| self.keys.get(id));
        keys.filter(move |key| key.exists(now))
    }

    pub(super) fn random(&mut self) -> &mut Random {
        &mut self.random
    }

    /// Returns the id in a name, which need not exist.
    fn resolve(
        &self,
        name: &str,
        accepted: KeyNames,
        now: DateTime<Utc>,
    ) -> Result<String, ErrorResponse> {
        if accepted == KeyNames::Ids {
            return if name.starts_with(ALIAS_PREFIX) {
                Err(unsupported_alias())
            } else {
                Ok(name.to_owned())
            };
        }
        let name = self.region.key_name(name);
        match name.starts_with(ALIAS_PREFIX) {
            false => Ok(name.to_owned()),
            true if accepted == KeyNames::All => Ok(self.alias_target(name, now)?.to_owned()),
            true => Err(unsupported_alias()),
        }
    }

    fn rotate_if_due(&mut self, id: &str, now: DateTime<Utc>) {
        let due = self.keys.get(id).and_then(|key| key.rotation_due(now));
        if let Some(at) = due {
            // Its specification was created once, so it is supported.
            let _ = self.add_version(id, at, now);
        }
    }

    /// Returns the id of the key that an alias names, if both exist.
    pub(super) fn alias_target(
        &self,
        alias: &str,
        now: DateTime<Utc>,
    ) -> Result<&str, ErrorResponse> {
        let target = self.aliases.target(alias).filter(|id| self.key_exists(id, now));
        target.ok_or_else(alias_not_found)
    }

    /// Gives a key one more alias.
    pub(super) fn create_alias(
        &mut self,
        alias: &str,
        key_id: &str,
        now: DateTime<Utc>,
    ) -> Result<(), ErrorResponse> {
        if self.alias_target(alias, now).is_ok() {
            let message = "AliasName Already Exists.";
            return Err(ErrorResponse::service(400, "AliasAlreadyExists", message));
        }
        if self.aliases(now).count() >= aliases::MAX_ALIASES {
            return Err(limit_exceeded("The number of aliases exceeds the limit of 300."));
        }
        self.aliases.set(alias, key_id);
        Ok(())
    }

    /// Makes an existing alias name another key.
    pub(super) fn update_alias(
        &mut self,
        alias: &str,
        key_id: &str,
        now: DateTime<Utc>,
    ) -> Result<(), ErrorResponse> {
        self.alias_target(alias, now)?;
        self.aliases.set(alias, key_id);
        Ok(())
    }

    pub(super) fn delete_alias(
        &mut self,
        alias: &str,
        now: DateTime<Utc>,
    ) -> Result<(), ErrorResponse> {
        self.alias_target(alias, now)?;
        self.aliases.remove(alias);
        Ok(())
    }

    /// Returns the aliases of existing keys, each with the id of its key, by name.
    pub(super) fn aliases(&self, now: DateTime<Utc>) -> impl Iterator<Item = (&str, &str)> {
        self.aliases.iter().filter(move |(_, id)| self.key_exists(id, now))
    }

    pub(super) fn alias_arn(&self, alias: &str) -> String {
        self.region.alias_arn(alias)
    }

    fn key_exists(&self, id: &str, now: DateTime<Utc>) -> bool {
        self.keys.get(id).is_some_and(|key| key.exists(now))
    }

    pub(super) fn add_managed_data_key(&mut self, name: String, versions: usize) {
        let data_key = ManagedDataKey::generate(&name, versions, &mut self.random);
        self.managed_data_keys.insert(name, data_key);
    }

    pub(super) fn managed_data_key(&self, name: &str) -> Result<&ManagedDataKey, ErrorResponse> {
        self.managed_data_keys.get(name).ok_or_else(ErrorResponse::resource_not_found)
    }
}

impl Default for Keys {
    fn default() -> Self {
        Self::new(Region::default())
    }
}

/// Returns the error for a key that does not exist.
pub(super) fn key_not_found() -> ErrorResponse {
    let message = "The specified Key is not found.";
    ErrorResponse::service(404, "Forbidden.KeyNotFound", message)
}

/// Returns the error for an alias where only a key id is accepted.
pub(super) fn unsupported_alias() -> ErrorResponse {
    let message = "Alias is not valid for this api.";
    ErrorResponse::service(400, "Unsupported.Alias", message)
}

fn limit_exceeded(message: &'static str) -> ErrorResponse {
    ErrorResponse::service(400, "Rejected.LimitExceeded", message)
}
