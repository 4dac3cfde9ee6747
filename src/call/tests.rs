//! The loop with prepared responses: no sockets, and time that stands still or is paused.

mod quota;
#[cfg(feature = "emulator")]
mod reliability;
mod remedies;
mod responses;
mod retries;
mod sending;

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use http::HeaderMap;
use http::header::HeaderValue;
use tokio::time::{Instant, sleep};

use super::*;
use crate::clock::Clock;
use crate::credentials::Credentials;
use crate::credentials::ProvideCredentials;
use crate::endpoint::Endpoint;
use crate::endpoint::Network;
use crate::error::ErrorKind;
use crate::operation::dry_run::{DryRun, DryRunOutcome};
use crate::rate_limit::RateLimits;
use crate::retry::RetryDecision;
use crate::retry::RetryPolicy;
use crate::secrets::get_secret_value::GetSecretValueRequest;
use crate::secrets::list_secrets::ListSecretsRequest;
use crate::secrets::update_secret::UpdateSecretRequest;
use crate::sign::SignatureVersion;
use crate::sign::Signer;
use crate::transport::HttpTransport;
use crate::transport::{
    HttpRequest, HttpResponse, TransportError, TransportErrorKind, TransportFuture,
};

const EMPTY_PAGE: &str = r#"{"TotalCount":0,"RequestId":"r-ok"}"#;
const THROTTLED: &str =
    r#"{"HttpStatus":429,"Code":"Rejected.Throttling","Message":"QPS Limit Exceeded"}"#;
const UNAVAILABLE: &str = r#"{"Code":"ServiceUnavailableTemporary"}"#;

/// Returns prepared responses in turn and keeps the requested URLs. Once none is left it never
/// responds.
#[derive(Debug, Default)]
struct Script {
    responses: Mutex<VecDeque<Result<HttpResponse, TransportError>>>,
    urls: Mutex<Vec<String>>,
}

impl Script {
    /// Returns the access key id of each request.
    fn key_ids(&self) -> Vec<String> {
        self.urls.lock().unwrap().iter().map(|url| parameter(url, "AccessKeyId")).collect()
    }
}

impl HttpTransport for Script {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        self.urls.lock().unwrap().push(request.url.to_string());
        match self.responses.lock().unwrap().pop_front() {
            Some(response) => Box::pin(std::future::ready(response)),
            None => Box::pin(std::future::pending()),
        }
    }
}

/// Always the same second; nonces count up.
#[derive(Debug, Default)]
struct FixedClock {
    nonces: Mutex<u32>,
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    fn nonce(&self) -> String {
        let mut nonces = self.nonces.lock().unwrap();
        *nonces += 1;
        format!("nonce-{nonces}")
    }

    fn draw(&self) -> f64 {
        0.5
    }
}

/// Returns another access key at each call.
#[derive(Debug, Default)]
struct Renewing {
    asked: Mutex<u32>,
}

impl ProvideCredentials for Renewing {
    fn credentials(&self) -> crate::credentials::CredentialsFuture<'_> {
        let mut asked = self.asked.lock().unwrap();
        *asked += 1;
        let credentials = Credentials::new(format!("fake-id-{asked}"), "fake-secret")
            .with_security_token("fake-token");
        Box::pin(std::future::ready(Ok(credentials)))
    }
}

fn response(status: u16, body: &str) -> Result<HttpResponse, TransportError> {
    Ok(HttpResponse::new(status, body))
}

fn context(
    responses: impl IntoIterator<Item = Result<HttpResponse, TransportError>>,
) -> (CallContext, Arc<Script>) {
    let script = Arc::new(Script {
        responses: Mutex::new(responses.into_iter().collect()),
        ..Script::default()
    });
    let context = CallContext {
        endpoint: Arc::new(Endpoint::from_region("cn-hangzhou", Network::Public).unwrap()),
        signer: Arc::new(Signer::new(SignatureVersion::V1)),
        credentials: Arc::new(
            Credentials::new("fake-id", "fake-secret").with_security_token("fake-token"),
        ),
        transport: Arc::clone(&script) as Arc<dyn HttpTransport>,
        clock: Arc::new(FixedClock::default()),
        user_agent: HeaderValue::from_static("test"),
        correction: Arc::default(),
        retry_tokens: Arc::default(),
        rate_limits: RateLimits::unlimited(),
        observed: Arc::default(),
        limits: CallLimits {
            connect_timeout: Duration::from_secs(5),
            shorter_connect_timeout: None,
            attempt_timeout: Duration::from_secs(15),
            call_timeout: Duration::from_secs(60),
            max_response_bytes: 1_000,
            retry: RetryPolicy::disabled(),
        },
    };
    (context, script)
}

async fn failure_of(response: Result<HttpResponse, TransportError>) -> Error {
    let (context, _) = context([response]);
    call(Arc::new(context), ListSecretsRequest::new()).await.unwrap_err()
}

fn response_with(
    status: u16,
    body: &str,
    fields: &[(&'static str, &str)],
) -> Result<HttpResponse, TransportError> {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.insert(*name, value.parse().unwrap());
    }
    Ok(HttpResponse::new(status, body).with_headers(headers))
}

/// Like [`context`], with the default retry policy.
fn retrying(
    responses: impl IntoIterator<Item = Result<HttpResponse, TransportError>>,
) -> (CallContext, Arc<Script>) {
    let (mut context, script) = context(responses);
    context.limits.retry = RetryPolicy::new();
    (context, script)
}

async fn list(context: &CallContext) -> Result<crate::secrets::ListSecretsResponse, Error> {
    call(Arc::new(context.clone()), ListSecretsRequest::new()).await
}

#[track_caller]
fn parameter(url: &str, name: &str) -> String {
    let url = url::Url::parse(url).unwrap();
    url.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned()
}
