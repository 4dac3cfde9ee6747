//! [`Launcher`]: starts flights, alone or several with one request.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt as _};
use tokio::runtime::Handle;
use tokio::task::yield_now;

use super::entry::Outcome;
use super::flight::{Flight, FlightTask, Home, Pilot};
use super::loader::{Loaded, Loader, MAX_BATCH};
use super::secret_key::SecretKey;
use super::timer::Timer;

/// Requests in flight for one group of flights.
const CONCURRENCY: usize = 8;

/// Takes in what a flight loaded, and returns what its readers get.
pub(super) trait Settle: Send + Sync {
    fn settle(&self, key: &SecretKey<'static>, flight_number: u64, loaded: Loaded) -> Outcome;
}

/// Starts flights as tasks of the caller's runtime.
#[derive(Debug)]
pub(super) struct Launcher {
    loader: Arc<Loader>,
    timer: Timer,
    fly: Fly,
    last_number: AtomicU64,
    /// True if single flights wait for others of the same instant.
    gathers: bool,
    group: Mutex<Group>,
}

/// A pointer to [`fly`]. A call by its name would compile it in every program; the pointer is made
/// only by one that builds a cache.
pub(super) type Fly = fn(Arc<Loader>, Vec<Departure>, Weak<dyn Settle>) -> BoxFuture<'static, ()>;

/// A flight that is about to start.
pub(super) type Departure = (SecretKey<'static>, Pilot<Outcome>);

/// The flights that one task is to take; `None` once it took them, or was dropped.
///
/// Each task has a group of its own. A runtime that is shut down drops a task within `spawn`, which
/// must not lock what the spawning thread has locked.
type Group = Arc<Mutex<Option<Gathered>>>;

/// Flights that start together once their task runs.
#[derive(Debug)]
struct Gathered {
    task: Arc<FlightTask>,
    departures: Vec<Departure>,
}

impl Launcher {
    pub(super) fn new(loader: Arc<Loader>, timer: Timer, gathers: bool, fly: Fly) -> Self {
        let last_number = AtomicU64::new(0);
        Self { loader, timer, fly, last_number, gathers, group: Mutex::default() }
    }

    /// Returns the number of the flight or write that was counted last.
    pub(super) fn last_number(&self) -> u64 {
        self.last_number.load(Ordering::Relaxed)
    }

    /// Starts a flight for each of the keys, which load several secrets with one request.
    pub(super) fn launch_all(
        &self,
        keys: Vec<SecretKey<'static>>,
        settler: Weak<dyn Settle>,
        runtime: &Handle,
    ) -> Vec<Arc<Flight<Outcome>>> {
        let task = self.new_task(runtime);
        let flights: Vec<_> = keys.iter().map(|_| Flight::new(self.next_number(), &task)).collect();
        let departures = keys.into_iter().zip(flights.iter().map(Pilot::new)).collect();
        task.start(runtime, (self.fly)(Arc::clone(&self.loader), departures, settler));
        flights
    }

    /// Starts a flight. With gathering it shares its request with the others of this instant.
    pub(super) fn launch(
        &self,
        key: SecretKey<'static>,
        settler: Weak<dyn Settle>,
        runtime: &Handle,
    ) -> Arc<Flight<Outcome>> {
        if self.gathers {
            let mut group = lock(&self.group);
            if lock(&group).is_none() {
                *group = self.gather(settler.clone(), runtime);
            }
            if let Some(gathered) = &mut *lock(&group)
                && gathered.task.home().runs_for(Home::from_handle(runtime))
            {
                let flight = Flight::new(self.next_number(), &gathered.task);
                gathered.departures.push((key, Pilot::new(&flight)));
                return flight;
            }
        }
        let task = self.new_task(runtime);
        let flight = Flight::new(self.next_number(), &task);
        let departures = vec![(key, Pilot::new(&flight))];
        task.start(runtime, (self.fly)(Arc::clone(&self.loader), departures, settler));
        flight
    }

    /// Starts the task that collects the flights of this instant.
    fn gather(&self, settler: Weak<dyn Settle>, runtime: &Handle) -> Group {
        let task = self.new_task(runtime);
        let gathered = Gathered { task: Arc::clone(&task), departures: Vec::new() };
        let group = Arc::new(Mutex::new(Some(gathered)));
        let collector = Collector(Arc::clone(&group));
        let (fly, loader) = (self.fly, Arc::clone(&self.loader));
        let gathering = async move {
            // Readers that are polled in the same turn of the runtime join.
            yield_now().await;
            let departures = collector.take();
            drop(collector);
            fly(loader, departures, settler).await;
        };
        task.start(runtime, Box::pin(gathering));
        group
    }

    fn new_task(&self, runtime: &Handle) -> Arc<FlightTask> {
        FlightTask::new(Home::from_handle(runtime), self.timer.clone())
    }

    /// Returns a number greater than those of the flights and writes before.
    pub(super) fn next_number(&self) -> u64 {
        self.last_number.fetch_add(1, Ordering::Relaxed) + 1
    }
}

/// Takes what was gathered. Dropped before, as when the runtime is shut down, it abandons it.
struct Collector(Group);

impl Collector {
    fn take(&self) -> Vec<Departure> {
        lock(&self.0).take().map_or_else(Vec::new, |group| group.departures)
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.take();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Loads the secrets, and ends the flights as each is there.
// Compiled only in programs that use it.
#[inline]
pub(super) fn fly(
    loader: Arc<Loader>,
    departures: Vec<Departure>,
    settler: Weak<dyn Settle>,
) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        let (loader, settler) = (&loader, &settler);
        stream::iter(groups(departures))
            .for_each_concurrent(CONCURRENCY, |group| fly_together(loader, group, settler))
            .await;
    })
}

async fn fly_together(loader: &Loader, group: Vec<Departure>, settler: &Weak<dyn Settle>) {
    let keys: Vec<_> = group.iter().map(|(key, _)| key).collect();
    let loaded = loader.load_together(&keys).await;
    let mut alone = Vec::new();
    for (departure, loaded) in group.into_iter().zip(loaded) {
        match loaded {
            Some(loaded) => land(departure, loaded, settler),
            None => alone.push(departure),
        }
    }
    stream::iter(alone)
        .for_each_concurrent(CONCURRENCY, |departure| async {
            let loaded = loader.load(&departure.0).await;
            land(departure, loaded, settler);
        })
        .await;
}

/// Ends a flight, if somebody still holds it.
fn land((key, pilot): Departure, loaded: Loaded, settler: &Weak<dyn Settle>) {
    if let (Some(number), Some(settler)) = (pilot.flight_number(), settler.upgrade()) {
        pilot.finish(settler.settle(&key, number, loaded));
    }
}

/// Splits flights into groups of at most 20 different secrets, by name or by ARN: a response names
/// secrets, not versions, and an ARN is read only in its region.
fn groups(departures: Vec<Departure>) -> Vec<Vec<Departure>> {
    let mut groups: Vec<Vec<Departure>> = Vec::new();
    for departure in departures {
        let (key, _) = &departure;
        let takes_it = |group: &&mut Vec<Departure>| {
            let fits = |(other, _): &Departure| {
                other.bare_name() != key.bare_name() && other.is_arn() == key.is_arn()
            };
            group.len() < MAX_BATCH && group.iter().all(fits)
        };
        // Full groups come first, so the search from the end is short.
        match groups.iter_mut().rev().find(takes_it) {
            Some(group) => group.push(departure),
            None => groups.push(vec![departure]),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use tokio::runtime::Builder;

    use super::super::regions::Regions;
    use super::*;
    use crate::client::KmsClient;
    use crate::clock::SystemClock;

    /// Takes in nothing: no flight of these tests has an outcome.
    struct Nobody;

    impl Settle for Nobody {
        fn settle(&self, _: &SecretKey<'static>, _: u64, _: Loaded) -> Outcome {
            unreachable!("nothing is loaded")
        }
    }

    fn launcher() -> Launcher {
        let client = KmsClient::builder().region("cn-hangzhou").build().unwrap();
        let timer = Timer::start(Arc::new(SystemClock));
        let loader = Loader::new(Regions::new(client, Vec::new(), None, timer.clone()), false);
        Launcher::new(Arc::new(loader), timer, true, fly)
    }

    #[test]
    fn gathered_flight_of_a_runtime_shut_down_is_abandoned() {
        let (sender, launched) = mpsc::channel();
        // On a thread, since a deadlock would not end.
        thread::spawn(move || {
            let runtime = Builder::new_current_thread().build().unwrap();
            let handle = runtime.handle().clone();
            runtime.shutdown_background();
            let launcher = launcher();
            let launch = || launcher.launch(SecretKey::new("a"), Weak::<Nobody>::new(), &handle);
            sender.send([launch(), launch()].map(|flight| flight.is_in_flight())).unwrap();
        });
        assert_eq!(launched.recv_timeout(Duration::from_secs(10)), Ok([false, false]));
    }

    #[test]
    fn group_of_a_runtime_shut_down_takes_no_other_flights() {
        let launcher = launcher();
        let launch =
            |runtime: &Handle| launcher.launch(SecretKey::new("a"), Weak::<Nobody>::new(), runtime);
        let first = Builder::new_current_thread().build().unwrap();
        let second = Builder::new_current_thread().build().unwrap();
        let lost = launch(first.handle());
        first.shutdown_background();
        assert!(!lost.is_in_flight());
        let (one, other) = (launch(second.handle()), launch(second.handle()));
        assert!(one.is_in_flight() && other.is_in_flight());
        assert_eq!(second.metrics().num_alive_tasks(), 1, "they are gathered");
    }
}
