//! The account's secrets, in memory and sorted by name.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::error_response::Refusal;
use super::location::Location;
use super::rotation::{Rotation, made_up_value};
use super::secret::{EmulatedSecret, GENERIC};
use super::versions::{CURRENT, Version, Versions, exists};

/// The order in which `ListSecrets` lists, which the service's documentation leaves open.
///
/// It decides what a program meets that lists while secrets come and go: a deletion makes a later page pass one over in any
/// order, a creation makes one come twice by name and with the newest first, and does nothing to a list by creation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListOrder {
    /// By name, in byte order.
    #[default]
    Name,
    /// The oldest first.
    Creation,
    /// The newest first.
    NewestFirst,
}

/// Secrets by name. Deletion is a matter of time: a secret whose planned time has come is not there any more.
#[derive(Default)]
pub(super) struct Store {
    secrets: BTreeMap<String, StoredSecret>,
    list_order: ListOrder,
    location: Location,
}

/// A secret with the times it was given when it came in.
pub(super) struct StoredSecret {
    pub(super) arn: String,
    pub(super) secret: EmulatedSecret,
    pub(super) create_time: DateTime<Utc>,
    pub(super) update_time: DateTime<Utc>,
    pub(super) versions: Versions,
    pub(super) rotation: Rotation,
    /// The JSON text of its policy, which counts only in a KMS instance.
    pub(super) policy: String,
}

/// What a secret begins with: the account may do everything. The text is that of the service's own sample.
const DEFAULT_POLICY: &str = concat!(
    r#"{"Version":"1","Statement":[{"Sid":"kms default secret policy","Effect":"Allow","#,
    r#""Principal":{"RAM":["acs:ram::1234567890123456:*"]},"Action":["kms:*"],"Resource":["*"]}]}"#
);

impl Store {
    pub(super) fn new(location: Location, list_order: ListOrder) -> Self {
        Self { location, list_order, secrets: BTreeMap::new() }
    }

    /// The region that its secrets are in.
    pub(super) fn region(&self) -> &str {
        &self.location.region
    }

    /// The regions that there are.
    pub(super) fn regions(&self) -> &[String] {
        &self.location.regions
    }

    /// Takes a secret in; one of the same name is replaced.
    pub(super) fn add(&mut self, secret: EmulatedSecret, now: DateTime<Utc>) {
        let create_time = secret.create_time.unwrap_or(now);
        let update_time = secret.update_time.unwrap_or(create_time);
        let mut versions = Versions::default();
        for version in secret.versions(create_time) {
            // One that a program's test repeats with another value is its mistake, and the first one stays.
            let _ = versions.put(version);
        }
        let stored = StoredSecret {
            arn: self.location.arn(&secret.name),
            secret,
            create_time,
            update_time,
            versions,
            rotation: Rotation::default(),
            policy: DEFAULT_POLICY.to_owned(),
        };
        self.secrets.insert(stored.secret.name.clone(), stored);
    }

    /// Takes a new secret in, unless its name is taken.
    pub(super) fn create(
        &mut self,
        secret: EmulatedSecret,
        now: DateTime<Utc>,
    ) -> Result<&mut StoredSecret, Refusal> {
        let name = secret.name.clone();
        match self.secrets.get(&name).filter(|stored| stored.exists(now)) {
            Some(stored) if stored.secret.planned_delete_time.is_some() => {
                return Err(in_delete_window());
            }
            Some(_) => return Err(exists("The specified secret exists already.")),
            None => self.add(secret, now),
        }
        self.find(&name, now)
    }

