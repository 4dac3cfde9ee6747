//! [`Cache`]: keeps the credentials of one loader and refreshes them in time, with one refresh in
//! flight.
//!
//! Nothing runs on its own: a refresh starts when credentials are requested. A refresh that no call
//! has to wait for is a task of the runtime that the call runs in, and is aborted when the cache is
//! dropped. A refresh that calls wait for is driven by any of them that is polled, and is dropped
//! with the last.
//!
//! A refresh uses the timers and connections of the runtime that started it. A runtime can shut
//! down, or not be driven, at any time, so a call never waits for the refresh of another one: each
//! runtime has a refresh of its own.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt as _;
use futures_util::future::{Shared as SharedRefresh, WeakShared as WeakRefresh};
use tokio::runtime::{self, Handle};
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep, timeout};

use super::freshness::{Freshness, Lifetime, freshness, pause};
use super::load::{LoadCredentials, LoadResult};
use super::load_error::LoadError;
use super::{Credentials, CredentialsError, ProviderEnv};
use crate::clock::{Clock, check_timer};
use crate::retry::backoff;
use crate::sign::timestamp;

/// Credentials that are rejected again right after a refresh are not the problem, so within this
/// time a second rejection causes no refresh.
const MIN_REJECTION_INTERVAL: TimeDelta = TimeDelta::seconds(5);

/// The attempts of a refresh whose failures are transient: as many as those of a call.
const MAX_ATTEMPTS: u32 = 3;

/// The maximum wait before the second attempt; before the third it is twice as long.
const FIRST_BACKOFF: Duration = Duration::from_millis(200);

/// The time after which a load is given up: twice what the slowest provider of this crate has for
/// one step, a program. Without a limit every call would wait for one that hangs.
const LOAD_TIMEOUT: Duration = Duration::from_secs(120);

/// The cached credentials of one loader.
#[derive(Debug)]
pub(super) struct Cache {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    loader: Box<dyn LoadCredentials>,
    env: ProviderEnv,
    state: Mutex<State>,
}

/// A refresh that any number of calls wait for.
type Refresh = Pin<Box<dyn Future<Output = LoadResult> + Send>>;

#[derive(Debug, Default)]
struct State {
    entry: Option<Entry>,
    /// The refreshes that have not ended, at most one for each runtime.
    in_flight: Vec<InFlight>,
    /// The number of refreshes that were started.
    started: u64,
    /// The number of failed refreshes since the last successful one.
    failures: u32,
    /// The time before which no refresh starts after a failed one, as long as the entry is usable.
    not_before: Option<Instant>,
    rejected_at: Option<DateTime<Utc>>,
}

#[derive(Debug)]
struct InFlight {
    /// The runtime that drives it; `None` for an executor other than tokio.
    runtime: Option<runtime::Id>,
    /// Alive as long as a call or a task waits for it.
    refresh: WeakRefresh<Refresh>,
    /// The task of a refresh that no call waits for.
    task: Option<AbortHandle>,
}

#[derive(Clone, Debug)]
struct Entry {
    credentials: Credentials,
    /// The number of the refresh that loaded them.
    refresh: u64,
    /// `None` for credentials without a known expiration.
    lifetime: Option<Lifetime>,
}

impl InFlight {
    fn is_pending(&self) -> bool {
        self.refresh.upgrade().is_some_and(|refresh| refresh.peek().is_none())
    }
}

impl Entry {
    fn freshness(&self, now: DateTime<Utc>) -> Freshness {
        self.lifetime.as_ref().map_or(Freshness::Fresh, |lifetime| freshness(lifetime, now))
    }
}

/// The next step of a request for credentials.
enum Decision {
    Use(Credentials),
    UseAndRefresh(Credentials),
    WaitForRefresh,
}

impl State {
    fn decide(&self, clock: &dyn Clock) -> Decision {
        let Some(entry) = &self.entry else { return Decision::WaitForRefresh };
        let is_paused = self.not_before.is_some_and(|time| clock.instant() < time);
        match (entry.freshness(clock.now()), is_paused) {
            (Freshness::Expired, _) | (Freshness::NearlyExpired, false) => Decision::WaitForRefresh,
            (Freshness::Ageing, false) => Decision::UseAndRefresh(entry.credentials.clone()),
            (Freshness::Fresh, _) | (_, true) => Decision::Use(entry.credentials.clone()),
        }
    }

    /// Stores the result of the refresh with this number, and returns what its waiters get: after a
    /// failure the previous credentials, as long as they are usable.
    fn complete(&mut self, refresh: u64, loaded: LoadResult, clock: &dyn Clock) -> LoadResult {
        let now = clock.now();
        let is_usable = |entry: &Entry| entry.freshness(now) != Freshness::Expired;
        self.entry = self.entry.take().filter(is_usable);
        if let Some(entry) = self.entry.as_ref().filter(|entry| entry.refresh > refresh) {
            // A refresh that another runtime started later has ended before.
            return Ok(entry.credentials.clone());
        }
        match loaded.and_then(|credentials| check_usable(credentials, now)) {
            Ok(credentials) => {
                let lifetime = |expiration| Lifetime::new(now, expiration, clock.draw());
                let lifetime = credentials.expiration().map(lifetime);
                self.entry = Some(Entry { credentials: credentials.clone(), refresh, lifetime });
                self.failures = 0;
                self.not_before = None;
                Ok(credentials)
            }
            Err(error) => {
                self.failures = self.failures.saturating_add(1);
                self.not_before = clock.instant().checked_add(pause(self.failures, clock.draw()));
                self.entry.as_ref().map(|entry| entry.credentials.clone()).ok_or(error)
            }
        }
    }
}

