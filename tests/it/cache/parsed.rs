//! Values as types of the program.

use std::sync::{Arc, OnceLock, mpsc};
use std::thread;
use std::time::Duration;

use alibabacloud_kms::ErrorKind;
use alibabacloud_kms::cache::SecretCache;
use futures_util::FutureExt as _;
use tokio::runtime::Builder;
use tokio::time::{advance, sleep};

use super::service::{DENIED, Service};

const TTL: Duration = Duration::from_secs(300);
const MAX_STALE: Duration = Duration::from_secs(3_600);

#[derive(Debug, PartialEq, serde::Deserialize)]
struct Login {
    user: String,
}

fn service() -> Service {
    let service = Service::default();
    service.put_value("a", "v1", r#"{"user":"fake-user"}"#);
    service
}

#[tokio::test(start_paused = true)]
async fn value_is_parsed_once_for_each_version_and_type() {
    let service = service();
    let cache = service.cache();
    let first = cache.json::<Login>("a").await.unwrap();
    let again = cache.json::<Login>("a").await.unwrap();
    assert!(Arc::ptr_eq(&first, &again));
    assert_eq!(first.user, "fake-user");
    let untyped = cache.json::<serde_json::Value>("a").await.unwrap();
    assert_eq!(untyped["user"], "fake-user");
    assert_eq!(cache.stats().refreshes, 1);

    service.put_value("a", "v2", r#"{"user":"fake-other"}"#);
    cache.refresh("a").await.unwrap();
    assert_eq!(cache.json::<Login>("a").await.unwrap().user, "fake-other");
}

#[tokio::test(start_paused = true)]
async fn version_with_another_stage_is_not_parsed_again() {
    let service = service();
    let cache = service.cache();
    let secret = cache.get("a").await.unwrap();
    let parsed = cache.json::<Login>("a").await.unwrap();
    service.set_stage("a", "blue");
    assert!(!Arc::ptr_eq(&cache.refresh("a").await.unwrap(), &secret));
    assert!(Arc::ptr_eq(&cache.json::<Login>("a").await.unwrap(), &parsed));
}

#[tokio::test(start_paused = true)]
async fn version_that_does_not_parse_keeps_the_one_before() {
    let service = service();
    let cache = service.cache();
    let good = cache.json::<Login>("a").await.unwrap();
    service.put_value("a", "v2", "fake-no-json");
    cache.refresh("a").await.unwrap();
    assert_eq!(cache.get("a").await.unwrap().version_id, "v2");
    for _ in 0..3 {
        assert!(Arc::ptr_eq(&cache.json::<Login>("a").await.unwrap(), &good));
    }
    assert_eq!(cache.stats().parse_failures, 1);

    service.put_value("a", "v3", "fake-no-json-either");
    cache.refresh("a").await.unwrap();
    advance(TTL + MAX_STALE - Duration::from_secs(1)).await;
    assert!(Arc::ptr_eq(&cache.json::<Login>("a").await.unwrap(), &good));
    sleep(Duration::from_secs(1)).await;
    let error = cache.json::<Login>("a").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "the good version is too old");

    service.put_value("a", "v4", r#"{"user":"fake-new"}"#);
    cache.refresh("a").await.unwrap();
    assert_eq!(cache.json::<Login>("a").await.unwrap().user, "fake-new");
}

#[tokio::test(start_paused = true)]
async fn parse_error_names_the_secret_and_the_place_and_not_the_value() {
    let service = service();
    let cache = service.cache();
    service.put_value("a", "v1", r#"{"password":"fake-secret"}"#);
    let error = cache.json::<Login>("a").await.unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(text.contains(r#""a""#) && text.contains(r#""v1""#), "{text}");
    assert!(text.contains("the field `user` is missing at the top level, line 1"), "{text}");
    assert!(!text.contains("fake-secret") && !text.contains("password"), "{text}");
}

/// A value that reads the cache when it is dropped, as one that reports its end may.
#[derive(serde::Deserialize)]
struct Curious {}

static OBSERVED: OnceLock<SecretCache> = OnceLock::new();

impl Drop for Curious {
    fn drop(&mut self) {
        let cache = OBSERVED.get().unwrap();
        assert!(cache.stats().entries <= 1);
        let _ = cache.json::<serde_json::Value>("a").now_or_never();
    }
}

/// Drops a parsed value in each of the ways in which the cache does.
async fn replace_invalidate_evict_and_lose(service: Service, cache: SecretCache) {
    let parse = || async { drop(cache.json::<Curious>("a").await.unwrap()) };
    parse().await;
    service.put_value("a", "v2", "{}");
    cache.refresh("a").await.unwrap();
    parse().await;
    cache.invalidate("a");
    parse().await;
    cache.get("b").await.unwrap();
    parse().await;
    service.put_value("a", "v3", "null");
    cache.refresh("a").await.unwrap();
    service.put_value("a", "v4", "{}");
    cache.refresh("a").await.unwrap();
    parse().await;
    service.fail(DENIED);
    cache.refresh("a").await.unwrap_err();
}

#[test]
fn drop_of_a_parsed_value_can_use_the_cache() {
    let (sender, ended) = mpsc::channel();
    // On a thread, since a deadlock would not end.
    thread::spawn(move || {
        let service = Service::with(["b"]);
        service.put_value("a", "v1", "{}");
        let builder = service.cache_builder().max_entries(1);
        let cache = OBSERVED.get_or_init(|| builder.build().unwrap()).clone();
        let runtime = Builder::new_current_thread().enable_all().start_paused(true).build();
        runtime.unwrap().block_on(replace_invalidate_evict_and_lose(service, cache));
        sender.send(()).unwrap();
    });
    ended.recv_timeout(Duration::from_secs(60)).expect("no deadlock");
}
