//! The permit that an attempt needs from the queue of its quota group.

use tokio::time::{Instant, timeout};

use super::failure::{self, Failure};
use super::request::CallRequest;
use crate::retry::Stage;
use crate::telemetry;

/// The permission to send one request.
pub(super) struct Permit {
    pub(super) acquired: Instant,
    /// Whether the attempt was queued, so that credentials from before may have expired.
    pub(super) was_queued: bool,
}

/// Waits until the quota group has a permit. A call whose permit would come after its deadline does
/// not wait.
pub(super) async fn acquire_permit(request: &CallRequest<'_>) -> Result<Permit, Failure> {
    let clock = &request.context.clock;
    let now = clock.instant();
    let Some(queue) = request.context.rate_limits.queue(request.spec.quota_group) else {
        return Ok(Permit { acquired: now, was_queued: false });
    };
    let time_left = request.time_left();
    let wait = queue.expected_wait(now);
    let too_late = |wait| {
        let limit = queue.describe(clock.instant());
        Failure::new(failure::rate_limited(&limit, wait, time_left), Stage::NotSent)
    };
    if wait > time_left {
        return Err(too_late(wait));
    }
    if !wait.is_zero() {
        telemetry::waiting_for_quota(request.spec.quota_group, wait);
    }
    match timeout(time_left, queue.acquire(|| clock.instant())).await {
        Ok(acquired) => Ok(Permit { acquired, was_queued: !wait.is_zero() }),
        // The service throttled meanwhile, so the queue is slower than expected.
        Err(_) => Err(too_late(queue.expected_wait(clock.instant()) + time_left)),
    }
}

/// Reports a request that the service throttled to its quota group.
pub(super) fn report_throttled(request: &CallRequest<'_>, acquired: Instant) {
    if let Some(queue) = request.context.rate_limits.queue(request.spec.quota_group) {
        queue.on_throttled(acquired, request.context.clock.instant());
    }
}
