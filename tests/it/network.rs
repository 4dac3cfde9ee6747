//! What real sockets do to a call.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::emulator::{Emulator, Fault};
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::secrets::ListSecretsRequest;
use alibabacloud_kms::{Error, ErrorKind, KmsClient, KmsClientBuilder};
use tokio::net::TcpListener;

/// A client that makes one attempt, so that what becomes of it shows.
fn builder(emulator: &Emulator) -> KmsClientBuilder {
    KmsClient::builder()
        .retry_policy(RetryPolicy::disabled())
        .endpoint(emulator.endpoint())
        .credentials(emulator.credentials())
}

async fn failure(builder: KmsClientBuilder) -> Error {
    builder.build().unwrap().list_secrets(ListSecretsRequest::new()).await.unwrap_err()
}

async fn failure_under(fault: impl Into<Fault>) -> Error {
    let emulator = Emulator::start().await.unwrap();
    emulator.inject(fault.into());
    failure(builder(&emulator)).await
}

/// A loopback port that nobody listens on: one that was just given back.
async fn closed_port() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    listener.local_addr().unwrap()
}

#[tokio::test]
async fn a_refused_connection_says_so() {
    let address = closed_port().await;
    let keys = Credentials::new("fake-id", "fake-secret");
    let client = KmsClient::builder().endpoint(format!("http://{address}")).credentials(keys);
    let error = failure(client.retry_policy(RetryPolicy::disabled())).await;
    assert_eq!(error.kind(), ErrorKind::Network);
    assert!(
        error
            .to_string()
            .starts_with("ListSecrets failed: the connection was refused (host 127.0.0.1:"),
        "{error}"
    );
    assert!(std::error::Error::source(&error).is_some());
}

#[tokio::test]
async fn a_host_that_does_not_exist_says_so() {
    let keys = Credentials::new("fake-id", "fake-secret");
    let client = KmsClient::builder().endpoint("https://kms.invalid").credentials(keys);
    let error = failure(client.retry_policy(RetryPolicy::disabled())).await;
    assert_eq!(error.kind(), ErrorKind::Network);
    assert!(
        error.to_string().contains("the host's name does not resolve (host kms.invalid"),
        "{error}"
    );
}

#[tokio::test]
async fn a_connection_that_breaks_says_so() {
    for fault in [Fault::ResetBeforeResponse, Fault::ResetInBody, Fault::TruncatedBody] {
        let error = failure_under(fault.clone()).await;
        assert_eq!(error.kind(), ErrorKind::Network, "{fault:?}");
        assert!(
            error.to_string().contains("the connection broke before the answer was whole"),
            "{fault:?}: {error}"
        );
    }
}

#[tokio::test]
async fn a_body_over_the_cap_is_given_up_whether_or_not_its_length_is_announced() {
    let emulator = Emulator::start().await.unwrap();
    let announced = failure(builder(&emulator).max_response_bytes(10)).await;
    emulator.inject(Fault::OversizedBody { bytes: 100_000_000 });
    let streamed = failure(builder(&emulator).max_response_bytes(1_000)).await;
    for (error, cap) in [(announced, 10), (streamed, 1_000)] {
        assert_eq!(error.kind(), ErrorKind::Decode);
        let words = format!("the answer is larger than the {cap} bytes that are allowed");
        assert!(error.to_string().contains(&words), "{error}");
        assert!(error.to_string().ends_with("raise max_response_bytes"), "{error}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Emulator::start().await.unwrap();
    let error = failure_under(Fault::redirect(elsewhere.endpoint())).await;
    assert_eq!((error.kind(), error.http_status()), (ErrorKind::Decode, Some(302)));
    assert_eq!(elsewhere.request_count(), 0);
}

#[tokio::test]
async fn an_answer_that_does_not_come_or_drips_is_given_up_in_time() {
    let drip = Fault::SlowBody { chunk: 1, pause: Duration::from_millis(50) };
    for fault in [Fault::Hang, drip] {
        let emulator = Emulator::start().await.unwrap();
        emulator.inject(fault.clone());
        let error = failure(builder(&emulator).attempt_timeout(Duration::from_millis(200))).await;
        assert!(error.is_timeout(), "{fault:?}: {error}");
        assert_eq!(error.attempts(), 1);
    }
}

#[tokio::test]
async fn calls_in_a_row_share_one_connection_and_clones_share_the_pool() {
    let emulator = Emulator::start().await.unwrap();
    let client = builder(&emulator).build().unwrap();
    for _ in 0..5 {
        client.clone().list_secrets(ListSecretsRequest::new()).await.unwrap();
    }
    assert_eq!((emulator.request_count(), emulator.connection_count()), (5, 1));
}

#[tokio::test]
async fn a_client_of_the_users_own_is_used() {
    let emulator = Emulator::start().await.unwrap();
    let own =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let client = builder(&emulator).http_client(own).build().unwrap();
    client.list_secrets(ListSecretsRequest::new()).await.unwrap();
}

#[tokio::test]
async fn what_the_service_refuses_is_told_by_its_code() {
    let emulator = Emulator::builder()
        .access_key("fake-id", "fake-secret")
        .temporary_access_key("fake-sts-id", "fake-secret", "fake-token")
        .start()
        .await
        .unwrap();
    for (keys, code, words) in [
        (
            Credentials::new("fake-id", "wrong"),
            "SignatureDoesNotMatch",
            "the AccessKeySecret does not belong",
        ),
        (Credentials::new("nobody", "fake-secret"), "InvalidAccessKeyId.NotFound", "HTTP 404"),
        (Credentials::new("fake-sts-id", "fake-secret"), "MissingSecurityToken", "request id"),
    ] {
        let error = failure(builder(&emulator).credentials(keys)).await;
        assert_eq!(error.code(), Some(code));
        assert!(error.is_authentication());
        assert!(error.request_id().is_some());
        assert!(error.to_string().contains(words), "{error}");
    }
    let keys = Credentials::new("fake-sts-id", "fake-secret").with_security_token("fake-token");
    let client = builder(&emulator).credentials(keys).build().unwrap();
    client.list_secrets(ListSecretsRequest::new()).await.unwrap();
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_as_such() {
    let emulator = Emulator::start().await.unwrap();
    emulator.advance(chrono::TimeDelta::minutes(16));
    let error = failure(builder(&emulator)).await;
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::ClockSkew, Some("InvalidTimeStamp.Expired"))
    );
    assert!(
        error.to_string().contains("the local clock is 16 min behind the service's, so set it"),
        "{error}"
    );
}
