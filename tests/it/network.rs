//! Calls over real sockets: what breaks, what is slow, and which connections are used.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault};
use alibabacloud_kms::rate_limit::RateLimits;
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::secrets::{ListSecretsRequest, PutSecretValueRequest, SecretValue};
use alibabacloud_kms::transport::ReqwestTransport;
use alibabacloud_kms::{Error, ErrorKind, KmsClient, KmsClientBuilder, reqwest};
use futures_util::future::join_all;
use reqwest::redirect;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Returns a client that makes one attempt, whose outcome is then visible.
fn builder(emulator: &Emulator) -> KmsClientBuilder {
    KmsClient::builder()
        .retry_policy(RetryPolicy::disabled())
        .endpoint(emulator.endpoint())
        .credentials(emulator.credentials())
}

/// Returns a client of an address where there may be no emulator.
fn builder_at(address: SocketAddr) -> KmsClientBuilder {
    KmsClient::builder()
        .retry_policy(RetryPolicy::disabled())
        .endpoint(format!("http://{address}"))
        .credentials(Credentials::new("fake-id", "fake-secret"))
}

async fn failure(builder: KmsClientBuilder) -> Error {
    builder.build().unwrap().list_secrets(ListSecretsRequest::new()).await.unwrap_err()
}

async fn failure_under(fault: impl Into<Fault>) -> Error {
    let emulator = Emulator::start().await.unwrap();
    emulator.inject(fault.into());
    failure(builder(&emulator)).await
}

/// Returns a loopback port that was just closed, so that nobody listens on it.
pub(crate) async fn closed_port() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    listener.local_addr().unwrap()
}

/// A server that responds by the number of the connection, and closes each connection after its
/// last response.
pub(crate) struct RawServer {
    pub(crate) address: SocketAddr,
    connections: Arc<AtomicU32>,
    accepting: JoinHandle<()>,
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl RawServer {
    /// Sends on each connection the responses that `script` returns for its number, one for each
    /// request.
    pub(crate) async fn start(script: impl Fn(u32) -> Vec<&'static str> + Send + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&connections);
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let number = counted.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(respond(stream, script(number)));
            }
        });
        Self { address, connections, accepting }
    }

    pub(crate) fn connection_count(&self) -> u32 {
        self.connections.load(Ordering::Relaxed)
    }
}

async fn respond(mut stream: TcpStream, responses: Vec<&'static str>) {
    let mut request = [0; 16 * 1024];
    for response in responses {
        if stream.read(&mut request).await.is_ok_and(|read| read > 0) {
            let _ = stream.write_all(response.as_bytes()).await;
        }
    }
}

const EMPTY_PAGE: &str =
    "HTTP/1.1 200 OK\r\nContent-Length: 34\r\n\r\n{\"TotalCount\":0,\"RequestId\":\"r-1\"}";
const REQUEST_TIMEOUT: &str =
    "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

#[tokio::test]
async fn refused_connection_is_named() {
    let error = failure(builder_at(closed_port().await)).await;
    assert_eq!(error.kind(), ErrorKind::Network);
    let start = "ListSecrets failed: the connection was refused (host 127.0.0.1:";
    assert!(error.to_string().starts_with(start), "{error}");
    assert!(std::error::Error::source(&error).is_some());
}

#[tokio::test]
async fn unresolved_host_is_named() {
    let credentials = Credentials::new("fake-id", "fake-secret");
    let client = KmsClient::builder().endpoint("https://kms.invalid").credentials(credentials);
    let error = failure(client.retry_policy(RetryPolicy::disabled())).await;
    assert_eq!(error.kind(), ErrorKind::Network);
    let words = "the host's name does not resolve (host kms.invalid";
    assert!(error.to_string().contains(words), "{error}");
}

#[tokio::test]
async fn broken_connection_is_named() {
    for fault in [Fault::ResetBeforeResponse, Fault::ResetInBody, Fault::TruncatedBody] {
        let error = failure_under(fault.clone()).await;
        assert_eq!(error.kind(), ErrorKind::Network, "{fault:?}");
        let words = "the connection broke before the response was complete";
        assert!(error.to_string().contains(words), "{fault:?}: {error}");
    }
}

