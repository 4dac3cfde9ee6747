//! [`LoadError`]: the distinction on which a chain decides whether to go on.

use super::CredentialsError;

/// The reason why a loader has no credentials. Only [`NotConfigured`](Self::NotConfigured) lets a
/// chain go on: a provider that is configured and broken must not silently become another identity.
#[derive(Clone, Debug)]
pub(super) enum LoadError {
    /// It is not configured; the reason is a clause such as `ALIBABA_CLOUD_ROLE_ARN is not set`.
    NotConfigured(String),
    /// It is configured, and it does not work.
    Failed(CredentialsError),
}

impl LoadError {
    pub(super) fn not_configured(reason: impl Into<String>) -> Self {
        Self::NotConfigured(reason.into())
    }

    pub(super) fn failed(reason: impl Into<String>) -> Self {
        Self::Failed(CredentialsError::new(reason))
    }

    /// Creates the error for a file or section that does not exist: a failure if somebody named it,
    /// otherwise just not configured.
    pub(super) fn absent(was_named: bool, reason: String) -> Self {
        if was_named { Self::failed(reason) } else { Self::NotConfigured(reason) }
    }

    /// Converts to the error for a caller who asked for the provider called `name` and no other.
    pub(super) fn into_error(self, name: &'static str) -> CredentialsError {
        match self {
            Self::NotConfigured(reason) => CredentialsError::new(reason).with_provider_name(name),
            Self::Failed(error) => error.with_provider_name(name),
        }
    }

    /// Converts to a failure at a place of a file: what a file refers to is thereby configured.
    pub(super) fn at(self, place: &str) -> Self {
        Self::Failed(match self {
            Self::NotConfigured(reason) => CredentialsError::new(reason).at(place),
            Self::Failed(error) => error.at(place),
        })
    }
}

impl From<CredentialsError> for LoadError {
    fn from(error: CredentialsError) -> Self {
        Self::Failed(error)
    }
}
