//! The measurements.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use alibabacloud_kms::cache::{SecretCache, SecretCacheBuilder};
use futures_util::future::{join_all, try_join_all};
use futures_util::{FutureExt as _, StreamExt as _};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::JoinError;
use tokio::time::{Instant, sleep};

use crate::service::Service;
use crate::{BoxError, Measured, Outcome};

/// The default.
const TTL: Duration = Duration::from_secs(300);

const READS: u32 = 400_000;

/// Returns a runtime whose time passes at once when nothing is to be done.
fn paused() -> std::io::Result<Runtime> {
    Builder::new_current_thread().enable_all().start_paused(true).build()
}

fn builder(service: &Service) -> alibabacloud_kms::Result<SecretCacheBuilder> {
    Ok(SecretCache::builder(service.client()?))
}

/// The wall time of a read by each thread, for a secret that all tasks read and for secrets of
/// their own.
pub(crate) fn hit() -> Outcome {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let cache = builder(&Service::start())?.ttl(Duration::from_secs(3_600)).build()?;
        let own: Vec<String> = (0..16).map(|n| format!("secret-{n}")).collect();
        cache.warm_up(&own).await;
        let shared = vec!["secret-0".to_owned(); 16];
        let (mut figures, mut slowest) = (Vec::new(), 0_f64);
        for tasks in [1, 4, 16] {
            let mut of_tasks = Vec::new();
            for names in [&shared, &own] {
                let mut times = Vec::new();
                for _ in 0..5 {
                    times.push(time_of_a_hit(&cache, &names[..tasks]).await?);
                }
                times.sort_by(f64::total_cmp);
                slowest = slowest.max(times[2]);
                of_tasks.push(format!("{:.0} ns", times[2]));
            }
            figures.push(of_tasks.join(" and "));
        }
        let allocations = allocations_of_a_hit(&cache).await?;
        let clone = time_of_a_clone(16).await?;
        let figures = figures.join("; ");
        Ok(Measured {
            figure: format!(
                "{figures} (the same secret and one for each task); {allocations} allocations; 16 \
                 tasks that only clone one Arc: {clone:.0} ns"
            ),
            met: slowest <= 200.0 && allocations == 0.0,
        })
    })
}

/// The time of cloning and dropping one `Arc` that all tasks share, which is part of every hit.
async fn time_of_a_clone(tasks: usize) -> Result<f64, JoinError> {
    let shared = Arc::new(0_u8);
    let started = std::time::Instant::now();
    let clone = |_| {
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            for _ in 0..READS {
                black_box(Arc::clone(black_box(&shared)));
            }
        })
    };
    try_join_all((0..tasks).map(clone)).await?;
    Ok(time_of_each(started, tasks))
}

/// The wall time of each of [`READS`] by each of two threads.
fn time_of_each(started: std::time::Instant, tasks: usize) -> f64 {
    let threads = tasks.min(2) as f64;
    started.elapsed().as_nanos() as f64 * threads / f64::from(READS) / tasks as f64
}

async fn time_of_a_hit(cache: &SecretCache, names: &[String]) -> Result<f64, JoinError> {
    let started = std::time::Instant::now();
    let tasks = names.iter().map(|name| {
        let (cache, name) = (cache.clone(), name.clone());
        tokio::spawn(async move {
            for _ in 0..READS {
                black_box(cache.get(&name).await.is_ok());
            }
        })
    });
    try_join_all(tasks).await?;
    Ok(time_of_each(started, names.len()))
}

/// Counts the allocations of reads that are ready at once, per read.
async fn allocations_of_a_hit(cache: &SecretCache) -> Result<f64, BoxError> {
    const READS: u32 = 1_000;
    cache.get("secret-0").await?;
    let mut ready = 0;
    let counted = allocation_counter::measure(|| {
        for _ in 0..READS {
            ready +=
                u32::from(cache.get("secret-0").now_or_never().is_some_and(|read| read.is_ok()));
        }
    });
    if ready < READS {
        return Err(format!("{ready} of {READS} reads were ready").into());
    }
    Ok(counted.count_total as f64 / f64::from(READS))
}

pub(crate) fn cold() -> Outcome {
    paused()?.block_on(async {
        let service = Service::start();
        let cache = builder(&service)?.build()?;
        let reads = join_all((0..1_000).map(|_| cache.get("a"))).await;
        let failed = reads.iter().filter(|read| read.is_err()).count();
        let requests = service.take_requests().len();
        Ok(Measured {
            figure: format!("{requests}, {failed} failed reads"),
            met: requests == 1 && failed == 0,
        })
    })
}

pub(crate) fn start() -> Outcome {
    paused()?.block_on(async {
        let service = Service::start();
        let cache = builder(&service)?.build()?;
        let loaded = cache.warm_up((0..50).map(|n| format!("secret-{n}"))).await;
        let failed = loaded.iter().filter(|(_, read)| read.is_err()).count();
        let requests = service.take_requests().len();
        Ok(Measured {
            figure: format!("{requests}, {failed} failed reads"),
            met: requests == 3 && failed == 0,
        })
    })
}

