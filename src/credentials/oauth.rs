//! Keys of a login by OAuth, which the CLI left in its configuration.
//!
//! Read only: a refreshed login has a new refresh token, and a program that does not write it back would end the login of
//! the CLI.

use chrono::{DateTime, Utc};
use http::Method;
use http::header::AUTHORIZATION;
use secrecy::{ExposeSecret as _, SecretString};

use super::cloud_sso::{living_token, still_living};
use super::exchange::{OUTWARD_LIMIT, exchange, refused, request, with_secret_header};
use super::issued::{IssuedKeys, read};
use super::source::{Missing, Outcome, OutcomeFuture, Source};
use super::{Credentials, CredentialsError, ProviderEnv};
use crate::error::Redactor;

/// What a login left: perhaps keys that still live, and a token to get others with.
#[derive(Clone, Debug)]
pub(super) struct OAuth {
    /// Keys with their expiry, as the CLI keeps them.
    pub(super) kept: Option<Credentials>,
    pub(super) site: Option<String>,
    pub(super) access_token: Option<SecretString>,
    pub(super) access_token_expires: Option<DateTime<Utc>>,
}

impl OAuth {
    async fn fetch(&self, around: &ProviderEnv) -> Outcome {
        let now = around.clock.now();
        if let Some(kept) = still_living(self.kept.as_ref(), now) {
            return Ok(kept);
        }
        let host = match self.site.as_deref() {
            Some(site) if site.eq_ignore_ascii_case("CN") => "oauth.aliyun.com",
            Some(site) if site.eq_ignore_ascii_case("INTL") => "oauth.alibabacloud.com",
            _ => return Err(Missing::failed("oauth_site_type is neither CN nor INTL")),
        };
        let token = living_token(self.access_token.as_ref(), self.access_token_expires, now)?;
        let request = request(Method::POST, format!("https://{host}/v1/exchange"));
        let request = with_secret_header(request, AUTHORIZATION, "Bearer ", token)?;
        let answer = exchange(&*around.outward, request, OUTWARD_LIMIT)
            .await
            .map_err(CredentialsError::from)?;
        if !answer.is_success() {
            let redactor = Redactor::new(&[token.expose_secret()]);
            return Err(refused("the OAuth exchange", &answer, &redactor).into());
        }
        let issued: IssuedKeys = read("the answer of the OAuth exchange", &answer.body)?;
        Ok(issued.temporary("the OAuth exchange")?)
    }
}

impl Source for OAuth {
    fn name(&self) -> &'static str {
        "OAuth"
    }

    fn look<'a>(&'a self, around: &'a ProviderEnv) -> OutcomeFuture<'a> {
        Box::pin(self.fetch(around))
    }
}
