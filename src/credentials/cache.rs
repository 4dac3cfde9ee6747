//! Keeps what a source found and renews it in time, one renewal at a time.
//!
//! Nothing runs by itself: a renewal starts when credentials are asked for. One that a call need not wait for is a task of
//! the runtime that the call runs in, and ends with the cache; one that calls do wait for is carried on by any of them that is
//! polled, and ends with the last.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt as _;
use futures_util::future::{Shared as Joint, WeakShared as WeakJoint};
use tokio::runtime::Handle;
use tokio::task::AbortHandle;
use tokio::time::sleep;

use super::freshness::{Freshness, Lifetime, freshness, pause};
use super::source::{Missing, Outcome, Source};
use super::{Credentials, ProviderEnv};
use crate::retry::backoff;
use crate::sign::timestamp;

/// Keys that are refused again right after they were renewed are not the problem: the source is left alone for so long.
const RENEWALS_ON_REFUSAL_APART: TimeDelta = TimeDelta::seconds(5);

/// A renewal looks so often where a failure may pass by itself, as a call makes its attempts.
const LOOKS: u32 = 3;

/// The longest wait before the second look; before the third it is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// The credentials of one source.
#[derive(Debug)]
pub(super) struct Cache {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    source: Box<dyn Source>,
    around: ProviderEnv,
    state: Mutex<State>,
}

/// A look at the source that any number of calls wait for.
type Renewal = Pin<Box<dyn Future<Output = Outcome> + Send>>;

#[derive(Debug, Default)]
struct State {
    kept: Option<Kept>,
    /// The renewal that has not ended, as long as somebody waits for it.
    under_way: Option<WeakJoint<Renewal>>,
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
    /// Wait for what a renewal gives.
    Renew,
}

impl State {
    fn step(&self, now: DateTime<Utc>) -> Step {
        let Some(kept) = &self.kept else { return Step::Renew };
        let paused = self.not_before.is_some_and(|time| now < time);
        match (kept.freshness(now), paused) {
            (Freshness::Expired, _) | (Freshness::NearlyExpired, false) => Step::Renew,
            (Freshness::AgeingSoon, false) => Step::UseAndRenew(kept.credentials.clone()),
            (Freshness::Fresh, _) | (_, true) => Step::Use(kept.credentials.clone()),
        }
    }

    /// Takes in what the source said, and gives what its waiters get: the kept set for as long as it can be used.
    fn settle(&mut self, looked: Outcome, now: DateTime<Utc>, draw: f64) -> Outcome {
        self.under_way = None;
        match looked.and_then(|credentials| usable(credentials, now)) {
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
        }
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
    pub(super) fn new(source: impl Source, around: ProviderEnv) -> Self {
        let source = Box::new(source);
        Self { shared: Arc::new(Shared { source, around, state: Mutex::default() }) }
    }

    pub(super) fn name(&self) -> &'static str {
        self.shared.source.name()
    }

    /// Credentials that have not expired.
    pub(super) async fn get(&self) -> Outcome {
        let renewal = {
            let mut state = self.shared.state();
            match state.step(self.shared.around.clock.now()) {
                Step::Use(credentials) => return Ok(credentials),
                Step::UseAndRenew(credentials) => {
                    self.renew_in_background(&mut state);
                    return Ok(credentials);
                }
                Step::Renew => self.renewal(&mut state),
            }
        };
        renewal.await
    }

    /// The renewal that is under way, or a new one.
    fn renewal(&self, state: &mut State) -> Joint<Renewal> {
        if let Some(renewal) = state.under_way.as_ref().and_then(WeakJoint::upgrade) {
            return renewal;
        }
        let shared = Arc::clone(&self.shared);
        let renewal: Renewal = Box::pin(async move { shared.renew().await });
        let renewal = renewal.shared();
        state.under_way = renewal.downgrade();
        renewal
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
        drop(state);
        self.shared.source.refused(stale)
    }

    /// Starts a renewal unless one is under way. Without a runtime none is started, and a later call waits for it instead.
    fn renew_in_background(&self, state: &mut State) {
        if state.under_way.as_ref().and_then(WeakJoint::upgrade).is_some() {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            state.background = Some(runtime.spawn(self.renewal(state)).abort_handle());
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // A panic under the lock, which only a bug could cause, must not make every later call fail.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn renew(&self) -> Outcome {
        let looked = self.look().await;
        let (now, draw) = (self.around.clock.now(), self.around.clock.draw());
        self.state().settle(looked, now, draw)
    }

    /// Looks, and looks again where that may help. Each look asks and signs anew.
    async fn look(&self) -> Outcome {
        let mut looks = 1;
        loop {
            let outcome = self.source.look(&self.around).await;
            match outcome {
                Err(Missing::Failed(error)) if error.is_worth_another_look() => {
                    if looks == LOOKS {
                        return Err(Missing::Failed(error.after_looks()));
                    }
                }
                outcome => return outcome,
            }
            sleep(backoff::jittered(FIRST_WAIT * looks, self.around.clock.draw())).await;
            looks += 1;
        }
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        if let Some(background) = self.shared.state().background.take() {
            background.abort();
        }
    }
}
