//! What a call survives on real sockets, by faults of the emulator: each is met once and costs nothing but time.

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
        // The waits are real here, so they are short.
        .retry_policy(RetryPolicy::new().base_delay(Duration::from_millis(1)))
        .build()
        .unwrap()
}

#[tokio::test]
async fn every_fault_that_passes_costs_a_read_one_more_request() {
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
async fn a_clock_that_is_off_heals_and_later_calls_need_one_request() {
    let emulator = Emulator::start().await.unwrap();
    emulator.advance(TimeDelta::hours(2));
    let client = client_of(&emulator);
    client.list_secrets(ListSecretsRequest::new()).await.unwrap();
    assert_eq!(emulator.request_count(), 2);
    client.list_secrets(ListSecretsRequest::new()).await.unwrap();
    assert_eq!(emulator.request_count(), 3);
}

#[tokio::test]
async fn a_connection_that_was_closed_while_idle_costs_a_read_nothing() {
    let emulator = Emulator::start().await.unwrap();
    emulator.inject(Fault::CloseAfterResponse.always());
    let client = client_of(&emulator);
    for _ in 0..10 {
        client.list_secrets(ListSecretsRequest::new()).await.unwrap();
    }
}

#[tokio::test]
async fn a_handle_with_other_limits_shares_the_pool() {
    let emulator = Emulator::start().await.unwrap();
    let client = client_of(&emulator);
    client.list_secrets(ListSecretsRequest::new()).await.unwrap();
    let hurried = client
        .with_connect_timeout(Duration::from_millis(100))
        .with_call_timeout(Duration::from_millis(200))
        .with_retry_policy(RetryPolicy::disabled());
    hurried.list_secrets(ListSecretsRequest::new()).await.unwrap();
    assert_eq!(emulator.connection_count(), 1);

    emulator.inject(Fault::Hang);
    assert!(hurried.list_secrets(ListSecretsRequest::new()).await.unwrap_err().is_timeout());
}

/// The kernel takes the connection, and nobody answers its handshake of TLS.
#[tokio::test]
async fn a_handle_gives_up_a_connection_that_is_not_made_in_its_own_time() {
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let client = KmsClient::builder()
        .endpoint(format!("https://{}", silent.local_addr().unwrap()))
        .credentials(Credentials::new("fake-id", "fake-secret"))
        .retry_policy(RetryPolicy::disabled())
        .build()
        .unwrap();
    let started = Instant::now();
    let hurried = client.with_connect_timeout(Duration::from_millis(50));
    let error = hurried.list_secrets(ListSecretsRequest::new()).await.unwrap_err();
    assert!(error.is_timeout());
    assert!(error.to_string().contains("no connection was made in time"), "{error}");
    assert!(started.elapsed() < Duration::from_secs(4), "the client's own limit is 5 s");

    let patient = client.with_connect_timeout(Duration::from_secs(6));
    let error = patient.list_secrets(ListSecretsRequest::new()).await.unwrap_err();
    assert!(
        error.to_string().contains(
            "connect_timeout is 6s, allowed are more than 0 and at most the client's own"
        ),
        "{error}"
    );
}
