//! [`CachedLoader`]: what the public providers are made of.

use std::sync::{Arc, OnceLock};

use super::cache::Cache;
use super::load::LoadCredentials;
use super::{Credentials, CredentialsError, CredentialsFuture, ProviderContext, ProviderEnv};

/// Implements [`ProvideCredentials`](super::ProvideCredentials) for a newtype of [`CachedLoader`].
macro_rules! provide_from_cache {
    ($provider:ident) => {
        impl crate::credentials::ProvideCredentials for $provider {
            fn credentials(&self) -> crate::credentials::CredentialsFuture<'_> {
                self.0.credentials()
            }

            fn invalidate(&self, stale: &crate::credentials::Credentials) -> bool {
                self.0.invalidate(stale)
            }

            fn configured_region(
                &self,
            ) -> Result<Option<String>, crate::credentials::CredentialsError> {
                self.0.configured_region()
            }

            fn configure(&self, context: &crate::credentials::ProviderContext) {
                self.0.configure(context);
            }
        }
    };
}

pub(super) use provide_from_cache;

/// A loader that consuming setters configure, and the cache that is created at its first use. A
/// clone shares the cache; a changed setting starts a new one.
#[derive(Clone, Debug)]
pub(super) struct CachedLoader<L: LoadCredentials + Clone> {
    loader: L,
    env: ProviderEnv,
    cache: Arc<OnceLock<Cache>>,
}

impl<L: LoadCredentials + Clone> CachedLoader<L> {
    pub(super) fn new(loader: L) -> Self {
        Self { loader, env: ProviderEnv::system(), cache: Arc::default() }
    }

    /// Changes a setting of the loader.
    pub(super) fn set(mut self, change: impl FnOnce(&mut L)) -> Self {
        change(&mut self.loader);
        Self { cache: Arc::default(), ..self }
    }

    pub(super) fn credentials(&self) -> CredentialsFuture<'_> {
        let cache = self.cache_in(&self.env);
        Box::pin(async { cache.get().await.map_err(|error| error.into_error(cache.name())) })
    }

    pub(super) fn invalidate(&self, stale: &Credentials) -> bool {
        self.cache.get().is_none_or(|cache| cache.invalidate(stale))
    }

    pub(super) fn configured_region(&self) -> Result<Option<String>, CredentialsError> {
        self.loader.configured_region(&self.env)
    }

    /// Creates the cache with the region and the transport of the client, unless there is one.
    pub(super) fn configure(&self, context: &ProviderContext) {
        self.loader.configure(context);
        self.cache_in(&self.env.configured(context));
    }

    fn cache_in(&self, env: &ProviderEnv) -> &Cache {
        self.cache.get_or_init(|| Cache::new(self.loader.clone(), env.clone()))
    }
}
