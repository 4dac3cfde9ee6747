//! A service in memory whose secrets, latency and failures a test sets. It keeps to paused time.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use alibabacloud_kms::cache::{SecretCache, SecretCacheBuilder};
use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::rate_limit::RateLimits;
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::transport::{
    HttpRequest, HttpResponse, HttpTransport, TransportError, TransportErrorKind, TransportFuture,
};
use alibabacloud_kms::{KmsClient, KmsClientBuilder};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::time::sleep;

#[derive(Clone, Default)]
pub(crate) struct Service(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    secrets: BTreeMap<String, Secret>,
    latency: Duration,
    trouble: Option<Trouble>,
    rejects_batches: bool,
    /// The names that were asked for, a list for each request.
    requests: Vec<Vec<String>>,
}

#[derive(Clone)]
struct Secret {
    version_id: String,
    value: String,
    stage: &'static str,
    next_rotation_date: Option<DateTime<Utc>>,
}

/// A failure that the service returns instead of a secret.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trouble {
    Network,
    NoTrustStore,
    Hang,
    Error(u16, &'static str),
}

pub(crate) const UNAVAILABLE: Trouble = Trouble::Error(503, "ServiceUnavailable");
pub(crate) const THROTTLED: Trouble = Trouble::Error(429, "Rejected.Throttling");
pub(crate) const DENIED: Trouble = Trouble::Error(403, "Forbidden.NoPermission");

const NO_BATCHES: Trouble = Trouble::Error(404, "InvalidAction.NotFound");

impl Service {
    /// Starts a service with these secrets, each at a version `v1` with the value `fake-v1`.
    pub(crate) fn with<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        let service = Self::default();
        for name in names {
            service.put(&name.into(), "v1");
        }
        service
    }

    /// Gives a secret this version, with a value named after it.
    pub(crate) fn put(&self, name: &str, version_id: &str) {
        self.put_value(name, version_id, &format!("fake-{version_id}"));
    }

    pub(crate) fn put_value(&self, name: &str, version_id: &str, value: &str) {
        let secret = Secret {
            version_id: version_id.to_owned(),
            value: value.to_owned(),
            stage: "ACSCurrent",
            next_rotation_date: None,
        };
        self.state().secrets.insert(name.to_owned(), secret);
    }

    pub(crate) fn plan_rotation(&self, name: &str, date: DateTime<Utc>) {
        self.state().secrets.get_mut(name).unwrap().next_rotation_date = Some(date);
    }

    /// Moves the version of a secret to this stage.
    pub(crate) fn set_stage(&self, name: &str, stage: &'static str) {
        self.state().secrets.get_mut(name).unwrap().stage = stage;
    }

    pub(crate) fn remove(&self, name: &str) {
        self.state().secrets.remove(name).unwrap();
    }

    pub(crate) fn set_latency(&self, latency: Duration) {
        self.state().latency = latency;
    }

    pub(crate) fn fail(&self, trouble: Trouble) {
        self.state().trouble = Some(trouble);
    }

    pub(crate) fn reject_batches(&self) {
        self.state().rejects_batches = true;
    }

    pub(crate) fn recover(&self) {
        self.state().trouble = None;
    }

    pub(crate) fn requests(&self) -> usize {
        self.state().requests.len()
    }

    pub(crate) fn take_requests(&self) -> Vec<Vec<String>> {
        std::mem::take(&mut self.state().requests)
    }

    /// Returns a client that makes one attempt a call.
    pub(crate) fn client(&self) -> KmsClient {
        self.client_builder().build().unwrap()
    }

    pub(crate) fn client_builder(&self) -> KmsClientBuilder {
        KmsClient::builder()
            .region("cn-hangzhou")
            .credentials(Credentials::new("fake-id", "fake-secret"))
            .transport(self.clone())
            .retry_policy(RetryPolicy::disabled())
            .rate_limits(RateLimits::unlimited())
    }

    pub(crate) fn cache(&self) -> SecretCache {
        self.cache_builder().build().unwrap()
    }

    pub(crate) fn cache_builder(&self) -> SecretCacheBuilder {
        SecretCache::builder(self.client())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    async fn respond(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let names = secret_names(&request);
        let is_batch = names.len() > 1;
        let (latency, trouble) = {
            let mut state = self.state();
            state.requests.push(names.clone());
            let rejects = is_batch && state.rejects_batches;
            (state.latency, if rejects { Some(NO_BATCHES) } else { state.trouble })
        };
        sleep(latency).await;
        match trouble {
            Some(Trouble::Network) => {
                Err(TransportError::new(TransportErrorKind::Connect, "connection refused"))
            }
            Some(Trouble::NoTrustStore) => {
                Err(TransportError::new(TransportErrorKind::Configuration, "no CA certificates"))
            }
            Some(Trouble::Hang) => std::future::pending().await,
            Some(Trouble::Error(status, code)) => Ok(error(status, code)),
            None if is_batch => Ok(self.read_batch(&names)),
            None => Ok(self.read(&names[0])),
        }
    }

    fn read_batch(&self, names: &[String]) -> HttpResponse {
        let state = self.state();
        let found = |name: &String| state.secrets.get(name).map(|secret| secret.to_json(name));
        let values: Vec<_> = names.iter().filter_map(found).collect();
        let missing = names.iter().filter(|name| !state.secrets.contains_key(*name));
        let errors: Vec<_> = missing
            .map(|name| {
                json!({ "SecretName": name, "Code": "Forbidden.ResourceNotFound",
                    "HttpStatus": 404, "Message": "fake message" })
            })
            .collect();
        let body = json!({ "RequestId": "r-1", "SecretValues": values, "Errors": errors });
        HttpResponse::new(200, body.to_string())
    }

    fn read(&self, name: &str) -> HttpResponse {
        match self.state().secrets.get(name) {
            Some(secret) => HttpResponse::new(200, secret.to_json(name).to_string()),
            None => error(404, "Forbidden.ResourceNotFound"),
        }
    }
}

impl Secret {
    fn to_json(&self, name: &str) -> Value {
        let mut body = json!({
            "SecretName": name,
            "VersionId": self.version_id,
            "VersionStages": { "VersionStage": [self.stage] },
            "SecretData": self.value,
            "SecretDataType": "text",
            "RequestId": "r-1",
        });
        if let Some(date) = self.next_rotation_date {
            body["NextRotationDate"] = date.format("%Y-%m-%dT%H:%M:%SZ").to_string().into();
        }
        body
    }
}

/// Returns the secrets that a request names, one or those of a batch.
fn secret_names(request: &HttpRequest) -> Vec<String> {
    let url = url::Url::parse(&request.url).unwrap();
    let body = url::form_urlencoded::parse(&request.body);
    let parameters: BTreeMap<_, _> = url.query_pairs().chain(body).collect();
    let Some(list) = parameters.get("SecretsList") else {
        return vec![parameters["SecretName"].to_string()];
    };
    let secrets: Vec<Value> = serde_json::from_str(list).unwrap();
    secrets.iter().map(|secret| secret["SecretName"].as_str().unwrap().to_owned()).collect()
}

fn error(status: u16, code: &str) -> HttpResponse {
    let body = json!({ "Code": code, "Message": "fake message", "RequestId": "r-1" });
    HttpResponse::new(status, body.to_string())
}

impl HttpTransport for Service {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        Box::pin(self.respond(request))
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Service")
    }
}
