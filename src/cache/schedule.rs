//! When a cached value is served, refreshed and dropped. Pure: the time and the draws are
//! arguments.
//!
//! Times are durations since the cache was built. A value passes through four states:
//!
//! ```text
//! fresh        ageing                stale                         gone
//! |------------|---------------------|-----------------------------|---->  age
//! 0            80 to 90 % of the TTL TTL                           TTL + max_stale
//! ```
//!
//! A fresh value is served. The value of a first load, or of one after failures, is fresh for 10 to
//! 90 % of the TTL. An ageing value is served too, while a refresh is in flight. A stale value is
//! served only after a reader has waited for a refresh. A value that is gone is never served.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::jitter;

/// The part of the TTL for which a value is fresh, between these two.
const FRESH_SHARE: (f64, f64) = (0.8, 0.9);

/// The same for a value that was loaded rather than refreshed on time: processes that start
/// together, or that an outage brought into step, spread their refreshes over the whole TTL from
/// then on.
const FIRST_FRESH_SHARE: (f64, f64) = (0.1, 0.9);

/// The pauses after the first and after many failed refreshes in a row.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// The longest pause of a key that has no value to serve: its readers wait.
const MAX_PAUSE_WITHOUT_VALUE: Duration = Duration::from_secs(1);

/// From a planned rotation to the refresh that is to see it, and between further ones until it is
/// seen.
const ROTATION_POLL: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(10));

/// The shortest time between two refreshes for a value that was reported as rejected.
const REJECTION_INTERVAL: Duration = Duration::from_secs(5);

/// The times for which the values of one secret may be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    pub(super) ttl: Duration,
    pub(super) max_stale: Duration,
    pub(super) negative_ttl: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freshness {
    Fresh,
    Ageing,
    Stale,
    Gone,
}

/// The action of a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// Takes the value.
    Serve,
    /// Takes the value past its TTL: a refresh failed a moment ago.
    ServeStale,
    /// Takes the value, and starts a refresh if none is in flight.
    ServeAndRefresh,
    /// Waits for a refresh, and takes the value if none ends within this time or if it fails in a
    /// transient way.
    WaitAtMost(Duration),
    /// Waits for a refresh. One that is not in flight yet starts after this pause.
    Wait { pause: Duration },
    /// Takes the error that the service returned a moment ago.
    Reject,
}

/// The facts about a secret on which its times depend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Confirmation {
    /// True if the value differs from the cached one.
    pub(super) is_new: bool,
    /// True if the value can never change, as that of a version id.
    pub(super) is_immutable: bool,
    pub(super) rotation: Option<PlannedRotation>,
}

/// A rotation that the service announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PlannedRotation {
    /// By the service's calendar. Equal dates are the same rotation.
    pub(super) date: DateTime<Utc>,
    /// The time until it, by the local clock.
    pub(super) due_in: Duration,
}

/// The kind of failure that a refresh ended with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The value may be served on.
    Transient,
    /// The secret does not exist or may not be read: the value is discarded, and the error is
    /// served for a moment.
    Denied,
    /// The value is discarded.
    Final,
}

/// The times of one cached key.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Schedule {
    lifetime: Option<Lifetime>,
    rotation: Option<RotationWatch>,
    /// The secret is polled for a new version until then, since the program rotated it itself.
    expects_rotation_until: Duration,
    failures: u32,
    /// No refresh starts before.
    paused_until: Duration,
    denied_until: Duration,
    rejection_reported_at: Option<Duration>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Lifetime {
    ages_at: Duration,
    stale_at: Duration,
    gone_at: Duration,
}

/// A planned rotation, and the time for which the secret is polled for it.
#[derive(Clone, Copy, Debug)]
struct RotationWatch {
    date: DateTime<Utc>,
    due_at: Duration,
    until: Duration,
}

impl Lifetime {
    const FOR_EVER: Self =
        Self { ages_at: Duration::MAX, stale_at: Duration::MAX, gone_at: Duration::MAX };

    fn freshness(&self, now: Duration) -> Freshness {
        if now < self.ages_at {
            Freshness::Fresh
        } else if now < self.stale_at {
            Freshness::Ageing
        } else if now < self.gone_at {
            Freshness::Stale
        } else {
            Freshness::Gone
        }
    }
}

impl Schedule {
    /// Returns how fresh the value is; [`Gone`](Freshness::Gone) if there is none.
    pub(super) fn freshness(&self, now: Duration) -> Freshness {
        self.lifetime.map_or(Freshness::Gone, |lifetime| lifetime.freshness(now))
    }

    /// Returns whether nothing is remembered that a new schedule would not know.
    pub(super) fn is_at_rest(&self, now: Duration) -> bool {
        let is_recent = |at: Duration| now < at.saturating_add(REJECTION_INTERVAL);
        self.freshness(now) == Freshness::Gone
            && now >= self.paused_until
            && now >= self.denied_until
            && !self.rejection_reported_at.is_some_and(is_recent)
    }

    /// Returns what a reader does at the time `now`.
    pub(super) fn decide(&self, now: Duration, stale_wait: Duration) -> Decision {
        let Some(lifetime) = self.lifetime else { return self.decide_without_value(now) };
        let is_paused = now < self.paused_until;
        match lifetime.freshness(now) {
            Freshness::Fresh => Decision::Serve,
            Freshness::Ageing if is_paused => Decision::Serve,
            Freshness::Stale if is_paused => Decision::ServeStale,
            Freshness::Ageing => Decision::ServeAndRefresh,
            Freshness::Stale => Decision::WaitAtMost(stale_wait.min(lifetime.gone_at - now)),
            Freshness::Gone => self.decide_without_value(now),
        }
    }

