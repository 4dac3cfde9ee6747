//! [`Nonces`]: the nonces that were used, for as long as a request could be replayed.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher as _, RandomState};

use chrono::{DateTime, Utc};

/// Seconds of the emulator's time between two sweeps.
const SWEEP_INTERVAL: i64 = 60;

/// The nonces of requests whose timestamps are still acceptable.
///
/// They are kept as 64-bit digests: a soak test sends hundreds of thousands of them while a
/// timestamp is acceptable, and the chance that two of a million collide is one in forty million.
#[derive(Default)]
pub(super) struct Nonces {
    /// The second until which a nonce has to be remembered, by its digest.
    known_until: HashMap<u64, i64>,
    hasher: RandomState,
    next_sweep: i64,
}

impl Nonces {
    /// Marks the nonce of an access key as used, and remembers it until the given time. Returns
    /// false if it was used before, which changes nothing.
    pub(super) fn insert(
        &mut self,
        access_key_id: &str,
        nonce: &str,
        until: DateTime<Utc>,
    ) -> bool {
        let digest = self.hasher.hash_one((access_key_id, nonce));
        match self.known_until.entry(digest) {
            Entry::Occupied(_) => false,
            Entry::Vacant(entry) => {
                entry.insert(until.timestamp());
                true
            }
        }
    }

    /// Forgets the nonces of requests whose timestamps have expired, which cannot be replayed.
    pub(super) fn sweep(&mut self, now: DateTime<Utc>) {
        let now = now.timestamp();
        // The second condition holds after the emulator's time was set back.
        if now >= self.next_sweep || now + SWEEP_INTERVAL < self.next_sweep {
            self.known_until.retain(|_, until| *until >= now);
            self.next_sweep = now + SWEEP_INTERVAL;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    #[test]
    fn nonce_is_accepted_once_for_each_access_key() {
        let mut nonces = Nonces::default();
        assert!(nonces.insert("a", "n", at(900)));
        assert!(nonces.insert("b", "n", at(900)));
        assert!(!nonces.insert("a", "n", at(900)));
    }

    #[test]
    fn nonce_is_remembered_until_its_time_inclusive() {
        for (now, is_new) in [(900, false), (901, true)] {
            let mut nonces = Nonces::default();
            assert!(nonces.insert("a", "n", at(900)));
            nonces.sweep(at(now));
            assert_eq!(nonces.insert("a", "n", at(1_800)), is_new, "at {now}");
        }
    }

    /// Otherwise the first request could be replayed as soon as the second one has expired.
    #[test]
    fn nonce_is_not_forgotten_earlier_for_being_used_again() {
        let mut nonces = Nonces::default();
        assert!(nonces.insert("a", "n", at(1_800)));
        assert!(!nonces.insert("a", "n", at(900)));
        nonces.sweep(at(901));
        assert!(!nonces.insert("a", "n", at(1_800)));
    }

    #[test]
    fn expired_timestamps_free_their_memory() {
        let mut nonces = Nonces::default();
        for minute in 0..60 {
            nonces.sweep(at(minute * 60));
            for nonce in 0..10 {
                assert!(nonces.insert("a", &format!("{minute}/{nonce}"), at(minute * 60 + 900)));
            }
            assert!(nonces.known_until.len() <= 16 * 10, "{}", nonces.known_until.len());
        }
        nonces.sweep(at(0));
        assert!(!nonces.insert("a", "59/0", at(900)), "setting the time back forgets nothing");
    }

    #[test]
    fn time_that_is_set_back_sweeps_again() {
        let mut nonces = Nonces::default();
        nonces.sweep(at(1_000));
        assert!(nonces.insert("a", "n", at(0)));
        nonces.sweep(at(939));
        assert!(
            nonces.insert("a", "n", at(0)),
            "939 is more than an interval before the next sweep"
        );
    }
}
