//! An attempt's place in the line of its quota group.

use tokio::time::{Instant, timeout};

use super::CallContext;
use super::failure::{self, Failure};
use crate::ops::Operation;
use crate::retry::Stage;
use crate::telemetry;

/// When an attempt may be sent.
pub(super) struct Turn {
    pub(super) departed: Instant,
    /// Whether it stood in line, so that keys from before may be old.
    pub(super) waited: bool,
}

impl CallContext {
    /// Waits until the quota group has room for one more request. One whose turn would come after `deadline` does not wait.
    pub(super) async fn take_turn<O: Operation>(&self, deadline: Instant) -> Result<Turn, Failure> {
        let asked = self.clock.instant();
        let Some(line) = self.rate_limits.line(O::QUOTA) else {
            return Ok(Turn { departed: asked, waited: false });
        };
        let left = deadline.saturating_duration_since(asked);
        let wait = line.expected_wait(asked);
        let too_late = |wait| {
            let limit = line.describe(self.clock.instant());
            Failure::new(failure::own_limit(&limit, wait, left), Stage::NotBegun)
        };
        if wait > left {
            return Err(too_late(wait));
        }
        if !wait.is_zero() {
            telemetry::waiting_for_quota(O::QUOTA, wait);
        }
        match timeout(left, line.depart(|| self.clock.instant())).await {
            Ok(departed) => Ok(Turn { departed, waited: !wait.is_zero() }),
            // The service has throttled meanwhile, and the line moves more slowly than was expected.
            Err(_) => Err(too_late(line.expected_wait(self.clock.instant()) + left)),
        }
    }

    /// Lets the quota group hear of a request that the service throttled.
    pub(super) fn tell_throttled<O: Operation>(&self, departed: Instant) {
        if let Some(line) = self.rate_limits.line(O::QUOTA) {
            line.throttled(departed, self.clock.instant());
        }
    }
}
