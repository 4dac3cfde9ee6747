//! Failover to another region by the outcomes of real calls.

use std::sync::Arc;
use std::time::Duration;

use alibabacloud_kms::cache::{SecretCache, SecretCacheBuilder};
use alibabacloud_kms::secrets::{PutSecretValueRequest, SecretValue};
use futures_util::StreamExt as _;
use tokio::time::{Instant, advance, sleep};

use super::service::{DENIED, Service, Trouble, UNAVAILABLE};

const TTL: Duration = Duration::from_secs(300);
const SECOND: Duration = Duration::from_secs(1);
const HANGZHOU: &str = "kms.cn-hangzhou.aliyuncs.com";
const BEIJING: &str = "kms.cn-beijing.aliyuncs.com";

fn two_regions() -> (Service, Service, SecretCacheBuilder) {
    let (first, second) = (Service::with(["a", "b"]), Service::with(["a"]));
    let client = second.client_builder().region("cn-beijing").build().unwrap();
    let builder = SecretCache::builder(first.client()).also(client);
    (first, second, builder)
}

/// Returns two regions whose breakers are open, since each has failed five times.
async fn two_failed_regions() -> (Service, Service, SecretCache) {
    let (first, second, builder) = two_regions();
    let cache = builder.build().unwrap();
    first.fail(UNAVAILABLE);
    second.fail(UNAVAILABLE);
    for _ in 0..5 {
        cache.refresh("a").await.unwrap_err();
    }
    (first, second, cache)
}

#[tokio::test(start_paused = true)]
async fn second_region_serves_when_the_first_fails_in_a_transient_way() {
    for trouble in [Trouble::Network, UNAVAILABLE] {
        let (first, second, builder) = two_regions();
        let cache = builder.build().unwrap();
        assert_eq!(cache.get("a").await.unwrap().served_by(), HANGZHOU);
        assert_eq!(second.requests(), 0);
        first.fail(trouble);
        assert_eq!(cache.refresh("a").await.unwrap().served_by(), BEIJING);
        first.recover();
        assert_eq!(cache.refresh("a").await.unwrap().served_by(), HANGZHOU);
    }
}

#[tokio::test(start_paused = true)]
async fn not_found_and_denied_in_the_first_region_are_final() {
    let (first, second, builder) = two_regions();
    let cache = builder.negative_ttl(Duration::ZERO).build().unwrap();
    first.remove("a");
    assert!(cache.get("a").await.unwrap_err().is_not_found());
    first.fail(DENIED);
    assert!(cache.get("a").await.unwrap_err().is_access_denied());
    assert_eq!(second.requests(), 0);
}

#[tokio::test(start_paused = true)]
async fn secret_that_the_second_region_lacks_is_not_lost() {
    let (first, _second, builder) = two_regions();
    let cache = builder.build().unwrap();
    cache.get("b").await.unwrap();
    first.fail(UNAVAILABLE);
    advance(TTL).await;
    assert!(cache.get("b").await.unwrap().is_stale());
    for _ in 0..10 {
        let error = cache.refresh("b").await.unwrap_err();
        assert!(
            error.is_retryable(),
            "the first region's error, also with an open breaker: {error}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn arn_is_read_only_in_its_region() {
    let arn = "acs:kms:cn-hangzhou:1:secret/a";
    let (first, second, builder) = two_regions();
    let cache = builder.build().unwrap();
    first.fail(UNAVAILABLE);
    assert!(cache.get(arn).await.unwrap_err().is_retryable());
    assert_eq!((first.requests(), second.requests()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn region_that_fails_five_times_is_left_alone_and_tried_again() {
    let (first, second, builder) = two_regions();
    let cache = builder.build().unwrap();
    first.fail(UNAVAILABLE);
    for _ in 0..10 {
        assert_eq!(cache.refresh("a").await.unwrap().served_by(), BEIJING);
    }
    assert_eq!((first.take_requests().len(), second.requests()), (5, 10));
    advance(5 * SECOND).await;
    for _ in 0..10 {
        cache.refresh("a").await.unwrap();
    }
    assert_eq!(first.take_requests().len(), 1, "one trial");
    first.recover();
    advance(10 * SECOND).await;
    for _ in 0..3 {
        assert_eq!(cache.refresh("a").await.unwrap().served_by(), HANGZHOU);
    }
}

#[tokio::test(start_paused = true)]
async fn region_that_is_not_called_keeps_its_trial() {
    let (first, second, cache) = two_failed_regions().await;
    first.recover();
    second.recover();
    advance(5 * SECOND).await;
    assert_eq!(cache.refresh("a").await.unwrap().served_by(), HANGZHOU);
    first.fail(UNAVAILABLE);
    assert_eq!(cache.refresh("a").await.unwrap().served_by(), BEIJING);
}

#[tokio::test(start_paused = true)]
async fn first_region_is_called_when_every_breaker_is_open() {
    let (first, _second, cache) = two_failed_regions().await;
    cache.refresh("a").await.unwrap_err();
    first.recover();
    cache.refresh("a").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn hedge_calls_the_second_region_when_the_first_is_slow() {
    let (first, second, builder) = two_regions();
    let cache = builder.hedge_after(SECOND).build().unwrap();
    first.fail(Trouble::Hang);
    second.set_latency(SECOND);
    let started = Instant::now();
    assert_eq!(cache.get("a").await.unwrap().served_by(), BEIJING);
    assert_eq!(started.elapsed(), 2 * SECOND);

    first.recover();
    first.set_latency(SECOND / 2);
    second.take_requests();
    assert_eq!(cache.refresh("a").await.unwrap().served_by(), HANGZHOU);
    assert_eq!(second.requests(), 0);
}

#[tokio::test(start_paused = true)]
async fn versions_of_two_regions_are_not_compared() {
    let (first, _second, builder) = two_regions();
    let cache = builder.build().unwrap();
    let mut changes = cache.watch("a");
    assert_eq!(changes.next().await.unwrap().served_by(), HANGZHOU);
    first.fail(UNAVAILABLE);
    sleep(SECOND).await;
    cache.refresh("a").await.unwrap();
    let version = changes.next().await.unwrap();
    assert_eq!((version.served_by(), &*version.version_id), (BEIJING, "v1"));
}

/// The service in memory responds to a put as to a read.
#[tokio::test(start_paused = true)]
async fn written_value_is_that_of_the_first_region() {
    let (first, _second, builder) = two_regions();
    let cache = builder.build().unwrap();
    first.fail(UNAVAILABLE);
    assert_eq!(cache.get("a").await.unwrap().served_by(), BEIJING);
    first.recover();
    first.put("a", "v2");
    let put = PutSecretValueRequest::new("a", SecretValue::text("fake-v2")).version_id("v2");
    cache.put_secret_value(put).await.unwrap();
    let written = cache.get("a").await.unwrap();
    assert_eq!((written.served_by(), &*written.version_id), (HANGZHOU, "v2"));
    let confirmed = cache.refresh("a").await.unwrap();
    assert!(Arc::ptr_eq(&written, &confirmed), "no change of region");
}
