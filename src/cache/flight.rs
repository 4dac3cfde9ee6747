//! [`Flight`]: one refresh that any number of readers wait for, whichever runtimes they are on.
//!
//! A flight is a task of the runtime of the reader that started it, so a reader that is dropped
//! ends nothing. Two cases need care. A runtime that is shut down drops its tasks: the flight is
//! abandoned then, and a reader on another runtime starts another. And a runtime of the current
//! thread makes progress only while something is awaited on it: such a flight counts as attended
//! while a reader waits on its runtime, and readers on other runtimes do not rely on an unattended
//! one.

use std::fmt;
use std::sync::{Arc, OnceLock, Weak};

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::watch;
use tokio::task::AbortHandle;

/// A refresh in flight with an outcome of type `T`. The cache and the readers hold it, and its task
/// does not: once they have dropped it, the task ends.
pub(super) struct Flight<T> {
    /// Increases with each flight and write of the cache.
    number: u64,
    home: Home,
    progress: watch::Sender<Progress<T>>,
    task: OnceLock<Arc<FlightTask>>,
}

/// The task of one or several flights, aborted when this is dropped.
#[derive(Debug, Default)]
pub(super) struct FlightTask(OnceLock<AbortHandle>);

impl FlightTask {
    pub(super) fn new(task: AbortHandle) -> Self {
        Self(OnceLock::from(task))
    }

    /// Sets the task once it is spawned.
    pub(super) fn set(&self, task: AbortHandle) {
        // A task is spawned once, so there is none yet.
        let _ = self.0.set(task);
    }
}

impl Drop for FlightTask {
    fn drop(&mut self) {
        if let Some(task) = self.0.get() {
            task.abort();
        }
    }
}

/// The runtime that a flight or a reader is on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Home {
    runtime: tokio::runtime::Id,
    /// True if it makes progress while nothing is awaited on it.
    has_workers: bool,
}

impl Home {
    pub(super) fn from_handle(runtime: &Handle) -> Self {
        let has_workers = runtime.runtime_flavor() != RuntimeFlavor::CurrentThread;
        Self { runtime: runtime.id(), has_workers }
    }

    fn is_same(self, other: Self) -> bool {
        self.runtime == other.runtime
    }

    /// Returns whether a task on this runtime makes progress while something is awaited on the
    /// other.
    pub(super) fn runs_for(self, other: Self) -> bool {
        self.has_workers || self.is_same(other)
    }
}

#[derive(Debug)]
struct Progress<T> {
    state: State<T>,
    /// Readers that wait on the flight's own runtime, and on others.
    home_readers: usize,
    foreign_readers: usize,
}

#[derive(Clone, Debug)]
enum State<T> {
    InFlight,
    Abandoned,
    Done(T),
}

impl<T: Clone> Flight<T> {
    pub(super) fn new(number: u64, home: Home) -> Arc<Self> {
        let progress = Progress { state: State::InFlight, home_readers: 0, foreign_readers: 0 };
        Arc::new(Self {
            number,
            home,
            progress: watch::Sender::new(progress),
            task: OnceLock::new(),
        })
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Sets the task that is to end the flight.
    pub(super) fn set_task(&self, task: Arc<FlightTask>) {
        // A flight is started once, so the task does not exist yet.
        let _ = self.task.set(task);
    }

    /// Ends the flight. Its readers get the outcome.
    fn finish(&self, outcome: T) {
        self.progress.send_modify(|progress| {
            if matches!(progress.state, State::InFlight) {
                progress.state = State::Done(outcome);
            }
        });
    }

    /// Ends the flight without an outcome. Its readers start another.
    pub(super) fn abandon(&self) {
        self.progress.send_if_modified(Progress::abandon);
    }

    pub(super) fn is_in_flight(&self) -> bool {
        matches!(self.progress.borrow().state, State::InFlight)
    }

    /// Returns whether a reader can rely on the flight to end: it is in flight, and on a runtime
    /// that makes progress.
    pub(super) fn is_reliable_for(&self, reader: Home) -> bool {
        let progress = self.progress.borrow();
        matches!(progress.state, State::InFlight)
            && (self.home.runs_for(reader) || progress.home_readers > 0)
    }

    /// Adds the reader that started the flight. A reader counts from now on, not from its first
    /// poll.
    pub(super) fn lead(self: &Arc<Self>, reader: Home) -> Reader<T> {
        let mut reader = self.join(reader);
        (reader.was_attended, reader.is_leader) = (true, true);
        reader
    }

    /// Adds a reader to those of a flight that started before.
    pub(super) fn join(self: &Arc<Self>, reader: Home) -> Reader<T> {
        let is_home = self.home.is_same(reader);
        let mut was_attended = true;
        self.progress.send_if_modified(|progress| {
            was_attended = self.home.has_workers || progress.home_readers > 0;
            *progress.readers(is_home) += 1;
            false
        });
        Reader { flight: Arc::clone(self), is_home, was_attended, is_leader: false }
    }
}

impl<T> Progress<T> {
    fn readers(&mut self, is_home: bool) -> &mut usize {
        if is_home { &mut self.home_readers } else { &mut self.foreign_readers }
    }

