//! [`QuotaGroup`] and [`Quota`]: what the service counts together, and how much of it a client
//! sends.

use std::time::Duration;

use crate::error::ValidationError;

/// A higher figure does not limit anything, and each request that counts costs about 50 bytes.
const MAX_REQUESTS: u32 = 100_000;

const MIN_PERIOD: Duration = Duration::from_millis(1);
const MAX_PERIOD: Duration = Duration::from_secs(24 * 60 * 60);

/// Operations that share one quota, which the service counts by account and region.
///
/// <https://www.alibabacloud.com/help/en/kms/key-management-service/product-overview/performance-data>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum QuotaGroup {
    /// `CreateSecret` and `DeleteSecret`: 10 requests a second.
    CreateAndDelete,
    /// `DescribeSecret` and `GetSecretValue`: 450 a second.
    Read,
    /// `ListSecrets`, `ListSecretVersionIds`, `PutSecretValue`, `UpdateSecret`,
    /// `UpdateSecretVersionStage`, `UpdateSecretRotationPolicy`, `RestoreSecret` and
    /// `GetRandomPassword`: 40 a second.
    Manage,
    /// `RotateSecret`: 50 an hour.
    Rotate,
    /// Writes to tags, keys and aliases, such as `TagResource` and `DisableKey`, except
    /// `CreateKey`: 30 a second.
    TagWrite,
    /// Reads of tags, keys and aliases, such as `ListTagResources` and `DescribeKey`, and
    /// `DescribeRegions`: 50 a second.
    TagRead,
    /// `ListResourceTags`: 300 a second.
    KeyTagRead,
    /// `Encrypt`, `Decrypt`, `ReEncrypt`, `GenerateDataKey`, `GenerateDataKeyWithoutPlaintext`,
    /// `ExportDataKey` and `GenerateAndExportDataKey`: 1,000 a second.
    SymmetricCryptography,
    /// `AsymmetricSign`, `AsymmetricVerify`, `AsymmetricEncrypt` and `AsymmetricDecrypt`: 200 a
    /// second.
    AsymmetricCryptography,
    /// `CreateKey`: 10 requests a second.
    KeyCreate,
    /// `OpenKmsService` and `DescribeAccountKmsStatus`: 1 a second.
    Account,
    /// Operations for which the service documents no quota, such as those on policies and
    /// message authentication codes.
    Undocumented,
}

/// A number of requests in any stretch of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Quota {
    /// Requests in one period, 1 to 100,000.
    pub requests: u32,
    /// The period, 1 ms to 24 hours.
    pub period: Duration,
}

impl Quota {
    /// Returns a quota of `requests` in any stretch of `period`.
    #[must_use]
    pub const fn new(requests: u32, period: Duration) -> Self {
        Self { requests, period }
    }

    /// Returns a quota of `requests` in any second.
    #[must_use]
    pub const fn per_second(requests: u32) -> Self {
        Self::new(requests, Duration::from_secs(1))
    }

    /// Returns a quota of `requests` in any hour.
    #[must_use]
    pub const fn per_hour(requests: u32) -> Self {
        Self::new(requests, Duration::from_secs(60 * 60))
    }

    /// Checks the ranges of the quota of `group`.
    pub(super) fn validate(self, group: QuotaGroup) -> Result<(), ValidationError> {
        let Self { requests, period } = self;
        if !(1..=MAX_REQUESTS).contains(&requests) {
            let field = format!("rate_limits.{group:?}.requests");
            return Err(ValidationError::new(field, requests, "1 to 100,000"));
        }
        if !(MIN_PERIOD..=MAX_PERIOD).contains(&period) {
            let field = format!("rate_limits.{group:?}.period");
            return Err(ValidationError::new(field, period, "1 ms to 24 hours"));
        }
        Ok(())
    }
}

/// The quotas that the service documents. A group that it does not list has none.
///
/// <https://www.alibabacloud.com/help/en/kms/key-management-service/product-overview/performance-data>
pub(crate) const DOCUMENTED: [(QuotaGroup, Quota); 11] = [
    (QuotaGroup::CreateAndDelete, Quota::per_second(10)),
    (QuotaGroup::Read, Quota::per_second(450)),
    (QuotaGroup::Manage, Quota::per_second(40)),
    (QuotaGroup::Rotate, Quota::per_hour(50)),
    (QuotaGroup::TagWrite, Quota::per_second(30)),
    (QuotaGroup::TagRead, Quota::per_second(50)),
    (QuotaGroup::KeyTagRead, Quota::per_second(300)),
    (QuotaGroup::SymmetricCryptography, Quota::per_second(1_000)),
    (QuotaGroup::AsymmetricCryptography, Quota::per_second(200)),
    (QuotaGroup::KeyCreate, Quota::per_second(10)),
    (QuotaGroup::Account, Quota::per_second(1)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotas_at_their_bounds_are_valid() {
        for requests in [1, 100_000] {
            assert!(Quota::per_second(requests).validate(QuotaGroup::Read).is_ok());
        }
        for period in [Duration::from_millis(1), Duration::from_secs(86_400)] {
            assert!(Quota::new(1, period).validate(QuotaGroup::Read).is_ok());
        }
    }

    #[test]
    fn quotas_outside_their_bounds_are_named_with_their_group() {
        let nanosecond = Duration::from_nanos(1);
        for (quota, field, allowed) in [
            (Quota::per_second(0), "rate_limits.Rotate.requests", "1 to 100,000"),
            (Quota::per_second(100_001), "rate_limits.Rotate.requests", "1 to 100,000"),
            (Quota::new(1, Duration::ZERO), "rate_limits.Rotate.period", "1 ms to 24 hours"),
            (
                Quota::new(1, MIN_PERIOD - nanosecond),
                "rate_limits.Rotate.period",
                "1 ms to 24 hours",
            ),
            (
                Quota::new(1, MAX_PERIOD + nanosecond),
                "rate_limits.Rotate.period",
                "1 ms to 24 hours",
            ),
        ] {
            let error = quota.validate(QuotaGroup::Rotate).unwrap_err().to_string();
            assert!(error.contains(field) && error.contains(allowed), "{error}");
        }
    }
}
