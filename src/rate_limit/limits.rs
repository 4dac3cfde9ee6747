//! [`RateLimits`]: the limits of all groups, as the user sets and shares them.

use std::sync::Arc;
use std::time::Duration;

use super::wait_queue::Line;
use super::{DOCUMENTED, Quota, QuotaGroup};
use crate::error::ValidationError;

/// More is no limit, and each costs 16 bytes once it is reached.
const MOST_REQUESTS: u32 = 100_000;

const SHORTEST_TIME: Duration = Duration::from_millis(1);
const LONGEST_TIME: Duration = Duration::from_secs(24 * 60 * 60);

/// How many requests a client sends, by [`QuotaGroup`], so that the service need not throttle it.
///
/// The service counts the requests of an account in a region, group by group, and refuses what is more than its
/// [quotas](https://www.alibabacloud.com/help/en/kms/key-management-service/product-overview/performance-data) with
/// `Rejected.Throttling`. A client keeps to the documented figures of itself: in no stretch of a second (and 50 ms more,
/// for requests that overtake each other on the way) does it send more than a group allows. Up to the figure nothing waits;
/// the rest waits in line, first come first served, every attempt of a call for itself. A request whose turn would come after
/// the end of its [call's time](crate::KmsClientBuilder::call_timeout) is not sent: the call fails at once with
/// [`Throttled`](crate::ErrorKind::Throttled). A call whose future is not polled when its turn comes is passed over, and goes
/// on once it is polled again.
///
/// Where the service throttles all the same, since others use the account too, the group's figure is lowered to seven tenths,
/// at most once a window, and rises again by a fortieth of the whole with each window that passes.
///
/// # Sharing
///
/// The clones of a client share its limits. Other clients do not know of them: give those of the same account and region a
/// clone of the same value, and those of different ones a value each. Programs that share an account can be given a part each
/// by [`with`](Self::with).
///
/// ```
/// use std::time::Duration;
///
/// use alibabacloud_kms::KmsClient;
/// use alibabacloud_kms::credentials::Credentials;
/// use alibabacloud_kms::rate_limit::{QuotaGroup, RateLimits};
///
/// # fn main() -> alibabacloud_kms::Result<()> {
/// // Half of the 40 a second, for another program has the other half.
/// let limits = RateLimits::service_defaults().with(QuotaGroup::Manage, 20, Duration::from_secs(1));
/// let keys = || Credentials::new("fake-key-id", "fake-key-secret");
/// let public = KmsClient::builder().region("cn-hangzhou").credentials(keys()).rate_limits(limits.clone()).build()?;
/// let vpc = KmsClient::builder().region("cn-hangzhou").vpc().credentials(keys()).rate_limits(limits).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct RateLimits {
    lines: Arc<[Line]>,
}

impl RateLimits {
    /// The figures that the service documents for every account: the default, save for the hosts of dedicated KMS instances,
    /// which have no limits.
    pub fn service_defaults() -> Self {
        Self::of(&DOCUMENTED)
    }

    /// No limits: every request leaves at once.
    pub fn unlimited() -> Self {
        Self::of(&[])
    }

    /// Allows a group so many `requests` (1 to 100,000) in any stretch of `per` (1 ms to 24 hours); values outside are
    /// refused by [`build`](crate::KmsClientBuilder::build).
    ///
    /// The result counts for itself: it shares nothing with the clones of the value that it was made from.
    pub fn with(self, group: QuotaGroup, requests: u32, per: Duration) -> Self {
        let others = self.lines.iter().filter(|line| line.group != group);
        let mut quotas: Vec<_> = others.map(|line| (line.group, line.quota)).collect();
        quotas.push((group, Quota { requests, per }));
        Self::of(&quotas)
    }

    /// The same figures for another account or region: with lines of their own.
    pub(crate) fn anew(&self) -> Self {
        let quotas: Vec<_> = self.lines.iter().map(|line| (line.group, line.quota)).collect();
        Self::of(&quotas)
    }

    fn of(quotas: &[(QuotaGroup, Quota)]) -> Self {
        Self { lines: quotas.iter().map(|(group, quota)| Line::new(*group, *quota)).collect() }
    }

    /// Where the requests of a group stand in line; `None` if they need not.
    pub(crate) fn line(&self, group: QuotaGroup) -> Option<&Line> {
        self.lines.iter().find(|line| line.group == group)
    }

    pub(crate) fn validate(&self) -> Result<(), ValidationError> {
        for line in &*self.lines {
            let (group, Quota { requests, per }) = (line.group, line.quota);
            if !(1..=MOST_REQUESTS).contains(&requests) {
                let field = format!("rate_limits: requests of {group:?}");
                return Err(ValidationError::new(field, requests, "1 to 100,000"));
            }
            if !(SHORTEST_TIME..=LONGEST_TIME).contains(&per) {
                let field = format!("rate_limits: time of {group:?}");
                return Err(ValidationError::new(field, per, "1 ms to 24 hours"));
            }
        }
        Ok(())
    }
}

impl Default for RateLimits {
    fn default() -> Self {
        Self::service_defaults()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_group_has_one_figure_the_latest_and_the_others_keep_theirs() {
        let limits = RateLimits::service_defaults().with(QuotaGroup::Manage, 5, SECOND).with(
            QuotaGroup::Manage,
            6,
            SECOND,
        );
        let figure = |group| limits.line(group).map(|line| line.quota.requests);
        assert_eq!(figure(QuotaGroup::Manage), Some(6));
        assert_eq!(figure(QuotaGroup::Read), Some(450));
        assert_eq!(figure(QuotaGroup::Undocumented), None);
        assert!(RateLimits::unlimited().line(QuotaGroup::Manage).is_none());
    }

    #[test]
    fn what_no_limit_can_be_is_told_with_its_group() {
        let refusal = |requests, per| {
            RateLimits::unlimited()
                .with(QuotaGroup::Rotate, requests, per)
                .validate()
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            refusal(0, SECOND),
            "rate_limits: requests of Rotate is 0, allowed are 1 to 100,000"
        );
        assert!(refusal(100_001, SECOND).contains("requests of Rotate is 100001"));
        assert_eq!(
            refusal(1, Duration::ZERO),
            "rate_limits: time of Rotate is 0ns, allowed are 1 ms to 24 hours"
        );
        assert!(refusal(1, Duration::MAX).contains("time of Rotate is"));
        assert!(RateLimits::service_defaults().validate().is_ok());
    }
}
