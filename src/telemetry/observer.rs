//! [`CallObserver`] and the events that it receives.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::error::{CredentialsError, Error};
use crate::rate_limit::QuotaGroup;

/// Receives the events of a client's calls, such as for metrics.
///
/// Each method is called on the task of the call and must return quickly. A method that panics does
/// not affect the call.
pub trait CallObserver: Debug + Send + Sync + 'static {
    /// Called when a call has ended.
    fn on_call(&self, _call: &CallEvent<'_>) {}

    /// Called when one request of a call has ended.
    fn on_attempt(&self, _attempt: &AttemptEvent<'_>) {}

    /// Called when the service rejected a request because there were too many.
    fn on_throttle(&self, _throttled: &ThrottleEvent<'_>) {}

    /// Called before a call waits: for a permit of its quota group, or for its next attempt.
    fn on_wait(&self, _wait: &WaitEvent<'_>) {}

    /// Called when a call received other credentials than the one before, or none.
    fn on_refresh(&self, _refresh: &RefreshEvent<'_>) {}
}

impl<O: CallObserver + ?Sized> CallObserver for Arc<O> {
    fn on_call(&self, call: &CallEvent<'_>) {
        (**self).on_call(call);
    }

    fn on_attempt(&self, attempt: &AttemptEvent<'_>) {
        (**self).on_attempt(attempt);
    }

    fn on_throttle(&self, throttled: &ThrottleEvent<'_>) {
        (**self).on_throttle(throttled);
    }

    fn on_wait(&self, wait: &WaitEvent<'_>) {
        (**self).on_wait(wait);
    }

    fn on_refresh(&self, refresh: &RefreshEvent<'_>) {
        (**self).on_refresh(refresh);
    }
}

/// A call that has ended.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CallEvent<'a> {
    /// The service's name of the operation, such as `GetSecretValue`.
    pub operation: &'a str,
    /// The region of the client, if it has one.
    pub region: Option<&'a str>,
    /// The resource that the request named, such as the name of a secret.
    pub resource: Option<&'a str>,
    /// The result of the call.
    pub outcome: CallOutcome<'a>,
    /// The number of requests that were sent; for a cancelled call with the one in flight.
    pub attempts: u32,
    /// The duration of the whole call, with waits and retries.
    pub duration: Duration,
}

/// The result of a call.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum CallOutcome<'a> {
    /// The call returned a response, or was a dry run that found that it would.
    Success {
        /// The request id of the response.
        request_id: &'a str,
    },
    /// The call returned this error.
    Failure(&'a Error),
    /// The call was dropped before it ended.
    Cancelled,
}

/// One request of a call, and what became of it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct AttemptEvent<'a> {
    /// The service's name of the operation.
    pub operation: &'a str,
    /// The region of the client, if it has one.
    pub region: Option<&'a str>,
    /// The number of the attempt in its call, from 1.
    pub number: u32,
    /// The error of the attempt; `None` for a success.
    pub error: Option<&'a Error>,
    /// The time from sending the request to its response, or to giving it up.
    pub duration: Duration,
}

/// A request that the service rejected because there were too many.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ThrottleEvent<'a> {
    /// The service's name of the operation.
    pub operation: &'a str,
    /// The region of the client, if it has one.
    pub region: Option<&'a str>,
    /// The group whose quota was exceeded.
    pub quota_group: QuotaGroup,
    /// The error of the service.
    pub error: &'a Error,
}

/// A wait of a call.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct WaitEvent<'a> {
    /// The service's name of the operation.
    pub operation: &'a str,
    /// The region of the client, if it has one.
    pub region: Option<&'a str>,
    /// The reason for the wait.
    pub reason: WaitReason,
    /// The expected duration.
    pub duration: Duration,
}

/// The reason for a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitReason {
    /// The client's own rate limit for this group has no permit yet.
    Quota(QuotaGroup),
    /// The last attempt failed, and the next one follows after a wait.
    Retry,
}

/// The first or new credentials of a client, or the failure to get some.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct RefreshEvent<'a> {
    /// The time at which the credentials expire, if it is known.
    pub expiration: Option<DateTime<Utc>>,
    /// The reason why there are none.
    pub error: Option<&'a CredentialsError>,
    /// The time that the call waited for them. It is short if they were refreshed ahead of their
    /// expiry.
    pub duration: Duration,
}