#[tokio::test]
async fn body_over_the_maximum_is_discarded() {
    let emulator = Emulator::start().await.unwrap();
    let announced = failure(builder(&emulator).max_response_bytes(10)).await;
    emulator.inject(Fault::OversizedBody { bytes: 100_000_000 });
    let streamed = failure(builder(&emulator).max_response_bytes(1_000)).await;
    for (error, maximum) in [(announced, 10), (streamed, 1_000)] {
        assert_eq!(error.kind(), ErrorKind::Decode);
        let words = format!("the response is larger than max_response_bytes, {maximum} (");
        assert!(error.to_string().contains(&words), "{error}");
        assert!(error.to_string().ends_with("raise max_response_bytes"), "{error}");
    }
}

/// An allocation of that size would abort the process.
#[tokio::test]
async fn announced_length_allocates_nothing() {
    let announcing = "HTTP/1.1 200 OK\r\nContent-Length: 1152921504606846976\r\n\r\n{";
    let server = RawServer::start(move |_| vec![announcing]).await;
    let error = failure(builder_at(server.address).max_response_bytes(usize::MAX)).await;
    assert_eq!(error.kind(), ErrorKind::Network);
    assert!(error.to_string().contains("the connection broke"), "{error}");
}

#[tokio::test]
async fn redirect_is_not_followed() {
    let elsewhere = Emulator::start().await.unwrap();
    let error = failure_under(Fault::redirect(elsewhere.endpoint())).await;
    assert_eq!((error.kind(), error.http_status()), (ErrorKind::Decode, Some(302)));
    assert_eq!(elsewhere.request_count(), 0);
}

#[tokio::test]
async fn configured_client_follows_no_redirect() {
    let (emulator, elsewhere) =
        (Emulator::start().await.unwrap(), Emulator::start().await.unwrap());
    emulator.inject(Fault::redirect(elsewhere.endpoint()));
    let following = builder(&emulator)
        .configure_http_client(|http| http.redirect(redirect::Policy::limited(10)).referer(true));
    let error = failure(following).await;
    assert_eq!((error.kind(), error.http_status()), (ErrorKind::Decode, Some(302)));
    assert_eq!(elsewhere.request_count(), 0);
}

#[tokio::test]
async fn response_of_a_followed_redirect_is_an_error() {
    let (emulator, elsewhere) =
        (Emulator::start().await.unwrap(), Emulator::start().await.unwrap());
    emulator.inject(Fault::redirect(elsewhere.endpoint()));
    let ready_made = ReqwestTransport::from_client(reqwest::Client::new());
    let error = failure(builder(&emulator).transport(ready_made)).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 1));
    let text = error.to_string();
    assert!(text.contains("followed a redirect"), "{text}");
    assert!(text.ends_with("or use configure_http_client"), "{text}");
}

#[tokio::test]
async fn ready_made_client_without_redirects_works() {
    let emulator = Emulator::start().await.unwrap();
    let own = reqwest::Client::builder().redirect(redirect::Policy::none()).build().unwrap();
    let client = builder(&emulator).transport(ReqwestTransport::from_client(own)).build().unwrap();
    client.list_secrets(ListSecretsRequest::new()).await.unwrap();
}

#[tokio::test]
async fn missing_or_slow_response_times_out() {
    let slow = Fault::SlowBody { chunk: 1, pause: Duration::from_millis(50) };
    for fault in [Fault::Hang, slow] {
        let emulator = Emulator::start().await.unwrap();
        emulator.inject(fault.clone());
        let error = failure(builder(&emulator).attempt_timeout(Duration::from_millis(200))).await;
        assert!(error.is_timeout(), "{fault:?}: {error}");
        assert_eq!(error.attempts(), 1);
    }
}

#[tokio::test]
async fn timeout_of_the_http_client_is_a_timeout() {
    let emulator = Emulator::start().await.unwrap();
    emulator.inject(Fault::Hang);
    let timing_out =
        builder(&emulator).configure_http_client(|http| http.timeout(Duration::from_millis(100)));
    let error = failure(timing_out).await;
    assert!(error.is_timeout() && error.is_outcome_unknown(), "{error}");
    assert!(error.to_string().contains("within the HTTP client's own timeout"), "{error}");
}

/// A load balancer responds so to a request that meets its close of an idle connection. It did not
/// read the request, so a write is retried as well.
#[tokio::test]
async fn stray_408_is_retried() {
    let server = RawServer::start(|connection| match connection {
        0 => vec![EMPTY_PAGE, REQUEST_TIMEOUT],
        _ => vec![EMPTY_PAGE, EMPTY_PAGE],
    })
    .await;
    let quick = RetryPolicy::new().base_delay(Duration::from_millis(1));
    let client = builder_at(server.address).retry_policy(quick).build().unwrap();
    client.list_secrets(ListSecretsRequest::new()).await.unwrap();
    let put = PutSecretValueRequest::new("app/db", SecretValue::text("fake")).version_id("v1");
    client.put_secret_value(put).await.unwrap_err();
    assert_eq!(server.connection_count(), 2);
    client.list_secrets(ListSecretsRequest::new()).await.unwrap();
}

