//! Transports and clients on several runtimes, on incomplete ones and on none.

use std::pin::pin;
use std::sync::mpsc;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use alibabacloud_kms::KmsClient;
use alibabacloud_kms::emulator::Emulator;
use alibabacloud_kms::http::Method;
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::secrets::ListSecretsRequest;
use alibabacloud_kms::transport::{
    HttpRequest, HttpTransport, ReqwestTransport, TransportErrorKind,
};
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
        .credentials(alibabacloud_kms::credentials::Credentials::new("fake-id", "fake"))
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

#[test]
fn many_sequential_runtimes_are_served() {
    let (endpoint, _running) = emulator_elsewhere();
    let client = KmsClient::builder()
        .endpoint(endpoint)
        .credentials(alibabacloud_kms::credentials::Credentials::new("fake-id", "fake"))
        .build()
        .unwrap();
    for _ in 0..20 {
        runtime().block_on(client.list_secrets(ListSecretsRequest::new())).unwrap();
    }
}
