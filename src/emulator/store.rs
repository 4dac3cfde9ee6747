//! The account's secrets, in memory and sorted by name.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::secret::EmulatedSecret;

/// Secrets by name. Deletion is a matter of time: a secret whose planned time has come is not there any more.
#[derive(Default)]
pub(super) struct Store {
    secrets: BTreeMap<String, StoredSecret>,
}

/// A secret with the times it was given when it came in.
pub(super) struct StoredSecret {
    pub(super) secret: EmulatedSecret,
    pub(super) create_time: DateTime<Utc>,
    pub(super) update_time: DateTime<Utc>,
}

impl Store {
    /// Takes a secret in; one of the same name is replaced.
    pub(super) fn add(&mut self, secret: EmulatedSecret, now: DateTime<Utc>) {
        let create_time = secret.create_time.unwrap_or(now);
        let update_time = secret.update_time.unwrap_or(create_time);
        self.secrets.insert(secret.name.clone(), StoredSecret { secret, create_time, update_time });
    }

    /// Removes a secret without any window. False if there was none.
    pub(super) fn remove(&mut self, name: &str, now: DateTime<Utc>) -> bool {
        self.secrets.remove(name).is_some_and(|stored| stored.exists(now))
    }

    /// The secrets that exist at a time, by name in byte order.
    pub(super) fn iter(&self, now: DateTime<Utc>) -> impl Iterator<Item = &StoredSecret> {
        self.secrets.values().filter(move |stored| stored.exists(now))
    }
}

impl StoredSecret {
    fn exists(&self, now: DateTime<Utc>) -> bool {
        self.secret.planned_delete_time.is_none_or(|planned| now < planned)
    }
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
