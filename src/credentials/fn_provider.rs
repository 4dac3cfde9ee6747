//! [`FnProvider`]: credentials from a closure of the user.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use super::cached_loader::{CachedLoader, provide_from_cache};
use super::load::{LoadCredentials, LoadFuture};
use super::{Credentials, CredentialsError, CredentialsFuture, ProviderEnv};

/// A provider that calls a closure, such as one that reads a vault, and caches its result.
///
/// All calls share the cached credentials. Credentials [with an
/// expiration](Credentials::with_expiration) are refreshed ahead of it, all others when the service
/// rejects them. On each runtime one call of the closure runs at a time, and one that takes longer
/// than 2 minutes is given up.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use alibabacloud_kms::credentials::{Credentials, FnProvider};
/// use alibabacloud_kms::emulator::Emulator;
/// use alibabacloud_kms::secrets::ListSecretsRequest;
///
/// let emulator = Emulator::builder().access_key("fake-id", "fake-secret").start().await?;
/// let provider = FnProvider::new(|| async { Ok(Credentials::new("fake-id", "fake-secret")) });
/// let client = emulator.client_builder().credentials_provider(provider).build()?;
/// client.list_secrets(ListSecretsRequest::new()).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct FnProvider(CachedLoader<Closure>);

provide_from_cache!(FnProvider);

impl FnProvider {
    /// Creates a provider from a closure that fetches credentials.
    #[must_use]
    pub fn new<F, R>(fetch: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<Credentials, CredentialsError>> + Send + 'static,
    {
        let fetch = move || -> CredentialsFuture<'static> { Box::pin(fetch()) };
        Self(CachedLoader::new(Closure(Arc::new(fetch))))
    }
}

#[derive(Clone)]
struct Closure(Arc<dyn Fn() -> CredentialsFuture<'static> + Send + Sync>);

impl LoadCredentials for Closure {
    fn name(&self) -> &'static str {
        "closure"
    }

    fn load<'a>(&'a self, _env: &'a ProviderEnv) -> LoadFuture<'a> {
        Box::pin(async { Ok((self.0)().await?) })
    }
}

impl fmt::Debug for Closure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Closure")
    }
}
