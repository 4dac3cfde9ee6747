//! [`CachedSecret`]: a value that is shared by all its readers.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::atomic_time::AtomicTime;
use super::parsed::ParsedValues;
use super::secret_key::SecretKey;
use super::timer::Timer;
use crate::secrets::{
    ExtendedConfig, GetSecretValueResponse, RotationState, SecretType, SecretValue, VersionStage,
};

/// A version of a secret as the cache holds it. Readers share it:
/// [`SecretCache`](super::SecretCache) returns an [`Arc`], and the value is wiped from memory when
/// the cache and the last reader have dropped theirs.
///
/// The cache returns the same `Arc` as long as the service confirms the same version with the same
/// stages, type, state of rotation and configuration, so [`Arc::ptr_eq`] shows whether any of them
/// changed.
#[non_exhaustive]
pub struct CachedSecret {
    /// The secret's name.
    pub secret_name: String,
    /// The id of the version.
    pub version_id: String,
    /// The stages of the version when it was read.
    pub version_stages: Vec<VersionStage>,
    /// The value, which `Debug` does not show.
    pub value: SecretValue,
    /// The type of the secret, if the service returned it.
    pub secret_type: Option<SecretType>,
    /// The state of the rotation by KMS. `None` for secrets of type
    /// [`Generic`](SecretType::Generic).
    pub automatic_rotation: Option<RotationState>,
    /// The time of the next rotation by KMS, as of the reading of this version.
    pub next_rotation_date: Option<DateTime<Utc>>,
    /// The configuration of a managed secret, if the cache
    /// [fetches](super::SecretCacheBuilder::fetch_extended_config) it.
    pub extended_config: Option<ExtendedConfig>,
    key: SecretKey<'static>,
    served_by: Arc<str>,
    timer: Timer,
    ttl: Duration,
    confirmed_at: Arc<AtomicTime>,
    /// Shared by what was read of the same version, whichever details it has.
    parsed: Arc<ParsedValues>,
}

impl CachedSecret {
    pub(super) fn new(
        key: SecretKey<'static>,
        response: GetSecretValueResponse,
        served_by: Arc<str>,
        timer: Timer,
        ttl: Duration,
    ) -> Self {
        let now = timer.now();
        Self {
            secret_name: response.secret_name,
            version_id: response.version_id,
            version_stages: response.version_stages,
            value: response.value,
            secret_type: response.secret_type,
            automatic_rotation: response.automatic_rotation,
            next_rotation_date: response.next_rotation_date,
            extended_config: response.extended_config,
            key,
            served_by,
            timer,
            ttl,
            confirmed_at: Arc::new(AtomicTime::new(now)),
            parsed: Arc::default(),
        }
    }

    /// Returns the version that the program wrote after this one, to this host.
    pub(super) fn with_new_version(
        &self,
        host: &Arc<str>,
        version_id: &str,
        version_stages: &[VersionStage],
        value: &SecretValue,
    ) -> Self {
        Self {
            secret_name: self.secret_name.clone(),
            version_id: version_id.to_owned(),
            version_stages: version_stages.to_vec(),
            value: value.clone(),
            secret_type: self.secret_type.clone(),
            automatic_rotation: self.automatic_rotation.clone(),
            next_rotation_date: self.next_rotation_date,
            extended_config: self.extended_config.clone(),
            key: self.key.clone(),
            served_by: Arc::clone(host),
            timer: self.timer.clone(),
            ttl: self.ttl,
            confirmed_at: Arc::new(AtomicTime::new(self.timer.now())),
            parsed: Arc::default(),
        }
    }

    /// Returns the key under which the secret is cached.
    pub fn key(&self) -> &SecretKey<'static> {
        &self.key
    }

    /// Returns the time since the service last confirmed that this is the secret's value.
    ///
    /// It grows while a value is kept after the cache has replaced it.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.timer.now().saturating_sub(self.confirmed_at.get())
    }

    /// Returns whether the value is older than its TTL: the service could not be reached since, or
    /// the value was kept by its reader. The value of a version id is never stale.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        !self.is_immutable() && self.age() >= self.ttl
    }

    /// Returns the host that returned the value, such as `kms.cn-hangzhou.aliyuncs.com`: that of
    /// another region after a failover.
    #[must_use]
    pub fn served_by(&self) -> &str {
        &self.served_by
    }

    /// Returns whether the key names a version, which never changes. Managed secrets ignore a
    /// version id, so the version returned counts.
    pub(super) fn is_immutable(&self) -> bool {
        self.key.id() == Some(self.version_id.as_str())
    }

    /// Returns whether both are the same version of the same region's secret, with the same value.
    pub(super) fn is_same_version(&self, other: &Self) -> bool {
        self.served_by == other.served_by
            && self.version_id == other.version_id
            && self.value.is_same(&other.value)
    }

    /// Returns whether the service returned the same of the version, apart from its value.
    pub(super) fn has_same_details(&self, other: &Self) -> bool {
        self.version_stages == other.version_stages
            && self.secret_type == other.secret_type
            && self.automatic_rotation == other.automatic_rotation
            && self.extended_config == other.extended_config
    }

    pub(super) fn confirm(&self, now: Duration) {
        self.confirmed_at.set(now);
    }

    /// Takes over what the value that this one replaces was parsed to.
    pub(super) fn inherit_parsed_values(&mut self, replaced: &Self) {
        self.parsed = if self.is_same_version(replaced) {
            Arc::clone(&replaced.parsed)
        } else {
            Arc::new(replaced.parsed.inherit(&replaced.confirmed_at))
        };
    }

    pub(super) fn parsed(&self) -> &ParsedValues {
        &self.parsed
    }
}

impl fmt::Debug for CachedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedSecret")
            .field("secret_name", &self.secret_name)
            .field("version_id", &self.version_id)
            .field("version_stages", &self.version_stages)
            .field("value", &self.value)
            .field("age", &self.age())
            .field("is_stale", &self.is_stale())
            .field("served_by", &self.served_by)
            .finish_non_exhaustive()
    }
}
