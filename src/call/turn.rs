//! An attempt's place in the line of its quota group.

use tokio::time::{Instant, timeout};

use super::CallContext;
use super::attempts::Attempts;
use super::failure::{self, Failure};
use crate::retry::Stage;
use crate::telemetry;

/// When an attempt may be sent.
pub(super) struct Permit {
    pub(super) departed: Instant,
    /// Whether it stood in line, so that keys from before may be old.
    pub(super) waited: bool,
}

impl Attempts<'_> {
    /// Waits until the quota group has room for one more request. One whose turn would come after the call's time does not
    /// wait.
    pub(super) async fn take_turn(&self) -> Result<Permit, Failure> {
        let CallContext { clock, rate_limits, .. } = self.context;
        let asked = clock.instant();
        let Some(queue) = rate_limits.queue(self.asked.spec.quota_group) else {
            return Ok(Permit { departed: asked, waited: false });
        };
        let left = self.left();
        let wait = queue.expected_wait(asked);
        let too_late = |wait| {
            let limit = queue.describe(clock.instant());
            Failure::new(failure::own_limit(&limit, wait, left), Stage::NotSent)
        };
        if wait > left {
            return Err(too_late(wait));
        }
        if !wait.is_zero() {
            telemetry::waiting_for_quota(self.asked.spec.quota_group, wait);
        }
        match timeout(left, queue.acquire(|| clock.instant())).await {
            Ok(departed) => Ok(Permit { departed, waited: !wait.is_zero() }),
            // The service has throttled meanwhile, and the line moves more slowly than was expected.
            Err(_) => Err(too_late(queue.expected_wait(clock.instant()) + left)),
        }
    }

    /// Lets the quota group hear of a request that the service throttled.
    pub(super) fn on_throttled(&self, departed: Instant) {
        let CallContext { clock, rate_limits, .. } = self.context;
        if let Some(queue) = rate_limits.queue(self.asked.spec.quota_group) {
            queue.on_throttled(departed, clock.instant());
        }
    }
}
