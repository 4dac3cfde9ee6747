//! [`attempt`]: credentials, permit, signature, one request, one response.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use http::Method;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue, USER_AGENT};
use sync_wrapper::SyncFuture;
use tokio::time::{timeout, timeout_at};
use zeroize::Zeroizing;

use super::context::CallContext;
use super::failure::{self, Failure};
use super::permit::{Permit, acquire_permit, report_end};
use super::request::CallRequest;
use super::response::{RawResponse, SentRequest, interpret_error, interpret_undecodable};
use crate::clock::correction::corrected;
use crate::error::Error;
use crate::identity::Credentials;
use crate::operation::DecodeError;
use crate::retry::Stage;
use crate::sign::{self, SignedRequest, UnsignedRequest};
use crate::transport::{HttpRequest, HttpResponse};

/// Decodes and keeps a successful response, given its body and the request id of its headers.
pub(super) type ReadResponse<'r> =
    dyn FnMut(&[u8], Option<&str>) -> Result<(), DecodeError> + Send + Sync + 'r;

/// Sends the request once and reads its response, and returns how long the service took.
/// `clock_ahead` replaces the client's correction of the clock.
pub(super) async fn attempt(
    request: &CallRequest<'_>,
    clock_ahead: Option<TimeDelta>,
    read: &mut ReadResponse<'_>,
) -> Result<Duration, Failure> {
    let mut credentials = current_credentials(request).await?;
    let permit = acquire_permit(request).await?;
    if permit.was_queued {
        credentials = current_credentials(request).await?;
    }
    let clock = &request.context.clock;
    let sent_at = clock.instant();
    request.count_sent();
    let exchanged = exchange(request, credentials, permit, clock_ahead, read).await;
    let duration = clock.instant() - sent_at;
    exchanged.map(|()| duration).map_err(|failure| Failure { duration: Some(duration), ..failure })
}

/// Signs and sends the request, and interprets its response.
async fn exchange(
    request: &CallRequest<'_>,
    credentials: Credentials,
    permit: Permit,
    clock_ahead: Option<TimeDelta>,
    read: &mut ReadResponse<'_>,
) -> Result<(), Failure> {
    let context = request.context;
    let correction = clock_ahead.unwrap_or_else(|| context.correction.current());
    let sent_at = context.clock.now();
    let mut signed = sign_request(request, &credentials, corrected(sent_at, correction));
    let response =
        send(request, context.http_request(&mut signed)).await.inspect_err(|failure| {
            report_end(request, permit, Some(failure.error.kind()));
        })?;
    let sent = SentRequest { signed, credentials, permit, sent_at, correction };
    let mut response = RawResponse::new(response, sent, context.clock.now());
    let Some(body) = response.success_body() else {
        return Err(interpret_error(request, response));
    };
    match read(body, response.request_id()) {
        Ok(()) => {
            response.wipe_body();
            context.record_skew(response.skew(false));
            report_end(request, permit, None);
            Ok(())
        }
        Err(error) => Err(interpret_undecodable(request, response, &error)),
    }
}

async fn current_credentials(request: &CallRequest<'_>) -> Result<Credentials, Failure> {
    let CallContext { clock, observed, credentials, limits, .. } = request.context;
    let asked_at = clock.instant();
    let provided = SyncFuture::new(credentials.credentials());
    let provided = match timeout_at(request.deadline(), provided).await {
        Err(_) => Err(failure::no_credentials_in_time(limits.call_timeout)),
        Ok(provided) => provided.and_then(|provided| provided.validate().map(|()| provided)),
    };
    observed.credentials(provided.as_ref(), clock.instant() - asked_at);
    provided.map_err(|error| Failure::new(Error::no_credentials(error), Stage::NotSent))
}

fn sign_request(
    request: &CallRequest<'_>,
    credentials: &Credentials,
    time: DateTime<Utc>,
) -> SignedRequest {
    let CallContext { clock, signer, endpoint, .. } = request.context;
    let unsigned = UnsignedRequest {
        method: request.spec.method(),
        version: sign::API_VERSION,
        action: request.spec.name,
        host: endpoint.host(),
        parameters: request.encoded.parameters(),
    };
    signer.sign(unsigned, credentials, time, &clock.nonce())
}

async fn send(request: &CallRequest<'_>, http: HttpRequest) -> Result<HttpResponse, Failure> {
    let (time, limit) = attempt_time(request);
    match timeout(time, SyncFuture::new(request.context.transport.send(http))).await {
        Ok(outcome) => outcome.map_err(|error| {
            let stage = Stage::Transport(error.kind());
            Failure::new(failure::without_response(error, &request.context.endpoint), stage)
        }),
        Err(_) => Err(Failure::new(failure::timed_out(limit), Stage::TimedOut)),
    }
}

/// Returns how long to wait for a response, and the setting that this comes from.
fn attempt_time(request: &CallRequest<'_>) -> (Duration, Duration) {
    let limits = &request.context.limits;
    let time_left = request.time_left();
    if limits.attempt_timeout <= time_left {
        (limits.attempt_timeout, limits.attempt_timeout)
    } else {
        (time_left, limits.call_timeout)
    }
}

impl CallContext {
    /// Returns the request with its parameters in the query or the body; they are taken out of
    /// `signed`.
    fn http_request(&self, signed: &mut SignedRequest) -> HttpRequest {
        let mut headers = std::mem::take(&mut signed.headers);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, self.user_agent.clone());
        let parameters = std::mem::take(&mut signed.parameters);
        let (url, body) = if signed.method == Method::GET {
            (Zeroizing::new([self.endpoint.url(), "?", &parameters].concat()), Zeroizing::default())
        } else {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(sign::FORM));
            (Zeroizing::new(self.endpoint.url().to_owned()), form_body(parameters))
        };
        HttpRequest {
            method: signed.method.clone(),
            url,
            headers,
            body,
            max_response_bytes: self.limits.max_response_bytes,
            connect_timeout: self.limits.shorter_connect_timeout,
        }
    }
}

/// Converts without a copy, which would not be wiped.
fn form_body(mut parameters: Zeroizing<String>) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(std::mem::take(&mut *parameters).into_bytes())
}
