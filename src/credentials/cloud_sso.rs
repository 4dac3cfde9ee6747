//! Keys of a login by CloudSSO, which the CLI left in its configuration. Read only: a new login is the CLI's work.

use chrono::{DateTime, Utc};
use http::Method;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use url::Url;

use super::exchange::{OUTWARD_LIMIT, exchange, refused, request, with_secret_header};
use super::issued::{EnclosedKeys, read};
use super::source::{Missing, Outcome, OutcomeFuture, Source};
use super::{Credentials, CredentialsError, ProviderEnv};
use crate::endpoint::is_loopback;
use crate::error::Redactor;

/// What a login left: perhaps keys that still live, and a token to get others with.
#[derive(Clone, Debug)]
pub(super) struct CloudSso {
    /// Keys with their expiry, as the CLI keeps them.
    pub(super) kept: Option<Credentials>,
    pub(super) sign_in_url: Option<String>,
    pub(super) account_id: Option<String>,
    pub(super) access_configuration: Option<String>,
    pub(super) access_token: Option<SecretString>,
    pub(super) access_token_expires: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Wanted<'a> {
    account_id: &'a str,
    access_configuration_id: &'a str,
}

impl CloudSso {
    async fn fetch(&self, around: &ProviderEnv) -> Outcome {
        let now = around.clock.now();
        if let Some(kept) = still_living(self.kept.as_ref(), now) {
            return Ok(kept);
        }
        let url = self.endpoint()?;
        let (account_id, access_configuration_id) =
            match (&self.account_id, &self.access_configuration) {
                (Some(account), Some(configuration)) => (account, configuration),
                _ => {
                    return Err(Missing::failed(
                        "the profile names no account and access configuration",
                    ));
                }
            };
        let token = living_token(self.access_token.as_ref(), self.access_token_expires, now)?;
        let wanted = Wanted { account_id, access_configuration_id };
        let mut request = request(Method::POST, url.as_str());
        request.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        // Texts always have a JSON form.
        request.body = serde_json::to_vec(&wanted).unwrap_or_default().into();
        let request = with_secret_header(request, AUTHORIZATION, "Bearer ", token)?;
        let transport = around.way_to(is_loopback(&url));
        let answer =
            exchange(transport, request, OUTWARD_LIMIT).await.map_err(CredentialsError::from)?;
        if !answer.is_success() {
            let redactor = Redactor::new(&[token.expose_secret()]);
            return Err(refused("CloudSSO", &answer, &redactor).into());
        }
        let issued: EnclosedKeys = read("the answer of CloudSSO", &answer.body)?;
        Ok(issued.keys.temporary("CloudSSO")?)
    }

    /// The service is on the host where one signs in.
    fn endpoint(&self) -> Result<Url, CredentialsError> {
        let unusable = || CredentialsError::new("cloud_sso_sign_in_url is no https:// URL");
        let url = self.sign_in_url.as_deref().ok_or_else(unusable)?;
        let url = Url::parse(url).map_err(|_| unusable())?;
        if url.scheme() != "https" && !is_loopback(&url) {
            return Err(unusable());
        }
        url.join("/cloud-credentials").map_err(|_| unusable())
    }
}

impl Source for CloudSso {
    fn name(&self) -> &'static str {
        "CloudSSO"
    }

    fn look<'a>(&'a self, around: &'a ProviderEnv) -> OutcomeFuture<'a> {
        Box::pin(self.fetch(around))
    }
}

/// Kept keys that have not expired.
pub(super) fn still_living(kept: Option<&Credentials>, now: DateTime<Utc>) -> Option<Credentials> {
    kept.filter(|keys| keys.expiration().is_some_and(|expiration| now < expiration)).cloned()
}

/// A login that has not ended.
pub(super) fn living_token(
    token: Option<&SecretString>,
    expires: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<&SecretString, CredentialsError> {
    token.filter(|_| expires.is_none_or(|expires| now < expires)).ok_or_else(|| {
        CredentialsError::new("the login has ended: log in again with the aliyun CLI")
    })
}
