//! One call from request to answer: the only place where signing, credentials, clock, retries and transport meet.

mod answer;
mod attempt;
mod attempts;
mod failure;
mod task;
#[cfg(test)]
mod tests;
mod turn;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use http::header::HeaderValue;

use self::attempts::{Asked, Attempts};
pub(crate) use self::task::CallTask;
use crate::clock::Clock;
use crate::clock::correction::{ClockCorrection, SkewSample, corrected};
use crate::credentials::ProvideCredentials;
use crate::endpoint::Endpoint;
use crate::error::{Error, ValidationError};
use crate::operation::Operation;
use crate::rate_limit::RateLimits;
use crate::retry::{RetryPolicy, RetryTokens};
use crate::sign::Signer;
use crate::telemetry::CallSpan;
use crate::transport::HttpTransport;

/// What calls are made with. A clone shares everything but the limits, which are its own.
#[derive(Clone, Debug)]
pub(crate) struct CallContext {
    pub(crate) endpoint: Arc<Endpoint>,
    pub(crate) signer: Arc<Signer>,
    pub(crate) credentials: Arc<dyn ProvideCredentials>,
    pub(crate) transport: Arc<dyn HttpTransport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) correction: Arc<ClockCorrection>,
    pub(crate) budget: Arc<RetryTokens>,
    pub(crate) rate_limits: RateLimits,
    pub(crate) user_agent: HeaderValue,
    pub(crate) limits: CallLimits,
}

/// How long a call may take, how often it may be repeated, how much it may read.
#[derive(Clone, Debug)]
pub(crate) struct CallLimits {
    /// What the client's pool was made with.
    pub(crate) connect_timeout: Duration,
    /// A limit for calls by one handle.
    pub(crate) shorter_connect_timeout: Option<Duration>,
    pub(crate) attempt_timeout: Duration,
    pub(crate) call_timeout: Duration,
    pub(crate) max_response_bytes: usize,
    pub(crate) retry: RetryPolicy,
}

impl CallLimits {
    /// Time limits beyond this are taken for a mistake in the unit.
    const LONGEST_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

    pub(crate) fn validate(&self) -> Result<(), ValidationError> {
        Self::validate_timeout("connect_timeout", self.connect_timeout)?;
        if let Some(shorter) = self.shorter_connect_timeout
            && (shorter.is_zero() || shorter > self.connect_timeout)
        {
            let allowed = "more than 0 and at most the client's own";
            return Err(ValidationError::new("connect_timeout", shorter, allowed));
        }
        Self::validate_timeout("attempt_timeout", self.attempt_timeout)?;
        Self::validate_timeout("call_timeout", self.call_timeout)?;
        if self.max_response_bytes == 0 {
            return Err(ValidationError::new("max_response_bytes", 0, "at least 1"));
        }
        self.retry.validate()
    }

    fn validate_timeout(name: &'static str, timeout: Duration) -> Result<(), ValidationError> {
        if timeout.is_zero() || timeout > Self::LONGEST_TIMEOUT {
            return Err(ValidationError::new(name, timeout, "more than 0 and at most 24 hours"));
        }
        Ok(())
    }
}

/// Carries out `operation`, within the time and with the repeats that a call may have.
pub(crate) fn call<O: Operation>(
    context: Arc<CallContext>,
    operation: O,
) -> impl Future<Output = Result<O::Response, Error>> + Send + Sync + 'static {
    let region = context.endpoint.region();
    let span = CallSpan::new(O::SPEC.name, operation.encoded(region).resource, &context.endpoint);
    span.around(|span| async move {
        let asked = Asked {
            spec: &const { O::SPEC },
            retry_class: operation.retry_class(),
            encoded: operation.encoded(context.endpoint.region()),
        };
        let mut attempts = Attempts::begin(&context, asked);
        let outcome = carry_out(&operation, &mut attempts).await;
        match outcome {
            Ok(mut response) => {
                let request_id = std::mem::take(O::request_id(&mut response));
                span.ended(Ok(&request_id), attempts.made, attempts.duration());
                *O::request_id(&mut response) = request_id;
                Ok(response)
            }
            Err(error) => {
                span.ended(Err(&error), attempts.made, attempts.duration());
                Err(error)
            }
        }
    })
}

/// The part of a call that knows the type of its operation, and is compiled for each. It is kept short: there are many.
async fn carry_out<O: Operation>(
    operation: &O,
    attempts: &mut Attempts<'_>,
) -> Result<O::Response, Error> {
    attempts.validate()?;
    loop {
        let failure = match attempts.next().await {
            Ok(answer) => match answer.body_of_success() {
                Some(body) => match operation.read_response(body, answer.header_request_id()) {
                    Ok(response) => {
                        attempts.succeeded(&answer);
                        return Ok(response);
                    }
                    Err(error) => attempts.failed(answer, Some(&error)),
                },
                None => attempts.failed(answer, None),
            },
            Err(failure) => failure,
        };
        attempts.plan_another(failure)?;
    }
}

impl CallContext {
    /// What time it is for the service, as far as its answers tell.
    pub(crate) fn service_time(&self) -> DateTime<Utc> {
        corrected(self.clock.now(), self.correction.current())
    }

    /// Takes note of what an answer tells of the clocks.
    fn note_time(&self, told: Option<SkewSample>) {
        if let Some(told) = told {
            self.correction.record(told);
        }
    }

    /// What calls to another region are made with. What one region's service bears, allows and answers counts there alone.
    pub(crate) fn in_region(&self, region: &str) -> Result<Self, ValidationError> {
        let endpoint = self.endpoint.for_region(region)?;
        // Each field is named, so that one to come is thought of here.
        let Self {
            endpoint: _,
            signer,
            credentials,
            transport,
            clock,
            correction,
            budget,
            rate_limits,
            user_agent,
            limits,
        } = self.clone();
        Ok(Self {
            endpoint: Arc::new(endpoint),
            signer,
            credentials,
            transport,
            clock,
            correction,
            budget: Arc::new(budget.new_like()),
            rate_limits: rate_limits.new_like(),
            user_agent,
            limits,
        })
    }
}
