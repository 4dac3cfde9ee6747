//! [`Entry`]: a cached secret with its schedule, and the flight that refreshes it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::atomic_time::AtomicTime;
use super::cached_secret::CachedSecret;
use super::flight::Flight;
use super::schedule::{
    Confirmation, Decision, Failure, Freshness, Limits, PlannedRotation, Schedule,
};
use super::timer::Timer;
use crate::error::{Error, ErrorKind, Result};

/// The outcome of a read.
pub(super) type Outcome = Result<Arc<CachedSecret>>;

/// Of two entries that were read so close together, either may be evicted first.
const READ_PRECISION: Duration = Duration::from_millis(1);

/// A secret of the cache: its value if there is one, and everything that decides about it.
#[derive(Debug)]
pub(super) struct Entry {
    limits: Limits,
    schedule: Schedule,
    /// There is one whenever the schedule says that it may be served.
    secret: Option<Arc<CachedSecret>>,
    /// The error that the service denied the secret with, while it is served.
    denial: Option<Error>,
    pub(super) flight: Option<Arc<Flight<Outcome>>>,
    /// The number of the flight that last brought the value.
    confirmed_by: u64,
    /// The number of the last write through the cache, given when it ended.
    written_by: u64,
    last_read: AtomicTime,
    /// Wakes the watchers of the secret. `None` until there is one.
    changes: Option<watch::Sender<()>>,
}

/// The change that a refresh made to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// There was no value.
    Loaded,
    /// There is another version now.
    Replaced,
    /// The version is the same.
    Confirmed,
}

impl Entry {
    pub(super) fn new(limits: Limits, now: Duration) -> Self {
        Self {
            limits,
            schedule: Schedule::default(),
            secret: None,
            denial: None,
            flight: None,
            confirmed_by: 0,
            written_by: 0,
            last_read: AtomicTime::new(now),
            changes: None,
        }
    }

    /// Returns when the value is to be refreshed without a reader; `None` if there is none, or none
    /// that changes.
    pub(super) fn next_refresh(&self) -> Option<Duration> {
        self.schedule.next_refresh()
    }

    /// Returns when the value is to be [taken](Self::take_if_gone); `None` if there is none.
    pub(super) fn gone_at(&self) -> Option<Duration> {
        self.secret.as_ref().and_then(|_| self.schedule.gone_at())
    }

    pub(super) fn confirmed_by(&self) -> u64 {
        self.confirmed_by
    }

    /// Notes that the secret is read, which keeps it from being evicted.
    pub(super) fn touch(&self, now: Duration) {
        // Threads that read the same secret share what is not written.
        if now.saturating_sub(self.last_read.get()) >= READ_PRECISION {
            self.last_read.set(now);
        }
    }

    /// Returns the order of eviction: entries that hold nothing, then the others, each by their
    /// last read.
    pub(super) fn eviction_rank(&self) -> (bool, Duration) {
        (self.secret.is_some() || self.flight.is_some(), self.last_read.get())
    }

    /// Returns whether the entry can be removed without a loss.
    pub(super) fn is_vacant(&self, now: Duration) -> bool {
        self.secret.is_none()
            && self.flight.is_none()
            && !self.is_watched()
            && self.schedule.is_at_rest(now)
    }

    pub(super) fn decide(&self, now: Duration, stale_wait: Duration) -> Decision {
        self.schedule.decide(now, stale_wait)
    }

    /// Returns the value if it may still be served.
    pub(super) fn servable(&self, now: Duration) -> Option<&Arc<CachedSecret>> {
        self.secret.as_ref().filter(|_| self.schedule.freshness(now) != Freshness::Gone)
    }

    /// Returns the value, whether or not it may be served. Who drops it from the entry keeps this
    /// until the table is unlocked, since to drop a parsed value runs code of the user.
    pub(super) fn value(&self) -> Option<Arc<CachedSecret>> {
        self.secret.clone()
    }

    pub(super) fn denial(&self) -> Option<&Error> {
        self.denial.as_ref()
    }

    /// Sets the flight. One that was there before is abandoned.
    pub(super) fn set_flight(&mut self, flight: Arc<Flight<Outcome>>) {
        if let Some(replaced) = self.flight.replace(flight) {
            replaced.abandon();
        }
    }

    /// Returns whether the value is refreshed already.
    pub(super) fn has_flight(&self) -> bool {
        self.flight.as_ref().is_some_and(|flight| flight.is_in_flight())
    }

