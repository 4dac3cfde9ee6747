//! Fresh, ageing, stale and gone, and what ends a value before its time.

use std::sync::Arc;
use std::time::Duration;

use alibabacloud_kms::ErrorKind;
use alibabacloud_kms::cache::{SecretCache, SecretKey};
use alibabacloud_kms::secrets::VersionStage;
use chrono::{TimeDelta, Utc};
use futures_util::future::join_all;
use tokio::time::{Instant, advance, sleep};

use super::service::{DENIED, Service, THROTTLED, Trouble, UNAVAILABLE};

const TTL: Duration = Duration::from_secs(300);
const MAX_STALE: Duration = Duration::from_secs(3_600);
const SECOND: Duration = Duration::from_secs(1);

/// Lets flights that nobody waits for end.
async fn settle() {
    sleep(Duration::from_millis(1)).await;
}

/// A cache whose one secret was loaded and then refreshed once, so that it ages at 80 to 90 % of
/// the TTL.
async fn refreshed() -> (Service, SecretCache) {
    let service = Service::with(["a"]);
    let cache = service.cache();
    cache.get("a").await.unwrap();
    cache.refresh("a").await.unwrap();
    service.take_requests();
    (service, cache)
}

#[tokio::test(start_paused = true)]
async fn fresh_value_is_served_without_a_request() {
    let (service, cache) = refreshed().await;
    let first = cache.get("a").await.unwrap();
    advance(TTL.mul_f64(0.79)).await;
    let later = cache.get("a").await.unwrap();
    assert!(Arc::ptr_eq(&first, &later));
    assert_eq!((later.value.expose_secret(), &*later.version_id), ("fake-v1", "v1"));
    assert_eq!(later.version_stages, [VersionStage::Current]);
    assert_eq!(later.served_by(), "kms.cn-hangzhou.aliyuncs.com");
    assert_eq!((later.age(), later.is_stale()), (TTL.mul_f64(0.79), false));
    assert_eq!(service.requests(), 0);
}

#[tokio::test(start_paused = true)]
async fn ageing_value_is_served_and_refreshed_once_behind() {
    let (service, cache) = refreshed().await;
    service.set_latency(5 * SECOND);
    service.put("a", "v2");
    advance(TTL.mul_f64(0.91)).await;

    let started = Instant::now();
    let reads = join_all((0..100).map(|_| cache.get("a"))).await;
    assert!(reads.iter().all(|read| read.as_ref().unwrap().version_id == "v1"));
    assert_eq!(started.elapsed(), Duration::ZERO);
    sleep(4 * SECOND).await;
    assert_eq!(cache.get("a").await.unwrap().version_id, "v1");
    sleep(2 * SECOND).await;
    assert_eq!(cache.get("a").await.unwrap().version_id, "v2");
    assert_eq!(service.requests(), 1);
    assert_eq!((cache.stats().hits, cache.stats().new_versions), (102, 1));
}

