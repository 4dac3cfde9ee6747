//! [`decide`]: what follows a failed attempt. Pure: time, randomness and history are arguments.

use std::time::Duration;

use super::backoff::{jittered, spread};
use super::classify::{FailureClass, Remedy, RetryClass, Stage, classify};
use super::policy::{RetryDecision, RetryPolicy};
use crate::error::{Error, ErrorKind, NotRetried};

/// The step that follows a failed attempt.
///
/// There are two budgets, for the two ways in which a service is overloaded. The retries of an
/// outage are bounded by [`RetryTokens`](super::RetryTokens): the caller takes a token before it
/// follows `Recover` or `RetryAfter`. Requests that exceed a quota are bounded by the pace of their
/// queue, so `Requeue` does not cost a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// The call ends with the attempt's error.
    Return(NotRetried),
    /// The remedy is applied, and the next attempt follows immediately.
    Recover(Remedy),
    /// The next attempt follows after a wait.
    RetryAfter(Duration),
    /// The request returns to the queue of its quota group after a wait.
    Requeue(Duration),
}

/// A failed attempt, as far as the decision depends on it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FailedAttempt<'e> {
    pub(crate) stage: Stage,
    pub(crate) error: &'e Error,
    pub(crate) retry_class: RetryClass,
    /// The wait that the response asked for.
    pub(crate) server_wait: Option<Duration>,
    /// True if the response's date differs from the time that the request was signed with; `None`
    /// without a usable date.
    pub(crate) is_skew_new: Option<bool>,
    /// True if the credentials were rejected, and their provider may have others.
    pub(crate) has_other_credentials: bool,
    /// True if the quota group has a queue, which spaces what follows.
    pub(crate) is_paced: bool,
}

/// The past of a call, and the time that is left to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Progress<'r> {
    /// The attempts made, the failed one included.
    pub(crate) attempts: u32,
    /// Those of them that returned to the queue.
    pub(crate) requeued: u32,
    pub(crate) time_left: Duration,
    /// The remedies applied so far.
    pub(crate) remedies: &'r [Remedy],
}

/// Decides what follows a failed attempt. `draw` returns a random number from 0 to 1; it is called
/// only for a backoff.
pub(crate) fn decide(
    policy: &RetryPolicy,
    failed: FailedAttempt<'_>,
    progress: Progress<'_>,
    draw: impl FnOnce() -> f64,
) -> Decision {
    let FailedAttempt { stage, error, retry_class, server_wait, .. } = failed;
    // Nothing was sent, so nothing would be counted, and retries would not end.
    if stage == Stage::NotSent {
        let is_late = error.kind() == ErrorKind::Throttled && progress.requeued > 0;
        let why = if is_late { NotRetried::DeadlineTooClose } else { NotRetried::Final };
        return Decision::Return(why);
    }
    let class = classify(stage, error.kind(), error.code(), server_wait.is_some(), retry_class);
    let class = match class {
        FailureClass::Remediable(remedy) if !is_applicable(remedy, failed, progress.remedies) => {
            FailureClass::Final
        }
        class => class,
    };
    if policy.classify(error, class.proposed_decision()) == RetryDecision::Stop {
        return Decision::Return(NotRetried::Final);
    }
    let attempts = progress.attempts - progress.requeued;
    let delay = || match server_wait {
        Some(wait) => spread(wait, draw()),
        None => jittered(policy.ceiling(attempts), draw()),
    };
    if class == FailureClass::Throttled && failed.is_paced && policy.attempts() > 1 {
        // Without a wait in the response, the queue knows best when to send again.
        let delay = if server_wait.is_some() { delay() } else { Duration::ZERO };
        return within(progress.time_left, delay, Decision::Requeue);
    }
    if attempts >= policy.attempts() {
        return Decision::Return(NotRetried::AttemptsExhausted);
    }
    match class {
        FailureClass::Remediable(remedy) => {
            within(progress.time_left, Duration::ZERO, |_| Decision::Recover(remedy))
        }
        // A final error that the user's classifier retries waits as any other does.
        FailureClass::Transient | FailureClass::Throttled | FailureClass::Final => {
            within(progress.time_left, delay(), Decision::RetryAfter)
        }
    }
}

