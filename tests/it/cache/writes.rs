//! Writes through the cache, against the emulator.

use std::sync::Arc;
use std::time::Duration;

use alibabacloud_kms::cache::{CachedSecret, SecretCache, SecretKey};
use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault};
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::secrets::{
    CreateSecretRequest, DeleteSecretRequest, PutSecretValueRequest, RotateSecretRequest,
    SecretValue, UpdateSecretVersionStageRequest, VersionStage,
};
use futures_util::{FutureExt as _, StreamExt as _};
use tokio::time::sleep;

async fn with_secrets() -> (Emulator, SecretCache) {
    let emulator = Emulator::start().await.unwrap();
    emulator.add_secret(EmulatedSecret::new("a"));
    emulator.add_secret(EmulatedSecret::new("rds").secret_type("Rds"));
    let builder = emulator.client_builder().retry_policy(RetryPolicy::disabled());
    let cache = SecretCache::builder(builder.build().unwrap()).build().unwrap();
    (emulator, cache)
}

fn put(name: &str, version_id: &str) -> PutSecretValueRequest {
    let value = SecretValue::text(format!("fake-{version_id}"));
    PutSecretValueRequest::new(name, value).version_id(version_id)
}

#[tokio::test]
async fn put_value_is_served_without_a_request() {
    let (emulator, cache) = with_secrets().await;
    let mut changes = cache.watch("a");
    assert_eq!(changes.next().await.unwrap().version_id, "v1");
    let previous = cache.previous("a").await;
    assert!(previous.unwrap_err().is_not_found());
    cache.put_secret_value(put("a", "v2")).await.unwrap();
    let requests = emulator.request_count();

    let current = cache.get("a").await.unwrap();
    assert_eq!((&*current.version_id, current.value.expose_secret()), ("v2", "fake-v2"));
    assert_eq!(current.version_stages, [VersionStage::Current]);
    assert_eq!(changes.next().await.unwrap().version_id, "v2");
    assert_eq!(emulator.request_count(), requests);
    assert_eq!(cache.previous("a").await.unwrap().version_id, "v1", "no denial is left");
}

#[tokio::test]
async fn value_of_another_stage_does_not_replace_the_current_one() {
    let (_emulator, cache) = with_secrets().await;
    cache.get("a").await.unwrap();
    cache.put_secret_value(put("a", "v2").version_stage("canary")).await.unwrap();
    assert_eq!(cache.get("a").await.unwrap().version_id, "v1");
    assert_eq!(cache.get(("a", "canary".into())).await.unwrap().version_id, "v2");

    let request = UpdateSecretVersionStageRequest::new("a", VersionStage::Current);
    let request = request.move_to_version("v2").remove_from_version("v1");
    cache.update_secret_version_stage(request).await.unwrap();
    assert_eq!(cache.get("a").await.unwrap().version_id, "v2");
}

#[tokio::test]
async fn arn_is_read_again_after_a_write_by_name() {
    let (emulator, cache) = with_secrets().await;
    let described = cache.client().describe_secret("a").await.unwrap();
    let arn = described.arn.unwrap().to_string();
    cache.get(&arn).await.unwrap();
    cache.put_secret_value(put("a", "v2")).await.unwrap();
    let requests = emulator.request_count();
    assert_eq!(cache.get(&arn).await.unwrap().version_id, "v2");
    assert_eq!(emulator.request_count(), requests + 1);
}

#[tokio::test]
async fn written_value_survives_an_outage() {
    let (emulator, cache) = with_secrets().await;
    cache.get("a").await.unwrap();
    cache.put_secret_value(put("a", "v2")).await.unwrap();
    emulator.inject(Fault::error(503, "ServiceUnavailable").always());
    assert_eq!(cache.get("a").await.unwrap().version_id, "v2");
}

