//! Events and statistics, none of which holds a value.

use std::time::Duration;

use tokio::time::{advance, sleep};

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
