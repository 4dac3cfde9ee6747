//! The one resource whose tags are set or removed.

/// Whose tags [`TagResource`](crate::tags::TagResourceRequest) and [`UntagResource`](crate::tags::UntagResourceRequest) change.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TagTarget {
    /// The secret of this name (`SecretName`); an ARN is not documented here.
    Secret(String),
    /// The encryption key of this id (`KeyId`).
    Key(String),
    /// The certificate of this id (`CertificateId`), from before the service gave up certificates in July 2026.
    Certificate(String),
}

impl TagTarget {
    /// The [`Secret`](Self::Secret) of this name.
    #[must_use]
    pub fn secret(name: impl Into<String>) -> Self {
        Self::Secret(name.into())
    }

    /// The [`Key`](Self::Key) of this id.
    #[must_use]
    pub fn key(id: impl Into<String>) -> Self {
        Self::Key(id.into())
    }

    /// The parameter that names it, with its value.
    pub(crate) fn parameter(&self) -> (&'static str, &str) {
        match self {
            Self::Secret(name) => ("SecretName", name),
            Self::Key(id) => ("KeyId", id),
            Self::Certificate(id) => ("CertificateId", id),
        }
    }
}
