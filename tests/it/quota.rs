//! Calls against an emulator that enforces quotas as the service does, on real sockets.

use std::collections::HashSet;
use std::time::Duration;

use alibabacloud_kms::emulator::{Emulator, Fault};
use alibabacloud_kms::keys::{CreateKeyRequest, EncryptRequest};
use alibabacloud_kms::rate_limit::{Quota, QuotaGroup, RateLimits};
use alibabacloud_kms::retry::{RetryBudget, RetryPolicy};
use alibabacloud_kms::secrets::ListSecretsRequest;
use alibabacloud_kms::{ErrorKind, KmsClient, KmsClientBuilder};
use chrono::TimeDelta;
use futures_util::future::try_join_all;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

fn builder(emulator: &Emulator) -> KmsClientBuilder {
    KmsClient::builder().endpoint(emulator.endpoint()).credentials(emulator.credentials())
}

/// Returns a client that neither waits nor retries, and stops the time of the emulator.
fn unlimited(emulator: &Emulator) -> KmsClient {
    emulator.set_time(emulator.time());
    builder(emulator)
        .rate_limits(RateLimits::unlimited())
        .retry_policy(RetryPolicy::disabled())
        .build()
        .unwrap()
}

async fn list(client: &KmsClient) -> alibabacloud_kms::Result<()> {
    client.list_secrets(ListSecretsRequest::new()).await.map(drop)
}

#[tokio::test]
async fn requests_over_the_quota_are_rejected_and_logged() {
    let emulator = Emulator::builder().enforce_quotas().start().await.unwrap();
    let unlimited = unlimited(&emulator);
    for _ in 0..40 {
        list(&unlimited).await.unwrap();
    }
    let error = list(&unlimited).await.unwrap_err();
    assert_eq!((error.kind(), error.http_status()), (ErrorKind::Throttled, Some(429)));
    assert_eq!(
        (error.code(), error.message()),
        (Some("Rejected.Throttling"), Some("QPS Limit Exceeded"))
    );
    assert_eq!(emulator.request_count(), 41);
    let last = emulator.requests().pop().unwrap();
    assert_eq!((last.status, last.code.as_deref()), (Some(429), Some("Rejected.Throttling")));

    emulator.advance(TimeDelta::milliseconds(999));
    assert!(list(&unlimited).await.unwrap_err().is_throttled());
    emulator.advance(TimeDelta::milliseconds(1));
    list(&unlimited).await.unwrap();
}

#[tokio::test]
async fn skewed_clock_does_not_free_the_quota() {
    let quota = Quota::per_second(2);
    let emulator = Emulator::builder().quota(QuotaGroup::Manage, quota).start().await.unwrap();
    let unlimited = unlimited(&emulator);
    for _ in 0..2 {
        list(&unlimited).await.unwrap();
    }
    for minutes in [-1, 1] {
        emulator.inject(Fault::SkewedClock(TimeDelta::minutes(minutes)));
        assert!(list(&unlimited).await.unwrap_err().is_throttled(), "{minutes}");
    }
    assert!(list(&unlimited).await.unwrap_err().is_throttled());
}

#[tokio::test]
async fn client_with_the_quota_of_the_emulator_is_not_throttled() {
    let quota = Quota::new(20, Duration::from_millis(50));
    let emulator = Emulator::builder().quota(QuotaGroup::Manage, quota).start().await.unwrap();
    // Its period is longer than the emulator's, so that requests delayed by a busy system do no
    // harm.
    let limits = RateLimits::unlimited()
        .limit(QuotaGroup::Manage, Quota::new(20, Duration::from_millis(350)));
    let client = builder(&emulator).rate_limits(limits).build().unwrap();
    let calls = stream::iter(0..60).map(|_| list(&client)).buffer_unordered(8);
    calls.try_collect::<Vec<_>>().await.unwrap();
    assert!(emulator.requests().iter().all(|request| request.status == Some(200)));
    assert_eq!(emulator.request_count(), 60);
}

#[tokio::test]
async fn thousand_encryptions_at_once_are_not_throttled() {
    let emulator = Emulator::builder().enforce_quotas().start().await.unwrap();
    let client = builder(&emulator).build().unwrap();
    let created = client.create_key(CreateKeyRequest::new()).await.unwrap();
    let key = &created.key_metadata.key_id;
    let calls = (0..1_000).map(|_| client.encrypt(EncryptRequest::new(key, b"fake")));
    let ciphertexts = try_join_all(calls).await.unwrap();
    let blobs: HashSet<_> = ciphertexts.iter().map(|response| &response.ciphertext_blob).collect();
    assert_eq!(blobs.len(), 1_000, "each has an initialization vector of its own");
    assert!(emulator.requests().iter().all(|request| request.status == Some(200)));
    assert_eq!(emulator.request_count(), 1_001);
}

#[tokio::test]
async fn encryption_over_the_quota_is_rejected() {
    let emulator = Emulator::builder().enforce_quotas().in_process().unwrap();
    emulator.set_time(emulator.time());
    let client = emulator.client_builder().retry_policy(RetryPolicy::disabled()).build().unwrap();
    let created = client.create_key(CreateKeyRequest::new()).await.unwrap();
    let key = &created.key_metadata.key_id;
    let encrypt = || client.encrypt(EncryptRequest::new(key, b"fake"));
    try_join_all((0..1_000).map(|_| encrypt())).await.unwrap();
    assert!(encrypt().await.unwrap_err().is_throttled());
    // Another group has a quota of its own.
    client.describe_key(key).await.unwrap();
}

#[tokio::test]
async fn quotas_out_of_range_are_rejected_by_build() {
    let limits = RateLimits::service_defaults().limit(QuotaGroup::Read, Quota::per_second(0));
    let error = KmsClient::builder().region("cn-hangzhou").rate_limits(limits).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("rate_limits.Read.requests"), "{error}");
    assert!(error.to_string().contains("1 to 100,000"), "{error}");
}

#[tokio::test]
async fn retry_budgets_out_of_range_are_rejected_by_build() {
    let budget = RetryBudget::new(10).initial_retries(11);
    let error =
        KmsClient::builder().region("cn-hangzhou").retry_budget(budget).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("retry_budget.initial_retries"), "{error}");
}