/// Rejects what cannot be credentials, and what expired before it was received.
fn check_usable(credentials: Credentials, now: DateTime<Utc>) -> LoadResult {
    credentials.validate()?;
    match credentials.expiration() {
        Some(expiration) if expiration <= now => Err(LoadError::failed(format!(
            "the credentials expired at {}, before they were received: check the system clock",
            timestamp(expiration)
        ))),
        _ => Ok(credentials),
    }
}

impl Cache {
    pub(super) fn new(loader: impl LoadCredentials, env: ProviderEnv) -> Self {
        let loader = Box::new(loader);
        Self { shared: Arc::new(Shared { loader, env, state: Mutex::default() }) }
    }

    pub(super) fn name(&self) -> &'static str {
        self.shared.loader.name()
    }

    /// Returns credentials that have not expired.
    pub(super) async fn get(&self) -> LoadResult {
        let refresh = {
            let mut state = self.shared.state();
            match state.decide(&*self.shared.env.clock) {
                Decision::Use(credentials) => return Ok(credentials),
                Decision::UseAndRefresh(credentials) => {
                    self.refresh_in_background(&mut state);
                    return Ok(credentials);
                }
                Decision::WaitForRefresh => self.join_refresh(&mut state),
            }
        };
        refresh.await
    }

    /// Returns the refresh in flight of this runtime, or a new one.
    fn join_refresh(&self, state: &mut State) -> SharedRefresh<Refresh> {
        let runtime = Handle::try_current().ok().map(|runtime| runtime.id());
        state.in_flight.retain(InFlight::is_pending);
        let in_flight = state.in_flight.iter().find(|in_flight| in_flight.runtime == runtime);
        if let Some(refresh) = in_flight.and_then(|in_flight| in_flight.refresh.upgrade()) {
            return refresh;
        }
        state.started += 1;
        let (shared, number) = (Arc::clone(&self.shared), state.started);
        let refresh: Refresh = Box::pin(async move { shared.refresh(number).await });
        let refresh = refresh.shared();
        // Only a refresh that has ended has no weak reference.
        if let Some(weak) = refresh.downgrade() {
            state.in_flight.push(InFlight { runtime, refresh: weak, task: None });
        }
        refresh
    }

    /// Drops exactly these credentials, and returns whether loading again could yield others.
    pub(super) fn invalidate(&self, stale: &Credentials) -> bool {
        let now = self.shared.env.clock.now();
        let mut state = self.shared.state();
        let is_cached =
            state.entry.as_ref().is_some_and(|entry| entry.credentials.is_same_set(stale));
        if !is_cached {
            return true;
        }
        let is_recent = |time: DateTime<Utc>| (now - time).abs() < MIN_REJECTION_INTERVAL;
        if state.rejected_at.is_some_and(is_recent) {
            return false;
        }
        state.rejected_at = Some(now);
        state.entry = None;
        drop(state);
        self.shared.loader.invalidate(stale)
    }

    /// Starts a refresh unless this runtime has one in flight. Without a runtime none is started,
    /// and a later call waits for it instead.
    fn refresh_in_background(&self, state: &mut State) {
        let Ok(runtime) = Handle::try_current() else { return };
        let started = state.started;
        let refresh = self.join_refresh(state);
        if state.started != started
            && let Some(in_flight) = state.in_flight.last_mut()
        {
            in_flight.task = Some(runtime.spawn(refresh).abort_handle());
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // A panic under the lock, which only a bug could cause, must not fail every later call.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn refresh(&self, number: u64) -> LoadResult {
        // A panic of the user's code would be one of every call that waits for the refresh.
        let loaded = AssertUnwindSafe(self.load_with_retries()).catch_unwind().await;
        let loaded = loaded.unwrap_or_else(|_panic| Err(panicked()));
        self.state().complete(number, loaded, &*self.env.clock)
    }

    async fn load_with_retries(&self) -> LoadResult {
        let mut attempt = 1;
        loop {
            match self.load().await {
                Err(LoadError::Failed(error)) if error.should_retry() => {
                    // On an executor without timers the next attempt cannot be waited for.
                    if attempt == MAX_ATTEMPTS || check_timer().is_err() {
                        return Err(LoadError::Failed(error.exhausted()));
                    }
                }
                loaded => return loaded,
            }
            sleep(backoff::jittered(FIRST_BACKOFF * attempt, self.env.clock.draw())).await;
            attempt += 1;
        }
    }

    /// Loads within the timeout; on an executor without timers, for as long as it takes.
    async fn load(&self) -> LoadResult {
        let load = self.loader.load(&self.env);
        if check_timer().is_err() {
            return load.await;
        }
        timeout(LOAD_TIMEOUT, load).await.unwrap_or_else(|_elapsed| Err(too_slow().into()))
    }
}

/// Without the message of the panic, which may contain a secret.
fn panicked() -> LoadError {
    LoadError::failed("the provider panicked: the panic hook has shown where, by default on stderr")
}

/// Not retried before the next call asks for credentials: the calls have waited long enough.
fn too_slow() -> CredentialsError {
    let message = format!(
        "no credentials within {} s: set a shorter timeout for what the provider waits for",
        LOAD_TIMEOUT.as_secs()
    );
    CredentialsError::new(message).transient().exhausted()
}

impl Drop for Cache {
    fn drop(&mut self) {
        let state = self.shared.state();
        for task in state.in_flight.iter().filter_map(|in_flight| in_flight.task.as_ref()) {
            task.abort();
        }
    }
}
