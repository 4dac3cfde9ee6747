//! [`UriProvider`]: credentials from a URL that a sidecar or a platform serves.

use http::Method;
use url::Url;

use super::cached_loader::{CachedLoader, provide_from_cache};
use super::exchange::{REQUEST_TIMEOUT, exchange, rejection, request};
use super::issued::{IssuedCredentials, read};
use super::load::{LoadCredentials, LoadFuture, LoadResult};
use super::load_error::LoadError;
use super::{CredentialsError, ProviderEnv};
use crate::error::Redactor;

const URI: &str = "ALIBABA_CLOUD_CREDENTIALS_URI";

/// Credentials that a URL returns, such as that of a sidecar in the same pod.
///
/// | setting | where it comes from |
/// |---|---|
/// | the URL | the setter, then `ALIBABA_CLOUD_CREDENTIALS_URI` |
///
/// The request is a `GET` without authentication. The response contains `AccessKeyId`,
/// `AccessKeySecret`, `SecurityToken`, `Expiration` and, if it contains a `Code`, the code
/// `Success`. Redirects are not followed, and no proxy is used for an `http://` URL or a private
/// host. Credentials are refreshed ahead of their expiration.
#[derive(Clone, Debug)]
pub struct UriProvider(CachedLoader<CredentialsUri>);

provide_from_cache!(UriProvider);

impl UriProvider {
    /// Creates a provider from the environment, which is read when credentials are first requested.
    #[must_use]
    pub fn new() -> Self {
        Self(CachedLoader::new(CredentialsUri::default()))
    }

    /// Sets the URL.
    #[must_use]
    pub fn uri(self, uri: impl Into<String>) -> Self {
        Self(self.0.set(|loader| loader.uri = Some(uri.into())))
    }
}

impl Default for UriProvider {
    fn default() -> Self {
        Self::new()
    }
}

/// The URL of a profile or of the environment. `Debug` omits it: it may contain a password.
#[derive(Clone, Default)]
pub(super) struct CredentialsUri {
    /// `None` for the URL of the environment.
    pub(super) uri: Option<String>,
}

impl CredentialsUri {
    async fn fetch(&self, env: &ProviderEnv) -> LoadResult {
        let Some(uri) = self.uri.clone().or_else(|| env.variable(URI)) else {
            return Err(LoadError::not_configured(format!("{URI} is not set")));
        };
        let url = parse(&uri)?;
        let secrets = [Some(uri.as_str()), url.password(), url.query()];
        let redactor = Redactor::new(&secrets.map(Option::unwrap_or_default));
        let request = request(Method::GET, url);
        let response =
            exchange(env, request, REQUEST_TIMEOUT).await.map_err(CredentialsError::from)?;
        if response.status != 200 {
            return Err(rejection("the URL", &response, &redactor).into());
        }
        let issued: IssuedCredentials = read("the response", &response.body)?;
        // Two of the official libraries use the credentials of a response whose code is a failure.
        if issued.code().is_some_and(|code| code != "Success") {
            return Err(rejection("the URL", &response, &redactor).into());
        }
        Ok(issued.temporary("the URL")?)
    }
}

impl LoadCredentials for CredentialsUri {
    fn name(&self) -> &'static str {
        "credentials URI"
    }

    fn load<'a>(&'a self, env: &'a ProviderEnv) -> LoadFuture<'a> {
        Box::pin(self.fetch(env))
    }
}

impl std::fmt::Debug for CredentialsUri {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CredentialsUri")
    }
}

fn parse(uri: &str) -> Result<Url, CredentialsError> {
    match Url::parse(uri) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
        _ => Err(CredentialsError::new("the URL must start with http:// or https://")),
    }
}
