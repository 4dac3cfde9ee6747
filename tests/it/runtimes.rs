//! Transports and clients on several runtimes, on incomplete ones and on none.

use std::pin::pin;
use std::sync::mpsc;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use alibabacloud_kms::cache::SecretCache;
use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::emulator::Emulator;
use alibabacloud_kms::http::Method;
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::secrets::{GetSecretValueRequest, ListSecretsRequest};
use alibabacloud_kms::transport::{
    HttpRequest, HttpResponse, HttpTransport, ReqwestTransport, TransportErrorKind, TransportFuture,
};
use alibabacloud_kms::{Error, ErrorKind, KmsClient};
use futures_util::StreamExt as _;
use tokio::runtime::{Builder, Runtime};

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// An emulator on a thread and a runtime of its own, until the sender is dropped.
fn emulator_elsewhere() -> (String, mpsc::Sender<()>) {
    let (started, endpoint) = mpsc::channel();
    let (stop, stopped) = mpsc::channel();
    thread::spawn(move || {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let emulator = runtime.block_on(Emulator::builder().access_key("fake-id", "fake").start());
        let emulator = emulator.unwrap();
        started.send(emulator.endpoint().to_owned()).unwrap();
        let _ = stopped.recv();
    });
    (endpoint.recv().unwrap(), stop)
}

/// The pooled connection belongs to the first runtime, which nobody drives while the second needs
/// one.
#[test]
fn connection_of_an_idle_runtime_is_not_needed() {
    let (endpoint, _running) = emulator_elsewhere();
    let client = KmsClient::builder()
        .endpoint(endpoint)
        .credentials(Credentials::new("fake-id", "fake"))
        .retry_policy(RetryPolicy::disabled())
        .attempt_timeout(Duration::from_secs(5))
        .build()
        .unwrap();
    let (first, second) = (runtime(), runtime());
    for runtime in [&first, &second, &first, &second] {
        runtime.block_on(client.list_secrets(ListSecretsRequest::new())).unwrap();
    }
}

fn request() -> HttpRequest {
    HttpRequest::new(Method::GET, "http://127.0.0.1:1/")
}

#[test]
fn transport_without_a_runtime_is_an_error() {
    let transport = ReqwestTransport::new();
    let sent = pin!(transport.send(request()));
    let Poll::Ready(outcome) = sent.poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("nothing was to be waited for");
    };
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Configuration);
    assert_eq!(error.to_string(), "the call is not made on a tokio runtime");
    assert!(error.hint().unwrap().contains("#[tokio::main]"), "{error}");
}

#[test]
fn transport_on_a_runtime_without_drivers_is_an_error() {
    for runtime in [
        Builder::new_current_thread().build().unwrap(),
        Builder::new_current_thread().enable_time().build().unwrap(),
    ] {
        let transport = ReqwestTransport::new();
        let error = runtime.block_on(transport.send(request())).unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Configuration);
        assert_eq!(error.to_string(), "the tokio runtime has no I/O or time driver");
        assert_eq!(error.hint(), Some("build the runtime with enable_all()"));
    }
}

/// A transport of the user's own, which needs no runtime.
#[derive(Debug)]
struct Canned;

impl HttpTransport for Canned {
    fn send(&self, _: HttpRequest) -> TransportFuture<'_> {
        let body = r#"{"TotalCount":0,"RequestId":"r-1"}"#;
        Box::pin(std::future::ready(Ok(HttpResponse::new(200, body))))
    }
}

fn client_over(transport: impl HttpTransport) -> KmsClient {
    KmsClient::builder()
        .region("cn-hangzhou")
        .credentials(Credentials::new("fake-id", "fake"))
        .transport(transport)
        .build()
        .unwrap()
}

#[track_caller]
fn assert_needs(error: &Error, what: &str, hint: &str) {
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
    assert!(error.to_string().contains(what), "{error}");
    assert!(error.hint().unwrap().contains(hint), "{error}");
    assert_eq!(error.attempts(), 0);
}

