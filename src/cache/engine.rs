//! [`Engine`]: the table, the flights that fill it, and the reads that wait for them.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{Notify, watch};
use tokio::time::error::Elapsed;
use tokio::time::{sleep, timeout};

use super::cached_secret::CachedSecret;
use super::entry::{Change, Entry, Outcome};
use super::flight::{Flight, Home, Reader};
use super::launcher::{Fly, Launcher, Settle};
use super::loader::{Loaded, Loader};
use super::regions::Served;
use super::schedule::Decision;
use super::secret_key::SecretKey;
use super::settings::Settings;
use super::stats::{CacheStats, Counters};
use super::striped_lock::StripedLock;
use super::table::Table;
use super::timer::Timer;
use crate::call::check_runtime;
use crate::client::KmsClient;
use crate::error::{Error, ErrorKind, Result};
use crate::secrets::{GetSecretValueResponse, SecretValue, VersionStage};
use crate::telemetry::cache as events;
use crate::types::bare_name;

/// The time between two looks of the background task at a flight.
const NEXT_LOOK: Duration = Duration::from_secs(1);

/// The parts of a cache. Tasks hold it weakly, so that it ends with the last handle.
#[derive(Debug)]
pub(super) struct Engine {
    settings: Settings,
    loader: Arc<Loader>,
    launcher: Launcher,
    timer: Timer,
    table: StripedLock<Table>,
    counters: Counters,
    /// Wakes the background task when a schedule changed.
    settled: Arc<Notify>,
}

/// The action of a read that [`hit`](Engine::hit) did not serve.
enum Plan {
    Serve(Arc<CachedSecret>, Decision),
    Reject(Error),
    Pause(Duration),
    Wait(Reader<Outcome>),
    WaitAtMost(Reader<Outcome>, Duration),
}

impl Engine {
    pub(super) fn new(settings: Settings, loader: Loader, timer: Timer, fly: Fly) -> Self {
        let loader = Arc::new(loader);
        let gathers = settings.refresh_in_background;
        Self {
            launcher: Launcher::new(Arc::clone(&loader), timer.clone(), gathers, fly),
            table: StripedLock::new(Table::new(settings.max_entries)),
            settings,
            loader,
            timer,
            counters: Counters::default(),
            settled: Arc::default(),
        }
    }

    pub(super) fn client(&self) -> &KmsClient {
        self.loader.client()
    }

