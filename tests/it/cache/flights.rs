//! One request for any number of readers, whichever runtimes they are on and whoever of them leaves
//! away.

use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use alibabacloud_kms::Error;
use alibabacloud_kms::cache::{CachedSecret, SecretCache};
use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault};
use futures_util::future::join_all;
use tokio::runtime::{Builder, Runtime};
use tokio::task::{JoinHandle, yield_now};
use tokio::time::{advance, sleep, timeout};

use super::service::{DENIED, Service, UNAVAILABLE};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn thousand_readers_of_a_cold_key_cause_one_request() {
    let service = Service::with(["a"]);
    let cache = service.cache();
    service.set_latency(SECOND);
    let reads = join_all((0..1_000).map(|_| cache.get("a"))).await;
    assert!(reads.iter().all(Result::is_ok));
    assert_eq!((service.requests(), cache.stats().refreshes), (1, 1));
    assert_eq!(cache.stats().misses, 1_000);
}

#[tokio::test(start_paused = true)]
async fn thousand_readers_at_expiry_cause_one_request() {
    let service = Service::with(["a"]);
    let cache = service.cache();
    cache.get("a").await.unwrap();
    service.set_latency(SECOND / 2);
    service.put("a", "v2");
    advance(Duration::from_secs(300)).await;
    let reads = join_all((0..1_000).map(|_| cache.get("a"))).await;
    assert!(reads.iter().all(|read| read.as_ref().unwrap().version_id == "v2"));
    assert_eq!(service.requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn failure_reaches_every_reader_and_costs_one_request() {
    let service = Service::with(["a"]);
    let cache = service.cache();
    service.set_latency(SECOND);
    service.fail(DENIED);
    let reads = join_all((0..100).map(|_| cache.get("a"))).await;
    assert!(reads.iter().all(|read| read.as_ref().is_err_and(Error::is_access_denied)));
    assert_eq!(service.requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn dropped_reader_ends_nothing_for_the_others() {
    let service = Service::with(["a"]);
    let cache = service.cache();
    service.set_latency(2 * SECOND);
    let impatient = timeout(SECOND, cache.get("a"));
    let (impatient, patient) = futures_util::join!(impatient, cache.get("a"));
    assert!(impatient.is_err());
    patient.unwrap();
    assert_eq!(service.requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn slow_service_is_read_although_every_reader_gives_up() {
    let service = Service::with(["a"]);
    let cache = service.cache();
    service.set_latency(3 * SECOND);
    for _ in 0..3 {
        timeout(SECOND, cache.get("a")).await.unwrap_err();
    }
    sleep(SECOND / 10).await;
    timeout(SECOND, cache.get("a")).await.unwrap().unwrap();
    assert_eq!(service.requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn refresh_joins_only_a_flight_that_started_after_it() {
    let service = Service::with(["a"]);
    let cache = service.cache();
    service.set_latency(SECOND);
    let read = tokio::spawn({
        let cache = cache.clone();
        async move { cache.get("a").await }
    });
    sleep(SECOND / 2).await;
    service.put("a", "v2");
    let refreshes = join_all((0..10).map(|_| cache.refresh("a"))).await;
    assert!(refreshes.iter().all(|secret| secret.as_ref().unwrap().version_id == "v2"));
    read.await.unwrap().unwrap();
    assert_eq!(service.requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn failed_refresh_is_an_error_and_leaves_the_value() {
    let service = Service::with(["a"]);
    let cache = service.cache();
    cache.get("a").await.unwrap();
    service.fail(UNAVAILABLE);
    assert!(cache.refresh("a").await.unwrap_err().is_retryable());
    assert_eq!(cache.get("a").await.unwrap().version_id, "v1");
}

#[tokio::test(start_paused = true)]
async fn read_in_flight_does_not_bring_an_invalidated_value_back() {
    let service = Service::with(["a"]);
    let cache = service.cache();
    service.set_latency(SECOND);
    let read = cache.get("a");
    let invalidation = async {
        sleep(SECOND / 2).await;
        service.put("a", "v2");
        cache.invalidate("a");
        cache.get("a").await
    };
    let (before, after) = futures_util::join!(read, invalidation);
    before.unwrap();
    assert_eq!(after.unwrap().version_id, "v2");
    assert_eq!(cache.get("a").await.unwrap().version_id, "v2");
    assert_eq!(service.requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn rejected_value_is_refreshed_once_for_all_reporters() {
    let service = Service::with(["a"]);
    let cache = service.cache();
    let rejected = cache.get("a").await.unwrap();
    service.take_requests();
    service.put("a", "v2");
    service.set_latency(SECOND);
    let reports = join_all((0..50).map(|_| cache.report_rejected(&rejected))).await;
    assert!(reports.iter().all(|secret| secret.as_ref().unwrap().version_id == "v2"));
    assert_eq!(service.take_requests().len(), 1);

    let current = cache.report_rejected(&rejected).await.unwrap();
    assert_eq!((&*current.version_id, service.requests()), ("v2", 0), "it is replaced already");
    sleep(3 * SECOND).await;
    assert!(Arc::ptr_eq(&cache.report_rejected(&current).await.unwrap(), &current));
    assert_eq!(service.requests(), 0, "less than 5 s after the last report");
    sleep(2 * SECOND).await;
    cache.report_rejected(&current).await.unwrap();
    assert_eq!(service.requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn no_task_outlives_the_cache() {
    let service = Service::with(["a"]);
    let cache = service.cache();
    cache.get("a").await.unwrap();
    service.set_latency(SECOND);
    advance(Duration::from_secs(299)).await;
    cache.get("a").await.unwrap();
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    assert_eq!(tasks(), 1);
    drop(cache);
    yield_now().await;
    assert_eq!(tasks(), 0);
}

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Threads, each with a runtime of its own that ends with its read.
#[test]
fn readers_on_runtimes_of_their_own_share_one_request() {
    let server = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let emulator = server.block_on(Emulator::start()).unwrap();
    emulator.add_secret(EmulatedSecret::new("a"));
    emulator.inject(Fault::Delay(Duration::from_millis(300)).always());
    let cache = SecretCache::builder(emulator.client().unwrap()).build().unwrap();
    let all_ready = Arc::new(Barrier::new(16));
    let threads: Vec<_> = (0..16)
        .map(|_| {
            let (cache, all_ready) = (cache.clone(), Arc::clone(&all_ready));
            thread::spawn(move || {
                let runtime = current_thread();
                all_ready.wait();
                runtime.block_on(async { cache.get("a").await }).unwrap();
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(emulator.request_count(), 1);
}

/// The runtime of the reader that started the flight is never run again.
#[test]
fn reader_does_not_wait_for_a_runtime_that_nobody_drives() {
    let service = Service::with(["a"]);
    service.set_latency(Duration::from_millis(50));
    let cache = service.cache();
    let abandoned = current_thread();
    let short = Duration::from_millis(1);
    abandoned.block_on(async { timeout(short, cache.get("a")).await }).unwrap_err();

    let other = current_thread();
    other.block_on(async { cache.get("a").await }).unwrap();
    assert_eq!(service.requests(), 2);
}

/// Starts a refresh on a runtime that is not run any more once its request is sent.
fn stalled_refresh(
    service: &Service,
    cache: &SecretCache,
) -> (Runtime, JoinHandle<Result<Arc<CachedSecret>, Error>>) {
    service.take_requests();
    let runtime = current_thread();
    let refresh = runtime.spawn(cache.refresh("a"));
    runtime.block_on(async {
        while service.requests() == 0 {
            yield_now().await;
        }
    });
    (runtime, refresh)
}

fn paused() -> Runtime {
    Builder::new_current_thread().enable_all().start_paused(true).build().unwrap()
}

#[test]
fn reader_takes_over_from_a_reader_that_is_not_driven() {
    let service = Service::with(["a"]);
    service.set_latency(SECOND);
    let cache = service.cache();
    let (stalled, refresh) = stalled_refresh(&service, &cache);
    let read = paused().block_on(async { timeout(10 * SECOND, cache.get("a")).await });
    let read = read.expect("it does not wait for the other runtime").unwrap();
    let refreshed = stalled.block_on(refresh).unwrap().unwrap();
    assert!(Arc::ptr_eq(&refreshed, &read));
    assert_eq!(service.requests(), 2);
}

#[test]
fn stale_value_is_refreshed_beside_a_stalled_flight() {
    let service = Service::with(["a"]);
    let cache = service.cache();
    let paused = paused();
    paused.block_on(cache.get("a")).unwrap();
    service.set_latency(SECOND / 2);
    let _stalled = stalled_refresh(&service, &cache);
    paused.block_on(async {
        advance(Duration::from_secs(300)).await;
        assert!(!cache.get("a").await.unwrap().is_stale());
    });
}

#[test]
fn reader_takes_over_from_a_runtime_that_is_shut_down() {
    let service = Service::with(["a"]);
    service.set_latency(Duration::from_millis(300));
    let cache = service.cache();
    let short_lived = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    short_lived.spawn({
        let cache = cache.clone();
        async move { cache.get("a").await.map(drop) }
    });
    while service.requests() == 0 {
        thread::yield_now();
    }
    let shutdown = thread::spawn(move || {
        thread::sleep(Duration::from_millis(100));
        short_lived.shutdown_background();
    });
    current_thread().block_on(async { cache.get("a").await }).unwrap();
    shutdown.join().unwrap();
    assert_eq!(service.requests(), 2);
}

/// A refresh behind a hit starts on a runtime that runs only while it is waited for.
#[test]
fn flight_that_timed_out_undriven_is_started_again() {
    let service = Service::with(["a"]);
    let client = service.client().with_call_timeout(Duration::from_millis(100));
    let ttl = Duration::from_millis(400);
    let builder = SecretCache::builder(client).ttl(ttl).max_stale(Duration::ZERO);
    let cache = builder.build().unwrap();
    let runtime = current_thread();
    runtime.block_on(async { cache.get("a").await }).unwrap();
    service.set_latency(Duration::from_millis(20));
    thread::sleep(ttl.mul_f64(0.95));
    runtime.block_on(async { cache.get("a").await }).unwrap();
    thread::sleep(ttl);
    runtime.block_on(async { cache.get("a").await }).unwrap();
}
