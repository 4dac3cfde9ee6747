//! The attempts of one call: how many there may be, what lies between two of them, what was learned from those before.

use std::time::Duration;

use chrono::TimeDelta;
use tokio::time::{Instant, sleep};

use super::CallContext;
use super::answer::Answer;
use super::failure::{self, Failure};
use crate::error::{Error, NotRetried};
use crate::operation::{Encoded, OperationSpec};
use crate::retry::{
    Decision, FailedAttempt, Progress, Remedy, RetryClass, decide, is_outcome_unknown,
};
use crate::telemetry;

/// A request as the attempts need it. The type of its operation is not part of it, so that the
/// attempts are compiled once and not for each operation.
pub(super) struct Asked<'o> {
    pub(super) spec: &'o OperationSpec,
    pub(super) retry_class: RetryClass,
    pub(super) encoded: Encoded<'o>,
}

impl Asked<'_> {
    /// The error as one of this operation on its resource.
    fn told(&self, error: Error) -> Error {
        error.with_operation(self.spec.name).on_resource(self.encoded.resource.clone())
    }
}

/// What a call has done so far, and what it may do yet.
pub(super) struct Attempts<'c> {
    pub(super) context: &'c CallContext,
    pub(super) asked: Asked<'c>,
    started: Instant,
    pub(super) made: u32,
    /// Whether one of the attempts was perhaps carried out.
    outcome_open: bool,
    /// How long to wait before the next one.
    wait: Duration,
    /// What was put right already.
    remedies: Vec<Remedy>,
    /// How far ahead the service's clock is by the answer that refused the last request for its time.
    pub(super) clock_ahead: Option<TimeDelta>,
}

impl<'c> Attempts<'c> {
    pub(super) fn begin(context: &'c CallContext, asked: Asked<'c>) -> Self {
        Self {
            context,
            asked,
            started: context.clock.instant(),
            made: 0,
            outcome_open: false,
            wait: Duration::ZERO,
            remedies: Vec::new(),
            clock_ahead: None,
        }
    }

    /// Checks the request and the client's settings for the call.
    pub(super) fn validate(&mut self) -> Result<(), Error> {
        let request = self.asked.encoded.violation.take().map_or(Ok(()), Err);
        let checked = request.and_then(|()| self.context.limits.validate());
        checked.map_err(|problem| self.asked.told(Error::invalid_input(&problem)))?;
        if self.context.endpoint.is_instance() && !self.asked.spec.is_served_by_instances {
            return Err(self.asked.told(failure::not_served_by_instances()));
        }
        Ok(())
    }

    /// How long the call has taken.
    pub(super) fn duration(&self) -> Duration {
        self.context.clock.instant() - self.started
    }

    /// How much of its time the call has left.
    pub(super) fn left(&self) -> Duration {
        self.context.limits.call_timeout.saturating_sub(self.duration())
    }

    /// Takes note of the answer that ends the call well.
    pub(super) fn succeeded(&self, answer: &Answer) {
        self.context.note_time(answer.clock(false));
        telemetry::attempt_ended(self.made, Ok(()));
        self.context.budget.earn();
    }

    /// Plans another attempt. The error is the call's when there is to be none.
    pub(super) fn plan_another(&mut self, mut failure: Failure) -> Result<(), Error> {
        failure.error = self.asked.told(failure.error);
        telemetry::attempt_ended(self.made, Err(&failure.error));
        let Failure { stage, error, .. } = &failure;
        self.outcome_open |= is_outcome_unknown(*stage, error.kind(), error.code());
        failure.error = failure
            .error
            .with_attempts(self.made)
            .with_outcome_unknown(self.outcome_open, self.asked.spec.is_write);
        match self.wait_before_repeat(&failure) {
            Ok(wait) => self.wait = wait,
            Err(why) => {
                let host = self.context.endpoint.host();
                return Err(failure.error.not_retried(why).with_host(host));
            }
        }
        Ok(())
    }

    /// Waits as long as was planned.
    pub(super) async fn wait(&self) {
        if !self.wait.is_zero() {
            telemetry::waiting(self.wait);
            sleep(self.wait).await;
        }
    }

    /// How long to wait before the attempt is made again, or why it is not.
    fn wait_before_repeat(&mut self, failure: &Failure) -> Result<Duration, NotRetried> {
        let CallContext { limits, clock, budget, .. } = self.context;
        let failed = FailedAttempt {
            stage: failure.stage,
            error: &failure.error,
            retry_class: self.asked.retry_class,
            server_wait: failure.asked_wait,
            is_skew_new: failure.clock.map(|clock| clock.is_new()),
        };
        let progress =
            Progress { attempts: self.made, time_left: self.left(), remedies: &self.remedies };
        let decision = decide(&limits.retry, failed, progress, || clock.draw());
        if !matches!(decision, Decision::Return(_)) && !budget.spend() {
            return Err(NotRetried::BudgetExhausted);
        }
        match decision {
            Decision::Return(why) => Err(why),
            Decision::RetryAfter(delay) => Ok(delay),
            Decision::Recover(remedy) if self.apply(remedy, failure) => Ok(Duration::ZERO),
            Decision::Recover(_) => Err(NotRetried::Final),
        }
    }

    /// Applies a remedy and says whether the next attempt will differ.
    fn apply(&mut self, remedy: Remedy, failure: &Failure) -> bool {
        self.remedies.push(remedy);
        match remedy {
            Remedy::Credentials => failure
                .credentials
                .as_ref()
                .is_some_and(|stale| self.context.credentials.invalidate(stale)),
            Remedy::Clock => {
                self.clock_ahead = failure.clock.map(|clock| clock.ahead);
                true
            }
            // Every attempt has a new one.
            Remedy::Nonce => true,
        }
    }
}
