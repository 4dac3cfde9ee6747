//! The one resource whose tags are set or removed.

/// Whose tags [`TagResource`](crate::TagResourceRequest) and [`UntagResource`](crate::UntagResourceRequest) change.
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
    /// The parameter that names it, with its value.
    pub(crate) fn parameter(&self) -> (&'static str, &str) {
        match self {
            Self::Secret(name) => ("SecretName", name),
            Self::Key(id) => ("KeyId", id),
            Self::Certificate(id) => ("CertificateId", id),
        }
    }
}
