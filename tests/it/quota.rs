//! Calls against an emulator that keeps to quotas as the service does, on real sockets.

use std::time::Duration;

use alibabacloud_kms::emulator::Emulator;
use alibabacloud_kms::rate_limit::{QuotaGroup, RateLimits};
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::secrets::ListSecretsRequest;
use alibabacloud_kms::{ErrorKind, KmsClient, KmsClientBuilder};
use chrono::TimeDelta;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

fn builder(emulator: &Emulator) -> KmsClientBuilder {
    KmsClient::builder().endpoint(emulator.endpoint()).credentials(emulator.credentials())
}

async fn list(client: &KmsClient) -> alibabacloud_kms::Result<()> {
    client.list_secrets(ListSecretsRequest::new()).await.map(drop)
}

#[tokio::test]
async fn what_is_over_the_quota_is_refused_by_the_emulators_time_and_kept_in_its_journal() {
    let emulator = Emulator::builder().enforce_quotas().start().await.unwrap();
    emulator.set_time(emulator.time());
    let hasty = builder(&emulator)
        .rate_limits(RateLimits::unlimited())
        .retry_policy(RetryPolicy::disabled())
        .build()
        .unwrap();
    for _ in 0..40 {
        list(&hasty).await.unwrap();
    }
    let error = list(&hasty).await.unwrap_err();
    assert_eq!((error.kind(), error.http_status()), (ErrorKind::Throttled, Some(429)));
    assert_eq!(
        (error.code(), error.message()),
        (Some("Rejected.Throttling"), Some("QPS Limit Exceeded"))
    );
    assert_eq!(emulator.request_count(), 41);
    let last = emulator.requests().pop().unwrap();
    assert_eq!((last.status, last.code.as_deref()), (Some(429), Some("Rejected.Throttling")));

    emulator.advance(TimeDelta::milliseconds(999));
    assert!(list(&hasty).await.unwrap_err().is_throttled());
    emulator.advance(TimeDelta::milliseconds(1));
    list(&hasty).await.unwrap();
}

#[tokio::test]
async fn a_client_that_knows_the_quota_is_not_throttled() {
    let quota = Duration::from_millis(50);
    let emulator = Emulator::builder().quota(QuotaGroup::Manage, 20, quota).start().await.unwrap();
    // Of a longer time than the emulator's, so that requests which a busy machine delays do no harm.
    let limits = RateLimits::unlimited().with(QuotaGroup::Manage, 20, Duration::from_millis(350));
    let client = builder(&emulator).rate_limits(limits).build().unwrap();
    let calls = stream::iter(0..60).map(|_| list(&client)).buffer_unordered(8);
    calls.try_collect::<Vec<_>>().await.unwrap();
    assert!(emulator.requests().iter().all(|request| request.status == Some(200)));
    assert_eq!(emulator.request_count(), 60);
}

#[tokio::test]
async fn a_limit_that_cannot_be_is_refused_by_build() {
    let limits = RateLimits::service_defaults().with(QuotaGroup::Read, 0, Duration::from_secs(1));
    let error = KmsClient::builder().region("cn-hangzhou").rate_limits(limits).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(error.to_string(), "rate_limits: requests of Read is 0, allowed are 1 to 100,000");
}
