//! One attempt: keys, time and nonce of its own, one request, one answer.

use std::pin::Pin;
use std::time::Duration;

use http::Method;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue, USER_AGENT};
use sync_wrapper::SyncFuture;
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::CallContext;
use super::answer::{Answer, Sent};
use super::attempts::Attempts;
use super::failure::{self, Failure};
use crate::clock::correction::corrected;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::retry::Stage;
use crate::sign::{self, SignedRequest, UnsignedRequest};
use crate::transport::{HttpRequest, HttpResponse};

type AttemptFuture<'a> = Pin<Box<dyn Future<Output = Result<Answer, Failure>> + Send + Sync + 'a>>;

impl Attempts<'_> {
    /// Makes the next attempt, after the wait that is planned for it.
    ///
    /// Boxed, or all of it would be compiled again into the call of each operation.
    pub(super) fn next(&mut self) -> AttemptFuture<'_> {
        Box::pin(async move {
            self.wait().await;
            self.make().await
        })
    }

    /// Makes an attempt in the time that is left, and counts it once it has something to send.
    async fn make(&mut self) -> Result<Answer, Failure> {
        let mut credentials = self.fresh_credentials().await?;
        let turn = self.take_turn().await?;
        if turn.waited {
            credentials = self.fresh_credentials().await?;
        }
        let context = self.context;
        let unsigned = UnsignedRequest {
            method: self.asked.spec.method(),
            version: sign::API_VERSION,
            action: self.asked.spec.name,
            host: context.endpoint.host(),
            parameters: self.asked.encoded.parameters.clone(),
        };
        let correction = self.clock_ahead.unwrap_or_else(|| context.correction.current());
        let (at, nonce) = (context.clock.now(), context.clock.nonce());
        let mut signed =
            context.signer.sign(unsigned, &credentials, corrected(at, correction), &nonce);
        self.made += 1;
        let response = self.send(&mut signed).await?;
        let sent = Sent { signed, credentials, departed: turn.departed, at, correction };
        Ok(Answer::new(response, sent, context.clock.now()))
    }

    async fn fresh_credentials(&self) -> Result<Credentials, Failure> {
        let asked = SyncFuture::new(self.context.credentials.credentials());
        let error = match timeout(self.left(), asked).await {
            Err(_) => failure::no_keys_in_time(self.context.limits.call_timeout),
            Ok(Err(error)) => Error::no_credentials(error),
            Ok(Ok(credentials)) => match credentials.validate() {
                Ok(()) => return Ok(credentials),
                Err(error) => Error::no_credentials(error),
            },
        };
        Err(Failure::new(error, Stage::NotSent))
    }

    async fn send(&self, signed: &mut SignedRequest) -> Result<HttpResponse, Failure> {
        let request = self.context.http_request(signed);
        let (time, limit) = self.time_for_an_answer();
        match timeout(time, SyncFuture::new(self.context.transport.send(request))).await {
            Ok(outcome) => outcome.map_err(|error| {
                let stage = Stage::Transport(error.kind());
                Failure::new(failure::not_answered(error), stage)
            }),
            Err(_) => Err(Failure::new(failure::timed_out(limit), Stage::TimedOut)),
        }
    }

    /// How long to wait for an answer, and the setting that says so.
    fn time_for_an_answer(&self) -> (Duration, Duration) {
        let limits = &self.context.limits;
        let left = self.left();
        if limits.attempt_timeout <= left {
            (limits.attempt_timeout, limits.attempt_timeout)
        } else {
            (left, limits.call_timeout)
        }
    }
}

impl CallContext {
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
}

/// The same bytes, which are neither copied nor left behind.
fn form_body(mut parameters: Zeroizing<String>) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(std::mem::take(&mut *parameters).into_bytes())
}
