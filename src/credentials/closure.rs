//! Keys from a closure of the user's own.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use super::cached::Cached;
use super::source::{OutcomeFuture, Source};
use super::{Credentials, CredentialsError, CredentialsFuture, ProviderEnv};

/// Credentials from a closure, such as one that asks a vault; made by [`credentials_fn`].
#[derive(Clone, Debug)]
pub struct FnProvider(pub(super) Cached<Closure>);

/// Makes a source of credentials out of a closure that fetches them.
///
/// What it gives is kept and shared by all calls. Keys [with an expiration](Credentials::with_expiration) are fetched again
/// ahead of it, all others when the service refuses them. One fetch runs at a time.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use alibabacloud_kms::emulator::Emulator;
/// use alibabacloud_kms::credentials::{Credentials, credentials_fn};
/// use alibabacloud_kms::secrets::ListSecretsRequest;
///
/// let emulator = Emulator::builder().access_key("fake-id", "fake-secret").start().await?;
/// let keys = credentials_fn(|| async { Ok(Credentials::new("fake-id", "fake-secret")) });
/// let client = emulator.client_builder().credentials_provider(keys).build()?;
/// client.list_secrets(ListSecretsRequest::new()).await?;
/// # Ok(())
/// # }
/// ```
pub fn credentials_fn<F, R>(fetch: F) -> FnProvider
where
    F: Fn() -> R + Send + Sync + 'static,
    R: Future<Output = Result<Credentials, CredentialsError>> + Send + 'static,
{
    let fetch = move || -> CredentialsFuture<'static> { Box::pin(fetch()) };
    FnProvider(Cached::new(Closure(Arc::new(fetch))))
}

#[derive(Clone)]
pub(super) struct Closure(Arc<dyn Fn() -> CredentialsFuture<'static> + Send + Sync>);

impl Source for Closure {
    fn name(&self) -> &'static str {
        "closure"
    }

    fn look<'a>(&'a self, _around: &'a ProviderEnv) -> OutcomeFuture<'a> {
        Box::pin(async { Ok((self.0)().await?) })
    }
}

impl fmt::Debug for Closure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Closure")
    }
}
