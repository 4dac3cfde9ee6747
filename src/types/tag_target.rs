//! The resource whose tags a request changes.

/// The resource whose tags [`TagResource`](crate::tags::TagResourceRequest) sets or
/// [`UntagResource`](crate::tags::UntagResourceRequest) removes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TagTarget {
    /// The secret with this name (`SecretName`). The service does not document ARNs here.
    Secret(String),
    /// The key with this id (`KeyId`).
    Key(String),
    /// The certificate with this id (`CertificateId`). The service removed its certificate
    /// operations in July 2026.
    Certificate(String),
}

impl TagTarget {
    /// Returns the [`Secret`](Self::Secret) with this name.
    #[must_use]
    pub fn secret(name: impl Into<String>) -> Self {
        Self::Secret(name.into())
    }

    /// Returns the [`Key`](Self::Key) with this id.
    #[must_use]
    pub fn key(id: impl Into<String>) -> Self {
        Self::Key(id.into())
    }

    /// Returns the parameter that identifies the resource, with its value.
    pub(crate) fn parameter(&self) -> (&'static str, &str) {
        match self {
            Self::Secret(name) => ("SecretName", name),
            Self::Key(id) => ("KeyId", id),
            Self::Certificate(id) => ("CertificateId", id),
        }
    }
}
