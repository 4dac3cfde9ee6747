//! [`Table`]: the entries of a cache, a bounded number of them.

use std::collections::HashMap;
use std::time::Duration;

use super::entry::Entry;
use super::schedule::Limits;
use super::secret_key::SecretKey;

/// The entries by key. At most `max_entries`: the least recently read one makes room for another.
/// One that is watched stays, since its watcher would bring it back at once.
#[derive(Debug)]
pub(super) struct Table {
    entries: HashMap<SecretKey<'static>, Entry>,
    max_entries: usize,
    evictions: u64,
}

impl Table {
    pub(super) fn new(max_entries: usize) -> Self {
        Self { entries: HashMap::new(), max_entries, evictions: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn evictions(&self) -> u64 {
        self.evictions
    }

    pub(super) fn get<'t, 'k: 't>(&'t self, key: &SecretKey<'k>) -> Option<&'t Entry> {
        // A map of keys that live for ever is also one of keys that live as long as this one.
        let entries: &'t HashMap<SecretKey<'k>, Entry> = &self.entries;
        entries.get(key)
    }

    pub(super) fn get_mut(&mut self, key: &SecretKey<'static>) -> Option<&mut Entry> {
        self.entries.get_mut(key)
    }

    /// Returns the entry of this key, a new one if there was none, and the one that made room for
    /// it.
    pub(super) fn get_or_insert(
        &mut self,
        key: &SecretKey<'static>,
        now: Duration,
        limits: impl FnOnce() -> Limits,
    ) -> (&mut Entry, Option<Entry>) {
        let is_full = self.entries.len() >= self.max_entries;
        let evicted = if is_full && !self.entries.contains_key(key) { self.evict() } else { None };
        (self.entries.entry(key.clone()).or_insert_with(|| Entry::new(limits(), now)), evicted)
    }

    pub(super) fn remove(&mut self, key: &SecretKey<'static>) {
        self.entries.remove(key);
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (&SecretKey<'static>, &mut Entry)> {
        self.entries.iter_mut()
    }

    /// Removes one entry. It looks at all of them, which at 10,000 takes less than a request.
    fn evict(&mut self) -> Option<Entry> {
        let unwatched = self.entries.iter().filter(|(_, entry)| !entry.is_watched());
        let (key, _) = unwatched.min_by_key(|(_, entry)| entry.eviction_rank())?;
        let key = key.clone();
        self.evictions += 1;
        self.entries.remove(&key)
    }
}
