//! Calls that meet faults of the emulator on real sockets, each fault once.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use alibabacloud_kms::KmsClient;
use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::emulator::{Emulator, Fault};
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::secrets::ListSecretsRequest;
use chrono::TimeDelta;
use tokio::net::TcpListener;

fn client_of(emulator: &Emulator) -> KmsClient {
    KmsClient::builder()
        .endpoint(emulator.endpoint())
        .credentials(emulator.credentials())
        .attempt_timeout(Duration::from_millis(300))
        // The waits are in real time, so they are short.
        .retry_policy(RetryPolicy::new().base_delay(Duration::from_millis(1)))
        .build()
        .unwrap()
}

#[tokio::test]
async fn each_transient_fault_costs_a_read_one_more_request() {
    for fault in [
        Fault::throttled(),
        Fault::throttled_by_gateway(),
        Fault::error(500, "InternalFailure"),
        Fault::error(500, "InternalError"),
        Fault::error(500, "UnknownError"),
        Fault::error(503, "ServiceUnavailable"),
        Fault::error(503, "ServiceUnavailableTemporary"),
        Fault::error(503, "SerivceUnvailableTemporary"),
        Fault::error(503, "SerivceUnavailableTemporary"),
        Fault::error(599, "Brand.New"),
        Fault::html_page(),
        Fault::empty_response(),
        Fault::TruncatedBody,
        Fault::SlowBody { chunk: 1, pause: Duration::from_millis(100) },
        Fault::Hang,
        Fault::ResetBeforeResponse,
        Fault::ResetInBody,
        Fault::LostResponse,
    ] {
        let emulator = Emulator::start().await.unwrap();
        emulator.inject(fault.clone());
        let outcome = client_of(&emulator).list_secrets(ListSecretsRequest::new()).await;
        outcome.unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        assert_eq!(emulator.request_count(), 2, "{fault:?}");
    }
}

#[tokio::test]
async fn clock_skew_is_corrected_for_later_calls() {
    let emulator = Emulator::start().await.unwrap();
    emulator.advance(TimeDelta::hours(2));
    let client = client_of(&emulator);
    client.list_secrets(ListSecretsRequest::new()).await.unwrap();
    assert_eq!(emulator.request_count(), 2);
    client.list_secrets(ListSecretsRequest::new()).await.unwrap();
    assert_eq!(emulator.request_count(), 3);
}

#[tokio::test]
async fn connection_closed_while_idle_does_not_fail_a_read() {
    let emulator = Emulator::start().await.unwrap();
    emulator.inject(Fault::CloseAfterResponse.always());
    let client = client_of(&emulator);
    for _ in 0..10 {
        client.list_secrets(ListSecretsRequest::new()).await.unwrap();
    }
}

#[tokio::test]
async fn handle_with_other_timeouts_shares_the_pool() {
    let emulator = Emulator::start().await.unwrap();
    let client = client_of(&emulator);
    client.list_secrets(ListSecretsRequest::new()).await.unwrap();
    let impatient = client
        .with_connect_timeout(Duration::from_millis(100))
        .with_call_timeout(Duration::from_millis(200))
        .with_retry_policy(RetryPolicy::disabled());
    impatient.list_secrets(ListSecretsRequest::new()).await.unwrap();
    assert_eq!(emulator.connection_count(), 1);

    emulator.inject(Fault::Hang);
    assert!(impatient.list_secrets(ListSecretsRequest::new()).await.unwrap_err().is_timeout());
}

/// The kernel accepts the connection, and nothing responds to the TLS handshake.
#[tokio::test]
async fn handle_applies_its_own_connect_timeout() {
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let client = KmsClient::builder()
        .endpoint(format!("https://{}", silent.local_addr().unwrap()))
        .credentials(Credentials::new("fake-id", "fake-secret"))
        .retry_policy(RetryPolicy::disabled())
        .build()
        .unwrap();
    let started = Instant::now();
    let impatient = client.with_connect_timeout(Duration::from_millis(50));
    let error = impatient.list_secrets(ListSecretsRequest::new()).await.unwrap_err();
    assert!(error.is_timeout());
    assert!(error.to_string().contains("no connection to the host was made in time"), "{error}");
    assert!(started.elapsed() < Duration::from_secs(4), "the client's own timeout is 5 s");

    let patient = client.with_connect_timeout(Duration::from_secs(6));
    let error = patient.list_secrets(ListSecretsRequest::new()).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("`connect_timeout` must be more than 0 and at most the client's own, got 6s"),
        "{error}"
    );
}
