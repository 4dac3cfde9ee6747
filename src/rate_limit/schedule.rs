//! [`Schedule`]: when the next request of a quota group may be sent. Pure: time and randomness are
//! arguments.

use std::time::Duration;

use tokio::time::Instant;

use super::pace::Pace;
use super::quota::Quota;
use super::slow_start::SlowStart;
use super::window::SlidingWindow;

/// Combines what limits the requests of a group: its quota, and what is known of how much of it the
/// service grants.
#[derive(Debug)]
pub(super) struct Schedule {
    window: SlidingWindow,
    slow_start: SlowStart,
    pace: Pace,
}

/// A request that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sent {
    number: u64,
    pub(super) at: Instant,
}

impl Schedule {
    pub(super) fn new(quota: Quota) -> Self {
        Self {
            window: SlidingWindow::new(quota),
            slow_start: SlowStart::new(),
            pace: Pace::new(quota),
        }
    }

    /// Returns how long a request is expected to wait behind `ahead` others.
    pub(super) fn expected_wait(&mut self, now: Instant, ahead: usize) -> Duration {
        let paced = self.pace.wait(now, ahead).unwrap_or_default();
        self.window.wait(now, ahead).max(paced)
    }

    /// Sends a request now, or returns how long it has to wait at most, if others are not sent.
    pub(super) fn try_send(&mut self, now: Instant) -> Result<Sent, Duration> {
        let paced = self.pace.wait(now, 0).unwrap_or_else(|| self.slow_start_wait(now));
        let wait = self.window.wait(now, 0).max(paced);
        if !wait.is_zero() {
            return Err(wait);
        }
        self.pace.send(now);
        Ok(Sent { number: self.window.send(now), at: now })
    }

    /// Returns how long a request waits at most until another one has arrived.
    fn slow_start_wait(&mut self, now: Instant) -> Duration {
        if self.window.in_flight(now) < self.slow_start.limit(now) {
            return Duration::ZERO;
        }
        self.window.next_arrival().map_or(Duration::ZERO, |at| at.saturating_duration_since(now))
    }

    /// Records that a request ended without showing whether the service counted it.
    pub(super) fn on_ended(&mut self, sent: Sent, now: Instant) {
        self.window.end(sent.number, now);
    }

    /// Records that the service executed a request, or rejected it for another reason than too many
    /// requests.
    pub(super) fn on_granted(&mut self, sent: Sent, now: Instant) {
        self.window.receive(sent.number, now);
        self.slow_start.on_granted(now);
        self.pace.on_granted(sent.at, now);
    }

    /// Records a rejection for too many requests. `draw` is random, from 0 to 1.
    pub(super) fn on_throttled(&mut self, sent: Sent, now: Instant, draw: f64) {
        self.window.receive(sent.number, now);
        self.slow_start = SlowStart::new();
        self.pace.on_throttled(sent.at, now, draw);
    }

    /// Returns the pace in requests a second, if the service has throttled.
    pub(super) fn pace(&self, now: Instant) -> Option<f64> {
        self.pace.rate(now)
    }
}
