//! [`Flight`]: one refresh that any number of readers wait for, whichever runtimes they are on.
//!
//! A flight is a task of the runtime of the reader that started it, so a reader that is dropped
//! ends nothing. Two cases need care. A runtime that is shut down drops its tasks: the flight is
//! lost then, and a reader on another runtime starts another. And a runtime of the current thread
//! makes progress only while something is awaited on it: such a flight counts as attended while it
//! has a reader on its runtime, and its task beats. Readers on other runtimes do not rely on a
//! flight that nobody attends, and give up one that stopped beating.

use std::fmt;
use std::future::pending;
use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, select};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};

use super::atomic_time::AtomicTime;
use super::timer::Timer;
use crate::call::check_runtime;

/// The time between two beats of a task.
const BEAT: Duration = Duration::from_millis(250);

/// A task that did not beat for this time is on a runtime that nobody drives, or that is blocked.
const MAX_SILENCE: Duration = Duration::from_secs(1);

/// A refresh in flight with an outcome of type `T`. The cache and the readers hold it, and its task
/// does not: once they have dropped it, the task ends.
pub(super) struct Flight<T> {
    /// Increases with each flight and write of the cache.
    number: u64,
    progress: watch::Sender<Progress<T>>,
    task: Arc<FlightTask>,
}

/// The task of one or several flights, aborted when this is dropped.
#[derive(Debug)]
pub(super) struct FlightTask {
    home: Home,
    handle: OnceLock<AbortHandle>,
    timer: Timer,
    last_beat: AtomicTime,
}

impl FlightTask {
    /// Makes a task that is to be [started](Self::start) on this runtime.
    pub(super) fn new(home: Home, timer: Timer) -> Arc<Self> {
        let last_beat = AtomicTime::new(timer.now());
        Arc::new(Self { home, handle: OnceLock::new(), timer, last_beat })
    }

    pub(super) fn home(&self) -> Home {
        self.home
    }

    /// Starts the task, which flies the flights. The future is boxed, so that all tasks are of one
    /// type.
    pub(super) fn start(self: &Arc<Self>, runtime: &Handle, fly: BoxFuture<'static, ()>) {
        let task: BoxFuture<'static, ()> = if self.home.has_workers {
            fly
        } else {
            let beats = beat(Arc::downgrade(self));
            Box::pin(select(fly, Box::pin(beats)).map(drop))
        };
        // A task is started once, so there is none yet.
        let _ = self.handle.set(runtime.spawn(task).abort_handle());
    }

    /// Returns whether the task beat a moment ago.
    fn beats(&self) -> bool {
        self.timer.now().saturating_sub(self.last_beat.get()) < MAX_SILENCE
    }
}

/// Beats for as long as somebody holds a flight of the task.
async fn beat(task: Weak<FlightTask>) {
    // A flight on such a runtime fails without a wait.
    if check_runtime().is_err() {
        return pending().await;
    }
    loop {
        if let Some(task) = task.upgrade() {
            task.last_beat.set(task.timer.now());
        }
        sleep(BEAT).await;
    }
}

