//! [`AtomicTime`]: a time that several threads read and set.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A time since the cache was built. It is kept in nanoseconds, which are enough for 584 years.
#[derive(Debug, Default)]
pub(super) struct AtomicTime(AtomicU64);

impl AtomicTime {
    pub(super) fn new(time: Duration) -> Self {
        let this = Self::default();
        this.set(time);
        this
    }

    pub(super) fn get(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::Relaxed))
    }

    pub(super) fn set(&self, time: Duration) {
        let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.0.store(nanoseconds, Ordering::Relaxed);
    }
}
