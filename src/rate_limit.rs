//! Client-side rate limits: how many requests a client sends, by group of operations.
//!
//! The service counts the requests of an account in a region, group by group, and rejects what
//! exceeds its
//! [quotas](https://www.alibabacloud.com/help/en/kms/key-management-service/product-overview/performance-data).
//! A client keeps to them: [`RateLimits`] holds one [`Quota`] for each [`QuotaGroup`], and each
//! request waits in the queue of its group until the quota has room for it. The defaults are the
//! quotas that the service documents.
//!
//! ```
//! use alibabacloud_kms::KmsClient;
//! use alibabacloud_kms::rate_limit::{Quota, QuotaGroup, RateLimits};
//!
//! # fn main() -> alibabacloud_kms::Result<()> {
//! // Another program of the same account uses half of the 40 requests a second.
//! let limits = RateLimits::service_defaults().limit(QuotaGroup::Manage, Quota::per_second(20));
//! let client = KmsClient::builder().region("cn-hangzhou").rate_limits(limits).build()?;
//! # Ok(())
//! # }
//! ```

mod in_flight;
mod limits;
mod pace;
mod quota;
mod recent_grants;
mod schedule;
mod slow_start;
#[cfg(test)]
mod tests;
mod wait_queue;
mod window;

pub use limits::RateLimits;
#[cfg(any(test, feature = "emulator"))]
pub(crate) use quota::DOCUMENTED;
pub use quota::{Quota, QuotaGroup};
pub(crate) use wait_queue::{Permit, Ticket, WaitQueue};
