//! One call, from the request to the response: the only place where credentials, rate limits,
//! signing, transport and retries meet.

mod attempt;
mod context;
mod failure;
mod permit;
mod request;
mod response;
pub(crate) mod task;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::time::sleep;

use self::attempt::{ReadResponse, attempt};
pub(crate) use self::context::{CallContext, CallLimits};
use self::failure::Failure;
use self::request::CallRequest;
use crate::clock::check_timer;
use crate::error::{Error, ErrorKind, NotRetried, Resource};
use crate::operation::request::Request;
use crate::retry::{Decision, Progress, Remedy, Stage, decide};
use crate::telemetry::{CallOutcome, CallSpan};

/// Sends `sent` and returns its response, within the limits of the client.
///
/// The span and the decoding are compiled for each operation, so everything else is in [`execute`].
pub(crate) async fn call<R: Request>(
    context: Arc<CallContext>,
    sent: R,
) -> Result<R::Response, Error> {
    let request = CallRequest::new(&context, &sent);
    let span = CallSpan::new(request.spec.name, request.resource(), &context.endpoint);
    let run = |span: CallSpan| async {
        let open = OpenCall { request: &request, is_open: true };
        let mut response = None;
        let mut read = |body: &[u8], request_id: Option<&str>| {
            response = Some(sent.read_response(body, request_id)?);
            Ok(())
        };
        let outcome = Box::pin(execute(&request, &mut read)).await;
        let attempts = outcome.as_ref().map_or_else(Error::attempts, |attempts| *attempts);
        let request_id = response.as_mut().map_or("", |response| R::request_id(response));
        let ended = outcome.as_ref().map(|_| request_id).or_else(Error::or_successful_dry_run);
        span.ended(ended, attempts, request.elapsed());
        open.ended(ended, attempts);
        match (outcome, response) {
            (Ok(_), Some(response)) => Ok(response),
            (Err(error), _) => Err(error),
            (Ok(_), None) => unreachable!("a call succeeds only after its response was read"),
        }
    };
    span.around(run).await
}

/// A call whose end the observer has not received yet.
struct OpenCall<'r> {
    request: &'r CallRequest<'r>,
    is_open: bool,
}

impl OpenCall<'_> {
    fn ended(mut self, outcome: Result<&str, &Error>, attempts: u32) {
        self.report(
            match outcome {
                Ok(request_id) => CallOutcome::Success { request_id },
                Err(error) => CallOutcome::Failure(error),
            },
            attempts,
        );
    }

    fn report(&mut self, outcome: CallOutcome<'_>, attempts: u32) {
        self.is_open = false;
        let resource = self.request.resource();
        let name = resource.as_ref().map(Resource::name);
        self.request.events().call_ended(name, outcome, attempts, self.request.elapsed());
    }
}

impl Drop for OpenCall<'_> {
    fn drop(&mut self) {
        if self.is_open {
            self.report(CallOutcome::Cancelled, self.request.sent());
        }
    }
}

/// Makes attempts until one succeeds or none may follow, and returns how many were made.
async fn execute(request: &CallRequest<'_>, read: &mut ReadResponse<'_>) -> Result<u32, Error> {
    request.validate()?;
    check_runtime().map_err(|error| request.error(error))?;
    let context = request.context;
    let mut history = History::default();
    loop {
        let outcome = attempt(request, history.clock_ahead, read).await;
        let failure = match outcome {
            Ok(duration) => {
                request.events().attempt_ended(request.sent(), Ok(()), Some(duration));
                context.retry_tokens.earn();
                return Ok(request.sent());
            }
            Err(failure) => history.record(request, failure),
        };
        let facts = failure.facts(request.spec.retry_class, request.queue().is_some());
        let progress = history.progress(request);
        match decide(&context.limits.retry, facts, progress, || context.clock.draw()) {
            Decision::Return(why) => return Err(history.final_error(request, failure, why)),
            Decision::Requeue(delay) => {
                history.requeued += 1;
                wait(request, delay).await;
            }
            _ if !context.retry_tokens.spend() => {
                let why = NotRetried::BudgetExhausted;
                return Err(history.final_error(request, failure, why));
            }
            Decision::Recover(remedy) => history.apply(remedy, &failure),
            Decision::RetryAfter(delay) => wait(request, delay).await,
        }
    }
}

/// Fails if nothing can be waited for here, and says what a runtime needs.
pub(crate) fn check_runtime() -> Result<(), Error> {
    check_timer().map_err(|lacking| Error::configuration(lacking).with_hint(Some(lacking.hint())))
}

async fn wait(request: &CallRequest<'_>, delay: Duration) {
    if !delay.is_zero() {
        request.events().waiting(delay);
        sleep(delay).await;
    }
}

/// The attempts of one call so far.
#[derive(Default)]
struct History {
    /// The attempts that the service throttled and that returned to the queue.
    requeued: u32,
    /// The attempts that the service throttled, and its last error for that.
    rejections: u32,
    rejection: Option<Error>,
    /// True if one of them may have been executed.
    is_outcome_unknown: bool,
    /// The remedies applied so far.
    remedies: Vec<Remedy>,
    /// The lead of the service's clock, by the response that rejected the last request's time.
    clock_ahead: Option<TimeDelta>,
}

impl History {
    /// Records a failed attempt.
    fn record(&mut self, request: &CallRequest<'_>, mut failure: Failure) -> Failure {
        failure.error = request.error(failure.error);
        let ended = failure.error.or_successful_dry_run().map(drop);
        request.events().attempt_ended(request.sent(), ended, failure.duration);
        self.is_outcome_unknown |= failure.is_outcome_unknown();
        failure.error = self.complete(request, failure.error);
        if failure.error.kind() == ErrorKind::Throttled && failure.stage != Stage::NotSent {
            self.rejections += 1;
            self.rejection = Some(failure.error.clone());
        }
        failure
    }

    /// Adds what all attempts together have shown.
    fn complete(&self, request: &CallRequest<'_>, error: Error) -> Error {
        error
            .with_attempts(request.sent())
            .with_outcome_unknown(self.is_outcome_unknown, request.spec.is_write)
    }

    /// Returns the error that ends the call. If it waited for another permit after the service had
    /// throttled it, that is the service's error.
    fn final_error(
        mut self,
        request: &CallRequest<'_>,
        failure: Failure,
        why: NotRetried,
    ) -> Error {
        let is_throttled = failure.error.kind() == ErrorKind::Throttled;
        let error = match self.rejection.take().filter(|_| is_throttled) {
            Some(rejection) if self.requeued > 0 => {
                let hint = request.throttling_hint(self.rejections);
                self.complete(request, rejection).with_hint(Some(hint))
            }
            _ => failure.error,
        };
        error.not_retried(why).with_host(request.context.endpoint.host())
    }

    fn progress(&self, request: &CallRequest<'_>) -> Progress<'_> {
        Progress {
            attempts: request.sent(),
            requeued: self.requeued,
            time_left: request.time_left(),
            remedies: &self.remedies,
        }
    }

    /// Applies a remedy, so that the next attempt differs.
    fn apply(&mut self, remedy: Remedy, failure: &Failure) {
        self.remedies.push(remedy);
        match remedy {
            Remedy::Clock => self.clock_ahead = failure.clock.map(|clock| clock.ahead),
            // Every attempt asks the provider, and has a new nonce.
            Remedy::Credentials | Remedy::Nonce => {}
        }
    }
}
