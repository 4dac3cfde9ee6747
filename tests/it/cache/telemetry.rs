//! Events and statistics, none of which holds a value.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use alibabacloud_kms::cache::SecretCache;
use tokio::runtime::Builder;
use tokio::time::{advance, sleep};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber, dispatcher};

use super::service::{Service, UNAVAILABLE};
use crate::capture::Capture;

const TTL: Duration = Duration::from_secs(300);

#[tokio::test(start_paused = true)]
async fn reads_and_refreshes_are_events_without_values() {
    let capture = Capture::start();
    let service = Service::default();
    service.put_value("prod/db", "v1", r#"{"user":"fake-marker"}"#);
    let cache = service.cache();
    let secret = cache.get("prod/db").await.unwrap();
    cache.get("prod/db").await.unwrap();
    cache.json::<Vec<u8>>("prod/db").await.unwrap_err();
    service.fail(UNAVAILABLE);
    advance(TTL).await;
    cache.get("prod/db").await.unwrap();
    sleep(Duration::from_millis(1)).await;

    let text = capture.text();
    for (event, fields) in [
        ("cache miss", &["alibabacloud.kms.resource=\"prod/db\""][..]),
        ("cache refresh ", &["alibabacloud.kms.version_id=\"v1\"", "is_new_version=true"]),
        ("cache hit", &["alibabacloud.kms.version_id=\"v1\"", "age_ms=0"]),
        ("cache served a stale value", &["age_ms=300000", "\"prod/db\""]),
        ("cache refresh failed", &["WARN", "error.type=\"ServiceUnavailable\"", "age_ms=300000"]),
        ("cached value does not parse", &["WARN", "\"v1\""]),
    ] {
        let line = text.lines().find(|line| line.contains(event));
        let line = line.unwrap_or_else(|| panic!("no {event} in\n{text}"));
        for field in fields {
            assert!(line.contains(field), "{field} in {line}");
        }
    }
    let shown = format!("{text} {secret:?} {cache:?} {:?}", cache.stats());
    assert!(!shown.contains("fake-marker") && !shown.contains("fake-secret"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn statistics_count_what_happened() {
    let service = Service::with(["a"]);
    let cache = service.cache();
    cache.get("a").await.unwrap();
    cache.get("a").await.unwrap();
    cache.get("b").await.unwrap_err();
    cache.get("b").await.unwrap_err();
    service.put("a", "v2");
    cache.refresh("a").await.unwrap();
    let stats = cache.stats();
    assert_eq!((stats.hits, stats.misses, stats.negative_hits), (1, 2, 1));
    assert_eq!((stats.refreshes, stats.failures, stats.new_versions), (3, 1, 1));
    assert_eq!((stats.entries, stats.stale_served, stats.evictions), (2, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn stale_values_are_counted_with_and_without_a_wait() {
    let capture = Capture::start();
    let service = Service::with(["a"]);
    let cache = service.cache();
    cache.get("a").await.unwrap();
    service.fail(UNAVAILABLE);
    advance(TTL).await;
    for _ in 0..3 {
        assert!(cache.get("a").await.unwrap().is_stale());
    }
    assert_eq!((cache.stats().stale_served, cache.stats().hits), (3, 2));
    assert_eq!(capture.text().matches("cache served a stale value").count(), 3);
}

/// A subscriber that reads the statistics of a cache at each event.
struct Reader(SecretCache);

impl Subscriber for Reader {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        if event.metadata().target() == "alibabacloud_kms" {
            assert!(self.0.stats().entries <= 1);
        }
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

async fn hit_miss_and_fail(service: Service, cache: SecretCache) {
    cache.get("a").await.unwrap();
    cache.get("a").await.unwrap();
    advance(TTL.mul_f64(0.95)).await;
    cache.get("a").await.unwrap();
    service.fail(UNAVAILABLE);
    advance(TTL).await;
    cache.get("a").await.unwrap();
    cache.invalidate("a");
    cache.get("a").await.unwrap_err();
}

#[test]
fn subscriber_of_the_events_can_use_the_cache() {
    let _capture = Capture::start();
    let (sender, ended) = mpsc::channel();
    // On a thread, since a deadlock would not end.
    thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().start_paused(true).build();
        let service = Service::with(["a"]);
        let cache = service.cache();
        let _subscribed = dispatcher::set_default(&Reader(cache.clone()).into());
        runtime.unwrap().block_on(hit_miss_and_fail(service, cache));
        sender.send(()).unwrap();
    });
    ended.recv_timeout(Duration::from_secs(60)).expect("no deadlock");
}
