//! The permit that an attempt needs from the queue of its quota group.

use super::failure::{self, Failure};
use super::request::CallRequest;
use crate::error::ErrorKind;
use crate::rate_limit;
use crate::retry::Stage;

/// The permission to send one request.
#[derive(Clone, Copy)]
pub(super) struct Permit {
    /// `None` if the group has no quota.
    granted: Option<rate_limit::Permit>,
    /// True if the attempt was queued, so that its credentials may have expired meanwhile.
    pub(super) was_queued: bool,
}

/// Waits until the quota group has a permit. A call whose permit would come after its deadline does
/// not wait.
pub(super) async fn acquire_permit(request: &CallRequest<'_>) -> Result<Permit, Failure> {
    let clock = &request.context.clock;
    let Some((queue, ticket)) = request.queue() else {
        return Ok(Permit { granted: None, was_queued: false });
    };
    let (now, until) = (clock.instant(), request.deadline());
    let waiting = |wait| request.events().waiting_for_quota(wait);
    let acquired = queue.acquire(ticket, now, until, || clock.instant(), waiting).await;
    let granted = acquired.map_err(|wait| {
        let limit = queue.describe(clock.instant());
        Failure::new(failure::rate_limited(&limit, wait, request.time_left()), Stage::NotSent)
    })?;
    Ok(Permit { granted: Some(granted), was_queued: granted.sent_at() > now })
}

/// Reports to the quota group how a request ended: `None` for a success, or the kind of its error.
pub(super) fn report_end(request: &CallRequest<'_>, permit: Permit, error: Option<ErrorKind>) {
    let Some(((queue, _), granted)) = request.queue().zip(permit.granted) else { return };
    let clock = &request.context.clock;
    match error {
        Some(ErrorKind::Throttled) => queue.on_throttled(granted, clock.instant(), clock.draw()),
        Some(ErrorKind::Unavailable | ErrorKind::Network | ErrorKind::Timeout) => {
            queue.on_ended(granted, clock.instant());
        }
        _ => queue.on_granted(granted, clock.instant()),
    }
}
