//! [`RateLimits`]: the quotas of all groups, as the user sets and shares them.

use std::sync::Arc;

use super::quota::{DOCUMENTED, Quota, QuotaGroup};
use super::wait_queue::WaitQueue;
use crate::error::ValidationError;

/// The number of requests that a client sends, by [`QuotaGroup`], so that the service does not have
/// to throttle it.
///
/// The service counts the requests of an account in a region, group by group, and rejects what
/// exceeds its
/// [quotas](https://www.alibabacloud.com/help/en/kms/key-management-service/product-overview/performance-data)
/// with `Rejected.Throttling`. By default a client keeps to the documented quotas: in any stretch
/// of a second it sends no more than the quota of a group. A request counts when the service
/// receives it, as far as its latency shows: one that has to make a connection first counts later.
///
/// Requests within the quota do not wait, except that a new or idle client begins with 10 in
/// flight, and with twice as many each time that as many were granted. The others wait in the queue
/// of their group, first come, first served; each attempt of a call queues again. If the permit of
/// a request would come after the end of its [call's
/// timeout](crate::KmsClientBuilder::call_timeout), the call fails immediately with
/// [`Throttled`](crate::ErrorKind::Throttled) and nothing is sent. A call whose future is not
/// polled when its permit is due is skipped, and continues when it is polled again.
///
/// # When others use the quota too
///
/// If the service throttles nevertheless, the client spaces the requests of the group at the pace
/// at which the service grants them. It learns the pace from the responses: within about two
/// seconds when less is granted, and within about five when more is granted again. Clients that do
/// not know each other approach the same pace, so what they send adds up to the quota; about one
/// request in ten is rejected while they compete. A client sends at least one request in 16
/// seconds.
///
/// # Sharing
///
/// The clones of a client share its limits. Other clients do not know of them: give clients of the
/// same account and region clones of one value, and clients of different ones a value each. To
/// divide an account between programs, give each program a part with [`limit`](Self::limit).
///
/// ```
/// use alibabacloud_kms::KmsClient;
/// use alibabacloud_kms::credentials::Credentials;
/// use alibabacloud_kms::rate_limit::{Quota, QuotaGroup, RateLimits};
///
/// # fn main() -> alibabacloud_kms::Result<()> {
/// // Half of the 40 requests a second; another program has the other half.
/// let limits = RateLimits::service_defaults().limit(QuotaGroup::Manage, Quota::per_second(20));
/// let builder = || {
///     KmsClient::builder()
///         .region("cn-hangzhou")
///         .credentials(Credentials::new("fake-key-id", "fake-key-secret"))
///         .rate_limits(limits.clone())
/// };
/// let public = builder().build()?;
/// let vpc = builder().vpc().build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct RateLimits {
    queues: Arc<[WaitQueue]>,
}

impl RateLimits {
    /// Returns the quotas that the service documents for every account. They are the default of a
    /// client, except for a [dedicated instance](crate::KmsClientBuilder::dedicated_instance), for
    /// which the service has no quotas.
    pub fn service_defaults() -> Self {
        Self::from_quotas(&DOCUMENTED)
    }

    /// Returns limits without any quota: every request is sent immediately.
    pub fn unlimited() -> Self {
        Self::from_quotas(&[])
    }

    /// Sets the quota of a group: 1 to 100,000 requests in 1 ms to 24 hours.
    /// [`build`](crate::KmsClientBuilder::build) rejects other values.
    ///
    /// The result counts separately: it shares nothing with the clones of the value that it was
    /// made from.
    pub fn limit(self, group: QuotaGroup, quota: Quota) -> Self {
        let others = self.quotas().filter(|(other, _)| *other != group);
        Self::from_quotas(&others.chain([(group, quota)]).collect::<Vec<_>>())
    }

    /// Returns the same quotas for another account or region, with queues of their own.
    pub(crate) fn new_like(&self) -> Self {
        Self::from_quotas(&self.quotas().collect::<Vec<_>>())
    }

    fn from_quotas(quotas: &[(QuotaGroup, Quota)]) -> Self {
        Self {
            queues: quotas.iter().map(|(group, quota)| WaitQueue::new(*group, *quota)).collect(),
        }
    }

    fn quotas(&self) -> impl Iterator<Item = (QuotaGroup, Quota)> {
        self.queues.iter().map(|queue| (queue.group, queue.quota))
    }

    /// Returns the queue of a group; `None` if the group has no quota.
    pub(crate) fn queue(&self, group: QuotaGroup) -> Option<&WaitQueue> {
        self.queues.iter().find(|queue| queue.group == group)
    }

    pub(crate) fn validate(&self) -> Result<(), ValidationError> {
        self.quotas().try_for_each(|(group, quota)| quota.validate(group))
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

    #[test]
    fn latest_quota_of_a_group_counts_and_others_stay() {
        let limits = RateLimits::service_defaults()
            .limit(QuotaGroup::Manage, Quota::per_second(5))
            .limit(QuotaGroup::Manage, Quota::per_second(6));
        let quota = |group| limits.queue(group).map(|queue| queue.quota);
        assert_eq!(quota(QuotaGroup::Manage), Some(Quota::per_second(6)));
        assert_eq!(quota(QuotaGroup::Read), Some(Quota::per_second(450)));
        assert_eq!(quota(QuotaGroup::Undocumented), None);
        assert!(RateLimits::unlimited().queue(QuotaGroup::Manage).is_none());
    }

    #[test]
    fn every_quota_is_validated() {
        assert!(RateLimits::service_defaults().validate().is_ok());
        let limits = RateLimits::service_defaults().limit(QuotaGroup::Rotate, Quota::per_second(0));
        assert!(limits.validate().unwrap_err().to_string().contains("rate_limits.Rotate.requests"));
    }
}
