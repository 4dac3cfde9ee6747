//! [`LoadCredentials`]: one way to get credentials, without a cache.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::load_error::LoadError;
use super::{Credentials, CredentialsError, ProvideCredentials, ProviderContext, ProviderEnv};

pub(super) type LoadResult = Result<Credentials, LoadError>;

/// The future of [`LoadCredentials::load`], boxed so that the trait is object safe.
pub(super) type LoadFuture<'a> = Pin<Box<dyn Future<Output = LoadResult> + Send + 'a>>;

/// Loads credentials from one place, again at each call: [`Cache`](super::cache::Cache) keeps them.
pub(super) trait LoadCredentials: Debug + Send + Sync + 'static {
    /// Returns the name that errors and the chain use.
    fn name(&self) -> &'static str;

    fn load<'a>(&'a self, env: &'a ProviderEnv) -> LoadFuture<'a>;

    /// Returns the region that the configuration names, if there is one.
    fn configured_region(&self, env: &ProviderEnv) -> Result<Option<String>, CredentialsError> {
        let _ = env;
        Ok(None)
    }

    /// Passes the client's region and transport on to providers from outside this crate.
    fn configure(&self, context: &ProviderContext) {
        let _ = context;
    }

    /// Called when `stale`, which it loaded, was rejected. Drops what it caches itself, and returns
    /// whether loading again could yield different credentials.
    fn invalidate(&self, stale: &Credentials) -> bool {
        let _ = stale;
        true
    }
}

/// A provider that the user passed in, as the base of a role. It may be one from outside this
/// crate.
#[derive(Clone, Debug)]
pub(super) struct External(pub(super) Arc<dyn ProvideCredentials>);

impl LoadCredentials for External {
    fn name(&self) -> &'static str {
        "base credentials"
    }

    fn load<'a>(&'a self, _env: &'a ProviderEnv) -> LoadFuture<'a> {
        Box::pin(async { Ok(self.0.credentials().await?) })
    }

    fn configured_region(&self, _env: &ProviderEnv) -> Result<Option<String>, CredentialsError> {
        self.0.configured_region()
    }

    fn configure(&self, context: &ProviderContext) {
        self.0.configure(context);
    }

    fn invalidate(&self, stale: &Credentials) -> bool {
        self.0.invalidate(stale)
    }
}
