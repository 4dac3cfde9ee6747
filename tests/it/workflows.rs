//! What takes more than one call: put or create, and the waiting for what the service does after its answer.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault};
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::secrets::{
    CreateSecretRequest, DeleteSecretRequest, GetSecretValueRequest, PutOrCreateOutcome,
    RotateSecretRequest, SecretValue,
};
use alibabacloud_kms::transport::{HttpRequest, HttpResponse, HttpTransport, TransportFuture};
use alibabacloud_kms::{ErrorKind, KmsClient};
use tokio::time::Instant;

use crate::transports::client_answered_by;

async fn emulator_and_client() -> (Emulator, KmsClient) {
    let emulator = Emulator::start().await.unwrap();
    let builder = KmsClient::builder().endpoint(emulator.endpoint());
    let client = builder.credentials(emulator.credentials()).build().unwrap();
    (emulator, client)
}

fn secret(version: &str, text: &str) -> CreateSecretRequest {
    CreateSecretRequest::new("app/db", SecretValue::text(text))
        .version_id(version)
        .description("ours")
}

#[tokio::test]
async fn a_value_is_put_where_there_is_a_secret_and_created_where_there_is_none() {
    let (_emulator, client) = emulator_and_client().await;
    let created = client.put_or_create_secret(secret("v1", "fake-first")).await.unwrap();
    assert_eq!((created.version_id(), created.request_id().is_empty()), ("v1", false));
    assert!(matches!(created, PutOrCreateOutcome::Created(_)));
    let put = client.put_or_create_secret(secret("v2", "fake-second")).await.unwrap();
    assert_eq!((put.version_id(), put.request_id().is_empty()), ("v2", false));
    assert!(matches!(put, PutOrCreateOutcome::Put(_)));
    let answer = client.get_secret_value(GetSecretValueRequest::new("app/db")).await.unwrap();
    assert_eq!(answer.value.expose_secret(), "fake-second");
    let other = client.put_or_create_secret(secret("v2", "fake-other")).await.unwrap_err();
    assert!(other.is_conflict());
}

#[tokio::test]
async fn what_no_secret_could_be_created_with_is_refused_where_there_is_one_already() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("app/db"));
    let request = secret("v2", "fake-second").rotation_interval(Duration::from_secs(86_400));
    let error = client.put_or_create_secret(request).await.unwrap_err();
    assert!(error.is_invalid_input(), "{error}");
    assert_eq!((error.operation(), emulator.request_count()), (Some("CreateSecret"), 0));
}

#[tokio::test]
async fn who_is_second_to_create_puts() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("app/db"));
    emulator.inject(Fault::error(404, "Forbidden.ResourceNotFound").for_action("PutSecretValue"));
    let put = client.put_or_create_secret(secret("v2", "fake-second")).await.unwrap();
    assert!(matches!(put, PutOrCreateOutcome::Put(_)));
}

#[tokio::test]
async fn a_secret_that_awaits_deletion_is_neither_put_nor_created() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("app/db"));
    client.delete_secret(DeleteSecretRequest::new("app/db")).await.unwrap();
    assert!(client.is_secret_pending_deletion("app/db").await.unwrap());
    assert!(client.put_or_create_secret(secret("v2", "fake")).await.unwrap_err().is_conflict());
    assert!(client.is_secret_pending_deletion("app/none").await.unwrap_err().is_not_found());
}

#[tokio::test(start_paused = true)]
async fn the_wait_for_a_deletion_looks_ever_less_often_and_past_what_passes_until_the_secret_is_gone()
 {
    let looks = AtomicU32::new(0);
    let client = client_answered_by(move |parameters| {
        assert_eq!(parameters.get("Action"), "DescribeSecret");
        match looks.fetch_add(1, Ordering::Relaxed) {
            2 => HttpResponse::new(500, r#"{"Code":"InternalFailure"}"#),
            0..8 => HttpResponse::new(200, r#"{"SecretName":"a"}"#),
            _ => HttpResponse::new(404, r#"{"Code":"Forbidden.ResourceNotFound"}"#),
        }
    });
    let client = client.with_retry_policy(RetryPolicy::disabled());
    let started = Instant::now();
    client.wait_until_secret_deleted("a", Duration::MAX).await.unwrap();
    assert_eq!(
        started.elapsed(),
        Duration::from_millis(500 + 1_000 + 2_000 + 4_000 + 8_000 + 30_000)
    );
}

#[tokio::test]
async fn a_wait_that_is_too_long_says_what_was_waited_for_and_what_is_refused_ends_it_at_once() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("a"));
    let error = client.wait_until_secret_deleted("a", Duration::ZERO).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("\"a\" is still there after 0 s"), "{error}");
    assert_eq!((error.operation(), error.resource()), (None, Some("a")));
    let started = Instant::now();
    emulator.inject(Fault::error(403, "Forbidden.NoPermission"));
    let refused = client.wait_until_secret_deleted("a", Duration::MAX).await.unwrap_err();
    assert!(refused.is_access_denied());
    assert!(
        client.wait_until_secret_deleted("", Duration::MAX).await.unwrap_err().is_invalid_input()
    );
    assert!(started.elapsed() < Duration::from_secs(60));
}

#[tokio::test]
async fn a_deletion_that_is_planned_for_later_than_it_is_waited_for_is_told_at_once() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("a"));
    let days = DeleteSecretRequest::new("a");
    let planned = client.delete_secret(days).await.unwrap().planned_delete_time.unwrap();
    let started = Instant::now();
    let error =
        client.wait_until_secret_deleted("a", Duration::from_secs(3_600)).await.unwrap_err();
    assert!(error.is_timeout() && error.to_string().contains(&planned.to_string()), "{error}");
    assert!(started.elapsed() < Duration::from_secs(60));
}

/// Never answers.
#[derive(Debug)]
struct Silent;

impl HttpTransport for Silent {
    fn send(&self, _request: HttpRequest) -> TransportFuture<'_> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_in_its_own_time_however_long_a_look_may_take() {
    let client = KmsClient::builder()
        .region("cn-hangzhou")
        .credentials(Credentials::new("fake-id", "fake-secret"))
        .transport(Silent)
        .build()
        .unwrap();
    let started = Instant::now();
    let error = client.wait_until_secret_deleted("a", Duration::from_secs(5)).await.unwrap_err();
    assert!(started.elapsed() <= Duration::from_secs(6), "{:?}", started.elapsed());
    assert!(error.is_timeout() && error.to_string().contains("what became of \"a\""), "{error}");
    let look = std::error::Error::source(&error).unwrap();
    assert!(look.to_string().starts_with("DescribeSecret"), "{look}");
}

#[tokio::test]
async fn a_rotation_is_waited_for_until_its_version_is_the_current_one() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("app/rds").secret_type("Rds"));
    let request = RotateSecretRequest::new("app/rds").version_id("second");
    let answer = client.rotate_secret_and_wait(request, Duration::from_secs(5)).await.unwrap();
    assert_eq!(answer.version_id, "second");

    let late = RotateSecretRequest::new("app/rds").version_id("third");
    // The rotation is told to have begun, and nothing comes of it.
    let told = alibabacloud_kms::emulator::CannedResponse::new(200)
        .body(r#"{"SecretName":"app/rds","VersionId":"third","RequestId":"r"}"#);
    emulator.inject(Fault::from(told).for_action("RotateSecret"));
    let error = client.rotate_secret_and_wait(late, Duration::ZERO).await.unwrap_err();
    let told = "\"third\" is not the current version of \"app/rds\" after 0 s";
    assert!(error.is_timeout() && error.to_string().contains(told), "{error}");
}