#[tokio::test]
async fn close_of_an_idle_connection_fails_no_call() {
    let server = RawServer::start(|_| vec![EMPTY_PAGE]).await;
    let quick = RetryPolicy::new().base_delay(Duration::from_millis(1));
    let client = builder_at(server.address).retry_policy(quick).build().unwrap();
    for _ in 0..5 {
        client.list_secrets(ListSecretsRequest::new()).await.unwrap();
    }
}

#[tokio::test]
async fn sequential_calls_and_clones_share_one_connection() {
    let emulator = Emulator::start().await.unwrap();
    let client = builder(&emulator).build().unwrap();
    for _ in 0..5 {
        client.clone().list_secrets(ListSecretsRequest::new()).await.unwrap();
    }
    assert_eq!((emulator.request_count(), emulator.connection_count()), (5, 1));
}

#[tokio::test]
async fn connections_of_a_client_are_limited() {
    for (limit, calls) in [(Some(4), 40), (None, 200)] {
        let emulator = Emulator::start().await.unwrap();
        emulator.inject(Fault::Delay(Duration::from_millis(20)).always());
        let builder = builder(&emulator).rate_limits(RateLimits::unlimited());
        let builder = match limit {
            Some(limit) => builder.max_connections(limit),
            None => builder,
        };
        let client = builder.build().unwrap();
        let calls = (0..calls).map(|_| client.list_secrets(ListSecretsRequest::new()));
        for response in join_all(calls).await {
            response.unwrap();
        }
        let opened = emulator.connection_count();
        assert!(opened <= limit.unwrap_or(64) as u64, "{opened} connections");
    }
}

#[tokio::test]
async fn call_without_a_free_connection_names_the_limit() {
    let emulator = Emulator::start().await.unwrap();
    emulator.add_secret(EmulatedSecret::new("app/db"));
    emulator.inject(Fault::Hang);
    let client = builder(&emulator)
        .max_connections(1)
        .connect_timeout(Duration::from_millis(100))
        .attempt_timeout(Duration::from_millis(500))
        .build()
        .unwrap();
    let calls = (0..2).map(|_| client.list_secrets(ListSecretsRequest::new()));
    let errors: Vec<_> =
        join_all(calls).await.into_iter().map(|outcome| outcome.unwrap_err().to_string()).collect();
    let busy = "all 1 connections of the client were in use for 0.1 s";
    assert_eq!(errors.iter().filter(|error| error.contains(busy)).count(), 1, "{errors:?}");
}

#[tokio::test]
async fn rejected_credentials_are_named_by_their_code() {
    let emulator = Emulator::builder()
        .access_key("fake-id", "fake-secret")
        .temporary_access_key("fake-sts-id", "fake-secret", "fake-token")
        .start()
        .await
        .unwrap();
    for (credentials, code, words) in [
        (
            Credentials::new("fake-id", "wrong"),
            "SignatureDoesNotMatch",
            "the AccessKeySecret does not belong",
        ),
        (Credentials::new("nobody", "fake-secret"), "InvalidAccessKeyId.NotFound", "HTTP 404"),
        (Credentials::new("fake-sts-id", "fake-secret"), "MissingSecurityToken", "request id"),
    ] {
        let error = failure(builder(&emulator).credentials(credentials)).await;
        assert_eq!(error.code(), Some(code));
        assert!(error.is_authentication());
        assert!(error.request_id().is_some());
        assert!(error.to_string().contains(words), "{error}");
    }
    let credentials =
        Credentials::new("fake-sts-id", "fake-secret").with_security_token("fake-token");
    let client = builder(&emulator).credentials(credentials).build().unwrap();
    client.list_secrets(ListSecretsRequest::new()).await.unwrap();
}

#[tokio::test]
async fn wrong_clock_is_named() {
    let emulator = Emulator::start().await.unwrap();
    emulator.advance(chrono::TimeDelta::minutes(16));
    let error = failure(builder(&emulator)).await;
    let (kind, code) = (ErrorKind::ClockSkew, Some("InvalidTimeStamp.Expired"));
    assert_eq!((error.kind(), error.code()), (kind, code));
    let words = "clock is 16 min behind the service's, so set it";
    assert!(error.to_string().contains(words), "{error}");
}
