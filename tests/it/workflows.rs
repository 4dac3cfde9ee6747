//! Workflows of several calls: put or create, and waits for what the service does after its
//! response.

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
use chrono::{TimeDelta, Utc};
use tokio::time::{Instant, sleep};

use crate::transports::client_with_responses;

async fn emulator_and_client() -> (Emulator, KmsClient) {
    let emulator = Emulator::start().await.unwrap();
    let builder = KmsClient::builder().endpoint(emulator.endpoint());
    let client = builder.credentials(emulator.credentials()).build().unwrap();
    (emulator, client)
}

fn client_of(transport: impl HttpTransport) -> KmsClient {
    KmsClient::builder()
        .region("cn-hangzhou")
        .credentials(Credentials::new("fake-id", "fake-secret"))
        .transport(transport)
        .build()
        .unwrap()
}

fn secret(version: &str, text: &str) -> CreateSecretRequest {
    CreateSecretRequest::new("app/db", SecretValue::text(text))
        .version_id(version)
        .description("ours")
}

#[tokio::test]
async fn existing_secret_gets_a_value_and_missing_one_is_created() {
    let (_emulator, client) = emulator_and_client().await;
    let created = client.put_or_create_secret(secret("v1", "fake-first")).await.unwrap();
    assert_eq!((created.version_id(), created.request_id().is_empty()), ("v1", false));
    assert!(matches!(created, PutOrCreateOutcome::Created(_)));
    let put = client.put_or_create_secret(secret("v2", "fake-second")).await.unwrap();
    assert_eq!((put.version_id(), put.request_id().is_empty()), ("v2", false));
    assert!(matches!(put, PutOrCreateOutcome::Put(_)));
    let response = client.get_secret_value(GetSecretValueRequest::new("app/db")).await.unwrap();
    assert_eq!(response.value.expose_secret(), "fake-second");
    let other = client.put_or_create_secret(secret("v2", "fake-other")).await.unwrap_err();
    assert!(other.is_conflict());
}

#[tokio::test]
async fn request_that_cannot_create_fails_for_an_existing_secret() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("app/db"));
    let request = secret("v2", "fake-second").rotation_interval(Duration::from_secs(86_400));
    let error = client.put_or_create_secret(request).await.unwrap_err();
    assert!(error.is_invalid_input(), "{error}");
    assert_eq!((error.operation(), emulator.request_count()), (Some("CreateSecret"), 0));
}

#[tokio::test]
async fn put_or_create_that_loses_the_race_to_create_puts() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("app/db"));
    emulator.inject(Fault::error(404, "Forbidden.ResourceNotFound").for_action("PutSecretValue"));
    let put = client.put_or_create_secret(secret("v2", "fake-second")).await.unwrap();
    assert!(matches!(put, PutOrCreateOutcome::Put(_)));
}

/// The creation may have been executed by the attempt without a response.
#[tokio::test(start_paused = true)]
async fn failed_put_after_a_lost_creation_is_unknown() {
    let (puts, creations) = (AtomicU32::new(0), AtomicU32::new(0));
    let client = client_with_responses(move |parameters| {
        let (status, code) = match parameters.get("Action") {
            "PutSecretValue" if puts.fetch_add(1, Ordering::Relaxed) == 0 => {
                (404, "Forbidden.ResourceNotFound")
            }
            "CreateSecret" if creations.fetch_add(1, Ordering::Relaxed) == 0 => {
                (500, "InternalFailure")
            }
            "CreateSecret" => (409, "Rejected.ResourceExist"),
            _ => (403, "Forbidden.NoPermission"),
        };
        HttpResponse::new(status, format!(r#"{{"Code":"{code}"}}"#))
    });
    let error = client.put_or_create_secret(secret("v1", "fake")).await.unwrap_err();
    assert!(error.is_access_denied(), "{error}");
    assert_eq!(error.operation(), Some("PutSecretValue"));
    assert!(error.is_outcome_unknown());
}

#[tokio::test]
async fn secret_pending_deletion_is_neither_put_nor_created() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("app/db"));
    client.delete_secret(DeleteSecretRequest::new("app/db")).await.unwrap();
    assert!(client.is_secret_pending_deletion("app/db").await.unwrap());
    assert!(client.put_or_create_secret(secret("v2", "fake")).await.unwrap_err().is_conflict());
    assert!(client.is_secret_pending_deletion("app/none").await.unwrap_err().is_not_found());
}

