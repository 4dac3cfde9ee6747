//! [`Breaker`]: whether a region is called. Pure: the time and the draw are arguments.

use std::time::Duration;

use super::jitter;

/// Failed calls in a row that open the breaker.
const FAILURES_TO_OPEN: u32 = 5;

/// The time for which an open breaker rejects calls, after the first and after many failed trials.
const FIRST_OPEN: Duration = Duration::from_secs(5);
const MAX_OPEN: Duration = Duration::from_secs(60);

/// Counts the transient failures of one region. After five in a row it opens: calls are rejected
/// for a while, then one is admitted as a trial, and its outcome closes the breaker or keeps it
/// open for longer.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Breaker {
    failures: u32,
    closed_from: Duration,
}

impl Breaker {
    /// Returns whether a call may be made at the time `now`. An open breaker admits one trial, and
    /// another a minute later: so one that is dropped blocks nothing.
    pub(super) fn try_admit(&mut self, now: Duration) -> bool {
        if self.failures < FAILURES_TO_OPEN {
            return true;
        }
        if now < self.closed_from {
            return false;
        }
        self.closed_from = now.saturating_add(MAX_OPEN);
        true
    }

    /// Takes in that the region responded, be it with an error of the request.
    pub(super) fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// Takes in a transient failure.
    pub(super) fn failed(&mut self, now: Duration, draw: f64) {
        self.failures = self.failures.saturating_add(1);
        let times_open = self.failures.saturating_sub(FAILURES_TO_OPEN - 1);
        if times_open > 0 {
            let pause = jitter::pause(FIRST_OPEN, MAX_OPEN, times_open, draw);
            self.closed_from = now.saturating_add(pause);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn five_failures_in_a_row_open_it() {
        let mut breaker = Breaker::default();
        for _ in 0..4 {
            breaker.failed(seconds(0), 1.0);
        }
        assert!(breaker.try_admit(seconds(0)));
        breaker.succeeded();
        for _ in 0..5 {
            assert!(breaker.try_admit(seconds(1)));
            breaker.failed(seconds(1), 1.0);
        }
        assert!(!breaker.try_admit(seconds(5)));
        assert!(breaker.try_admit(seconds(6)), "a trial");
        assert!(!breaker.try_admit(seconds(6)), "one trial");
        assert!(breaker.try_admit(seconds(66)), "the trial was dropped");
    }

    #[test]
    fn breaker_opens_longer_after_a_failed_trial_until_a_success() {
        let mut breaker = Breaker::default();
        for _ in 0..5 {
            breaker.failed(seconds(0), 1.0);
        }
        assert!(breaker.try_admit(seconds(5)));
        breaker.failed(seconds(5), 1.0);
        assert!(!breaker.try_admit(seconds(14)));
        assert!(breaker.try_admit(seconds(15)));
        breaker.succeeded();
        assert!(breaker.try_admit(seconds(15)) && breaker.try_admit(seconds(15)));
        for _ in 0..100 {
            breaker.failed(seconds(20), 0.0);
        }
        assert!(!breaker.try_admit(seconds(49)) && breaker.try_admit(seconds(50)));
    }
}
