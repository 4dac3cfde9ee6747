//! One place where credentials may be: [`Source`], and what came of looking there.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::{Credentials, CredentialsError, ProvideCredentials, ProviderContext, ProviderEnv};

/// What came of looking: credentials, or why there are none.
pub(super) type Outcome = Result<Credentials, Missing>;

/// The future of a [`Source`], boxed so that sources can stand side by side.
pub(super) type OutcomeFuture<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// Why a source has nothing. Only the first of the two lets a chain go on: a source that is configured and broken must not
/// silently become another identity.
#[derive(Clone, Debug)]
pub(super) enum Missing {
    /// Nobody set it up; the reason is a clause such as `ALIBABA_CLOUD_ROLE_ARN is not set`.
    NotConfigured(String),
    /// It is set up, and it did not work.
    Failed(CredentialsError),
}

impl Missing {
    pub(super) fn not_configured(reason: impl Into<String>) -> Self {
        Self::NotConfigured(reason.into())
    }

    pub(super) fn failed(reason: impl Into<String>) -> Self {
        Self::Failed(CredentialsError::new(reason))
    }

    /// There is nothing at a place: a failure if somebody named the place, and nobody's set-up if it is where one looks anyway.
    pub(super) fn nothing(place_was_named: bool, reason: String) -> Self {
        if place_was_named { Self::failed(reason) } else { Self::NotConfigured(reason) }
    }

    /// The error that a caller gets who asked for this source and no other.
    pub(super) fn into_error(self, source: &'static str) -> CredentialsError {
        match self {
            Self::NotConfigured(reason) => CredentialsError::new(reason).of(source),
            Self::Failed(error) => error.of(source),
        }
    }

    /// The failure of what a file says to look at: it is configured by being named there.
    pub(super) fn at(self, place: &str) -> Self {
        Self::Failed(match self {
            Self::NotConfigured(reason) => CredentialsError::new(reason).within(place),
            Self::Failed(error) => error.within(place),
        })
    }
}

impl From<CredentialsError> for Missing {
    fn from(error: CredentialsError) -> Self {
        Self::Failed(error)
    }
}

/// Looks in one place, anew each time: what is found is kept by [`Cache`](super::cache::Cache).
pub(super) trait Source: Debug + Send + Sync + 'static {
    /// What errors and the chain call it.
    fn name(&self) -> &'static str;

    fn look<'a>(&'a self, around: &'a ProviderEnv) -> OutcomeFuture<'a>;

    /// Passes on to the sources of others that it asks which client they serve.
    fn configure(&self, client: &ProviderContext) {
        let _ = client;
    }

    /// Hears that what it found was refused; what it keeps of its own accord goes.
    fn refused(&self, stale: &Credentials) -> bool {
        let _ = stale;
        true
    }
}

/// Somebody else's source, as the base of a role.
#[derive(Clone, Debug)]
pub(super) struct Foreign(pub(super) Arc<dyn ProvideCredentials>);

impl Source for Foreign {
    fn name(&self) -> &'static str {
        "given credentials"
    }

    fn look<'a>(&'a self, _around: &'a ProviderEnv) -> OutcomeFuture<'a> {
        Box::pin(async { Ok(self.0.credentials().await?) })
    }

    fn configure(&self, client: &ProviderContext) {
        self.0.configure(client);
    }

    fn refused(&self, stale: &Credentials) -> bool {
        self.0.invalidate(stale)
    }
}