#[tokio::test(start_paused = true)]
async fn wait_for_deletion_polls_less_often_and_past_transient_errors() {
    let polls = AtomicU32::new(0);
    let client = client_with_responses(move |parameters| {
        assert_eq!(parameters.get("Action"), "DescribeSecret");
        match polls.fetch_add(1, Ordering::Relaxed) {
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
async fn wait_names_what_did_not_happen_and_ends_on_rejection() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("a"));
    let error = client.wait_until_secret_deleted("a", Duration::ZERO).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("\"a\" still exists after 0 s"), "{error}");
    assert_eq!((error.operation(), error.resource()), (None, Some("a")));
    let started = Instant::now();
    emulator.inject(Fault::error(403, "Forbidden.NoPermission"));
    let rejected = client.wait_until_secret_deleted("a", Duration::MAX).await.unwrap_err();
    assert!(rejected.is_access_denied());
    assert!(
        client.wait_until_secret_deleted("", Duration::MAX).await.unwrap_err().is_invalid_input()
    );
    assert!(started.elapsed() < Duration::from_secs(60));
}

#[tokio::test]
async fn wait_fails_immediately_if_deletion_is_scheduled_later() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("a"));
    let days = DeleteSecretRequest::new("a");
    let planned = client.delete_secret(days).await.unwrap().planned_delete_time.unwrap();
    let started = Instant::now();
    let error =
        client.wait_until_secret_deleted("a", Duration::from_secs(3_600)).await.unwrap_err();
    let problem = format!("scheduled for {planned}, so it will still exist after 3600 s");
    assert!(error.is_timeout() && error.to_string().contains(&problem), "{error}");
    assert!(started.elapsed() < Duration::from_secs(60));
}

#[tokio::test(start_paused = true)]
async fn wait_goes_on_if_deletion_is_scheduled_within_its_time() {
    let polls = AtomicU32::new(0);
    let planned = (Utc::now() + TimeDelta::minutes(1)).to_rfc3339();
    let client = client_with_responses(move |_| match polls.fetch_add(1, Ordering::Relaxed) {
        0..3 => {
            let body = format!(r#"{{"SecretName":"a","PlannedDeleteTime":"{planned}"}}"#);
            HttpResponse::new(200, body)
        }
        _ => HttpResponse::new(404, r#"{"Code":"Forbidden.ResourceNotFound"}"#),
    });
    client.wait_until_secret_deleted("a", Duration::from_secs(3_600)).await.unwrap();
}

/// Never responds.
#[derive(Debug)]
struct Silent;

impl HttpTransport for Silent {
    fn send(&self, _request: HttpRequest) -> TransportFuture<'_> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn wait_ends_within_its_timeout_however_long_a_poll_takes() {
    let client = client_of(Silent);
    let started = Instant::now();
    client.wait_until_secret_deleted("a", Duration::ZERO).await.unwrap_err();
    assert_eq!(started.elapsed(), Duration::from_secs(1), "one poll");
    let started = Instant::now();
    let error = client.wait_until_secret_deleted("a", Duration::from_secs(5)).await.unwrap_err();
    assert!(started.elapsed() <= Duration::from_secs(6), "{:?}", started.elapsed());
    assert!(
        error.is_timeout() && error.to_string().contains("the state of \"a\" is unknown"),
        "{error}"
    );
    let poll = std::error::Error::source(&error).unwrap();
    assert!(poll.to_string().starts_with("DescribeSecret"), "{poll}");
}

#[tokio::test]
async fn rotate_and_wait_returns_the_new_version_once_it_is_current() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("app/rds").secret_type("Rds"));
    let request = RotateSecretRequest::new("app/rds").version_id("second");
    let response = client.rotate_secret_and_wait(request, Duration::from_secs(5)).await.unwrap();
    assert_eq!(response.version_id, "second");

    let late = RotateSecretRequest::new("app/rds").version_id("third");
    // The service accepts the rotation, and does not execute it.
    let accepted = alibabacloud_kms::emulator::CannedResponse::new(200)
        .body(r#"{"SecretName":"app/rds","VersionId":"third","RequestId":"r"}"#);
    emulator.inject(Fault::from(accepted).for_action("RotateSecret"));
    let error = client.rotate_secret_and_wait(late, Duration::ZERO).await.unwrap_err();
    let problem = "\"third\" is not the current version of \"app/rds\" after 0 s";
    assert!(error.is_timeout() && error.to_string().contains(problem), "{error}");
}

/// Responds to the start of a rotation after ten seconds, and completes it four seconds later.
#[derive(Debug)]
struct SlowRotation {
    created: Instant,
}

impl HttpTransport for SlowRotation {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        Box::pin(async move {
            if request.action().as_deref() == Some("RotateSecret") {
                sleep(Duration::from_secs(10)).await;
                return Ok(HttpResponse::new(200, r#"{"SecretName":"a","VersionId":"v2"}"#));
            }
            let is_rotated = self.created.elapsed() >= Duration::from_secs(14);
            let version = if is_rotated { "v2" } else { "v1" };
            let body = serde_json::json!({
                "SecretName": "a", "VersionId": version, "SecretData": "fake-value",
                "SecretDataType": "text", "VersionStages": { "VersionStage": ["ACSCurrent"] },
            });
            Ok(HttpResponse::new(200, body.to_string()))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn timeout_of_a_rotation_starts_at_its_response() {
    let client = client_of(SlowRotation { created: Instant::now() });
    let request = || RotateSecretRequest::new("a").version_id("v2");
    let error = client.rotate_secret_and_wait(request(), Duration::from_secs(3)).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    let client = client_of(SlowRotation { created: Instant::now() });
    let rotated = client.rotate_secret_and_wait(request(), Duration::from_secs(5)).await.unwrap();
    assert_eq!(rotated.version_id, "v2");
}
