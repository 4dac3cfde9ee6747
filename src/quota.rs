//! How many requests the service takes: its limits by group of operations.

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
    Unlisted,
}
