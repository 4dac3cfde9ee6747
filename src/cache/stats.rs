//! [`CacheStats`]: what a cache has done.

use std::sync::atomic::{AtomicU64, Ordering};

use super::stripes::Stripes;

/// Counts of what a cache has done since it was built. All counts only grow, except for `entries`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheStats {
    /// Reads that were served from memory without waiting, stale ones included.
    pub hits: u64,
    /// Reads that found no value to serve and waited for the service.
    pub misses: u64,
    /// Reads that were served with a value past its TTL.
    pub stale_served: u64,
    /// Reads that ended with the error which the service had returned a moment before.
    pub negative_hits: u64,
    /// Refreshes that were started, first loads included: each reads one secret from the service.
    pub refreshes: u64,
    /// Refreshes that failed.
    pub failures: u64,
    /// New versions of secrets that were in the cache already.
    pub new_versions: u64,
    /// Reads of a value that was not the JSON that [`json`](super::SecretCache::json) expected. If
    /// it returned what an earlier version was parsed to, only the first read of the version
    /// counts.
    pub parse_failures: u64,
    /// Entries that were removed to make room for others.
    pub evictions: u64,
    /// Entries now, those of errors included.
    pub entries: usize,
}

/// The counters of a cache. Only hits are counted by every read, so only they are striped.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) hits: Stripes<Counter>,
    pub(super) misses: Counter,
    pub(super) stale_served: Counter,
    pub(super) negative_hits: Counter,
    pub(super) refreshes: Counter,
    pub(super) failures: Counter,
    pub(super) new_versions: Counter,
    pub(super) parse_failures: Counter,
}

#[derive(Debug, Default)]
pub(super) struct Counter(AtomicU64);

impl Counter {
    pub(super) fn increment(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Counters {
    pub(super) fn snapshot(&self, entries: usize, evictions: u64) -> CacheStats {
        CacheStats {
            hits: self.hits.each_ref().map(Counter::get).iter().sum(),
            misses: self.misses.get(),
            stale_served: self.stale_served.get(),
            negative_hits: self.negative_hits.get(),
            refreshes: self.refreshes.get(),
            failures: self.failures.get(),
            new_versions: self.new_versions.get(),
            parse_failures: self.parse_failures.get(),
            evictions,
            entries,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn hits_of_all_threads_are_summed() {
        let counters = &Counters::default();
        let count = || (0..100).for_each(|_| counters.hits.of_thread().increment());
        thread::scope(|scope| (0..16).for_each(|_| drop(scope.spawn(count))));
        assert_eq!(counters.snapshot(0, 0).hits, 1_600);
    }
}
