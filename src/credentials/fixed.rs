//! Keys that are given: by the caller, or by a file that holds them.

use super::source::{OutcomeFuture, Source};
use super::{Credentials, CredentialsFuture, ProvideCredentials, ProviderEnv};

impl ProvideCredentials for Credentials {
    fn credentials(&self) -> CredentialsFuture<'_> {
        Box::pin(std::future::ready(Ok(self.clone())))
    }

    /// There are no others.
    fn invalidate(&self, _stale: &Credentials) -> bool {
        false
    }
}

/// Keys out of a file, to take a role with. Whoever read the file reads it anew when they are refused.
#[derive(Clone, Debug)]
pub(super) struct Fixed(pub(super) Credentials);

impl Source for Fixed {
    fn name(&self) -> &'static str {
        "keys"
    }

    fn look<'a>(&'a self, _around: &'a ProviderEnv) -> OutcomeFuture<'a> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }

    fn refused(&self, _stale: &Credentials) -> bool {
        false
    }
}
