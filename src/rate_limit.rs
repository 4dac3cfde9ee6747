//! The service's quotas on requests, kept from this side: which group an operation counts in, and when the next request of a
//! group may leave.

mod limits;
mod wait_queue;
mod window;

use std::time::Duration;

pub use limits::RateLimits;

/// Operations that share one of the service's limits, which it counts for an account and region.
///
/// <https://www.alibabacloud.com/help/en/kms/key-management-service/product-overview/performance-data>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum QuotaGroup {
    /// `CreateSecret` and `DeleteSecret`: 10 requests a second.
    CreateAndDelete,
    /// `DescribeSecret` and `GetSecretValue`: 450 a second.
    Read,
    /// `ListSecrets`, `ListSecretVersionIds`, `PutSecretValue`, `UpdateSecret`, `UpdateSecretVersionStage`,
    /// `UpdateSecretRotationPolicy`, `RestoreSecret` and `GetRandomPassword`: 40 a second.
    Manage,
    /// `RotateSecret`: 50 an hour.
    Rotate,
    /// `TagResource`, `UntagResource`, `TagResources`, `UntagResources`, with writes to keys and aliases: 30 a second.
    TagWrite,
    /// `ListTagResources` and `DescribeRegions`, with reads of keys: 50 a second.
    TagRead,
    /// `ListResourceTags`: 300 a second.
    KeyTagRead,
    /// `GetSecretPolicy` and `SetSecretPolicy`, for which no limit is documented.
    Undocumented,
}

/// So many requests in so much time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quota {
    pub(crate) requests: u32,
    pub(crate) per: Duration,
}

const SECOND: Duration = Duration::from_secs(1);

/// The figures that the service documents. The group of operations that it does not list has none.
/// <https://www.alibabacloud.com/help/en/kms/key-management-service/product-overview/performance-data>
pub(crate) const DOCUMENTED: [(QuotaGroup, Quota); 7] = [
    (QuotaGroup::CreateAndDelete, Quota { requests: 10, per: SECOND }),
    (QuotaGroup::Read, Quota { requests: 450, per: SECOND }),
    (QuotaGroup::Manage, Quota { requests: 40, per: SECOND }),
    (QuotaGroup::Rotate, Quota { requests: 50, per: Duration::from_secs(60 * 60) }),
    (QuotaGroup::TagWrite, Quota { requests: 30, per: SECOND }),
    (QuotaGroup::TagRead, Quota { requests: 50, per: SECOND }),
    (QuotaGroup::KeyTagRead, Quota { requests: 300, per: SECOND }),
];
