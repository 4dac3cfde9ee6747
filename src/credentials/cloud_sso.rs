//! Credentials of a CloudSSO login that the CLI stored in its configuration. Read only: only the
//! CLI can log in again.

use chrono::{DateTime, Utc};
use http::Method;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use url::Url;

use super::exchange::{REQUEST_TIMEOUT, exchange, rejection, request, with_secret_header};
use super::issued::{CredentialsEnvelope, read};
use super::load::{LoadCredentials, LoadFuture, LoadResult};
use super::load_error::LoadError;
use super::{Credentials, CredentialsError, ProviderEnv};
use crate::endpoint::is_loopback;
use crate::error::Redactor;

/// The result of a login: a token, and the credentials that the CLI last got with it.
#[derive(Clone, Debug)]
pub(super) struct CloudSso {
    /// The stored credentials with their expiration.
    pub(super) stored: Option<Credentials>,
    pub(super) sign_in_url: Option<String>,
    pub(super) account_id: Option<String>,
    pub(super) access_configuration: Option<String>,
    pub(super) access_token: Option<SecretString>,
    pub(super) access_token_expires: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RequestBody<'a> {
    account_id: &'a str,
    access_configuration_id: &'a str,
}

impl CloudSso {
    async fn fetch(&self, env: &ProviderEnv) -> LoadResult {
        let now = env.clock.now();
        if let Some(stored) = unexpired(self.stored.as_ref(), now) {
            return Ok(stored);
        }
        let url = self.endpoint()?;
        let (Some(account_id), Some(access_configuration_id)) =
            (&self.account_id, &self.access_configuration)
        else {
            let message = "cloud_sso_account_id or cloud_sso_access_config is missing";
            return Err(LoadError::failed(message));
        };
        let token = unexpired_token(self.access_token.as_ref(), self.access_token_expires, now)?;
        let body = RequestBody { account_id, access_configuration_id };
        let mut request = request(Method::POST, url.as_str());
        request.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        // Strings always have a JSON form.
        request.body = serde_json::to_vec(&body).unwrap_or_default().into();
        let request = with_secret_header(request, AUTHORIZATION, "Bearer ", token)?;
        let response =
            exchange(env, request, REQUEST_TIMEOUT).await.map_err(CredentialsError::from)?;
        if !response.is_success() {
            let redactor = Redactor::new(&[token.expose_secret()]);
            return Err(rejection("CloudSSO", &response, &redactor).into());
        }
        let issued: CredentialsEnvelope = read("the response of CloudSSO", &response.body)?;
        Ok(issued.credentials.temporary("CloudSSO")?)
    }

    /// Returns the URL of the service, which is on the host of the sign-in page.
    fn endpoint(&self) -> Result<Url, CredentialsError> {
        let error = || CredentialsError::new("cloud_sso_sign_in_url must be an https:// URL");
        let url = self.sign_in_url.as_deref().ok_or_else(error)?;
        let url = Url::parse(url).map_err(|_| error())?;
        if url.scheme() != "https" && !is_loopback(&url) {
            return Err(error());
        }
        url.join("/cloud-credentials").map_err(|_| error())
    }
}

impl LoadCredentials for CloudSso {
    fn name(&self) -> &'static str {
        "CloudSSO"
    }

    fn load<'a>(&'a self, env: &'a ProviderEnv) -> LoadFuture<'a> {
        Box::pin(self.fetch(env))
    }
}

/// Returns stored credentials that have not expired.
pub(super) fn unexpired(stored: Option<&Credentials>, now: DateTime<Utc>) -> Option<Credentials> {
    let is_unexpired = |stored: &&Credentials| stored.expiration().is_some_and(|time| now < time);
    stored.filter(is_unexpired).cloned()
}

/// Returns the token of a login that has not expired.
pub(super) fn unexpired_token(
    token: Option<&SecretString>,
    expires: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<&SecretString, CredentialsError> {
    token.filter(|_| expires.is_none_or(|expires| now < expires)).ok_or_else(|| {
        CredentialsError::new("the login has expired: log in again with the aliyun CLI")
    })
}
