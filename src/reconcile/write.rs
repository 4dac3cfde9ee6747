//! [`Write`]: a write, and the reads that find out whether it was executed.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

use crate::call::{CallContext, call};
use crate::error::{Error, Result};
use crate::operation::Operation;

/// The possible error of the known time of the service, which accepts requests whose time differs
/// by less.
const CLOCK_ERROR: TimeDelta = TimeDelta::minutes(15);

/// A write and the time that its call has, which its reads share.
pub(super) struct Write {
    context: Arc<CallContext>,
    started: Instant,
}

/// The finding about a write whose retry was rejected.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Executed,
    /// Another caller caused the rejection.
    NotExecuted,
    /// It cannot be known, for this reason.
    Unknown(&'static str),
}

impl Write {
    pub(super) fn start(context: Arc<CallContext>) -> Self {
        let started = context.clock.instant();
        Self { context, started }
    }

    pub(super) fn execute<O: Operation>(
        &self,
        request: O,
    ) -> impl Future<Output = Result<O::Response>> + Send + Sync + use<O> {
        call(Arc::clone(&self.context), request)
    }

    /// Reads something in the time that remains of the call; without any the read fails
    /// immediately.
    pub(super) fn read<O: Operation>(
        &self,
        request: O,
    ) -> impl Future<Output = Result<O::Response>> + Send + Sync + use<O> {
        let mut context = CallContext::clone(&self.context);
        context.limits.call_timeout = context.limits.call_timeout.saturating_sub(self.spent());
        call(Arc::new(context), request)
    }

    fn spent(&self) -> Duration {
        self.context.clock.instant() - self.started
    }

    /// Returns whether the service may have done something at `time` because of this write.
    pub(super) fn may_have_caused(&self, time: DateTime<Utc>) -> bool {
        let now = self.context.service_time();
        let spent = TimeDelta::from_std(self.spent()).unwrap_or(TimeDelta::MAX);
        let since = now.checked_sub_signed(spent).and_then(|t| t.checked_sub_signed(CLOCK_ERROR));
        since.is_none_or(|since| since <= time) && time <= now + CLOCK_ERROR
    }
}

/// Returns whether `error` is the rejection of a retry, with this code.
pub(super) fn is_rejected_retry(error: &Error, code: &str) -> bool {
    error.is_outcome_unknown() && error.code() == Some(code)
}

impl Verdict {
    /// Returns `response` for a write that was executed, and otherwise the rejection as an error.
    pub(super) fn resolve<T>(self, rejection: Error, response: impl FnOnce() -> T) -> Result<T> {
        match self {
            Self::Executed => Ok(response()),
            Self::NotExecuted => Err(rejection.with_outcome_unknown(false, true)),
            Self::Unknown(reason) => Err(rejection.with_hint(Some(reason))),
        }
    }
}
