//! [`ProvideCredentials`]: the trait of everything that credentials come from.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::error::CredentialsError;
use crate::identity::Credentials;
use crate::transport::HttpTransport;

/// The future of [`ProvideCredentials::credentials`], boxed so that the trait is object safe.
pub type CredentialsFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Credentials, CredentialsError>> + Send + 'a>>;

/// A provider of [`Credentials`], called before every attempt of a call.
///
/// The credentials are used for that attempt only, so credentials that the provider replaced are
/// never used again. The client does not cache them: a provider caches what is costly to fetch. The
/// providers of this crate do, and [`FnProvider`](crate::credentials::FnProvider) does it for a
/// closure. An [`Arc`] of a provider is a provider as well, and the clones of a provider of this
/// crate share its cache, so several clients can use the same one.
///
/// ```
/// use alibabacloud_kms::credentials::{CredentialsError, CredentialsFuture, ProvideCredentials};
///
/// #[derive(Debug)]
/// struct Vault;
///
/// impl ProvideCredentials for Vault {
///     fn credentials(&self) -> CredentialsFuture<'_> {
///         Box::pin(async { Err(CredentialsError::new("the vault is sealed")) })
///     }
/// }
/// ```
pub trait ProvideCredentials: Debug + Send + Sync + 'static {
    /// Returns the credentials to sign with now.
    ///
    /// # Errors
    ///
    /// Any reason why the provider has no credentials. The call then fails with it, with the kind
    /// [`Credentials`](crate::ErrorKind::Credentials), and nothing is sent.
    fn credentials(&self) -> CredentialsFuture<'_>;

    /// Called when the service rejected `stale` as expired or unknown. Returns whether reloading
    /// could yield different credentials.
    ///
    /// A provider that caches credentials drops these here. If it returns true, as the default
    /// does, the call reloads the credentials and retries once.
    fn invalidate(&self, stale: &Credentials) -> bool {
        let _ = stale;
        true
    }

    /// Returns the region that the configuration of the provider names, such as a profile of the
    /// `aliyun` CLI; `None` by default.
    ///
    /// Called when a client is built for which neither the builder nor the environment sets a
    /// region. It may read files, and must not call a network. A provider that wraps another passes
    /// the call on.
    ///
    /// # Errors
    ///
    /// Any reason why the configuration cannot be read.
    fn configured_region(&self) -> Result<Option<String>, CredentialsError> {
        Ok(None)
    }

    /// Called when a client is built with the provider, before the client uses it.
    ///
    /// The providers of this crate then call STS in the region of the client and use the transport
    /// that was set on its builder, unless they were set otherwise; a provider that serves several
    /// clients keeps to the first. The default does nothing. A provider that wraps another one
    /// passes the call on.
    fn configure(&self, context: &ProviderContext) {
        let _ = context;
    }
}

impl<T: ProvideCredentials + ?Sized> ProvideCredentials for Arc<T> {
    fn credentials(&self) -> CredentialsFuture<'_> {
        (**self).credentials()
    }

    fn invalidate(&self, stale: &Credentials) -> bool {
        (**self).invalidate(stale)
    }

    fn configured_region(&self) -> Result<Option<String>, CredentialsError> {
        (**self).configured_region()
    }

    fn configure(&self, context: &ProviderContext) {
        (**self).configure(context);
    }
}

/// The region and the transport of the client that a provider is
/// [configured](ProvideCredentials::configure) for.
#[derive(Debug)]
pub struct ProviderContext {
    pub(crate) region: Option<String>,
    /// `None` for the client's own connection pool, which may trust only the certificates of KMS.
    pub(crate) transport: Option<Arc<dyn HttpTransport>>,
}
