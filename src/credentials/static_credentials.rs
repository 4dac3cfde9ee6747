//! Credentials that are given: by the caller, or by a file that contains them.

use super::load::{LoadCredentials, LoadFuture};
use super::{Credentials, CredentialsFuture, ProvideCredentials, ProviderEnv};

impl ProvideCredentials for Credentials {
    fn credentials(&self) -> CredentialsFuture<'_> {
        Box::pin(std::future::ready(Ok(self.clone())))
    }

    /// Returns false: there are no others.
    fn invalidate(&self, _stale: &Credentials) -> bool {
        false
    }
}

/// Credentials from a file. The loader of the file reads it again when they are rejected.
#[derive(Clone, Debug)]
pub(super) struct Static(pub(super) Credentials);

impl LoadCredentials for Static {
    fn name(&self) -> &'static str {
        "static credentials"
    }

    fn load<'a>(&'a self, _env: &'a ProviderEnv) -> LoadFuture<'a> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }

    fn invalidate(&self, _stale: &Credentials) -> bool {
        false
    }
}
