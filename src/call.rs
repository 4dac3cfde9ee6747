//! One call from request to answer: the only place where signing, credentials, clock, retries and transport meet.

mod answer;
mod attempt;
mod failure;
#[cfg(test)]
mod tests;
mod turn;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use http::header::HeaderValue;
use tokio::time::{Instant, sleep};

use self::failure::Failure;
use crate::clock::Clock;
use crate::clock::correction::{ClockCorrection, corrected};
use crate::credentials::ProvideCredentials;
use crate::error::{Error, NotRepeated, OutOfRange};
use crate::ops::Operation;
use crate::quota::RateLimits;
use crate::region::Endpoint;
use crate::retry::budget::RetryBudget;
use crate::retry::{
    Repair, RetryClass, RetryDecision, RetryPolicy, Verdict, backoff, judge, leaves_outcome_open,
};
use crate::sign::Signer;
use crate::telemetry::{self, CallSpan};
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
    pub(crate) budget: Arc<RetryBudget>,
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

    pub(crate) fn validate(&self) -> Result<(), OutOfRange> {
        Self::validate_timeout("connect_timeout", self.connect_timeout)?;
        if let Some(shorter) = self.shorter_connect_timeout
            && (shorter.is_zero() || shorter > self.connect_timeout)
        {
            let allowed = "more than 0 and at most the client's own";
            return Err(OutOfRange::new("connect_timeout", shorter, allowed));
        }
        Self::validate_timeout("attempt_timeout", self.attempt_timeout)?;
        Self::validate_timeout("call_timeout", self.call_timeout)?;
        if self.max_response_bytes == 0 {
            return Err(OutOfRange::new("max_response_bytes", 0, "1 and more"));
        }
        self.retry.validate()
    }

    fn validate_timeout(name: &'static str, timeout: Duration) -> Result<(), OutOfRange> {
        if timeout.is_zero() || timeout > Self::LONGEST_TIMEOUT {
            return Err(OutOfRange::new(name, timeout, "more than 0 and at most 24 hours"));
        }
        Ok(())
    }
}

/// Carries out `operation`, within the time and with the repeats that a call may have.
pub(crate) fn call<O: Operation>(
    context: Arc<CallContext>,
    operation: O,
) -> impl Future<Output = Result<O::Response, Error>> + Send + Sync + 'static {
    let span = CallSpan::new(O::NAME, &context.endpoint);
    span.clone().around(async move {
        let started = context.clock.instant();
        let mut progress = Progress::default();
        let outcome = run(&context, &operation, started, &mut progress)
            .await
            .map_err(|error| error.in_operation(O::NAME));
        let told = outcome.as_ref().map(|response| O::request_id(response));
        span.ended(told, progress.attempts, context.clock.instant() - started);
        outcome
    })
}

/// What a call has done so far.
#[derive(Default)]
struct Progress {
    attempts: u32,
    /// Whether one of the attempts was perhaps carried out.
    outcome_open: bool,
    /// What was put right already.
    repaired: Vec<Repair>,
    /// How far ahead the service's clock is by the answer that refused the last request for its time.
    clock_ahead: Option<TimeDelta>,
}

async fn run<O: Operation>(
    context: &CallContext,
    operation: &O,
    started: Instant,
    progress: &mut Progress,
) -> Result<O::Response, Error> {
    operation.validate().map_err(|problem| failure::invalid_input(&problem))?;
    context.limits.validate().map_err(|problem| failure::invalid_input(&problem))?;
    if context.endpoint.is_instance() && !O::SERVED_BY_INSTANCES {
        return Err(failure::not_served_by_instances());
    }
    let deadline = started + context.limits.call_timeout;
    loop {
        let outcome = context.attempt(operation, deadline, progress).await;
        telemetry::attempt_ended(
            progress.attempts,
            outcome.as_ref().map(|_| ()).map_err(|failure| &failure.error),
        );
        let mut failure = match outcome {
            Ok(response) => {
                context.budget.earn();
                return Ok(response);
            }
            Err(failure) => failure,
        };
        let left = deadline.saturating_duration_since(context.clock.instant());
        let Failure { stage, error, .. } = &failure;
        progress.outcome_open |= leaves_outcome_open(*stage, error.kind(), error.code());
        failure.error = failure
            .error
            .after_attempts(progress.attempts)
            .with_outcome_open(progress.outcome_open);
        let class = operation.retry_class();
        let wait = match context.wait_before_repeat(class, &failure, left, progress) {
            Ok(wait) => wait,
            Err(why) => {
                return Err(failure.error.not_repeated(why).at_host(context.endpoint.host()));
            }
        };
        if !wait.is_zero() {
            telemetry::waiting(wait);
            sleep(wait).await;
        }
    }
}

impl CallContext {
    /// What time it is for the service, as far as its answers tell.
    pub(crate) fn service_time(&self) -> DateTime<Utc> {
        corrected(self.clock.now(), self.correction.current())
    }

    /// What calls to another region are made with. What one region's service bears, allows and answers counts there alone.
    pub(crate) fn in_region(&self, region: &str) -> Result<Self, OutOfRange> {
        let endpoint = self.endpoint.of_other_region(region)?;
        // Each field is named, so that one to come is thought of here.
        let Self {
            endpoint: _,
            signer,
            credentials,
            transport,
            clock,
            correction,
            budget: _,
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
            budget: Arc::default(),
            rate_limits: rate_limits.anew(),
            user_agent,
            limits,
        })
    }

    /// How long to wait before the attempt is made again, or why it is not.
    fn wait_before_repeat(
        &self,
        class: RetryClass,
        failure: &Failure,
        left: Duration,
        progress: &mut Progress,
    ) -> Result<Duration, NotRepeated> {
        let Failure { error, stage, asked_wait, .. } = failure;
        let verdict = judge(*stage, error.kind(), error.code(), asked_wait.is_some(), class);
        if self.limits.retry.decide(error, verdict.decision()) == RetryDecision::Stop {
            return Err(NotRepeated::Final);
        }
        if progress.attempts >= self.limits.retry.attempts() {
            return Err(NotRepeated::NoAttemptLeft);
        }
        let wait = match verdict {
            Verdict::Repair(repair) if self.can_repair(repair, failure, progress) => Duration::ZERO,
            Verdict::Repair(_) => return Err(NotRepeated::Final),
            // A verdict that the user overruled waits as any other.
            Verdict::Repeat | Verdict::Stop => asked_wait.unwrap_or_else(|| {
                backoff::jittered(self.limits.retry.ceiling(progress.attempts), self.clock.draw())
            }),
        };
        if wait >= left {
            return Err(NotRepeated::TooLittleTimeLeft);
        }
        if !self.budget.spend() {
            return Err(NotRepeated::BudgetUsedUp);
        }
        Ok(wait)
    }

    /// Puts right what can be, once, and says whether the next attempt will differ.
    fn can_repair(&self, repair: Repair, failure: &Failure, progress: &mut Progress) -> bool {
        let before = progress.repaired.iter().filter(|done| **done == repair).count();
        progress.repaired.push(repair);
        match (repair, before) {
            (Repair::Credentials, 0) => {
                failure.credentials.as_ref().is_some_and(|stale| self.credentials.invalidate(stale))
            }
            // A second time if the answers contradict each other, so that the first may have been the wrong one.
            (Repair::Clock, 0 | 1) => {
                progress.clock_ahead = failure.clock.map(|clock| clock.ahead);
                failure.clock.is_some_and(|clock| before == 0 || clock.is_news())
            }
            // Every attempt has a new one.
            (Repair::Nonce, 0) => true,
            _ => false,
        }
    }
}
