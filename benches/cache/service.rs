//! A service in memory that counts its requests, and that a row can let fail. It keeps to paused
//! time.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::rate_limit::RateLimits;
use alibabacloud_kms::transport::{
    HttpRequest, HttpResponse, HttpTransport, TransportError, TransportErrorKind, TransportFuture,
};
use alibabacloud_kms::{KmsClient, Result};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

/// The time that each response takes.
const LATENCY: Duration = Duration::from_millis(20);

#[derive(Clone)]
pub(crate) struct Service(Arc<State>);

struct State {
    started: Instant,
    is_down: AtomicBool,
    version: AtomicU64,
    /// When each request came.
    requests: Mutex<Vec<Duration>>,
}

impl Service {
    /// Starts a service that has every secret, all of one version. It needs a runtime if its time
    /// is paused.
    pub(crate) fn start() -> Self {
        Self(Arc::new(State {
            started: Instant::now(),
            is_down: AtomicBool::new(false),
            version: AtomicU64::new(1),
            requests: Mutex::default(),
        }))
    }

    /// Returns a client with the default retries and no rate limits.
    pub(crate) fn client(&self) -> Result<KmsClient> {
        KmsClient::builder()
            .region("cn-hangzhou")
            .credentials(Credentials::new("fake-id", "fake-secret"))
            .transport(self.clone())
            .rate_limits(RateLimits::unlimited())
            .build()
    }

    pub(crate) fn set_down(&self, is_down: bool) {
        self.0.is_down.store(is_down, Ordering::Relaxed);
    }

    /// Gives every secret another version, and returns its id.
    pub(crate) fn rotate(&self) -> String {
        format!("v{}", self.0.version.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// Returns when the requests came, and forgets them.
    pub(crate) fn take_requests(&self) -> Vec<Duration> {
        std::mem::take(&mut *self.0.requests.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn respond(&self, request: &HttpRequest) -> Result<HttpResponse, TransportError> {
        let at = self.0.started.elapsed();
        self.0.requests.lock().unwrap_or_else(PoisonError::into_inner).push(at);
        sleep(LATENCY).await;
        if self.0.is_down.load(Ordering::Relaxed) {
            return Err(TransportError::new(TransportErrorKind::Connect, "connection refused"));
        }
        let parameters = Parameters::read(request);
        let version = self.0.version.load(Ordering::Relaxed);
        let secret = |name: &str| {
            json!({
                "SecretName": name,
                "VersionId": format!("v{version}"),
                "VersionStages": { "VersionStage": ["ACSCurrent"] },
                "SecretData": format!("fake-value-{version}"),
                "SecretDataType": "text",
                "RequestId": "r-1",
            })
        };
        let body = match serde_json::from_str::<Vec<Value>>(parameters.get("SecretsList")) {
            Ok(list) => {
                let names = list.iter().filter_map(|entry| entry["SecretName"].as_str());
                let values: Vec<_> = names.map(secret).collect();
                json!({ "SecretValues": values, "Errors": [], "RequestId": "r-1" })
            }
            Err(_) => secret(parameters.get("SecretName")),
        };
        Ok(HttpResponse::new(200, body.to_string()))
    }
}

impl HttpTransport for Service {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        Box::pin(async move { self.respond(&request).await })
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Service")
    }
}

/// The parameters of a request, in its query or its body.
struct Parameters(Vec<(String, String)>);

impl Parameters {
    fn read(request: &HttpRequest) -> Self {
        let query = request.url.split_once('?').map_or("", |(_, query)| query);
        let body = std::str::from_utf8(&request.body).unwrap_or_default();
        let pairs = [query, body].map(|text| url::form_urlencoded::parse(text.as_bytes()));
        Self(pairs.into_iter().flatten().map(|(n, v)| (n.into_owned(), v.into_owned())).collect())
    }

    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}
