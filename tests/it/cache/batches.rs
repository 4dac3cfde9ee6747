//! Several secrets with one request.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::advance;

use super::service::{DENIED, Service, Trouble, UNAVAILABLE};

fn names(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("secret-{n}")).collect()
}

#[tokio::test(start_paused = true)]
async fn fifty_secrets_are_loaded_with_three_requests() {
    let service = Service::with(names(50));
    let cache = service.cache();
    let loaded = cache.warm_up(names(50)).await;
    assert!(loaded.iter().all(|(_, secret)| secret.is_ok()));
    assert_eq!(loaded[7].0.secret_name(), "secret-7");
    let sizes: Vec<_> = service.take_requests().iter().map(Vec::len).collect();
    assert_eq!(sizes, [20, 20, 10]);
    cache.warm_up(names(50)).await;
    assert_eq!(service.requests(), 0);
}

#[tokio::test(start_paused = true)]
async fn more_secrets_than_entries_are_each_loaded_once() {
    let service = Service::with(names(50));
    let cache = service.cache_builder().max_entries(10).build().unwrap();
    let loaded = cache.warm_up(names(50)).await;
    let ids = loaded.iter().map(|(_, secret)| &*secret.as_ref().unwrap().secret_name);
    assert!(ids.eq(names(50)));
    assert_eq!(service.requests(), 3);
    assert_eq!((cache.stats().entries, cache.stats().misses), (10, 50));
}

#[tokio::test(start_paused = true)]
async fn secrets_that_are_loaded_together_do_not_evict_each_other() {
    let service = Service::with(names(20));
    let cache = service.cache_builder().max_entries(10).build().unwrap();
    cache.warm_up(&names(20)[..10]).await;
    advance(Duration::from_millis(1)).await;
    service.take_requests();
    cache.warm_up(&names(20)[10..]).await;
    assert_eq!(service.take_requests().len(), 1);
    for name in &names(20)[10..] {
        cache.get(name).await.unwrap();
    }
    assert_eq!(service.requests(), 0);
}

#[tokio::test(start_paused = true)]
async fn secret_that_a_batch_lacks_has_the_error_of_its_own() {
    let service = Service::with(["a", "c"]);
    let loaded = service.cache().warm_up(["a", "b", "c"]).await;
    assert!(loaded[0].1.is_ok() && loaded[2].1.is_ok());
    let error = loaded[1].1.as_ref().unwrap_err();
    assert!(error.is_not_found());
    assert_eq!((error.operation(), error.resource()), (Some("GetSecretValue"), Some("b")));
    assert_eq!(service.requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn invalid_name_does_not_fail_its_batch() {
    let service = Service::with(["a", "b"]);
    let loaded = service.cache().warm_up(["a", "", "b"]).await;
    assert!(loaded[0].1.is_ok() && loaded[2].1.is_ok());
    assert!(loaded[1].1.as_ref().unwrap_err().is_invalid_input());
}

#[tokio::test(start_paused = true)]
async fn rejected_batch_falls_back_to_single_reads_and_is_remembered() {
    let service = Service::with(names(30));
    service.reject_batches();
    let cache = service.cache();
    let loaded = cache.warm_up(names(30)).await;
    assert!(loaded.iter().all(|(_, secret)| secret.is_ok()));
    let rejected = service.take_requests().iter().filter(|names| names.len() > 1).count();
    assert!((1..=2).contains(&rejected), "both batches were in flight: {rejected}");
    names(30).iter().for_each(|name| cache.invalidate(name));
    cache.warm_up(names(30)).await;
    assert_eq!(service.requests(), 30);
}

#[tokio::test(start_paused = true)]
async fn batches_go_on_after_a_fault_of_the_process() {
    let service = Service::with(names(5));
    let cache = service.cache();
    service.fail(Trouble::NoTrustStore);
    let read = cache.warm_up(names(5)).await;
    assert!(read.iter().all(|(_, secret)| secret.is_err()));
    service.recover();
    service.take_requests();
    let read = cache.warm_up(names(5)).await;
    assert!(read.iter().all(|(_, secret)| secret.is_ok()));
    assert_eq!(service.requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn failed_batch_leaves_every_value() {
    let service = Service::with(names(5));
    let cache = service.cache();
    cache.warm_up(names(5)).await;
    service.take_requests();
    service.fail(UNAVAILABLE);
    advance(Duration::from_secs(300)).await;
    let read = cache.warm_up(names(5)).await;
    assert!(read.iter().all(|(_, secret)| secret.as_ref().is_ok_and(|s| s.is_stale())));
    assert_eq!(service.requests(), 1);

    service.fail(DENIED);
    cache.refresh("secret-0").await.unwrap_err();
    assert!(cache.get("secret-0").await.is_err());
    assert!(cache.get("secret-1").await.is_ok(), "within its pause");
}

#[tokio::test(start_paused = true)]
async fn misses_of_one_instant_share_a_request_in_background_mode() {
    let service = Service::with(names(10));
    let cache = service.cache_builder().refresh_in_background().build().unwrap();
    let names = names(10);
    let reads = join_all(names.iter().map(|name| cache.get(name))).await;
    assert!(reads.iter().all(Result::is_ok));
    assert_eq!(service.requests(), 1);
}
