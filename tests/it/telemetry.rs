//! Spans and events of a call, as the `tracing` subscribers of a program receive them.

use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alibabacloud_kms::KmsClient;
use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::rate_limit::{Quota, QuotaGroup, RateLimits};
use alibabacloud_kms::secrets::{GetSecretValueRequest, ListSecretsRequest, VersionStage};
use alibabacloud_kms::transport::HttpResponse;
use futures_util::{StreamExt as _, TryStreamExt as _};
use tracing::{Instrument as _, info_span};
use tracing_subscriber::fmt::format::FmtSpan;

use crate::capture::Capture;
use crate::transports::{Responding, client_with_responses};

#[track_caller]
fn line<'t>(text: &'t str, words: &str) -> &'t str {
    text.lines()
        .find(|line| line.contains(words))
        .unwrap_or_else(|| panic!("no line with {words} in\n{text}"))
}

#[tokio::test(start_paused = true)]
async fn call_is_a_span_with_an_event_for_each_attempt_and_wait() {
    let capture = Capture::start();
    let asked = AtomicU32::new(0);
    let client = client_with_responses(move |_| match asked.fetch_add(1, Ordering::Relaxed) {
        0 => HttpResponse::new(429, r#"{"Code":"Rejected.Throttling","RequestId":"r-1"}"#),
        _ => HttpResponse::new(200, r#"{"TotalCount":0,"RequestId":"r-2"}"#),
    });
    client.list_secrets(ListSecretsRequest::new()).await.unwrap();

    let text = capture.text();
    let failed = line(&text, "attempt failed");
    assert!(
        failed.contains("http.request.resend_count=0") && failed.contains("Rejected.Throttling"),
        "{failed}"
    );
    line(&text, "waiting before the next attempt");
    assert!(line(&text, "attempt succeeded").contains("http.request.resend_count=1"));
    let closed = line(&text, "close");
    for field in [
        "otel.name=Kms/ListSecrets",
        r#"otel.kind="client""#,
        r#"rpc.system="alibabacloud""#,
        r#"rpc.service="Kms""#,
        r#"rpc.method="ListSecrets""#,
        r#"server.address="kms.cn-hangzhou.aliyuncs.com""#,
        "server.port=443",
        r#"cloud.region="cn-hangzhou""#,
        r#"alibabacloud.request_id="r-2""#,
        "attempts=2",
        r#"outcome="success""#,
        "duration_ms=",
    ] {
        assert!(closed.contains(field), "{field} in {closed}");
    }
    assert_eq!(text.matches(": close").count(), 1, "{text}");
}

#[tokio::test(start_paused = true)]
async fn failed_call_records_its_code_and_request_id() {
    let capture = Capture::start();
    let client = client_with_responses(|_| {
        HttpResponse::new(403, r#"{"Code":"Forbidden.NoPermission","RequestId":"r-1"}"#)
    });
    client.list_secrets(ListSecretsRequest::new()).await.unwrap_err();
    let text = capture.text();
    let closed = line(&text, "close");
    for field in [
        r#"outcome="failure""#,
        r#"otel.status_code="ERROR""#,
        r#"alibabacloud.kms.error_kind="AccessDenied""#,
        r#"error.type="Forbidden.NoPermission""#,
        r#"alibabacloud.request_id="r-1""#,
        "http.response.status_code=403",
        "attempts=1",
    ] {
        assert!(closed.contains(field), "{field} in {closed}");
    }
}

#[tokio::test(start_paused = true)]
async fn dropped_call_is_recorded_as_cancelled() {
    let capture = Capture::start();
    let client = client_with_responses(|_| {
        HttpResponse::new(429, r#"{"Code":"Rejected.Throttling","RequestId":"r-1"}"#)
    });
    let call = client.list_secrets(ListSecretsRequest::new());
    tokio::time::timeout(Duration::from_millis(1), call).await.unwrap_err();
    let text = capture.text();
    let closed = line(&text, "close");
    assert!(closed.contains(r#"outcome="cancelled""#), "{closed}");
    assert_eq!(closed.matches("outcome=").count(), 1, "{closed}");
}

#[tokio::test(start_paused = true)]
async fn call_of_a_stream_is_within_the_span_of_its_caller() {
    let capture = Capture::start();
    let client =
        client_with_responses(|_| HttpResponse::new(200, r#"{"TotalCount":0,"RequestId":"r-1"}"#));
    let secrets = client.list_secrets_paginator(ListSecretsRequest::new()).items();
    let listed = secrets.try_collect::<Vec<_>>().instrument(info_span!("caller"));
    assert!(listed.await.unwrap().is_empty());
    let regions = client.list_secrets_in_regions(["cn-beijing"], ListSecretsRequest::new());
    regions.collect::<Vec<_>>().instrument(info_span!("regions")).await;
    let text = capture.text();
    line(&text, "caller:kms_call{");
    line(&text, "regions:kms_call{");
}

#[tokio::test(start_paused = true)]
async fn span_and_error_name_the_secret_of_the_call() {
    let capture = Capture::start();
    let client = client_with_responses(|_| {
        HttpResponse::new(404, r#"{"Code":"Forbidden.ResourceNotFound","RequestId":"r-1"}"#)
    });
    let request = GetSecretValueRequest::new("prod/db").version_id("v1");
    let request = request.version_stage(VersionStage::Previous);
    let error = client.get_secret_value(request).await.unwrap_err();
    assert_eq!(error.resource(), Some("prod/db"));
    assert_eq!((error.version_id(), error.version_stage()), (Some("v1"), Some("ACSPrevious")));
    let start = r#"GetSecretValue of "prod/db" version "v1" stage "ACSPrevious" failed: "#;
    assert!(error.to_string().starts_with(start), "{error}");
    let text = capture.text();
    for field in [
        r#"alibabacloud.kms.resource="prod/db""#,
        r#"alibabacloud.kms.version_id="v1""#,
        r#"alibabacloud.kms.version_stage="ACSPrevious""#,
    ] {
        assert!(line(&text, "close").contains(field), "{field} in {text}");
    }
    assert!(line(&text, "attempt failed").contains(start), "{text}");
}

#[tokio::test(start_paused = true)]
async fn wait_for_the_quota_is_an_event() {
    let capture = Capture::start();
    let client = KmsClient::builder()
        .region("cn-hangzhou")
        .credentials(Credentials::new("fake-id", "fake-secret"))
        .transport(Responding(|_| HttpResponse::new(200, r#"{"TotalCount":0}"#)))
        .rate_limits(RateLimits::unlimited().limit(QuotaGroup::Manage, Quota::per_second(1)))
        .build()
        .unwrap();
    client.list_secrets(ListSecretsRequest::new()).await.unwrap();
    assert!(!capture.text().contains("waiting"));
    client.list_secrets(ListSecretsRequest::new()).await.unwrap();
    let text = capture.text();
    let waited = line(&text, "waiting for the quota");
    assert!(waited.contains("quota_group=Manage wait_ms=1050"), "{waited}");
}

/// The lines of a subscriber, as bytes.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The recipe of the README, which prints at INFO by default.
#[tokio::test]
async fn recipe_of_the_readme_prints_a_line_for_each_call() {
    let client =
        client_with_responses(|_| HttpResponse::new(200, r#"{"TotalCount":0,"RequestId":"r-1"}"#));
    // The thread that first comes to a callsite of `tracing` decides whether a lone subscriber
    // wants it, and may be that of another test. A subscriber that follows decides for itself.
    client.list_secrets(ListSecretsRequest::new()).await.unwrap();
    let written = Written::default();
    let writer = written.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    client.list_secrets(ListSecretsRequest::new()).await.unwrap();

    let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    let [line] = text.lines().collect::<Vec<_>>()[..] else { panic!("{text}") };
    assert!(line.contains(" INFO ") && line.contains("Kms/ListSecrets"), "{line}");
    assert!(line.contains("time.busy=") && line.contains("duration_ms="), "{line}");
}
