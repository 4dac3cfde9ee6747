//! One attempt: keys, time and nonce of its own, one request, one answer.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use http::Method;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue, USER_AGENT};
use sync_wrapper::SyncFuture;
use tokio::time::{Instant, timeout};
use zeroize::Zeroizing;

use super::answer;
use super::failure::{self, Failure};
use super::{CallContext, Progress};
use crate::clock::correction::{Observation, ahead, corrected};
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind};
use crate::ops::Operation;
use crate::retry::{Stage, server_wait};
use crate::sign::{self, SignedRequest, UnsignedRequest};
use crate::transport::{HttpRequest, HttpResponse};

/// What an answer is read against.
struct Sent {
    signed: SignedRequest,
    credentials: Credentials,
    /// By this machine's clock.
    at: DateTime<Utc>,
    /// What was added to it for the signature.
    correction: TimeDelta,
}

impl CallContext {
    /// Makes an attempt that ends at `deadline` at the latest, and counts it once it has something to send.
    pub(super) async fn attempt<O: Operation>(
        &self,
        operation: &O,
        deadline: Instant,
        progress: &mut Progress,
    ) -> Result<O::Response, Failure> {
        let mut credentials = self.fresh_credentials(deadline).await?;
        let turn = self.take_turn::<O>(deadline).await?;
        if turn.waited {
            credentials = self.fresh_credentials(deadline).await?;
        }
        let unsigned = UnsignedRequest {
            method: O::METHOD,
            version: sign::API_VERSION,
            action: O::NAME,
            host: self.endpoint.host(),
            parameters: operation.parameters(),
        };
        let correction = progress.clock_ahead.unwrap_or_else(|| self.correction.current());
        let sent = self.clock.now();
        let (at, nonce) = (corrected(sent, correction), self.clock.nonce());
        let mut signed = self.signer.sign(unsigned, &credentials, at, &nonce);
        progress.attempts += 1;
        let response = self.send(&mut signed, deadline).await?;
        let sent = Sent { signed, credentials, at: sent, correction };
        let outcome = self.read_answer(operation, response, sent);
        if outcome.as_ref().is_err_and(|failure| failure.error.kind() == ErrorKind::Throttled) {
            self.tell_throttled::<O>(turn.departed);
        }
        outcome
    }

    async fn fresh_credentials(&self, deadline: Instant) -> Result<Credentials, Failure> {
        let left = deadline.saturating_duration_since(self.clock.instant());
        let asked = SyncFuture::new(self.credentials.credentials());
        let error = match timeout(left, asked).await {
            Err(_) => failure::timed_out(self.limits.call_timeout),
            Ok(Err(error)) => Error::no_credentials(error),
            Ok(Ok(credentials)) => match credentials.validate() {
                Ok(()) => return Ok(credentials),
                Err(error) => Error::no_credentials(error),
            },
        };
        Err(Failure::new(error, Stage::NotBegun))
    }

    async fn send(
        &self,
        signed: &mut SignedRequest,
        deadline: Instant,
    ) -> Result<HttpResponse, Failure> {
        let request = self.http_request(signed);
        let left = deadline.saturating_duration_since(self.clock.instant());
        let (time, limit) = self.time_for_an_answer(left);
        match timeout(time, SyncFuture::new(self.transport.send(request))).await {
            Ok(outcome) => outcome.map_err(|error| {
                let stage = Stage::Transport(error.kind());
                Failure::new(failure::not_answered(error), stage)
            }),
            Err(_) => Err(Failure::new(failure::timed_out(limit), Stage::TimedOut)),
        }
    }

    /// The request with its parameters where its method has them, taken out of `signed`.
    fn http_request(&self, signed: &mut SignedRequest) -> HttpRequest {
        let mut headers = std::mem::take(&mut signed.headers);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, self.user_agent.clone());
        let parameters = std::mem::take(&mut signed.parameters);
        let (url, body) = if signed.method == Method::GET {
            ([self.endpoint.url(), "?", &parameters].concat(), Zeroizing::default())
        } else {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(sign::FORM));
            (self.endpoint.url().to_owned(), form_body(parameters))
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

    /// How long to wait for an answer, and the setting that says so.
    fn time_for_an_answer(&self, left: Duration) -> (Duration, Duration) {
        let attempt_timeout = self.limits.attempt_timeout;
        if attempt_timeout <= left {
            (attempt_timeout, attempt_timeout)
        } else {
            (left, self.limits.call_timeout)
        }
    }

    /// Reads an answer and all that it says beside its content: the service's time, and whether to wait.
    fn read_answer<O: Operation>(
        &self,
        operation: &O,
        response: HttpResponse,
        sent: Sent,
    ) -> Result<O::Response, Failure> {
        let Sent { signed, credentials, at, correction } = sent;
        let answered = self.clock.now();
        let date = server_wait::date(&response.headers);
        let asked_wait = server_wait::asked_for(&response.headers, corrected(answered, correction));
        let outcome = answer::read(operation, response, &signed, &credentials);
        let refused =
            outcome.as_ref().is_err_and(|failure| failure.error.kind() == ErrorKind::ClockSkew);
        let clock = date.map(|date| Observation {
            ahead: ahead(date, at, answered),
            signed_with: correction,
            refused,
        });
        if let Some(clock) = clock {
            self.correction.observe(clock);
        }
        outcome.map_err(|failure| {
            let failure = Failure { asked_wait, clock, credentials: Some(credentials), ..failure };
            if refused { failure.about_the_clock() } else { failure }
        })
    }
}

/// The same bytes, which are neither copied nor left behind.
fn form_body(mut parameters: Zeroizing<String>) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(std::mem::take(&mut *parameters).into_bytes())
}