impl Drop for FlightTask {
    fn drop(&mut self) {
        if let Some(task) = self.handle.get() {
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
    /// Given up for another flight.
    Abandoned,
    /// Its task ended without an outcome.
    Lost,
    Done(T),
}

impl<T: Clone> Flight<T> {
    pub(super) fn new(number: u64, task: &Arc<FlightTask>) -> Arc<Self> {
        let progress = Progress { state: State::InFlight, home_readers: 0, foreign_readers: 0 };
        let progress = watch::Sender::new(progress);
        Arc::new(Self { number, progress, task: Arc::clone(task) })
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Ends the flight, if it is in flight.
    fn end(&self, state: State<T>) {
        self.progress.send_if_modified(|progress| progress.end(state));
    }

    /// Ends the flight without an outcome. Its readers start another.
    pub(super) fn abandon(&self) {
        self.end(State::Abandoned);
    }

    pub(super) fn is_in_flight(&self) -> bool {
        matches!(self.progress.borrow().state, State::InFlight)
    }

    /// Returns whether a reader can rely on the flight to end: it is in flight, and on a runtime
    /// that makes progress.
    pub(super) fn is_reliable_for(&self, reader: Home) -> bool {
        let progress = self.progress.borrow();
        matches!(progress.state, State::InFlight)
            && (self.task.home.runs_for(reader) || progress.home_readers > 0 && self.task.beats())
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
        let home = self.task.home;
        let is_home = home.is_same(reader);
        let mut was_attended = true;
        self.progress.send_if_modified(|progress| {
            was_attended = home.has_workers || progress.home_readers > 0;
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

    fn end(&mut self, state: State<T>) -> bool {
        let was_in_flight = matches!(self.state, State::InFlight);
        if was_in_flight {
            self.state = state;
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
    /// Returns the outcome; `None` if the flight ended without one. Away from the flight's runtime,
    /// this abandons a flight that makes no progress, which takes a time driver.
    pub(super) async fn outcome(&self) -> Option<T> {
        let here = Handle::try_current().ok().map(|runtime| Home::from_handle(&runtime));
        let may_stall = here.filter(|here| !self.flight.task.home.runs_for(*here));
        let Some(here) = may_stall else { return self.ended().await };
        loop {
            match timeout(MAX_SILENCE, self.ended()).await {
                Ok(outcome) => return outcome,
                Err(_) if self.flight.is_reliable_for(here) => {}
                Err(_) => self.flight.abandon(),
            }
        }
    }

    async fn ended(&self) -> Option<T> {
        let mut changes = self.flight.progress.subscribe();
        // The flight holds the sender, so the channel is not closed.
        let ended = changes.wait_for(|progress| !matches!(progress.state, State::InFlight)).await;
        match &ended.ok()?.state {
            State::Done(outcome) => Some(outcome.clone()),
            State::InFlight | State::Abandoned | State::Lost => None,
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

    /// Returns whether the flight was lost, and the reader started it on the runtime that it is on
    /// now. Another flight would be lost too: the runtime was shut down, or the task panicked.
    pub(super) fn lost_here(&self) -> bool {
        let is_here = |runtime: Handle| self.flight.task.home.is_same(Home::from_handle(&runtime));
        let is_lost = matches!(self.flight.progress.borrow().state, State::Lost);
        is_lost && self.is_leader && Handle::try_current().is_ok_and(is_here)
    }
}

/// The last reader of a runtime of the current thread may be what that runtime was running for.
impl<T> Drop for Reader<T> {
    fn drop(&mut self) {
        let flight = &self.flight;
        flight.progress.send_if_modified(|progress| {
            *progress.readers(self.is_home) -= 1;
            let is_attended = flight.task.home.has_workers || progress.home_readers > 0;
            !is_attended && progress.foreign_readers > 0 && progress.end(State::Abandoned)
        });
    }
}

/// The task's side of a flight. Dropped before it [finished](Self::finish), as when the runtime is
/// shut down, the flight is lost.
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
            flight.end(State::Done(outcome));
        }
    }
}

impl<T: Clone> Drop for Pilot<T> {
    fn drop(&mut self) {
        if let Some(flight) = self.0.upgrade() {
            flight.end(State::Lost);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;
    use crate::clock::SystemClock;

    fn home() -> Home {
        Home::from_handle(&Handle::current())
    }

    fn flight(home: Home) -> Arc<Flight<u8>> {
        Flight::new(1, &FlightTask::new(home, Timer::start(Arc::new(SystemClock))))
    }

    #[tokio::test]
    async fn all_readers_get_the_outcome() {
        let flight = flight(home());
        let (first, second) = (flight.join(home()), flight.join(home()));
        drop(flight.join(home()));
        flight.end(State::Done(7));
        flight.end(State::Done(8));
        assert_eq!((first.outcome().await, second.outcome().await), (Some(7), Some(7)));
        assert!(!flight.is_reliable_for(home()));
    }

    #[tokio::test]
    async fn flight_whose_task_is_dropped_is_lost() {
        let flight = flight(home());
        let (leader, reader) = (flight.lead(home()), flight.join(home()));
        drop(Pilot::new(&flight));
        assert_eq!(reader.outcome().await, None);
        assert!(leader.lost_here() && !reader.lost_here());
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
        let flight = flight(idle);
        assert!(!flight.is_reliable_for(home()));
        assert!(flight.is_reliable_for(idle), "its own readers drive it");

        let attending = flight.join(idle);
        assert!(flight.is_reliable_for(home()));
        let foreign = flight.join(home());
        drop(attending);
        assert_eq!(foreign.outcome().await, None, "nobody drives the flight any more");
    }

    #[tokio::test(start_paused = true)]
    async fn foreign_reader_gives_up_a_flight_that_does_not_beat() {
        let idle = idle();
        let flight = flight(idle);
        let _attending = flight.join(idle);
        let foreign = flight.join(home());
        assert_eq!(foreign.outcome().await, None);
        assert!(!flight.is_in_flight());
    }

    #[tokio::test(start_paused = true)]
    async fn foreign_reader_waits_for_a_slow_flight_that_beats() {
        let idle = idle();
        let flight = flight(idle);
        let _attending = flight.join(idle);
        let slow = async {
            sleep(Duration::from_secs(60 * 60)).await;
            flight.end(State::Done(7));
        };
        let beats = beat(Arc::downgrade(&flight.task));
        let flying = async {
            select(pin!(slow), pin!(beats)).await;
        };
        let foreign = flight.join(home());
        let (outcome, ()) = futures_util::join!(foreign.outcome(), flying);
        assert_eq!(outcome, Some(7));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn flight_on_workers_needs_no_reader() {
        let idle = idle();
        let flight = flight(home());
        let foreign = flight.join(idle);
        drop(flight.join(home()));
        flight.end(State::Done(7));
        assert_eq!(foreign.outcome().await, Some(7));
    }
}
