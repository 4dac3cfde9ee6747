//! [`Timer`]: the time since a cache was built, from a clock that never jumps.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use crate::clock::Clock;

/// Measures time from the building of a cache. A clone measures from the same moment.
#[derive(Clone, Debug)]
pub(super) struct Timer {
    clock: Arc<dyn Clock>,
    start: Instant,
}

impl Timer {
    pub(super) fn start(clock: Arc<dyn Clock>) -> Self {
        let start = clock.instant();
        Self { clock, start }
    }

    /// Returns the time since the cache was built.
    pub(super) fn now(&self) -> Duration {
        self.clock.instant().saturating_duration_since(self.start)
    }

    /// Returns the time until a date, by the local clock; zero if it is past.
    pub(super) fn until(&self, date: DateTime<Utc>) -> Duration {
        (date - self.clock.now()).to_std().unwrap_or(Duration::ZERO)
    }

    /// Returns a random number from 0 to 1.
    pub(super) fn draw(&self) -> f64 {
        self.clock.draw()
    }
}