#[tokio::test(start_paused = true)]
async fn confirmed_version_keeps_its_arc_and_is_fresh_again() {
    let (service, cache) = refreshed().await;
    let before = cache.get("a").await.unwrap();
    advance(TTL.mul_f64(0.91)).await;
    cache.get("a").await.unwrap();
    settle().await;
    let after = cache.get("a").await.unwrap();
    assert!(Arc::ptr_eq(&before, &after));
    assert!(after.age() < SECOND);
    assert_eq!(service.requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn value_past_its_ttl_is_refreshed_before_it_is_served() {
    let (service, cache) = refreshed().await;
    service.put("a", "v2");
    service.set_latency(SECOND / 2);
    advance(TTL).await;
    assert_eq!(cache.get("a").await.unwrap().version_id, "v2");
    assert_eq!(service.requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn stale_value_is_served_after_stale_wait_for_a_slow_service() {
    let (service, cache) = refreshed().await;
    service.put("a", "v2");
    service.set_latency(10 * SECOND);
    advance(TTL).await;
    let started = Instant::now();
    let stale = cache.get("a").await.unwrap();
    assert_eq!(started.elapsed(), SECOND);
    assert_eq!((&*stale.version_id, stale.is_stale()), ("v1", true));
    assert_eq!(stale.age(), TTL + SECOND);
    sleep(10 * SECOND).await;
    assert_eq!(cache.get("a").await.unwrap().version_id, "v2");
    assert_eq!((service.requests(), cache.stats().stale_served), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn transient_failures_leave_the_value_until_max_stale() {
    for trouble in
        [Trouble::Network, UNAVAILABLE, THROTTLED, Trouble::Error(400, "Throttling.User")]
    {
        let (service, cache) = refreshed().await;
        service.fail(trouble);
        advance(TTL).await;
        assert!(cache.get("a").await.unwrap().is_stale(), "{trouble:?}");
        advance(MAX_STALE - SECOND).await;
        assert_eq!(cache.get("a").await.unwrap().age(), TTL + MAX_STALE - SECOND, "{trouble:?}");
        advance(SECOND).await;
        assert!(cache.get("a").await.unwrap_err().is_retryable(), "{trouble:?}");
        service.recover();
        assert_eq!(cache.get("a").await.unwrap().age(), Duration::ZERO, "{trouble:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn hanging_service_does_not_extend_the_time_of_a_value() {
    let (service, cache) = refreshed().await;
    service.fail(Trouble::Hang);
    advance(TTL + MAX_STALE - SECOND / 2).await;
    let error = cache.get("a").await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn outage_costs_one_request_for_each_pause() {
    let (service, cache) = refreshed().await;
    service.fail(UNAVAILABLE);
    advance(TTL).await;
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(600) {
        cache.get("a").await.unwrap();
        sleep(Duration::from_millis(100)).await;
    }
    // Pauses double to 30 s, each at least half as long.
    assert!((27..=56).contains(&service.requests()), "{}", service.requests());
}

/// 50 secrets and 100 reads a second, 10 minutes without the service.
#[tokio::test(start_paused = true)]
async fn no_read_fails_in_an_outage_of_ten_minutes() {
    let service = Service::with((0..50).map(|n| format!("secret-{n}")));
    let cache = service.cache();
    let names: Vec<_> = (0..50).map(|n| format!("secret-{n}")).collect();
    cache.warm_up(&names).await;
    advance(TTL / 2).await;
    service.take_requests();
    service.fail(Trouble::Network);
    let mut reads = Vec::new();
    for name in names.iter().cycle().take(60_000) {
        let (cache, name) = (cache.clone(), name.clone());
        reads.push(tokio::spawn(async move { cache.get(name).await.is_ok() }));
        sleep(Duration::from_millis(10)).await;
    }
    assert!(join_all(reads).await.into_iter().all(|read| read.unwrap()));
    // A pause of 15 s to 30 s for each secret after the first minute.
    assert!(service.requests() < 50 * 55, "{}", service.requests());
}

#[tokio::test(start_paused = true)]
async fn max_stale_of_zero_serves_nothing_past_the_ttl() {
    let service = Service::with(["a"]);
    let cache = service.cache_builder().max_stale(Duration::ZERO).build().unwrap();
    cache.get("a").await.unwrap();
    service.fail(UNAVAILABLE);
    advance(TTL - Duration::from_millis(1)).await;
    cache.get("a").await.unwrap();
    advance(Duration::from_millis(1)).await;
    assert_eq!(cache.get("a").await.unwrap_err().kind(), ErrorKind::Unavailable);
}

#[tokio::test(start_paused = true)]
async fn final_errors_end_a_value_immediately() {
    for trouble in [
        DENIED,
        Trouble::Error(404, "Forbidden.ResourceNotFound"),
        Trouble::Error(409, "Rejected.ResourceInDeleteWindow"),
        Trouble::Error(400, "InvalidParameter"),
        Trouble::Error(200, "not a secret"),
    ] {
        let (service, cache) = refreshed().await;
        service.fail(trouble);
        advance(TTL.mul_f64(0.91)).await;
        cache.get("a").await.unwrap();
        settle().await;
        let error = cache.get("a").await.unwrap_err();
        assert!(!error.is_retryable(), "{error}");
        service.fail(UNAVAILABLE);
        advance(2 * SECOND).await;
        let error = cache.get("a").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable, "{trouble:?}: nothing is left to serve");
    }
}

#[tokio::test(start_paused = true)]
async fn denial_is_served_for_a_second_and_no_other_error_is() {
    let service = Service::with(["a"]);
    let cache = service.cache();
    for trouble in [DENIED, Trouble::Error(404, "Forbidden.ResourceNotFound")] {
        service.fail(trouble);
        for _ in 0..10 {
            cache.get("a").await.unwrap_err();
        }
        assert_eq!(service.take_requests().len(), 1, "{trouble:?}");
        service.recover();
        advance(SECOND).await;
        cache.get("a").await.unwrap();
        cache.invalidate("a");
        service.take_requests();
    }
    service.fail(Trouble::Error(409, "Rejected.Disabled"));
    for _ in 0..3 {
        cache.get("a").await.unwrap_err();
    }
    assert_eq!(service.take_requests().len(), 3);
    assert_eq!(cache.stats().negative_hits, 18);

    let eager = service.cache_builder().negative_ttl(Duration::ZERO).build().unwrap();
    service.fail(DENIED);
    eager.get("a").await.unwrap_err();
    eager.get("a").await.unwrap_err();
    assert_eq!(service.requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn version_id_is_read_once() {
    let service = Service::with(["a"]);
    let cache = service.cache();
    let key = SecretKey::new("a").version_id("v1");
    cache.get(&key).await.unwrap();
    advance(Duration::from_secs(30 * 24 * 3_600)).await;
    let read = cache.get(&key).await.unwrap();
    assert!(!read.is_stale());
    assert_eq!(service.requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn ignored_version_id_is_cached_as_a_stage() {
    let service = Service::with(["a"]);
    let cache = service.cache();
    let key = SecretKey::new("a").version_id("v0");
    assert_eq!(cache.get(&key).await.unwrap().version_id, "v1");
    service.put("a", "v2");
    advance(TTL).await;
    assert_eq!(cache.get(&key).await.unwrap().version_id, "v2");
}

#[tokio::test(start_paused = true)]
async fn scheduled_rotation_is_seen_soon_after_it() {
    let (service, cache) = refreshed().await;
    service.plan_rotation("a", Utc::now() + TimeDelta::seconds(60));
    cache.refresh("a").await.unwrap();
    sleep(Duration::from_secs(62)).await;
    service.put("a", "v2");
    let mut seconds = 62;
    while cache.get("a").await.unwrap().version_id == "v1" {
        sleep(SECOND).await;
        seconds += 1;
    }
    assert!((62..=72).contains(&seconds), "{seconds}");
    assert_eq!(service.requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn each_secret_has_its_ttl() {
    let service = Service::with(["a", "b"]);
    let cache = service.cache_builder().secret_ttl("b", 2 * SECOND).build().unwrap();
    cache.warm_up(["a", "b"]).await;
    advance(2 * SECOND).await;
    assert!(cache.get("a").await.unwrap().age() >= 2 * SECOND);
    assert_eq!(cache.get("b").await.unwrap().age(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn least_recently_read_secret_makes_room() {
    let service = Service::with(["a", "b", "c"]);
    let cache = service.cache_builder().max_entries(2).build().unwrap();
    for name in ["a", "b", "a", "c"] {
        cache.get(name).await.unwrap();
        advance(Duration::from_millis(1)).await;
    }
    service.take_requests();
    cache.get("a").await.unwrap();
    assert_eq!(service.requests(), 0);
    cache.get("b").await.unwrap();
    assert_eq!(service.take_requests(), [["b"]]);
    assert_eq!((cache.stats().evictions, cache.stats().entries), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn missing_secrets_do_not_push_values_out() {
    let service = Service::with(["a", "b"]);
    let cache = service.cache_builder().max_entries(3).build().unwrap();
    cache.warm_up(["a", "b"]).await;
    for n in 0..100 {
        cache.get(format!("missing-{n}")).await.unwrap_err();
    }
    service.take_requests();
    cache.warm_up(["a", "b"]).await;
    assert_eq!(service.requests(), 0);
}

#[tokio::test]
async fn invalid_settings_and_keys_are_rejected_before_any_request() {
    let service = Service::with(["a"]);
    for builder in [
        service.cache_builder().ttl(Duration::ZERO),
        service.cache_builder().ttl(Duration::from_secs(90_000)),
        service.cache_builder().secret_ttl("a", Duration::ZERO),
        service.cache_builder().max_stale(Duration::from_secs(90_000)),
        service.cache_builder().stale_wait(Duration::from_secs(90_000)),
        service.cache_builder().negative_ttl(Duration::from_secs(90_000)),
        service.cache_builder().hedge_after(Duration::ZERO),
        service.cache_builder().max_entries(0),
    ] {
        assert!(builder.build().unwrap_err().is_invalid_input());
    }
    let cache = service.cache();
    for key in [SecretKey::new(""), SecretKey::new("a").version_id("v1").version_stage("canary")] {
        assert!(cache.get(&key).await.unwrap_err().is_invalid_input());
        assert!(cache.refresh(&key).await.unwrap_err().is_invalid_input());
    }
    assert_eq!((service.requests(), cache.stats().entries), (0, 0));
}
