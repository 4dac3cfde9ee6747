//! What the public sources are made of: settings, and a cache that is made when credentials are first asked for.

use std::sync::{Arc, OnceLock};

use super::cache::Cache;
use super::source::Source;
use super::{
    AssumeRoleProvider, CliConfigProvider, Credentials, CredentialsFuture, EcsRamRoleProvider,
    FnProvider, IniFileProvider, OidcProvider, ProvideCredentials, ProviderContext, ProviderEnv,
    UriProvider,
};

/// Makes public sources give what is kept for them.
macro_rules! provide_what_is_kept {
    ($($source:ident)+) => {
        $(
            impl ProvideCredentials for $source {
                fn credentials(&self) -> CredentialsFuture<'_> {
                    self.0.credentials()
                }

                fn invalidate(&self, stale: &Credentials) -> bool {
                    self.0.invalidate(stale)
                }

                fn configure(&self, client: &ProviderContext) {
                    self.0.configure(client);
                }
            }
        )+
    };
}

provide_what_is_kept! {
    AssumeRoleProvider
    CliConfigProvider
    FnProvider
    EcsRamRoleProvider
    IniFileProvider
    OidcProvider
    UriProvider
}

/// A source that a user sets up by consuming setters. A clone shares what is kept; a change of settings lets go of it.
#[derive(Clone, Debug)]
pub(super) struct Cached<S: Source + Clone> {
    source: S,
    around: ProviderEnv,
    cache: Arc<OnceLock<Cache>>,
}

impl<S: Source + Clone> Cached<S> {
    pub(super) fn new(source: S) -> Self {
        Self::within(source, ProviderEnv::system())
    }

    pub(super) fn within(source: S, around: ProviderEnv) -> Self {
        Self { source, around, cache: Arc::default() }
    }

    pub(super) fn change(self, change: impl FnOnce(&mut S)) -> Self {
        let Self { mut source, around, .. } = self;
        change(&mut source);
        Self::within(source, around)
    }

    pub(super) fn credentials(&self) -> CredentialsFuture<'_> {
        let cache = self.cache_within(&self.around);
        Box::pin(async { cache.get().await.map_err(|missing| missing.into_error(cache.name())) })
    }

    pub(super) fn invalidate(&self, stale: &Credentials) -> bool {
        self.cache.get().is_none_or(|cache| cache.invalidate(stale))
    }

    /// Makes the cache with what the client has, unless there is one already.
    pub(super) fn configure(&self, client: &ProviderContext) {
        self.source.configure(client);
        self.cache_within(&self.around.of_client(client));
    }

    fn cache_within(&self, around: &ProviderEnv) -> &Cache {
        self.cache.get_or_init(|| Cache::new(self.source.clone(), around.clone()))
    }
}