pub(crate) fn outage() -> Outcome {
    paused()?.block_on(async {
        let service = Service::start();
        let cache = builder(&service)?.build()?;
        let names: Vec<String> = (0..50).map(|n| format!("secret-{n}")).collect();
        cache.warm_up(&names).await;
        let mut reads = names.iter().cycle();
        // In step with the refreshes first, and then the outage.
        let (_, before) = read_for(&cache, &mut reads, 2 * TTL).await;
        service.take_requests();
        service.set_down(true);
        let (failed, waited) = read_for(&cache, &mut reads, Duration::from_secs(600)).await;
        let requests = service.take_requests();
        let mut by_second = vec![0_u32; 700];
        let first = requests.first().copied().unwrap_or_default();
        for request in &requests {
            by_second[(*request - first).as_secs() as usize] += 1;
        }
        let figure = format!(
            "{failed} of 60,000 reads failed, {waited} waited (before: {before}); {} requests, \
             {:.1} a second, {} in the busiest, {:.1} a minute and secret",
            requests.len(),
            requests.len() as f64 / 600.0,
            by_second.iter().max().copied().unwrap_or(0),
            requests.len() as f64 / 10.0 / 50.0,
        );
        Ok(Measured { figure, met: failed == 0 })
    })
}

/// Reads 100 times a second, each in a task of its own. Returns how many reads failed, and how many
/// took time.
async fn read_for<'n>(
    cache: &SecretCache,
    names: &mut impl Iterator<Item = &'n String>,
    time: Duration,
) -> (usize, usize) {
    let started = Instant::now();
    let mut reads = Vec::new();
    while started.elapsed() < time {
        let (cache, name) = (cache.clone(), names.next().cloned().unwrap_or_default());
        reads.push(tokio::spawn(async move {
            let started = Instant::now();
            let outcome = cache.get(&name).await;
            (outcome.is_err(), !started.elapsed().is_zero())
        }));
        sleep(Duration::from_millis(10)).await;
    }
    let reads = join_all(reads).await;
    let count = |of: fn(&(bool, bool)) -> bool| {
        reads.iter().filter(|read| read.as_ref().is_ok_and(of)).count()
    };
    (count(|(failed, _)| *failed), count(|(_, waited)| *waited))
}

pub(crate) fn rotation() -> Outcome {
    paused()?.block_on(async {
        let service = Service::start();
        let cache = builder(&service)?.build()?;
        let mut changes = cache.watch("a");
        let (sender, mut seen) = unbounded_channel();
        let watching = tokio::spawn(async move {
            while let Some(secret) = changes.next().await {
                let version = (secret.version_id.clone(), Instant::now());
                if sender.send(version).is_err() {
                    break;
                }
            }
        });
        let mut delays = Vec::new();
        for n in 0..500_u64 {
            sleep(Duration::from_millis(n * 7_919 % 600_000)).await;
            let (version, rotated_at) = (service.rotate(), Instant::now());
            let seen_at = loop {
                let (seen_version, at) = seen.recv().await.ok_or("the stream ended")?;
                if seen_version == version {
                    break at;
                }
            };
            delays.push(seen_at - rotated_at);
        }
        watching.abort();
        delays.sort_unstable();
        let share = |part: usize| delays[part].as_secs_f64() / TTL.as_secs_f64();
        Ok(Measured {
            figure: format!("median {:.2}, at most {:.2} of the TTL", share(250), share(499)),
            met: share(499) <= 0.9,
        })
    })
}

/// Each process is a cache with its background task, all in one process and on one clock.
pub(crate) fn fleet() -> Outcome {
    paused()?.block_on(async {
        let service = Service::start();
        let client = service.client()?;
        let names: Vec<String> = (0..5).map(|n| format!("secret-{n}")).collect();
        let caches: Vec<_> = (0..500)
            .map(|_| SecretCache::builder(client.clone()).refresh_in_background().build())
            .collect::<Result<_, _>>()?;
        join_all(caches.iter().map(|cache| cache.warm_up(&names))).await;
        let at_start = service.take_requests().len();
        sleep(Duration::from_secs(3_600)).await;
        let mut by_second = vec![0_u32; 3_700];
        for request in service.take_requests() {
            by_second[request.as_secs() as usize] += 1;
        }
        let after_first_ttl = &by_second[TTL.as_secs() as usize..3_600];
        let mean = f64::from(after_first_ttl.iter().sum::<u32>()) / after_first_ttl.len() as f64;
        let busiest = after_first_ttl.iter().max().copied().unwrap_or(0);
        let ratio = f64::from(busiest) / mean;
        Ok(Measured {
            figure: format!(
                "{ratio:.1} ({busiest} requests against {mean:.1}); {at_start} at the start"
            ),
            met: ratio <= 3.0,
        })
    })
}

pub(crate) fn memory() -> Outcome {
    paused()?.block_on(async {
        const ENTRIES: usize = 10_000;
        let service = Service::start();
        let cache = builder(&service)?.max_entries(ENTRIES).build()?;
        // What the first calls need stays out of the figure.
        cache.warm_up((0..100).map(|n| format!("other-{n}"))).await;
        service.take_requests();
        let before = resident_memory().ok_or("the memory is not known here")?;
        for chunk in 0..ENTRIES / 100 {
            cache.warm_up((0..100).map(|n| format!("secret-{chunk:03}-{n:02}"))).await;
        }
        service.take_requests();
        let after = resident_memory().ok_or("the memory is not known here")?;
        let entry = (after.saturating_sub(before)) as f64 * 1_024.0 / ENTRIES as f64;
        let stats = cache.stats();
        Ok(Measured {
            figure: format!(
                "{entry:.0} bytes ({} entries, {} evictions)",
                stats.entries, stats.evictions
            ),
            met: true,
        })
    })
}

/// The memory of this process in KiB, as Linux reports it.
fn resident_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    resident.trim().strip_suffix(" kB")?.parse().ok()
}
