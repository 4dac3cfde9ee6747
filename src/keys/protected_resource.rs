//! The resource whose deletion protection a request changes.

use crate::types::KeyArn;

/// The key or KMS instance whose deletion protection
/// [`SetDeletionProtection`](crate::keys::SetDeletionProtectionRequest) changes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProtectedResource {
    /// The key with this id (`KeyId`).
    Key(String),
    /// The key with this ARN (`ProtectedResourceArn`).
    Arn(KeyArn),
    /// The KMS instance with this id (`KmsInstanceId`).
    Instance(String),
}

impl ProtectedResource {
    /// Returns the [`Key`](Self::Key) with this id.
    #[must_use]
    pub fn key(id: impl Into<String>) -> Self {
        Self::Key(id.into())
    }

    /// Returns the [`Instance`](Self::Instance) with this id.
    #[must_use]
    pub fn instance(id: impl Into<String>) -> Self {
        Self::Instance(id.into())
    }
}

/// Takes the ARN of a key as [`Arn`](Self::Arn), and any other text as the id of a key.
impl From<&str> for ProtectedResource {
    fn from(key: &str) -> Self {
        key.parse().map_or_else(|_| Self::key(key), Self::Arn)
    }
}

/// Takes the ARN of a key as [`Arn`](Self::Arn), and any other text as the id of a key.
impl From<String> for ProtectedResource {
    fn from(key: String) -> Self {
        key.as_str().into()
    }
}

/// Takes the ARN of a key as [`Arn`](Self::Arn), and any other text as the id of a key.
impl From<&String> for ProtectedResource {
    fn from(key: &String) -> Self {
        key.as_str().into()
    }
}

impl From<KeyArn> for ProtectedResource {
    fn from(arn: KeyArn) -> Self {
        Self::Arn(arn)
    }
}