#[tokio::test]
async fn write_with_an_unknown_outcome_is_read_again() {
    let (emulator, cache) = with_secrets().await;
    cache.get("a").await.unwrap();
    emulator.inject(Fault::LostResponse);
    let error = cache.put_secret_value(put("a", "v2")).await.unwrap_err();
    assert!(error.is_outcome_unknown());
    assert_eq!(cache.get("a").await.unwrap().version_id, "v2");

    emulator.inject(Fault::Hang);
    let abandoned =
        tokio::time::timeout(Duration::from_millis(50), cache.put_secret_value(put("a", "v3")));
    abandoned.await.unwrap_err();
    let requests = emulator.request_count();
    cache.get("a").await.unwrap();
    assert_eq!(emulator.request_count(), requests + 1);
}

/// Returns what the cache serves after its put of `one`, whose response is late, and what happens
/// meanwhile.
async fn current_after_a_late_put(meanwhile: impl AsyncFnOnce(&SecretCache)) -> Arc<CachedSecret> {
    let emulator = Emulator::in_process();
    emulator.add_secret(EmulatedSecret::new("a"));
    let cache = SecretCache::builder(emulator.client().unwrap()).build().unwrap();
    cache.get("a").await.unwrap();
    let second = Duration::from_secs(1);
    emulator.inject(Fault::Delay(2 * second).for_action("PutSecretValue"));
    let late = cache.put_secret_value(put("a", "one"));
    let (late, ()) = futures_util::join!(late, async {
        sleep(second).await;
        meanwhile(&cache).await;
    });
    late.unwrap();
    cache.get("a").await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn late_response_does_not_undo_a_later_write() {
    let current = current_after_a_late_put(async |cache| {
        cache.put_secret_value(put("a", "two")).await.unwrap();
    })
    .await;
    assert_eq!(current.version_id, "two");
}

#[tokio::test(start_paused = true)]
async fn late_response_does_not_undo_a_later_refresh() {
    let current = current_after_a_late_put(async |cache| {
        cache.client().put_secret_value(put("a", "two")).await.unwrap();
        cache.refresh("a").await.unwrap();
    })
    .await;
    assert_eq!(current.version_id, "two");
}

#[tokio::test]
async fn rejected_write_changes_nothing() {
    let (emulator, cache) = with_secrets().await;
    cache.get("a").await.unwrap();
    emulator.inject(Fault::error(403, "Forbidden.NoPermission"));
    cache.put_secret_value(put("a", "v2")).await.unwrap_err();
    assert!(cache.get("a").now_or_never().is_some());
    assert_eq!(emulator.request_count(), 2);
}

#[tokio::test]
async fn created_deleted_and_restored_secrets_are_read_again() {
    let (_emulator, cache) = with_secrets().await;
    cache.get("new").await.unwrap_err();
    let create = |version| {
        CreateSecretRequest::new("new", SecretValue::text("fake-value")).version_id(version)
    };
    cache.create_secret(create("v1")).await.unwrap();
    assert_eq!(cache.get("new").await.unwrap().version_id, "v1");
    cache.put_or_create_secret(create("v2")).await.unwrap();
    assert!(cache.get("new").now_or_never().is_some());
    assert_eq!(cache.get("new").await.unwrap().version_id, "v2");

    let version = SecretKey::new("new").version_id("v1");
    cache.get(&version).await.unwrap();
    cache.delete_secret(DeleteSecretRequest::without_recovery("new")).await.unwrap();
    assert!(cache.get("new").await.unwrap_err().is_not_found());
    assert!(cache.get(&version).await.unwrap_err().is_not_found());
    cache.put_or_create_secret(create("v1")).await.unwrap();
    assert_eq!(cache.get("new").await.unwrap().version_id, "v1");
}

#[tokio::test]
async fn rotated_secret_is_read_again() {
    let (_emulator, cache) = with_secrets().await;
    cache.get("rds").await.unwrap();
    cache.rotate_secret(RotateSecretRequest::new("rds").version_id("v2")).await.unwrap();
    assert_eq!(cache.get("rds").await.unwrap().version_id, "v2");
    let request = RotateSecretRequest::new("rds").version_id("v3");
    cache.rotate_secret_and_wait(request, Duration::from_secs(60)).await.unwrap();
    assert_eq!(cache.get("rds").await.unwrap().version_id, "v3");
}