/// Returns the errors of a call and of every stream, one after the other.
async fn errors_of(client: KmsClient) -> Vec<Error> {
    let request = ListSecretsRequest::new;
    let regions = client.list_secrets_in_regions(["cn-hangzhou", "cn-beijing"], request());
    let regions: Vec<_> = regions.collect().await;
    assert_eq!(regions.len(), 2);
    let cache = SecretCache::builder(client.clone()).build().unwrap();
    assert!(cache.watch("a").next().await.is_none(), "it never fails");
    let mut errors = vec![
        client.list_secrets(request()).await.unwrap_err(),
        client.list_secrets_paginator(request()).items().next().await.unwrap().unwrap_err(),
        client.list_all_secrets(request()).await.unwrap_err(),
        client
            .get_secret_values([GetSecretValueRequest::new("a")])
            .next()
            .await
            .unwrap()
            .1
            .unwrap_err(),
        cache.get("a").await.unwrap_err(),
        cache.get("a").await.unwrap_err(),
    ];
    errors.extend(regions.iter().map(|(_, outcome)| outcome.error().unwrap().clone()));
    errors
}

#[test]
fn calls_and_streams_without_a_runtime_are_errors() {
    let errors = pin!(errors_of(client_over(Canned)));
    let Poll::Ready(errors) = errors.poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("nothing was to be waited for");
    };
    for error in errors {
        assert_needs(&error, "the call is not made on a tokio runtime", "#[tokio::main]");
    }
}

#[test]
fn calls_and_streams_without_time_driver_are_errors() {
    let runtime = Builder::new_current_thread().build().unwrap();
    for error in runtime.block_on(errors_of(client_over(Canned))) {
        assert_needs(&error, "the tokio runtime has no time driver", "enable_all()");
    }
}

#[test]
fn transport_of_the_users_own_needs_no_io_driver() {
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(client_over(Canned).list_secrets(ListSecretsRequest::new())).unwrap();
    let client = KmsClient::builder()
        .endpoint("http://127.0.0.1:1")
        .credentials(Credentials::new("fake-id", "fake"))
        .build()
        .unwrap();
    let listed = runtime.block_on(client.list_secrets(ListSecretsRequest::new()));
    let error = listed.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(error.hint(), Some("build the runtime with enable_all()"));
}

#[test]
fn many_sequential_runtimes_are_served() {
    let (endpoint, _running) = emulator_elsewhere();
    let client = KmsClient::builder()
        .endpoint(endpoint)
        .credentials(Credentials::new("fake-id", "fake"))
        .build()
        .unwrap();
    for _ in 0..20 {
        runtime().block_on(client.list_secrets(ListSecretsRequest::new())).unwrap();
    }
}

/// Returns the errors of all that starts tasks, one after the other.
async fn errors_of_tasks() -> Vec<Error> {
    let client = client_over(Canned);
    let cache = SecretCache::builder(client.clone()).build().unwrap();
    let background = SecretCache::builder(client.clone()).refresh_in_background();
    let background = background.build().unwrap();
    assert!(cache.watch("a").next().await.is_none(), "it never fails");
    let request = ListSecretsRequest::new;
    let values = client.get_secret_values([GetSecretValueRequest::new("a")]);
    let matching = client.get_matching_secret_values(request());
    vec![
        client.list_secrets_paginator(request()).pages().next().await.unwrap().unwrap_err(),
        client.list_secrets_paginator(request()).items().next().await.unwrap().unwrap_err(),
        values.unordered().next().await.unwrap().1.unwrap_err(),
        matching.map(|read| read.map(drop)).next().await.unwrap().unwrap_err(),
        cache.get("a").await.unwrap_err(),
        cache.refresh("a").await.unwrap_err(),
        cache.warm_up(["a"]).await.remove(0).1.unwrap_err(),
        background.get("a").await.unwrap_err(),
    ]
}

/// As within `spawn_blocking`, which outlives the runtime.
#[test]
fn reads_on_a_runtime_that_was_shut_down_are_errors() {
    for runtime in [runtime(), Runtime::new().unwrap()] {
        let (sender, errors) = mpsc::channel();
        // On a thread, since reads that start again would not end.
        thread::spawn(move || {
            let handle = runtime.handle().clone();
            runtime.shutdown_background();
            sender.send(handle.block_on(errors_of_tasks())).unwrap();
        });
        for error in errors.recv_timeout(Duration::from_secs(60)).unwrap() {
            assert_eq!(error.kind(), ErrorKind::Unknown, "{error}");
            assert!(error.to_string().contains("the runtime was shut down"), "{error}");
        }
    }
}