    /// The name of the secret that is told by its name or ARN.
    pub(super) fn name<'a>(&self, name_or_arn: &'a str) -> &'a str {
        self.location.name(name_or_arn)
    }

    /// The secret of this name or ARN, rotated if that was due.
    pub(super) fn find(
        &mut self,
        name_or_arn: &str,
        now: DateTime<Utc>,
    ) -> Result<&mut StoredSecret, Refusal> {
        let name = self.location.name(name_or_arn);
        let found = self.secrets.get_mut(name).filter(|stored| stored.exists(now));
        let stored = found.ok_or_else(no_resource)?;
        stored.rotate_if_due(now);
        Ok(stored)
    }

    /// The secret of this name or ARN, unless it awaits deletion.
    pub(super) fn find_live(
        &mut self,
        name_or_arn: &str,
        now: DateTime<Utc>,
    ) -> Result<&mut StoredSecret, Refusal> {
        let stored = self.find(name_or_arn, now)?;
        match stored.secret.planned_delete_time {
            None => Ok(stored),
            Some(_) => Err(in_delete_window()),
        }
    }

    /// Removes a secret without any window. False if there was none.
    pub(super) fn remove(&mut self, name: &str, now: DateTime<Utc>) -> bool {
        self.secrets.remove(name).is_some_and(|stored| stored.exists(now))
    }

    /// The secrets that exist at a time, by name in byte order.
    pub(super) fn iter(&self, now: DateTime<Utc>) -> impl Iterator<Item = &StoredSecret> {
        self.secrets.values().filter(move |stored| stored.exists(now))
    }

    /// The secrets that exist at a time, in the order that they are listed in. Those created at once are listed by name.
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
    /// Makes up a value for a version that does not exist yet, and makes it the current one.
    pub(super) fn rotate(&mut self, version_id: &str, at: DateTime<Utc>) -> Result<(), Refusal> {
        if self.versions.get(version_id).is_some() {
            return Ok(());
        }
        self.versions.put(Version {
            id: version_id.to_owned(),
            data: made_up_value(&self.secret.secret_type, version_id).into(),
            data_type: "text".to_owned(),
            stages: vec![CURRENT.to_owned()],
            create_time: at,
        })?;
        self.rotation.note(at);
        self.update_time = at;
        Ok(())
    }

    /// Catches up with its schedule.
    pub(super) fn rotate_if_due(&mut self, now: DateTime<Utc>) {
        if let Some(at) = self.rotation.due(now) {
            // A secret with too many labels for one more version stays as it is.
            let _ = self.rotate(&format!("rotated-{}", at.timestamp()), at);
        }
    }

    /// Whether its value is its users' own affair.
    pub(super) fn is_generic(&self) -> bool {
        self.secret.secret_type == GENERIC
    }

    /// The JSON text of what a managed secret opens.
    pub(super) fn extended_config(&self) -> Option<String> {
        let text = || Value::from(self.secret.extended_config.clone()).to_string();
        (!self.is_generic()).then(text)
    }

    fn exists(&self, now: DateTime<Utc>) -> bool {
        self.secret.planned_delete_time.is_none_or(|planned| now < planned)
    }
}

fn in_delete_window() -> Refusal {
    let message = "The specified secret awaits its deletion.";
    Refusal::service(409, "Rejected.ResourceInDeleteWindow", message)
}

pub(super) fn no_resource() -> Refusal {
    Refusal::service(404, "Forbidden.ResourceNotFound", "The specified resource is not found.")
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
    fn secrets_are_sorted_and_a_name_is_taken_once() {
        let mut store = Store::default();
        for name in ["b", "a", "B", "a"] {
            store.add(EmulatedSecret::new(name), at(0));
        }
        assert_eq!(names(&store, at(0)), ["B", "a", "b"]);
        assert!(store.remove("a", at(0)));
        assert!(!store.remove("a", at(0)));
    }

    #[test]
    fn secrets_are_listed_in_the_order_that_was_chosen() {
        for (order, names) in [
            (ListOrder::Name, ["a", "b", "c", "d"]),
            (ListOrder::Creation, ["c", "a", "d", "b"]),
            (ListOrder::NewestFirst, ["b", "a", "d", "c"]),
        ] {
            let mut store = Store::new(Location::default(), order);
            for (name, created) in [("a", 2), ("b", 3), ("c", 1), ("d", 2)] {
                store.add(EmulatedSecret::new(name), at(created));
            }
            let listed = store.listed(at(9)).into_iter();
            assert_eq!(listed.map(|stored| stored.secret.name()).collect::<Vec<_>>(), names);
        }
    }

    #[test]
    fn a_secret_is_gone_once_its_planned_time_has_come() {
        let mut store = Store::default();
        store.add(EmulatedSecret::new("a").planned_delete_time(at(100)), at(0));
        assert_eq!(names(&store, at(99)), ["a"]);
        assert!(names(&store, at(100)).is_empty());
        assert!(!store.remove("a", at(100)));
    }

    #[test]
    fn times_default_to_the_time_of_adding_and_of_creation() {
        let mut store = Store::default();
        store.add(EmulatedSecret::new("a"), at(5));
        store.add(EmulatedSecret::new("b").create_time(at(1)), at(5));
        let times: Vec<_> =
            store.iter(at(9)).map(|stored| (stored.create_time, stored.update_time)).collect();
        assert_eq!(times, [(at(5), at(5)), (at(1), at(1))]);
    }
}
