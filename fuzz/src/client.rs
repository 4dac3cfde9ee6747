//! Clients whose transport is a function: all the way from the call to the transport and back.

use std::fmt;
use std::sync::{Arc, Mutex};

use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::rate_limit::RateLimits;
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::transport::{HttpRequest, HttpResponse, HttpTransport, TransportFuture};
use alibabacloud_kms::{KmsClient, KmsClientBuilder};
use tokio::runtime::{Builder, Runtime};

pub const SECURITY_TOKEN: &str = "fake-security-token/+=";

/// Responds to each request by a function.
pub struct Respond<F>(pub F);

impl<F> fmt::Debug for Respond<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Respond")
    }
}

impl<F: Fn(&HttpRequest) -> HttpResponse + Send + Sync + 'static> HttpTransport for Respond<F> {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        let response = (self.0)(&request);
        Box::pin(std::future::ready(Ok(response)))
    }
}

/// The URLs of the requests that were sent.
#[derive(Clone, Debug, Default)]
pub struct Capture(Arc<Mutex<Vec<String>>>);

impl Capture {
    pub fn record(&self, request: &HttpRequest) {
        self.0.lock().expect("no thread panics with the lock").push(request.url.to_string());
    }

    pub fn urls(&self) -> Vec<String> {
        self.0.lock().expect("no thread panics with the lock").clone()
    }
}

/// Returns a builder of a client that sends each call once, to `respond`.
pub fn client(
    respond: impl Fn(&HttpRequest) -> HttpResponse + Send + Sync + 'static,
) -> KmsClientBuilder {
    let credentials = Credentials::new("fake-id", "fake-secret");
    KmsClient::builder()
        .credentials(credentials.with_security_token(SECURITY_TOKEN))
        .retry_policy(RetryPolicy::disabled())
        .rate_limits(RateLimits::unlimited())
        .transport(Respond(respond))
}

/// Returns a runtime on which all waits pass at once, since its time is paused.
pub fn runtime() -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder.enable_time().start_paused(true).build().expect("a runtime can be built")
}
