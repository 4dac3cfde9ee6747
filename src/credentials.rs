//! Who signs: [`Credentials`], and where they come from, [`ProvideCredentials`].
//!
//! A source (one file each) looks in one place and says that nothing is configured there, that it failed, or what it found.
//! [`DefaultProviderChain`] asks them in order; [`cache`] keeps what one found and renews it in time.

mod assume_role;
mod cache;
mod cached;
mod chain;
mod cli_config;
mod closure;
mod cloud_sso;
mod ecs_ram_role;
mod env;
mod exchange;
mod external;
mod fixed;
mod freshness;
mod ini_file;
mod issued;
mod oauth;
mod oidc;
mod settings;
mod source;
mod sts;
mod surroundings;
#[cfg(test)]
mod tests;
mod uri;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

pub use assume_role::AssumeRoleProvider;
pub use chain::{DefaultProviderChain, ProviderReport, ProviderStatus};
pub use cli_config::CliConfigProvider;
pub use closure::{FnProvider, credentials_fn};
pub use ecs_ram_role::EcsRamRoleProvider;
pub use env::EnvironmentProvider;
pub use ini_file::IniFileProvider;
pub use oidc::OidcProvider;
use surroundings::ProviderEnv;
pub use uri::UriProvider;

pub use crate::error::{CredentialsError, TriedProvider};
pub use crate::identity::Credentials;
pub use crate::sign::SignatureVersion;
use crate::transport::HttpTransport;

/// The future of a [`ProvideCredentials`], boxed so that providers can be stored side by side.
pub type CredentialsFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Credentials, CredentialsError>> + Send + 'a>>;

/// A source of [`Credentials`], asked before every attempt of a call.
///
/// The answer is used for that attempt alone, so a source that renews its keys is followed at once. Keep what is costly to
/// fetch: the client does not. The sources of this crate do, and so does [`credentials_fn`] for a closure. An [`Arc`] of a
/// source is one as well, and a clone of one of this crate's sources shares what is kept, so several clients can use the same.
///
/// ```
/// use alibabacloud_kms::credentials::{Credentials, CredentialsError, CredentialsFuture, ProvideCredentials};
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
pub trait ProvideCredentials: fmt::Debug + Send + Sync + 'static {
    /// Gives the keys to sign with now.
    ///
    /// # Errors
    ///
    /// Whatever kept the source from having keys; the call fails with it, of kind
    /// [`Credentials`](crate::ErrorKind::Credentials), and nothing is sent.
    fn credentials(&self) -> CredentialsFuture<'_>;

    /// Hears that the service refused `stale` as expired or unknown, and says whether asking again may give other keys.
    ///
    /// A source that keeps keys lets go of these here. On `true`, the default, the call asks once more and repeats the
    /// request.
    fn invalidate(&self, stale: &Credentials) -> bool {
        let _ = stale;
        true
    }

    /// Hears which client it is built into, before that client asks it.
    ///
    /// The sources of this crate then ask STS in the client's region and send by the transport that the client was given, unless
    /// they were set otherwise; one that serves several clients keeps to the first. The default does nothing. A source that wraps
    /// another one passes it on.
    fn configure(&self, client: &ProviderContext) {
        let _ = client;
    }
}

impl<T: ProvideCredentials + ?Sized> ProvideCredentials for Arc<T> {
    fn credentials(&self) -> CredentialsFuture<'_> {
        (**self).credentials()
    }

    fn invalidate(&self, stale: &Credentials) -> bool {
        (**self).invalidate(stale)
    }

    fn configure(&self, client: &ProviderContext) {
        (**self).configure(client);
    }
}

/// The client that a source of credentials is [attached](ProvideCredentials::configure) to: its region, and the transport that it
/// was given.
#[derive(Debug)]
pub struct ProviderContext {
    pub(crate) region: Option<String>,
    /// `None` for the pool that a client makes for itself, which trusts whom KMS needs.
    pub(crate) transport: Option<Arc<dyn HttpTransport>>,
}
