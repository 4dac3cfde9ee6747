//! [`Observed`]: the observer of a client, and [`CallEvents`], which reports the events of one call
//! to it and to the subscribers of `tracing`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::observer::{
    AttemptEvent, CallEvent, CallObserver, CallOutcome, RefreshEvent, ThrottleEvent, WaitEvent,
    WaitReason,
};
#[cfg(feature = "tracing")]
use super::recorded as spans;
#[cfg(not(feature = "tracing"))]
use super::silent as spans;
use crate::error::{CredentialsError, Error};
use crate::identity::Credentials;
use crate::rate_limit::QuotaGroup;

/// The observer of a client, if it has one.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    observer: Option<Arc<dyn CallObserver>>,
    /// The credentials of the last call, to notice a refresh.
    credentials: Mutex<Option<Credentials>>,
}

impl Observed {
    pub(crate) fn new(observer: Option<Arc<dyn CallObserver>>) -> Self {
        Self { observer, credentials: Mutex::default() }
    }

    /// Notifies the observer. A panic of it ends here; the panic hook has reported it.
    fn notify(&self, notify: impl FnOnce(&dyn CallObserver)) {
        if let Some(observer) = &self.observer {
            let _ = catch_unwind(AssertUnwindSafe(|| notify(&**observer)));
        }
    }

    /// Reports the credentials of a call if they are other ones than those of the call before.
    pub(crate) fn credentials(
        &self,
        provided: Result<&Credentials, &CredentialsError>,
        duration: Duration,
    ) {
        if self.observer.is_none() {
            return;
        }
        if let Ok(current) = provided {
            let mut last = self.credentials.lock().unwrap_or_else(PoisonError::into_inner);
            if last.as_ref().is_some_and(|last| last.is_same_set(current)) {
                return;
            }
            *last = Some(current.clone());
        }
        let event = RefreshEvent {
            expiration: provided.ok().and_then(Credentials::expiration),
            error: provided.err(),
            duration,
        };
        self.notify(|observer| observer.on_refresh(&event));
    }
}

/// Reports the events of one call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallEvents<'c> {
    pub(crate) observed: &'c Observed,
    pub(crate) operation: &'c str,
    pub(crate) region: Option<&'c str>,
    pub(crate) quota_group: QuotaGroup,
}

impl CallEvents<'_> {
    /// Reports the end of the call.
    pub(crate) fn call_ended(
        self,
        resource: Option<&str>,
        outcome: CallOutcome<'_>,
        attempts: u32,
        duration: Duration,
    ) {
        let Self { operation, region, .. } = self;
        let event = CallEvent { operation, region, resource, outcome, attempts, duration };
        self.observed.notify(|observer| observer.on_call(&event));
    }

    /// Reports the end of an attempt. `duration` is `None` if it had nothing to send.
    pub(crate) fn attempt_ended(
        self,
        number: u32,
        outcome: Result<(), &Error>,
        duration: Option<Duration>,
    ) {
        spans::attempt_ended(number, outcome);
        let Some(duration) = duration else { return };
        let Self { operation, region, quota_group, .. } = self;
        let error = outcome.err();
        let event = AttemptEvent { operation, region, number, error, duration };
        self.observed.notify(|observer| observer.on_attempt(&event));
        if let Some(error) = error.filter(|error| error.is_throttled()) {
            let event = ThrottleEvent { operation, region, quota_group, error };
            self.observed.notify(|observer| observer.on_throttle(&event));
        }
    }

    /// Reports a wait before the next attempt.
    pub(crate) fn waiting(self, wait: Duration) {
        spans::waiting(wait);
        self.wait(WaitReason::Retry, wait);
    }

    /// Reports a wait for a permit of the quota group.
    pub(crate) fn waiting_for_quota(self, wait: Duration) {
        spans::waiting_for_quota(self.quota_group, wait);
        self.wait(WaitReason::Quota(self.quota_group), wait);
    }

    fn wait(self, reason: WaitReason, duration: Duration) {
        let Self { operation, region, .. } = self;
        let event = WaitEvent { operation, region, reason, duration };
        self.observed.notify(|observer| observer.on_wait(&event));
    }
}
