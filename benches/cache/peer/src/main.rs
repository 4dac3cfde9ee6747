//! The cache of this crate beside `aws_secretsmanager_caching`, each with its own client against a
//! service in memory that takes 20 ms: `cargo run --release` in this folder prints the table.

mod aws;
mod ours;

use std::error::Error;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::time::sleep;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const LATENCY: Duration = Duration::from_millis(20);

/// A TTL that does not end while a row is measured, and one that a row waits for.
const LONG: Duration = Duration::from_secs(3_600);
const SHORT: Duration = Duration::from_millis(500);

const READERS: usize = 1_000;
const READS: u32 = 400_000;

/// The requests that a service got, and whether it is down.
#[derive(Debug, Default)]
struct Service {
    requests: AtomicUsize,
    is_down: AtomicBool,
}

impl Service {
    /// Takes a request. Returns whether the service responds.
    async fn take(&self) -> bool {
        self.requests.fetch_add(1, Ordering::Relaxed);
        sleep(LATENCY).await;
        !self.is_down.load(Ordering::Relaxed)
    }
}

/// A cache as a program reads it.
trait Cache: Sized + Send + Sync + 'static {
    fn build(service: Arc<Service>, ttl: Duration) -> Outcome<Self>;

    /// Reads a secret, and returns whether that succeeded.
    fn read(&self, name: &str) -> impl Future<Output = bool> + Send;
}

#[tokio::main(worker_threads = 2)]
async fn main() -> Outcome<()> {
    println!("| what | this crate | `aws_secretsmanager_caching` |\n|---|---|---|");
    for tasks in [1, 4, 16] {
        let (ours, theirs) = (hit::<ours::Ours>(tasks).await?, hit::<aws::Aws>(tasks).await?);
        row(&format!("a hit, tasks on 2 threads: {tasks}"), ours, theirs);
    }
    row("requests of 1,000 readers, cold", cold::<ours::Ours>().await?, cold::<aws::Aws>().await?);
    row("the same, after the TTL", expired::<ours::Ours>().await?, expired::<aws::Aws>().await?);
    row(
        "reads that fail after the TTL while the service is down",
        outage::<ours::Ours>().await?,
        outage::<aws::Aws>().await?,
    );
    Ok(())
}

fn row(what: &str, ours: String, theirs: String) {
    println!("| {what} | {ours} | {theirs} |");
}

/// The wall time of a read by each thread, the median of five.
async fn hit<C: Cache>(tasks: usize) -> Outcome<String> {
    let cache = Arc::new(C::build(Arc::default(), LONG)?);
    cache.read("a").await;
    let mut times = Vec::new();
    for _ in 0..5 {
        let started = Instant::now();
        let readers = (0..tasks).map(|_| {
            let cache = Arc::clone(&cache);
            tokio::spawn(async move {
                for _ in 0..READS {
                    assert!(cache.read("a").await);
                }
            })
        });
        for task in join_all(readers).await {
            task?;
        }
        times.push(started.elapsed());
    }
    times.sort_unstable();
    let of_each_thread = times[2].as_nanos() * tasks.min(2) as u128 / tasks as u128;
    Ok(format!("{} ns", of_each_thread / u128::from(READS)))
}

async fn cold<C: Cache>() -> Outcome<String> {
    let service = Arc::new(Service::default());
    let cache = C::build(Arc::clone(&service), LONG)?;
    let failed = herd(&cache).await;
    Ok(format!("{}, {failed} failed", service.requests.load(Ordering::Relaxed)))
}

async fn expired<C: Cache>() -> Outcome<String> {
    let service = Arc::new(Service::default());
    let cache = C::build(Arc::clone(&service), SHORT)?;
    cache.read("a").await;
    sleep(2 * SHORT).await;
    service.requests.store(0, Ordering::Relaxed);
    let failed = herd(&cache).await;
    Ok(format!("{}, {failed} failed", service.requests.load(Ordering::Relaxed)))
}

async fn outage<C: Cache>() -> Outcome<String> {
    let service = Arc::new(Service::default());
    let cache = C::build(Arc::clone(&service), SHORT)?;
    cache.read("a").await;
    sleep(2 * SHORT).await;
    service.requests.store(0, Ordering::Relaxed);
    service.is_down.store(true, Ordering::Relaxed);
    let failed = herd(&cache).await;
    let requests = service.requests.load(Ordering::Relaxed);
    Ok(format!("{failed} of {READERS}, {requests} requests"))
}

/// Reads a secret by all readers at once, and returns how many failed.
async fn herd<C: Cache>(cache: &C) -> usize {
    let reads = join_all((0..READERS).map(|_| cache.read("a"))).await;
    reads.into_iter().filter(|succeeded| !succeeded).count()
}
