//! [`CallRequest`]: the request of one call, with what its attempts share.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use super::context::CallContext;
use super::failure;
use crate::error::{Error, Resource, ValidationError};
use crate::operation::request::Request;
use crate::operation::{CallSpec, Encoded};
use crate::rate_limit::{Ticket, WaitQueue};
use crate::telemetry::CallEvents;

/// The request of one call. It does not know the type of its operation, so that the attempts are
/// compiled once and not for each operation.
pub(super) struct CallRequest<'c> {
    pub(super) context: &'c CallContext,
    pub(super) spec: CallSpec<'c>,
    pub(super) encoded: Encoded<'c>,
    started: Instant,
    /// The position of the call in the queue of its quota group.
    ticket: Option<Ticket>,
    /// The number of attempts that were sent or are being sent.
    sent: AtomicU32,
}

impl<'c> CallRequest<'c> {
    pub(super) fn new<R: Request>(context: &'c CallContext, sent: &'c R) -> Self {
        let spec = sent.spec();
        let queue = context.rate_limits.queue(spec.quota_group);
        Self {
            context,
            spec,
            encoded: sent.encoded(context.endpoint.region()),
            started: context.clock.instant(),
            ticket: queue.map(WaitQueue::new_ticket),
            sent: AtomicU32::new(0),
        }
    }

    /// Checks the request, and the client's settings for it.
    pub(super) fn validate(&self) -> Result<(), Error> {
        let invalid = |problem: &ValidationError| self.error(Error::invalid_input(problem));
        if let Some(violation) = &self.encoded.violation {
            return Err(invalid(violation));
        }
        self.context.limits.validate().map_err(|problem| invalid(&problem))?;
        if self.context.endpoint.is_instance() && !self.spec.is_served_by_instances {
            return Err(self.error(failure::not_served_by_instances()));
        }
        Ok(())
    }

    pub(super) fn resource(&self) -> Option<Resource<'_>> {
        self.encoded.resource.clone()
    }

    /// Returns the queue of the call's quota group, with the call's position; `None` if the group
    /// has no quota.
    pub(super) fn queue(&self) -> Option<(&WaitQueue, Ticket)> {
        self.context.rate_limits.queue(self.spec.quota_group).zip(self.ticket)
    }

    /// Returns what reports the events of the call.
    pub(super) fn events(&self) -> CallEvents<'_> {
        CallEvents {
            observed: &self.context.observed,
            operation: self.spec.name,
            region: self.context.endpoint.region(),
            quota_group: self.spec.quota_group,
        }
    }

    /// Counts an attempt that is about to be sent.
    pub(super) fn count_sent(&self) {
        self.sent.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns the number of attempts so far, the one in flight included.
    pub(super) fn sent(&self) -> u32 {
        self.sent.load(Ordering::Relaxed)
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.context.clock.instant() - self.started
    }

    pub(super) fn time_left(&self) -> Duration {
        self.context.limits.call_timeout.saturating_sub(self.elapsed())
    }

    /// Returns when the call's timeout is over.
    pub(super) fn deadline(&self) -> Instant {
        self.started + self.context.limits.call_timeout
    }

    /// Adds the operation and the resource to an error.
    pub(super) fn error(&self, error: Error) -> Error {
        error.with_operation(self.spec.name).on_resource(self.resource())
    }

    /// Returns what to do about an error of a call that the service throttled so often.
    pub(super) fn throttling_hint(&self, rejections: u32) -> String {
        let limit = self.queue().map_or_else(String::new, |(queue, _)| {
            format!(" ({})", queue.describe(self.context.clock.instant()))
        });
        format!(
            "the service rejected {rejections} requests of this call{limit}: make fewer calls at \
             once, or raise call_timeout"
        )
    }
}