    pub(super) fn timer(&self) -> &Timer {
        &self.timer
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Returns whether a value that was confirmed at that time may be served.
    pub(super) fn may_serve(&self, key: &SecretKey<'_>, confirmed_at: Duration) -> bool {
        let limits = self.settings.limits(key.secret_name());
        self.timer.now().saturating_sub(confirmed_at) < limits.ttl + limits.max_stale
    }

    pub(super) fn note_parse_failure(&self, secret: &CachedSecret, error: &Error) {
        self.counters.parse_failures.increment();
        events::parse_failure(secret.key().secret_name(), &secret.version_id, error);
    }

    pub(super) fn stats(&self) -> CacheStats {
        let table = self.table.read();
        self.counters.snapshot(table.len(), table.evictions())
    }

    /// Returns a value that can be served without any work. Many readers run this at once.
    pub(super) fn hit(&self, key: &SecretKey<'_>) -> Option<Arc<CachedSecret>> {
        let now = self.timer.now();
        let table = self.table.read();
        let entry = table.get(key)?;
        let decision = entry.decide(now, self.settings.stale_wait);
        match decision {
            Decision::Serve | Decision::ServeStale => {}
            Decision::ServeAndRefresh if entry.has_flight() => {}
            _ => return None,
        }
        let secret = entry.servable(now)?;
        entry.touch(now);
        self.count_hit();
        // Last, since the count of the `Arc` is what readers of one secret write to in turns: the
        // sooner this one drops it, the less often it changes processors in between.
        let secret = Arc::clone(secret);
        drop(table);
        self.note_hit(&secret, decision);
        Some(secret)
    }

    /// Reads a secret that [`hit`](Self::hit) did not return.
    pub(super) async fn read(self: Arc<Self>, key: SecretKey<'static>) -> Outcome {
        key.validate().map_err(|problem| Error::invalid_input(&problem))?;
        let mut is_first_plan = true;
        loop {
            let Ok(runtime) = Handle::try_current() else { return self.read_alone(&key).await };
            check_runtime()?;
            // `plan` has unlocked the table: events run code of the subscriber.
            let plan = self.plan(&key, &runtime, is_first_plan);
            if is_first_plan && matches!(plan, Plan::Pause(_) | Plan::Wait(_)) {
                self.note_miss(&key);
            }
            match plan {
                Plan::Serve(secret, decision) => {
                    self.count_hit();
                    self.note_hit(&secret, decision);
                    return Ok(secret);
                }
                Plan::Reject(denial) => {
                    self.counters.negative_hits.increment();
                    return Err(denial);
                }
                Plan::Pause(pause) => sleep(pause).await,
                Plan::Wait(reader) => {
                    if let Some(outcome) = outcome_of(&reader).await
                        && !is_to_be_repeated(&reader, &outcome)
                    {
                        return outcome;
                    }
                }
                Plan::WaitAtMost(reader, limit) => {
                    let outcome = timeout(limit, outcome_of(&reader)).await;
                    if let Some(outcome) = self.outcome_or_stale(&key, outcome) {
                        return outcome;
                    }
                }
            }
            is_first_plan = false;
        }
    }

    /// Works on the entry of a key, a new one if there was none.
    fn with_entry<T>(
        &self,
        key: &SecretKey<'static>,
        work: impl FnOnce(&mut Entry, Duration) -> T,
    ) -> T {
        let now = self.timer.now();
        let mut table = self.table.write();
        let limits = || self.settings.limits(key.secret_name());
        let (entry, evicted) = table.get_or_insert(key, now, limits);
        let result = work(entry, now);
        drop(table);
        // To drop a parsed value runs code of the user.
        drop(evicted);
        result
    }

    fn plan(
        self: &Arc<Self>,
        key: &SecretKey<'static>,
        runtime: &Handle,
        is_first_plan: bool,
    ) -> Plan {
        self.with_entry(key, |entry, now| {
            entry.touch(now);
            let decision = entry.decide(now, self.settings.stale_wait);
            match (decision, entry.servable(now).cloned(), entry.denial()) {
                (Decision::Serve | Decision::ServeStale, Some(secret), _) => {
                    Plan::Serve(secret, decision)
                }
                (Decision::ServeAndRefresh, Some(secret), _) => {
                    if !entry.has_flight() {
                        self.launch(entry, key, runtime);
                    }
                    Plan::Serve(secret, decision)
                }
                (Decision::WaitAtMost(limit), Some(_), _) => {
                    Plan::WaitAtMost(self.join(entry, key, runtime), limit)
                }
                (Decision::Reject, _, Some(denial)) => Plan::Reject(denial.clone()),
                (Decision::Wait { pause }, ..)
                    if is_first_plan && !pause.is_zero() && !entry.has_flight() =>
                {
                    Plan::Pause(pause)
                }
                _ => Plan::Wait(self.join(entry, key, runtime)),
            }
        })
    }

    /// Returns what a reader gets that waited for the refresh of a stale value; `None` if it has to
    /// wait on.
    fn outcome_or_stale(
        &self,
        key: &SecretKey<'static>,
        waited: Result<Option<Outcome>, Elapsed>,
    ) -> Option<Outcome> {
        let failure = match waited {
            Ok(Some(Err(error))) if error.is_retryable() => Some(Err(error)),
            Ok(outcome) => return outcome,
            Err(_elapsed) => None,
        };
        let stale = self.table.read().get(key)?.servable(self.timer.now()).cloned();
        if let Some(secret) = &stale {
            self.note_stale(secret);
        }
        stale.map(Ok).or(failure)
    }

    fn count_hit(&self) {
        self.counters.hits.of_thread().increment();
    }

    fn note_hit(&self, secret: &CachedSecret, decision: Decision) {
        if decision == Decision::ServeStale {
            return self.note_stale(secret);
        }
        events::hit(secret.key().secret_name(), &secret.version_id, || secret.age());
    }

    fn note_miss(&self, key: &SecretKey<'_>) {
        self.counters.misses.increment();
        events::miss(key.secret_name());
    }

    fn note_stale(&self, secret: &CachedSecret) {
        self.counters.stale_served.increment();
        events::stale(secret.key().secret_name(), &secret.version_id, || secret.age());
    }

    /// Returns a reader of the flight in flight, or of a new one if there is none to rely on.
    fn join(
        self: &Arc<Self>,
        entry: &mut Entry,
        key: &SecretKey<'static>,
        runtime: &Handle,
    ) -> Reader<Outcome> {
        let home = Home::from_handle(runtime);
        match &entry.flight {
            Some(flight) if flight.is_reliable_for(home) => flight.join(home),
            _ => self.launch(entry, key, runtime).lead(home),
        }
    }

    /// Starts a flight. One that was there before is abandoned.
    fn launch(
        self: &Arc<Self>,
        entry: &mut Entry,
        key: &SecretKey<'static>,
        runtime: &Handle,
    ) -> Arc<Flight<Outcome>> {
        self.counters.refreshes.increment();
        let flight = self.launcher.launch(key.clone(), self.settler(), runtime);
        entry.set_flight(Arc::clone(&flight));
        flight
    }

    fn settler(self: &Arc<Self>) -> Weak<dyn Settle> {
        Arc::downgrade(self) as Weak<dyn Settle>
    }

    /// Reads without a flight, which is a task of a runtime. The client returns an error that says
    /// so.
    async fn read_alone(&self, key: &SecretKey<'static>) -> Outcome {
        let Served { response, host } = self.loader.load(key).await?;
        Ok(Arc::new(self.cached_secret(key, response, host)))
    }

    fn cached_secret(
        &self,
        key: &SecretKey<'static>,
        response: GetSecretValueResponse,
        host: Arc<str>,
    ) -> CachedSecret {
        let ttl = self.settings.limits(key.secret_name()).ttl;
        CachedSecret::new(key.clone(), response, host, self.timer.clone(), ttl)
    }

    /// Starts flights that load several secrets with one request, for keys that have no value and
    /// no flight. Returns a reader of each, since the later ones of many evict the earlier ones.
    pub(super) fn launch_missing(
        self: &Arc<Self>,
        keys: &[SecretKey<'static>],
    ) -> HashMap<SecretKey<'static>, Reader<Outcome>> {
        let Ok(runtime) = Handle::try_current() else { return HashMap::new() };
        let now = self.timer.now();
        let home = Home::from_handle(&runtime);
        let is_missing = |entry: &Entry| {
            let has_flight = entry.flight.as_ref().is_some_and(|f| f.is_reliable_for(home));
            let decision = entry.decide(now, self.settings.stale_wait);
            !has_flight && matches!(decision, Decision::Wait { .. } | Decision::WaitAtMost(_))
        };
        // Dropped after the table is unlocked, as by `with_entry`.
        let mut evicted = Vec::new();
        let mut table = self.table.write();
        let mut seen = HashSet::new();
        let missing: Vec<_> = keys
            .iter()
            .filter(|key| key.validate().is_ok() && table.get(key).is_none_or(is_missing))
            .filter(|key| seen.insert(*key))
            .cloned()
            .collect();
        let flights = self.launch_all(&missing, &runtime);
        for (key, flight) in missing.iter().zip(&flights) {
            // With its flight, an entry is not the first to be evicted.
            let limits = || self.settings.limits(key.secret_name());
            let (entry, made_room) = table.get_or_insert(key, now, limits);
            entry.set_flight(Arc::clone(flight));
            evicted.extend(made_room);
        }
        missing.into_iter().zip(flights.iter().map(|flight| flight.lead(home))).collect()
    }

    /// Reads a secret for which a flight was started by [`launch_missing`](Self::launch_missing).
    pub(super) async fn read_launched(
        self: Arc<Self>,
        key: SecretKey<'static>,
        flight: &Reader<Outcome>,
    ) -> Outcome {
        let is_evicted = self.table.read().get(&key).is_none();
        if is_evicted && let Some(outcome) = outcome_of(flight).await {
            self.note_miss(&key);
            return outcome;
        }
        self.read(key).await
    }

    /// Starts flights for the values that are to be refreshed until `until`, and drops those that
    /// are gone. Returns when there is something to do again.
    ///
    /// A flight that is in flight is looked at again soon: nothing wakes the background task when
    /// it is abandoned.
    pub(super) fn refresh_due(
        self: &Arc<Self>,
        until: Duration,
        runtime: &Handle,
    ) -> Option<Duration> {
        let now = self.timer.now();
        let home = Home::from_handle(runtime);
        // Dropped after the table is unlocked, as by `with_entry`.
        let mut gone = Vec::new();
        let mut table = self.table.write();
        let mut due = Vec::new();
        let mut next: Option<Duration> = None;
        for (key, entry) in table.iter_mut() {
            gone.extend(entry.take_if_gone(now));
            let Some(refresh_at) = entry.next_refresh() else { continue };
            let at = if entry.flight.as_ref().is_some_and(|f| f.is_reliable_for(home)) {
                now.saturating_add(NEXT_LOOK)
            } else if refresh_at <= until {
                due.push(key.clone());
                continue;
            } else {
                entry.gone_at().map_or(refresh_at, |gone_at| refresh_at.min(gone_at))
            };
            next = Some(next.map_or(at, |next| next.min(at)));
        }
        for (key, flight) in due.iter().zip(self.launch_all(&due, runtime)) {
            if let Some(entry) = table.get_mut(key) {
                entry.set_flight(flight);
            }
        }
        next
    }

    /// Starts a flight for each of the keys.
    fn launch_all(
        self: &Arc<Self>,
        keys: &[SecretKey<'static>],
        runtime: &Handle,
    ) -> Vec<Arc<Flight<Outcome>>> {
        if keys.is_empty() {
            return Vec::new();
        }
        keys.iter().for_each(|_| self.counters.refreshes.increment());
        self.launcher.launch_all(keys.to_vec(), self.settler(), runtime)
    }

    /// Reads a secret from the service now. Callers share a flight that started after they called.
    pub(super) async fn refresh(self: Arc<Self>, key: SecretKey<'static>) -> Outcome {
        key.validate().map_err(|problem| Error::invalid_input(&problem))?;
        let called_after = self.launcher.last_number();
        loop {
            let Ok(runtime) = Handle::try_current() else { return self.read_alone(&key).await };
            check_runtime()?;
            let plan = self.with_entry(&key, |entry, now| {
                let is_newer = entry.confirmed_by() > called_after;
                match entry.servable(now).filter(|_| is_newer) {
                    Some(secret) => Ok(Arc::clone(secret)),
                    None => Err(self.join(entry, &key, &runtime)),
                }
            });
            let reader = match plan {
                Ok(secret) => return Ok(secret),
                Err(reader) => reader,
            };
            let is_newer = reader.flight_number() > called_after;
            if let Some(outcome) = outcome_of(&reader).await
                && is_newer
            {
                return outcome;
            }
        }
    }

    /// Reads a secret again whose value was rejected where it is used.
    pub(super) async fn report_rejected(self: Arc<Self>, rejected: &CachedSecret) -> Outcome {
        let key = rejected.key();
        loop {
            match self.plan_report(rejected) {
                ReportPlan::Return(cached) => return Ok(cached),
                ReportPlan::Refresh => return self.refresh(key.clone()).await,
                ReportPlan::Read => return self.read(key.clone()).await,
                ReportPlan::Wait(reader) => drop(reader.outcome().await.transpose()?),
            }
        }
    }

    fn plan_report(&self, rejected: &CachedSecret) -> ReportPlan {
        let runtime = Handle::try_current().ok().filter(|_| check_runtime().is_ok());
        let now = self.timer.now();
        let mut table = self.table.write();
        let Some(entry) = table.get_mut(rejected.key()) else { return ReportPlan::Read };
        let Some(cached) = entry.servable(now).cloned() else { return ReportPlan::Read };
        if cached.is_immutable() || !cached.is_same_version(rejected) {
            return ReportPlan::Return(cached);
        }
        if entry.report_rejection(now) {
            return ReportPlan::Refresh;
        }
        // Another report has it read at this moment.
        if let (Some(flight), Some(runtime)) = (&entry.flight, runtime) {
            let home = Home::from_handle(&runtime);
            if flight.is_reliable_for(home) {
                return ReportPlan::Wait(flight.join(home));
            }
        }
        ReportPlan::Return(cached)
    }

    /// Drops the value of this key.
    pub(super) fn invalidate(&self, key: &SecretKey<'static>) {
        let mut table = self.table.write();
        let value = table.get_mut(key).and_then(|entry| {
            let value = entry.value();
            entry.invalidate();
            value
        });
        drop(table);
        // As by `with_entry`.
        drop(value);
    }

    /// Drops all that is cached of a secret, given by its name or ARN.
    pub(super) fn invalidate_secret(&self, name_or_arn: &str) {
        self.for_secret(name_or_arn, |_, entry, _| entry.invalidate());
    }

    /// Has a secret read again that the program changed.
    pub(super) fn expire_secret(&self, name_or_arn: &str) {
        self.for_secret(name_or_arn, |_, entry, now| entry.expire(now));
    }

    /// Has a secret polled that the program had rotated.
    pub(super) fn expect_rotation(&self, name_or_arn: &str) {
        self.for_secret(name_or_arn, |_, entry, now| entry.expect_rotation(now));
    }

    /// Returns the number that a write which starts now passes to
    /// [`replace_value`](Self::replace_value).
    pub(super) fn last_number(&self) -> u64 {
        self.launcher.last_number()
    }

    /// Replaces what is cached of a secret by the value that the program wrote. Where that is not
    /// certain to be the value of a key, it is read again: an ARN with the same name may be that of
    /// another account, and what was written or read since the write started may be newer.
    pub(super) fn replace_value(
        &self,
        name_or_arn: &str,
        started_after: u64,
        version_id: &str,
        stages: &[VersionStage],
        value: &SecretValue,
    ) {
        self.for_secret(name_or_arn, |key, entry, now| {
            let has_stage = key.stage().is_some_and(|of_key| {
                key.secret_name() == name_or_arn && stages.iter().any(|s| s.as_str() == of_key)
            });
            let is_certain = has_stage && !entry.is_changed_after(started_after);
            match entry.servable(now).filter(|_| is_certain) {
                Some(cached) => {
                    let host = self.loader.first_host();
                    let written = cached.with_new_version(host, version_id, stages, value);
                    entry.replace(written, &self.timer);
                }
                None => entry.expire(now),
            }
        });
    }

    /// Takes in a write of a secret that ended.
    fn for_secret(
        &self,
        name_or_arn: &str,
        change: impl Fn(&SecretKey<'static>, &mut Entry, Duration),
    ) {
        let now = self.timer.now();
        let name = bare_name(name_or_arn);
        // Dropped after the table is unlocked, as by `with_entry`.
        let mut values = Vec::new();
        let mut table = self.table.write();
        let write_number = self.launcher.next_number();
        for (key, entry) in table.iter_mut().filter(|(key, _)| key.bare_name() == name) {
            values.extend(entry.value());
            change(key, entry, now);
            entry.set_written_by(write_number);
        }
        drop(table);
        self.settled.notify_one();
    }

    /// Returns the state that a watcher starts from, and what wakes it when there is another.
    pub(super) fn subscribe(&self, key: &SecretKey<'static>) -> Subscription {
        self.with_entry(key, |entry, now| {
            entry.touch(now);
            Subscription {
                changes: entry.watch(),
                secret: entry.servable(now).cloned(),
                next_refresh: entry.next_refresh(),
            }
        })
    }

    /// Waits for the refresh in flight, or else for a new one. `None` if no refresh can run on this
    /// runtime.
    pub(super) async fn await_refresh(
        self: &Arc<Self>,
        key: &SecretKey<'static>,
    ) -> Option<Outcome> {
        if let Err(problem) = key.validate() {
            return Some(Err(Error::invalid_input(&problem)));
        }
        loop {
            let Ok(runtime) = Handle::try_current() else {
                return Some(self.read_alone(key).await);
            };
            let reader = self.with_entry(key, |entry, _now| self.join(entry, key, &runtime));
            let outcome = reader.outcome().await;
            if outcome.is_some() || reader.lost_here() {
                return outcome;
            }
        }
    }

    pub(super) fn settled(&self) -> &Arc<Notify> {
        &self.settled
    }
}

/// The version that a watcher starts from.
pub(super) struct Subscription {
    pub(super) changes: watch::Receiver<()>,
    pub(super) secret: Option<Arc<CachedSecret>>,
    pub(super) next_refresh: Option<Duration>,
}

enum ReportPlan {
    Return(Arc<CachedSecret>),
    Refresh,
    Read,
    Wait(Reader<Outcome>),
}

/// Waits for a flight. `None` if it ended without an outcome but another one may succeed.
async fn outcome_of(reader: &Reader<Outcome>) -> Option<Outcome> {
    let outcome = reader.outcome().await;
    outcome.or_else(|| reader.lost_here().then(|| Err(ended_with_its_task())))
}

fn ended_with_its_task() -> Error {
    let problem = "the task that read the secret ended without an outcome: the runtime was shut \
                   down, or the task panicked";
    Error::new(ErrorKind::Unknown, problem)
}

/// A flight that nobody drove may have run into its time limits.
fn is_to_be_repeated(reader: &Reader<Outcome>, outcome: &Outcome) -> bool {
    !reader.was_attended() && outcome.as_ref().is_err_and(Error::is_retryable)
}

impl Settle for Engine {
    fn settle(&self, key: &SecretKey<'static>, flight_number: u64, loaded: Loaded) -> Outcome {
        let outcome = self.settle_entry(key, flight_number, loaded);
        self.settled.notify_one();
        outcome
    }
}

impl Engine {
    /// A flight that the entry does not know any more, since it was invalidated or evicted, serves
    /// only its readers.
    fn settle_entry(
        &self,
        key: &SecretKey<'static>,
        flight_number: u64,
        loaded: Loaded,
    ) -> Outcome {
        let loaded = loaded.map(|served| self.cached_secret(key, served.response, served.host));
        let mut table = self.table.write();
        let entry = table.get_mut(key).and_then(|entry| entry.end_flight(flight_number));
        // Dropped after the table is unlocked, as by `with_entry`.
        let _value = entry.as_ref().and_then(|entry| entry.value());
        match (entry, loaded) {
            (Some(entry), Ok(loaded)) => {
                let (secret, change) = entry.confirm(loaded, &self.timer);
                entry.set_confirmed_by(flight_number);
                drop(table);
                self.note_refresh(&secret, change);
                Ok(secret)
            }
            (Some(entry), Err(error)) => {
                entry.fail(&error, &self.timer);
                let kept = entry.servable(self.timer.now()).cloned();
                if entry.is_vacant(self.timer.now()) {
                    table.remove(key);
                }
                drop(table);
                self.note_failure(key, kept.as_deref(), &error);
                Err(error)
            }
            (None, loaded) => loaded.map(Arc::new),
        }
    }

    fn note_refresh(&self, secret: &CachedSecret, change: Change) {
        if change == Change::Replaced {
            self.counters.new_versions.increment();
        }
        let is_new = change != Change::Confirmed;
        events::refresh(secret.key().secret_name(), &secret.version_id, is_new);
    }

    fn note_failure(&self, key: &SecretKey<'_>, kept: Option<&CachedSecret>, error: &Error) {
        self.counters.failures.increment();
        let kept = kept.map(|secret| (secret.version_id.as_str(), secret.age()));
        events::failure(key.secret_name(), kept, error);
    }
}
