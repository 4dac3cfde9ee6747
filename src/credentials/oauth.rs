//! Credentials of an OAuth login that the CLI stored in its configuration.
//!
//! Read only: a refreshed login has a new refresh token, and a program that does not write it back
//! would invalidate the login of the CLI.

use chrono::{DateTime, Utc};
use http::Method;
use http::header::AUTHORIZATION;
use secrecy::{ExposeSecret as _, SecretString};

use super::cloud_sso::{unexpired, unexpired_token};
use super::exchange::{REQUEST_TIMEOUT, exchange, rejection, request, with_secret_header};
use super::issued::{IssuedCredentials, read};
use super::load::{LoadCredentials, LoadFuture, LoadResult};
use super::load_error::LoadError;
use super::{Credentials, CredentialsError, ProviderEnv};
use crate::error::Redactor;

/// The result of a login: a token, and the credentials that the CLI last got with it.
#[derive(Clone, Debug)]
pub(super) struct OAuth {
    /// The stored credentials with their expiration.
    pub(super) stored: Option<Credentials>,
    pub(super) site: Option<String>,
    pub(super) access_token: Option<SecretString>,
    pub(super) access_token_expires: Option<DateTime<Utc>>,
}

impl OAuth {
    async fn fetch(&self, env: &ProviderEnv) -> LoadResult {
        let now = env.clock.now();
        if let Some(stored) = unexpired(self.stored.as_ref(), now) {
            return Ok(stored);
        }
        let host = match self.site.as_deref() {
            Some(site) if site.eq_ignore_ascii_case("CN") => "oauth.aliyun.com",
            Some(site) if site.eq_ignore_ascii_case("INTL") => "oauth.alibabacloud.com",
            _ => return Err(LoadError::failed("oauth_site_type must be CN or INTL")),
        };
        let token = unexpired_token(self.access_token.as_ref(), self.access_token_expires, now)?;
        let request = request(Method::POST, format!("https://{host}/v1/exchange"));
        let request = with_secret_header(request, AUTHORIZATION, "Bearer ", token)?;
        let response =
            exchange(env, request, REQUEST_TIMEOUT).await.map_err(CredentialsError::from)?;
        if !response.is_success() {
            let redactor = Redactor::new(&[token.expose_secret()]);
            return Err(rejection("the OAuth exchange", &response, &redactor).into());
        }
        let issued: IssuedCredentials = read("the response of the OAuth exchange", &response.body)?;
        Ok(issued.temporary("the OAuth exchange")?)
    }
}

impl LoadCredentials for OAuth {
    fn name(&self) -> &'static str {
        "OAuth"
    }

    fn load<'a>(&'a self, env: &'a ProviderEnv) -> LoadFuture<'a> {
        Box::pin(self.fetch(env))
    }
}
