//! Streams of versions, and the background task.

use std::time::Duration;

use alibabacloud_kms::cache::SecretCache;
use futures_util::{FutureExt as _, StreamExt as _};
use tokio::runtime::{Builder, Runtime};
use tokio::time::{Instant, advance, sleep, timeout};

use super::service::{DENIED, Service, Trouble, UNAVAILABLE};

const TTL: Duration = Duration::from_secs(300);
const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn watch_yields_the_present_value_and_each_new_version() {
    let service = Service::with(["a"]);
    let cache = service.cache();
    let mut changes = cache.watch("a");
    assert_eq!(changes.next().await.unwrap().version_id, "v1");
    timeout(10 * TTL, changes.next()).await.unwrap_err();
    let quiet = service.take_requests().len();
    assert!((10..=14).contains(&quiet), "refreshed without another reader: {quiet}");

    for n in 2..20 {
        service.put("a", &format!("v{n}"));
        let started = Instant::now();
        assert_eq!(changes.next().await.unwrap().version_id, format!("v{n}"));
        assert!(started.elapsed() <= TTL.mul_f64(0.9), "{:?}", started.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn watch_sees_what_other_readers_refresh() {
    let service = Service::with(["a"]);
    let cache = service.cache();
    let mut changes = cache.watch("a");
    changes.next().await.unwrap();
    service.put("a", "v2");
    let started = Instant::now();
    let (_, version) = futures_util::join!(cache.refresh("a"), changes.next());
    assert_eq!((&*version.unwrap().version_id, started.elapsed()), ("v2", Duration::ZERO));
    cache.refresh("a").await.unwrap();
    cache.invalidate("a");
    timeout(SECOND, changes.next()).await.unwrap_err();
    assert!(cache.get("a").now_or_never().is_some(), "the watcher loaded it again");
}

#[tokio::test(start_paused = true)]
async fn watch_waits_while_the_secret_cannot_be_read() {
    let service = Service::default();
    let cache = service.cache();
    let mut changes = cache.watch("a");
    timeout(Duration::from_secs(600), changes.next()).await.unwrap_err();
    let requests = service.take_requests().len();
    assert!((20..=60).contains(&requests), "{requests}");
    service.put("a", "v1");
    let first = timeout(30 * SECOND, changes.next()).await.unwrap().unwrap();
    assert_eq!(first.version_id, "v1");

    for trouble in [UNAVAILABLE, DENIED] {
        service.fail(trouble);
        timeout(3 * TTL, changes.next()).await.unwrap_err();
        service.recover();
        timeout(TTL, changes.next()).await.unwrap_err();
    }
}

#[tokio::test(start_paused = true)]
async fn watch_of_an_invalid_key_ends() {
    let service = Service::default();
    assert!(service.cache().watch("").next().await.is_none());
    assert_eq!(service.requests(), 0);
}

/// An error of status 400 with a code that the client does not know is `InvalidInput`.
#[tokio::test(start_paused = true)]
async fn watch_survives_a_response_with_an_unknown_code() {
    let service = Service::with(["a"]);
    let mut changes = service.cache().watch("a");
    changes.next().await.unwrap();
    service.fail(Trouble::Error(400, "Fake.NewCode"));
    timeout(3 * TTL, changes.next()).await.unwrap_err();
    service.recover();
    service.put("a", "v2");
    assert_eq!(changes.next().await.unwrap().version_id, "v2");
}

#[tokio::test(start_paused = true)]
async fn watched_secrets_are_not_evicted() {
    let service = Service::with(["a", "b", "c"]);
    let cache = service.cache_builder().max_entries(1).build().unwrap();
    let (mut a, mut b) = (cache.watch("a"), cache.watch("b"));
    a.next().await.unwrap();
    b.next().await.unwrap();
    cache.get("c").await.unwrap();
    let both = futures_util::future::join(a.next(), b.next());
    timeout(TTL.mul_f64(0.05), both).await.unwrap_err();
    assert_eq!(service.requests(), 3);
}

fn in_background(service: &Service) -> SecretCache {
    service.cache_builder().refresh_in_background().build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn background_task_refreshes_before_a_reader_has_to() {
    let service = Service::with(["a", "b"]);
    let cache = in_background(&service);
    cache.get("a").await.unwrap();
    cache.get("b").await.unwrap();
    sleep(3 * TTL).await;
    service.put("a", "v2");
    sleep(TTL).await;
    assert!(cache.get("a").now_or_never().unwrap().unwrap().age() < TTL);
    assert_eq!(cache.get("a").await.unwrap().version_id, "v2");
    let of_a = service.take_requests().iter().filter(|names| names.contains(&"a".into())).count();
    assert!((4..=7).contains(&of_a), "{of_a}");
}

#[tokio::test(start_paused = true)]
async fn background_task_survives_failures_of_one_secret() {
    let service = Service::with(["a", "b"]);
    let cache = in_background(&service);
    cache.warm_up(["a", "b"]).await;
    service.remove("b");
    sleep(2 * TTL).await;
    assert!(cache.get("a").await.unwrap().age() < TTL);
    assert!(cache.get("b").await.unwrap_err().is_not_found());

    service.fail(UNAVAILABLE);
    sleep(2 * TTL).await;
    assert!(cache.get("a").now_or_never().unwrap().unwrap().is_stale());
    service.recover();
    sleep(Duration::from_secs(31)).await;
    assert!(cache.get("a").now_or_never().unwrap().unwrap().age() < Duration::from_secs(31));
}

/// The values are gone before the service is back.
#[tokio::test(start_paused = true)]
async fn background_task_pauses_for_as_long_as_an_outage_lasts() {
    let service = Service::with(["a", "b"]);
    let builder = service.cache_builder().refresh_in_background();
    let cache = builder.max_stale(Duration::ZERO).build().unwrap();
    cache.warm_up(["a", "b"]).await;
    service.fail(UNAVAILABLE);
    sleep(2 * TTL).await;
    service.take_requests();
    sleep(2 * TTL).await;
    let requests = service.requests();
    // A pause of 15 s to 30 s for each of the two.
    assert!((20..=82).contains(&requests), "{requests}");
    service.recover();
    sleep(Duration::from_secs(31)).await;
    assert!(cache.get("a").now_or_never().unwrap().is_ok());
}

#[tokio::test(start_paused = true)]
async fn background_task_ends_with_the_last_handle() {
    let service = Service::with(["a"]);
    let cache = in_background(&service);
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    assert_eq!(tasks(), 0, "it starts with the first read");
    cache.get("a").await.unwrap();
    assert_eq!(tasks(), 1);
    let (other, changes) = (cache.clone(), cache.watch("a"));
    drop((cache, other));
    tokio::task::yield_now().await;
    assert_eq!(tasks(), 1, "a stream is a handle");
    drop(changes);
    tokio::task::yield_now().await;
    assert_eq!(tasks(), 0);
}

#[test]
fn background_task_starts_again_on_another_runtime() {
    let service = Service::with(["a"]);
    let cache = service
        .cache_builder()
        .ttl(Duration::from_millis(200))
        .refresh_in_background()
        .build()
        .unwrap();
    for _ in 0..2 {
        let runtime = Runtime::new().unwrap();
        runtime.block_on(async {
            service.take_requests();
            // A read that is not a hit starts the task, which continues without readers.
            sleep(Duration::from_millis(400)).await;
            cache.get("a").await.unwrap();
            while service.requests() < 4 {
                sleep(Duration::from_millis(10)).await;
            }
        });
    }
}

/// Starts a refresh whose task is on this runtime, and gives it up.
fn start_refresh(cache: &SecretCache, runtime: &Runtime) {
    let _entered = runtime.enter();
    assert!(cache.refresh("a").now_or_never().is_none());
}

#[test]
fn background_task_relies_on_no_idle_runtime() {
    let service = Service::with(["a"]);
    let cache = in_background(&service);
    let paused = Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    paused.block_on(cache.get("a")).unwrap();
    let idle = Builder::new_current_thread().enable_all().build().unwrap();
    start_refresh(&cache, &idle);
    service.take_requests();
    paused.block_on(async { sleep(TTL).await });
    assert!(service.requests() > 0);
}

#[test]
fn background_task_goes_on_after_a_flight_was_abandoned() {
    let service = Service::with(["a"]);
    let cache = in_background(&service);
    let paused = Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    paused.block_on(cache.get("a")).unwrap();
    let workers = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    service.fail(Trouble::Hang);
    start_refresh(&cache, &workers);
    paused.block_on(async { sleep(TTL).await });
    // The task has looked at the flight, which was still in flight.
    drop(workers);
    service.recover();
    service.take_requests();
    paused.block_on(async { sleep(2 * SECOND).await });
    assert_eq!(service.requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn rotation_is_seen_within_the_ttl() {
    let service = Service::with(["a"]);
    let cache = in_background(&service);
    cache.get("a").await.unwrap();
    advance(TTL).await;
    let mut changes = cache.watch("a");
    changes.next().await.unwrap();
    for n in 2..50 {
        sleep(Duration::from_secs(n)).await;
        service.put("a", &format!("v{n}"));
        let seen = timeout(TTL.mul_f64(0.9) + SECOND, changes.next()).await.unwrap().unwrap();
        assert_eq!(seen.version_id, format!("v{n}"));
    }
}