    fn decide_without_value(&self, now: Duration) -> Decision {
        if now < self.denied_until {
            return Decision::Reject;
        }
        Decision::Wait { pause: self.paused_until.saturating_sub(now).min(MAX_PAUSE_WITHOUT_VALUE) }
    }

    /// Takes in that the service returned the value.
    pub(super) fn confirmed(
        &mut self,
        now: Duration,
        limits: &Limits,
        confirmation: Confirmation,
        draw: f64,
    ) {
        let share = if self.lifetime.is_none() || self.failures > 0 {
            FIRST_FRESH_SHARE
        } else {
            FRESH_SHARE
        };
        self.failures = 0;
        (self.paused_until, self.denied_until) = (Duration::ZERO, Duration::ZERO);
        if confirmation.is_immutable {
            self.lifetime = Some(Lifetime::FOR_EVER);
            return;
        }
        self.rotation = self.watched_rotation(now, limits, confirmation);
        if confirmation.is_new {
            self.expects_rotation_until = Duration::ZERO;
        }
        let (from, to) = (limits.ttl.mul_f64(share.0), limits.ttl.mul_f64(share.1));
        let fresh_for = jitter::between(from, to, draw);
        let ages_at = now.saturating_add(fresh_for).min(self.next_rotation_poll(now, draw));
        let stale_at = now.saturating_add(limits.ttl);
        let gone_at = stale_at.saturating_add(limits.max_stale);
        self.lifetime = Some(Lifetime { ages_at, stale_at, gone_at });
    }

    fn watched_rotation(
        &self,
        now: Duration,
        limits: &Limits,
        confirmation: Confirmation,
    ) -> Option<RotationWatch> {
        let planned = confirmation.rotation?;
        let watch = match self.rotation {
            Some(watch) if watch.date == planned.date => watch,
            _ => {
                let due_at = now.saturating_add(planned.due_in);
                let until = due_at.saturating_add(limits.ttl);
                RotationWatch { date: planned.date, due_at, until }
            }
        };
        let was_seen = confirmation.is_new && now >= watch.due_at;
        Some(RotationWatch { until: if was_seen { now } else { watch.until }, ..watch })
    }

    fn next_rotation_poll(&self, now: Duration, draw: f64) -> Duration {
        let wait = jitter::between(ROTATION_POLL.0, ROTATION_POLL.1, draw);
        match self.rotation {
            _ if now < self.expects_rotation_until => now.saturating_add(wait),
            Some(watch) if now < watch.until => watch.due_at.max(now).saturating_add(wait),
            _ => Duration::MAX,
        }
    }

    /// Takes in that a refresh failed. The age of a value never starts again by it.
    pub(super) fn failed(&mut self, now: Duration, limits: &Limits, failure: Failure, draw: f64) {
        match failure {
            Failure::Transient => {
                self.failures = self.failures.saturating_add(1);
                let pause = jitter::pause(FIRST_PAUSE, MAX_PAUSE, self.failures, draw);
                self.paused_until = now.saturating_add(pause);
            }
            Failure::Denied => {
                *self = Self { denied_until: now + limits.negative_ttl, ..Self::default() };
            }
            Failure::Final => *self = Self::default(),
        }
    }

    /// Forgets the value; the next reader waits for a new one.
    pub(super) fn invalidate(&mut self) {
        *self = Self { rejection_reported_at: self.rejection_reported_at, ..Self::default() };
    }

    /// Lets the next reader wait for a refresh. The value may still be served if that fails in a
    /// transient way. It gets no younger by it, and one that never changes does not end.
    pub(super) fn expire(&mut self, now: Duration) {
        if let Some(lifetime) = &mut self.lifetime
            && *lifetime != Lifetime::FOR_EVER
        {
            lifetime.ages_at = lifetime.ages_at.min(now);
            lifetime.stale_at = lifetime.stale_at.min(now);
            self.paused_until = Duration::ZERO;
        }
    }

    /// Has the secret polled until its version changes, at most for one TTL.
    pub(super) fn expect_rotation(&mut self, now: Duration, limits: &Limits) {
        self.expire(now);
        self.expects_rotation_until = now.saturating_add(limits.ttl);
    }

    /// Returns whether a rejected value is a reason to refresh now. True at most once in 5 s.
    pub(super) fn report_rejection(&mut self, now: Duration) -> bool {
        let is_recent = |reported: Duration| now.saturating_sub(reported) < REJECTION_INTERVAL;
        if self.rejection_reported_at.is_some_and(is_recent) {
            return false;
        }
        self.rejection_reported_at = Some(now);
        true
    }

    /// Returns when to refresh the value without a reader, even if it is gone; `None` if there is
    /// no value, or if it never changes.
    pub(super) fn next_refresh(&self) -> Option<Duration> {
        let lifetime = self.lifetime.filter(|lifetime| *lifetime != Lifetime::FOR_EVER)?;
        Some(lifetime.ages_at.max(self.paused_until))
    }

    /// Returns when the value may not be served any more; `None` if there is none.
    pub(super) fn gone_at(&self) -> Option<Duration> {
        self.lifetime.map(|lifetime| lifetime.gone_at)
    }
}

#[cfg(test)]
mod tests;