    fn abandon(&mut self) -> bool {
        let was_in_flight = matches!(self.state, State::InFlight);
        if was_in_flight {
            self.state = State::Abandoned;
        }
        was_in_flight
    }
}

impl<T: Clone> fmt::Debug for Pilot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pilot").field(&self.flight_number()).finish()
    }
}

impl<T> fmt::Debug for Flight<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flight").field("number", &self.number).finish_non_exhaustive()
    }
}

/// One that waits for a flight.
pub(super) struct Reader<T> {
    flight: Arc<Flight<T>>,
    is_home: bool,
    was_attended: bool,
    is_leader: bool,
}

impl<T: Clone + Send + Sync> Reader<T> {
    /// Returns the outcome; `None` if the flight was abandoned.
    pub(super) async fn outcome(&self) -> Option<T> {
        let mut changes = self.flight.progress.subscribe();
        // The flight holds the sender, so the channel is not closed.
        let ended = changes.wait_for(|progress| !matches!(progress.state, State::InFlight)).await;
        match &ended.ok()?.state {
            State::Done(outcome) => Some(outcome.clone()),
            State::InFlight | State::Abandoned => None,
        }
    }

    pub(super) fn flight_number(&self) -> u64 {
        self.flight.number
    }

    /// Returns whether the flight made progress since it started. One that did not may have run
    /// into its time limits.
    pub(super) fn was_attended(&self) -> bool {
        self.was_attended
    }

    /// Returns whether the reader started the flight on the runtime that it is on now. If such a
    /// flight is abandoned, another would be too: the runtime was shut down, or the task panicked.
    pub(super) fn leads_here(&self) -> bool {
        let is_here = |runtime: Handle| self.flight.home.is_same(Home::from_handle(&runtime));
        self.is_leader && Handle::try_current().is_ok_and(is_here)
    }
}

/// The last reader of a runtime of the current thread may be what that runtime was running for.
impl<T> Drop for Reader<T> {
    fn drop(&mut self) {
        let flight = &self.flight;
        flight.progress.send_if_modified(|progress| {
            *progress.readers(self.is_home) -= 1;
            let is_attended = flight.home.has_workers || progress.home_readers > 0;
            !is_attended && progress.foreign_readers > 0 && progress.abandon()
        });
    }
}

/// The task's side of a flight. Dropped before it [finished](Self::finish), as when the runtime is
/// shut down, it abandons the flight.
pub(super) struct Pilot<T: Clone>(Weak<Flight<T>>);

impl<T: Clone> Pilot<T> {
    pub(super) fn new(flight: &Arc<Flight<T>>) -> Self {
        Self(Arc::downgrade(flight))
    }

    /// Returns the number of the flight, unless nobody holds it any more.
    pub(super) fn flight_number(&self) -> Option<u64> {
        self.0.upgrade().map(|flight| flight.number)
    }

    /// Ends the flight. Its readers get the outcome.
    pub(super) fn finish(&self, outcome: T) {
        if let Some(flight) = self.0.upgrade() {
            flight.finish(outcome);
        }
    }
}

impl<T: Clone> Drop for Pilot<T> {
    fn drop(&mut self) {
        if let Some(flight) = self.0.upgrade() {
            flight.abandon();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home() -> Home {
        Home::from_handle(&Handle::current())
    }

    #[tokio::test]
    async fn all_readers_get_the_outcome() {
        let flight = Flight::new(1, home());
        let (first, second) = (flight.join(home()), flight.join(home()));
        drop(flight.join(home()));
        flight.finish(7);
        flight.finish(8);
        assert_eq!((first.outcome().await, second.outcome().await), (Some(7), Some(7)));
        assert!(!flight.is_reliable_for(home()));
    }

    #[tokio::test]
    async fn flight_whose_task_is_dropped_is_abandoned() {
        let flight = Flight::<u8>::new(1, home());
        let reader = flight.join(home());
        drop(Pilot::new(&flight));
        assert_eq!(reader.outcome().await, None);
    }

    /// Returns a runtime of the current thread that nobody awaits anything on.
    fn idle() -> Home {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let home = Home::from_handle(runtime.handle());
        runtime.shutdown_background();
        home
    }

    #[tokio::test]
    async fn foreign_reader_relies_only_on_an_attended_flight() {
        let idle = idle();
        let flight = Flight::<u8>::new(1, idle);
        assert!(!flight.is_reliable_for(home()));
        assert!(flight.is_reliable_for(idle), "its own readers drive it");

        let attending = flight.join(idle);
        assert!(flight.is_reliable_for(home()));
        let foreign = flight.join(home());
        drop(attending);
        assert_eq!(foreign.outcome().await, None, "nobody drives the flight any more");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn flight_on_workers_needs_no_reader() {
        let idle = idle();
        let flight = Flight::new(1, home());
        let foreign = flight.join(idle);
        drop(flight.join(home()));
        flight.finish(7);
        assert_eq!(foreign.outcome().await, Some(7));
    }
}