/// Returns the decision to go on after a delay, if that is within the time that is left.
fn within(
    time_left: Duration,
    delay: Duration,
    decision: impl FnOnce(Duration) -> Decision,
) -> Decision {
    if delay < time_left { decision(delay) } else { Decision::Return(NotRetried::DeadlineTooClose) }
}

/// Returns whether the next attempt would differ. Each remedy is applied once, and the clock is
/// corrected a second time if the responses contradict each other, so that the first may have been
/// the wrong one.
fn is_applicable(remedy: Remedy, failed: FailedAttempt<'_>, applied: &[Remedy]) -> bool {
    let times = applied.iter().filter(|applied| **applied == remedy).count();
    match (remedy, times) {
        (Remedy::Credentials, 0) => failed.has_other_credentials,
        (Remedy::Nonce, 0) => true,
        (Remedy::Clock, 0) => failed.is_skew_new.is_some(),
        (Remedy::Clock, 1) => failed.is_skew_new == Some(true),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);
    const FINAL: Decision = Decision::Return(NotRetried::Final);

    fn error(kind: ErrorKind) -> Error {
        Error::new(kind, "fake")
    }

    fn failed(error: &Error) -> FailedAttempt<'_> {
        FailedAttempt {
            stage: Stage::ErrorResponse,
            error,
            retry_class: RetryClass::Always,
            server_wait: None,
            is_skew_new: None,
            has_other_credentials: false,
            is_paced: false,
        }
    }

    const FIRST: Progress<'_> =
        Progress { attempts: 1, requeued: 0, time_left: Duration::from_secs(60), remedies: &[] };

    #[test]
    fn transient_error_is_retried_after_its_backoff() {
        let error = error(ErrorKind::Unavailable);
        let decide = |attempts| {
            decide(&RetryPolicy::new(), failed(&error), Progress { attempts, ..FIRST }, || 0.5)
        };
        assert_eq!(decide(1), Decision::RetryAfter(100 * MS));
        assert_eq!(decide(2), Decision::RetryAfter(200 * MS));
        assert_eq!(decide(3), Decision::Return(NotRetried::AttemptsExhausted));
    }

    #[test]
    fn throttled_request_returns_to_its_queue() {
        let error = error(ErrorKind::Throttled);
        let failed = FailedAttempt { is_paced: true, ..failed(&error) };
        let decide = |policy, failed, time_left| {
            let progress = Progress { attempts: 3, time_left, ..FIRST };
            decide(&policy, failed, progress, || 1.0)
        };
        let requeued = decide(RetryPolicy::new(), failed, MS);
        assert_eq!(requeued, Decision::Requeue(Duration::ZERO), "however many attempts there were");
        let too_close = Decision::Return(NotRetried::DeadlineTooClose);
        assert_eq!(decide(RetryPolicy::new(), failed, Duration::ZERO), too_close);
        let exhausted = Decision::Return(NotRetried::AttemptsExhausted);
        assert_eq!(decide(RetryPolicy::disabled(), failed, MS), exhausted);
        let unpaced = FailedAttempt { is_paced: false, ..failed };
        assert_eq!(decide(RetryPolicy::new(), unpaced, 1_000 * MS), exhausted);
        let asked = FailedAttempt { server_wait: Some(400 * MS), ..failed };
        assert_eq!(decide(RetryPolicy::new(), asked, 501 * MS), Decision::Requeue(500 * MS));
        assert_eq!(decide(RetryPolicy::new(), asked, 500 * MS), too_close);
    }

    #[test]
    fn requeued_attempts_do_not_count() {
        let error = error(ErrorKind::Unavailable);
        let decide = |attempts| {
            let progress = Progress { attempts, requeued: 7, ..FIRST };
            decide(&RetryPolicy::new(), failed(&error), progress, || 1.0)
        };
        assert_eq!(decide(8), Decision::RetryAfter(200 * MS));
        assert_eq!(decide(9), Decision::RetryAfter(400 * MS));
        assert_eq!(decide(10), Decision::Return(NotRetried::AttemptsExhausted));
    }

    #[test]
    fn wait_of_the_response_replaces_the_backoff() {
        let error = error(ErrorKind::Unavailable);
        let failed = FailedAttempt { server_wait: Some(700 * MS), ..failed(&error) };
        let decide = |time_left| {
            decide(&RetryPolicy::new(), failed, Progress { time_left, ..FIRST }, || 0.5)
        };
        assert_eq!(decide(788 * MS), Decision::RetryAfter(Duration::from_micros(787_500)));
        assert_eq!(decide(787 * MS), Decision::Return(NotRetried::DeadlineTooClose));
    }

    #[test]
    fn attempt_that_was_not_sent_is_never_retried() {
        let error = error(ErrorKind::Throttled);
        let failed = FailedAttempt { stage: Stage::NotSent, ..failed(&error) };
        let policy = RetryPolicy::new().with_classifier(|_, _| RetryDecision::Retry);
        assert_eq!(decide(&policy, failed, FIRST, || 0.5), FINAL);
        let requeued = Progress { attempts: 2, requeued: 2, ..FIRST };
        let too_close = Decision::Return(NotRetried::DeadlineTooClose);
        assert_eq!(decide(&policy, failed, requeued, || 0.5), too_close);
    }

    #[test]
    fn classifier_overrides_both_ways() {
        let (denied, unavailable) = (error(ErrorKind::AccessDenied), error(ErrorKind::Unavailable));
        let retry = RetryPolicy::new().with_classifier(|_, proposed| {
            assert_eq!(proposed, RetryDecision::Stop);
            RetryDecision::Retry
        });
        assert_eq!(decide(&retry, failed(&denied), FIRST, || 1.0), Decision::RetryAfter(200 * MS));
        let stop = RetryPolicy::new().with_classifier(|_, proposed| {
            assert_eq!(proposed, RetryDecision::Retry);
            RetryDecision::Stop
        });
        assert_eq!(decide(&stop, failed(&unavailable), FIRST, || 1.0), FINAL);
    }

    #[test]
    fn clock_is_corrected_twice_if_responses_contradict() {
        let error = error(ErrorKind::ClockSkew);
        let decide = |is_skew_new, remedies| {
            let failed = FailedAttempt { is_skew_new, ..failed(&error) };
            decide(&RetryPolicy::new(), failed, Progress { remedies, ..FIRST }, || 0.5)
        };
        let recover = Decision::Recover(Remedy::Clock);
        assert_eq!(decide(None, &[]), FINAL);
        assert_eq!(decide(Some(false), &[]), recover);
        assert_eq!(decide(Some(false), &[Remedy::Clock]), FINAL);
        assert_eq!(decide(Some(true), &[Remedy::Clock, Remedy::Nonce]), recover);
        assert_eq!(decide(Some(true), &[Remedy::Clock, Remedy::Clock]), FINAL);
    }

    #[test]
    fn error_without_a_remedy_is_retried_only_by_the_classifier() {
        let error = error(ErrorKind::ClockSkew);
        let retry = RetryPolicy::new().with_classifier(|_, proposed| {
            assert_eq!(proposed, RetryDecision::Stop);
            RetryDecision::Retry
        });
        let decide = |policy: &RetryPolicy| decide(policy, failed(&error), FIRST, || 1.0);
        assert_eq!(decide(&RetryPolicy::new()), FINAL);
        assert_eq!(decide(&retry), Decision::RetryAfter(200 * MS));
    }

    #[test]
    fn remedy_needs_an_attempt_and_time() {
        let error = error(ErrorKind::ClockSkew);
        let failed = FailedAttempt { is_skew_new: Some(true), ..failed(&error) };
        let decide = |progress| decide(&RetryPolicy::new(), failed, progress, || 0.5);
        let last = Progress { attempts: 3, ..FIRST };
        assert_eq!(decide(last), Decision::Return(NotRetried::AttemptsExhausted));
        let late = Progress { time_left: Duration::ZERO, ..FIRST };
        assert_eq!(decide(late), Decision::Return(NotRetried::DeadlineTooClose));
    }
}
