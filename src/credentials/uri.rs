//! [`UriProvider`]: credentials from a URL that a sidecar or a platform serves.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use http::header::AUTHORIZATION;
use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use url::Url;
use zeroize::Zeroizing;

use super::cached_loader::{CachedLoader, provide_from_cache};
use super::exchange::{REQUEST_TIMEOUT, exchange, rejection, request, with_secret_header};
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
/// The request is a `GET`; a user name and password in the URL are sent as basic authentication.
/// The response contains `AccessKeyId`, `AccessKeySecret`, `SecurityToken`, `Expiration` and, if it
/// contains a `Code`, the code `Success`. Redirects are not followed, and no proxy is used for an
/// `http://` URL or a private host. Credentials are refreshed ahead of their expiration.
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
        let mut url = parse(&uri)?;
        let secrets = [Some(uri.as_str()), url.password(), url.query()];
        let redactor = Redactor::new(&secrets.map(Option::unwrap_or_default));
        let user = take_user(&mut url);
        let mut request = request(Method::GET, url);
        if let Some(user) = user {
            request = with_secret_header(request, AUTHORIZATION, "Basic ", &user)?;
        }
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

/// Takes the user name and the password out of a URL, in the form of basic authentication (RFC
/// 7617).
fn take_user(url: &mut Url) -> Option<SecretString> {
    let decoded = |text| Zeroizing::new(percent_decode_str(text).collect::<Vec<u8>>());
    let (name, password) = (decoded(url.username()), decoded(url.password().unwrap_or_default()));
    if name.is_empty() && password.is_empty() {
        return None;
    }
    // They fail only for a URL without a host.
    let _ = (url.set_username(""), url.set_password(None));
    let user = Zeroizing::new([&name[..], b":", &password[..]].concat());
    Some(STANDARD.encode(&*user).into())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn user_of_a_url_is_taken_out_and_encoded() {
        for (text, url, user) in [
            ("http://fake%40a:pass%3Aword@h/a?b=c", "http://h/a?b=c", Some("fake@a:pass:word")),
            ("http://fake@h/", "http://h/", Some("fake:")),
            ("http://:fake@h/", "http://h/", Some(":fake")),
            ("http://h/a@b", "http://h/a@b", None),
        ] {
            let mut parsed = Url::parse(text).unwrap();
            let taken = take_user(&mut parsed);
            let taken = taken.as_ref().map(ExposeSecret::expose_secret);
            assert_eq!(taken, user.map(|user| STANDARD.encode(user)).as_deref(), "{text}");
            assert_eq!(parsed.as_str(), url);
        }
    }
}
