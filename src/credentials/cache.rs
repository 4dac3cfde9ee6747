//! Keeps what a source found and renews it in time, one renewal at a time.
//!
//! Nothing runs by itself: a renewal starts when credentials are asked for. One that a call need not wait for is a task of
//! the runtime that the call runs in, and ends with the cache; one that calls do wait for belongs to the first of them, and
//! passes on to the next when that one is dropped.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::runtime::Handle;
use tokio::sync::Mutex as Turn;
use tokio::task::AbortHandle;

use super::freshness::{Freshness, Lifetime, freshness, pause};
use super::source::{Missing, Outcome, Source};
use super::{Credentials, Surroundings};
use crate::sign::timestamp;

/// Keys that are refused again right after they were renewed are not the problem: the source is left alone for so long.
const RENEWALS_ON_REFUSAL_APART: TimeDelta = TimeDelta::seconds(5);

/// The credentials of one source.
#[derive(Debug)]
pub(super) struct Cache {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    source: Box<dyn Source>,
    around: Surroundings,
    /// Held by whoever renews.
    turn: Arc<Turn<()>>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    kept: Option<Kept>,
    /// How many renewals have ended, to tell one that ended meanwhile.
    ended: u64,
    /// What the last of them gave its waiters.
    last: Option<Outcome>,
    failures: u32,
    /// After a failed renewal the source is left alone until then, as long as there is something to use.
    not_before: Option<DateTime<Utc>>,
    refused_at: Option<DateTime<Utc>>,
    background: Option<AbortHandle>,
}

#[derive(Clone, Debug)]
struct Kept {
    credentials: Credentials,
    /// `None` for keys that do not expire as far as is known.
    lifetime: Option<Lifetime>,
}

impl Kept {
    fn freshness(&self, now: DateTime<Utc>) -> Freshness {
        self.lifetime.as_ref().map_or(Freshness::Fresh, |lifetime| freshness(lifetime, now))
    }
}

/// What to do for a call.
enum Step {
    Use(Credentials),
    /// Use it, and have it renewed meanwhile.
    UseAndRenew(Credentials),
    /// Wait for a renewal that ends after so many others.
    Renew {
        ended: u64,
    },
}

impl State {
    fn step(&self, now: DateTime<Utc>) -> Step {
        let renew = Step::Renew { ended: self.ended };
        let Some(kept) = &self.kept else { return renew };
        let paused = self.not_before.is_some_and(|time| now < time);
        match (kept.freshness(now), paused) {
            (Freshness::Expired, _) | (Freshness::NearlyExpired, false) => renew,
            (Freshness::AgeingSoon, false) => Step::UseAndRenew(kept.credentials.clone()),
            (Freshness::Fresh, _) | (_, true) => Step::Use(kept.credentials.clone()),
        }
    }

    /// Takes in what the source said, and gives what its waiters get: the kept set for as long as it can be used.
    fn settle(&mut self, looked: Outcome, now: DateTime<Utc>, draw: f64) -> Outcome {
        self.ended += 1;
        let outcome = match looked.and_then(|credentials| usable(credentials, now)) {
            Ok(credentials) => {
                let lifetime = |expiration| Lifetime::new(now, expiration, draw);
                let lifetime = credentials.expiration().map(lifetime);
                self.kept = Some(Kept { credentials: credentials.clone(), lifetime });
                self.failures = 0;
                self.not_before = None;
                Ok(credentials)
            }
            Err(missing) => {
                self.failures = self.failures.saturating_add(1);
                self.not_before = now.checked_add_signed(pause(self.failures, draw));
                self.kept =
                    self.kept.take().filter(|kept| kept.freshness(now) != Freshness::Expired);
                self.kept.as_ref().map(|kept| kept.credentials.clone()).ok_or(missing)
            }
        };
        self.last = Some(outcome.clone());
        outcome
    }
}

/// Refuses what cannot be keys, and what had expired when it came.
fn usable(credentials: Credentials, now: DateTime<Utc>) -> Outcome {
    credentials.validate()?;
    match credentials.expiration() {
        Some(expiration) if expiration <= now => Err(Missing::failed(format!(
            "the keys that were given had expired at {}: is this machine's clock right?",
            timestamp(expiration)
        ))),
        _ => Ok(credentials),
    }
}

impl Cache {
    pub(super) fn new(source: impl Source, around: Surroundings) -> Self {
        let source = Box::new(source);
        let (turn, state) = (Arc::default(), Mutex::default());
        Self { shared: Arc::new(Shared { source, around, turn, state }) }
    }

    pub(super) fn name(&self) -> &'static str {
        self.shared.source.name()
    }

    /// Credentials that have not expired.
    pub(super) async fn get(&self) -> Outcome {
        let now = self.shared.around.clock.now();
        let step = self.shared.state().step(now);
        match step {
            Step::Use(credentials) => Ok(credentials),
            Step::UseAndRenew(credentials) => {
                self.renew_in_background();
                Ok(credentials)
            }
            Step::Renew { ended } => self.shared.renew_with_others(ended).await,
        }
    }

    /// Lets go of exactly this set, and says whether asking again may give another.
    pub(super) fn invalidate(&self, stale: &Credentials) -> bool {
        let now = self.shared.around.clock.now();
        let mut state = self.shared.state();
        let is_kept = state.kept.as_ref().is_some_and(|kept| kept.credentials.is_same_set(stale));
        if !is_kept {
            return true;
        }
        let lately = |time: DateTime<Utc>| (now - time).abs() < RENEWALS_ON_REFUSAL_APART;
        if state.refused_at.is_some_and(lately) {
            return false;
        }
        state.refused_at = Some(now);
        state.kept = None;
        // Nor may somebody who still waits get it.
        state.last = None;
        drop(state);
        self.shared.source.refused(stale)
    }

    /// Starts a renewal unless one is under way. Without a runtime none is started, and a later call waits for it instead.
    fn renew_in_background(&self) {
        let Ok(runtime) = Handle::try_current() else { return };
        let Ok(turn) = Arc::clone(&self.shared.turn).try_lock_owned() else { return };
        let mut state = self.shared.state();
        // Another one may have ended since this call looked.
        if !matches!(state.step(self.shared.around.clock.now()), Step::UseAndRenew(_)) {
            return;
        }
        let shared = Arc::clone(&self.shared);
        let renewal = runtime.spawn(async move {
            // The waiters of the outcome take it from the state.
            let _ = shared.renew().await;
            drop(turn);
        });
        state.background = Some(renewal.abort_handle());
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // A panic under the lock, which only a bug could cause, must not make every later call fail.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the renewal that is under way, or makes one that others can wait for.
    async fn renew_with_others(&self, ended: u64) -> Outcome {
        let _turn = self.turn.lock().await;
        let now = self.around.clock.now();
        {
            let state = self.state();
            match (&state.last, state.step(now)) {
                (_, Step::Use(credentials) | Step::UseAndRenew(credentials)) => {
                    return Ok(credentials);
                }
                (Some(last), Step::Renew { .. }) if state.ended != ended => return last.clone(),
                (_, Step::Renew { .. }) => {}
            }
        }
        self.renew().await
    }

    async fn renew(&self) -> Outcome {
        let looked = self.source.look(&self.around).await;
        let (now, draw) = (self.around.clock.now(), self.around.clock.draw());
        self.state().settle(looked, now, draw)
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        if let Some(background) = self.shared.state().background.take() {
            background.abort();
        }
    }
}