    /// Takes in a value that the service returned. Returns what the readers get: the same `Arc` as
    /// before if the service confirmed the same version.
    pub(super) fn confirm(
        &mut self,
        mut loaded: CachedSecret,
        timer: &Timer,
    ) -> (Arc<CachedSecret>, Change) {
        let now = timer.now();
        let change = match &self.secret {
            None => Change::Loaded,
            Some(cached) if cached.is_same_version(&loaded) => Change::Confirmed,
            Some(_) => Change::Replaced,
        };
        let rotation = loaded
            .next_rotation_date
            .map(|date| PlannedRotation { date, due_in: timer.until(date) });
        let confirmation = Confirmation {
            is_new: change == Change::Replaced,
            is_immutable: loaded.is_immutable(),
            rotation,
        };
        self.schedule.confirmed(now, &self.limits, confirmation, timer.draw());
        self.denial = None;
        let secret = match &self.secret {
            Some(cached) if change == Change::Confirmed && cached.has_same_details(&loaded) => {
                cached.confirm(now);
                Arc::clone(cached)
            }
            replaced => {
                if let Some(replaced) = replaced {
                    loaded.inherit_parsed_values(replaced);
                }
                Arc::new(loaded)
            }
        };
        self.secret = Some(Arc::clone(&secret));
        if change != Change::Confirmed {
            self.wake_watchers();
        }
        (secret, change)
    }

    /// Takes in that a refresh failed. Wipes the value if the error is not a transient one.
    pub(super) fn fail(&mut self, error: &Error, timer: &Timer) {
        let now = timer.now();
        let failure = match error.kind() {
            _ if error.is_retryable() => Failure::Transient,
            ErrorKind::NotFound | ErrorKind::AccessDenied => Failure::Denied,
            _ => Failure::Final,
        };
        self.schedule.failed(now, &self.limits, failure, timer.draw());
        self.denial = (failure == Failure::Denied).then(|| error.clone());
        self.take_if_gone(now);
    }

    /// Takes a value that may not be served any more.
    pub(super) fn take_if_gone(&mut self, now: Duration) -> Option<Arc<CachedSecret>> {
        self.secret.take_if(|_| self.schedule.freshness(now) == Freshness::Gone)
    }

    /// Drops the value. A flight that started before does not bring it back.
    pub(super) fn invalidate(&mut self) {
        self.schedule.invalidate();
        (self.secret, self.denial, self.flight) = (None, None, None);
        self.wake_watchers();
    }

    /// Takes in that the program changed the secret. Readers wait for the new value, and get the
    /// old one if the service fails in a transient way or takes longer than `stale_wait`. A flight
    /// that started before does not bring the old one back.
    pub(super) fn expire(&mut self, now: Duration) {
        self.schedule.expire(now);
        (self.denial, self.flight) = (None, None);
        self.wake_watchers();
    }

    /// Takes in that the program had the secret rotated, which may take the service a while.
    pub(super) fn expect_rotation(&mut self, now: Duration) {
        self.expire(now);
        self.schedule.expect_rotation(now, &self.limits);
    }

    /// Takes in that the program gave the secret this value.
    pub(super) fn replace(&mut self, written: CachedSecret, timer: &Timer) {
        self.flight = None;
        self.confirm(written, timer);
    }

    /// Returns whether a rejected value is a reason to refresh it, which is so at most once in 5 s.
    pub(super) fn report_rejection(&mut self, now: Duration) -> bool {
        self.schedule.report_rejection(now)
    }

    /// Ends the flight. `None` if the entry has another one by now, or none.
    pub(super) fn end_flight(&mut self, number: u64) -> Option<&mut Self> {
        self.flight.take_if(|flight| flight.number() == number)?;
        Some(self)
    }

    /// Notes the flight that last confirmed the value.
    pub(super) fn set_confirmed_by(&mut self, flight_number: u64) {
        self.confirmed_by = flight_number;
    }

    /// Notes the write that last changed the secret.
    pub(super) fn set_written_by(&mut self, write_number: u64) {
        self.written_by = write_number;
    }

    /// Returns whether another write ended, or a flight brought the value, that was counted after
    /// this number.
    pub(super) fn is_changed_after(&self, number: u64) -> bool {
        self.confirmed_by.max(self.written_by) > number
    }

    /// Returns a receiver that is notified when there is another version, and when the schedule
    /// changed.
    pub(super) fn watch(&mut self) -> watch::Receiver<()> {
        self.changes.get_or_insert_with(|| watch::Sender::new(())).subscribe()
    }

    pub(super) fn is_watched(&self) -> bool {
        self.changes.as_ref().is_some_and(|changes| changes.receiver_count() > 0)
    }

    fn wake_watchers(&self) {
        if let Some(changes) = &self.changes {
            changes.send_replace(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_in_the_same_millisecond_is_not_written() {
        let hour = Duration::from_secs(3_600);
        let limits = Limits { ttl: hour, max_stale: hour, negative_ttl: Duration::ZERO };
        let entry = Entry::new(limits, Duration::ZERO);
        entry.touch(Duration::from_micros(999));
        assert_eq!(entry.eviction_rank().1, Duration::ZERO);
        entry.touch(READ_PRECISION);
        assert_eq!(entry.eviction_rank().1, READ_PRECISION);
    }
}
