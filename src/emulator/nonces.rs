//! Which nonces were used, remembered only as long as a request could repeat them.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use chrono::{DateTime, Utc};

/// Seconds of the emulator's time between two sweeps.
const SWEEP_INTERVAL: i64 = 60;

/// The nonces of requests whose timestamps are still acceptable.
///
/// Kept as 64-bit digests: a soak sends hundreds of thousands within the time in which a timestamp is accepted, and the
/// chance that two of a million collide is one in forty million.
#[derive(Default)]
pub(in crate::emulator) struct Nonces {
    /// The second until which a nonce has to be known, by its digest.
    known_until: HashMap<u64, i64>,
    hasher: RandomState,
    next_sweep: i64,
}

impl Nonces {
    /// Marks the nonce of a key as used, to be known until the given time. False if it was used before.
    pub(super) fn spend(&mut self, access_key_id: &str, nonce: &str, until: DateTime<Utc>) -> bool {
        let digest = self.hasher.hash_one((access_key_id, nonce));
        self.known_until.insert(digest, until.timestamp()).is_none()
    }

    /// Forgets the nonces that can no longer be repeated, since the timestamp they were signed with has expired.
    pub(in crate::emulator) fn sweep(&mut self, now: DateTime<Utc>) {
        let now = now.timestamp();
        // The second bound matters when the emulator's time was set back.
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
    fn a_nonce_is_used_once_by_each_key() {
        let mut nonces = Nonces::default();
        assert!(nonces.spend("a", "n", at(900)));
        assert!(nonces.spend("b", "n", at(900)));
        assert!(!nonces.spend("a", "n", at(900)));
    }

    #[test]
    fn memory_is_given_back_when_timestamps_expire() {
        let mut nonces = Nonces::default();
        for minute in 0..60 {
            nonces.sweep(at(minute * 60));
            for nonce in 0..10 {
                assert!(nonces.spend("a", &format!("{minute}/{nonce}"), at(minute * 60 + 900)));
            }
            assert!(nonces.known_until.len() <= 16 * 10, "{}", nonces.known_until.len());
        }
        nonces.sweep(at(0));
        assert!(!nonces.spend("a", "59/0", at(900)), "setting the time back forgets nothing");
    }
}
