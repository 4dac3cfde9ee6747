//! Keys from a URL that a sidecar or a platform serves.

use http::Method;
use url::Url;

use super::cached::Cached;
use super::exchange::{OUTWARD_LIMIT, exchange, refused, request};
use super::issued::{IssuedKeys, read};
use super::source::{Missing, Outcome, OutcomeFuture, Source};
use super::{CredentialsError, ProviderEnv};
use crate::endpoint::is_loopback;
use crate::error::Redactor;

pub(super) const URI: &str = "ALIBABA_CLOUD_CREDENTIALS_URI";

/// Keys that a URL answers with, such as that of a sidecar in the same pod.
///
/// | looked up | where |
/// |---|---|
/// | the URL | what was given, else `ALIBABA_CLOUD_CREDENTIALS_URI` |
///
/// It is asked by `GET`, with nothing to tell who asks, and answers `AccessKeyId`, `AccessKeySecret`, `SecurityToken`,
/// `Expiration` and, when it says how it went, `Code` with `Success`. No redirect is followed. Keys are renewed ahead of their
/// expiry.
#[derive(Clone, Debug)]
pub struct UriProvider(pub(super) Cached<CredentialsUri>);

impl UriProvider {
    /// What the variable says when keys are first needed.
    #[must_use]
    pub fn from_environment() -> Self {
        Self(Cached::new(CredentialsUri::default()))
    }

    /// This URL, whatever the variable says.
    #[must_use]
    pub fn new(uri: impl Into<String>) -> Self {
        Self(Cached::new(CredentialsUri { given: Some(uri.into()) }))
    }
}

/// The URL of a profile or that of the environment. `Debug` leaves it out: it may hold a password.
#[derive(Clone, Default)]
pub(super) struct CredentialsUri {
    pub(super) given: Option<String>,
}

impl CredentialsUri {
    async fn fetch(&self, around: &ProviderEnv) -> Outcome {
        let Some(uri) = self.given.clone().or_else(|| around.variable(URI)) else {
            return Err(Missing::not_configured(format!("{URI} is not set")));
        };
        let url = checked(&uri)?;
        let transport = around.way_to(is_loopback(&url));
        let secrets = [Some(uri.as_str()), url.password(), url.query()];
        let redactor = Redactor::new(&secrets.map(Option::unwrap_or_default));
        let request = request(Method::GET, url);
        let answer =
            exchange(transport, request, OUTWARD_LIMIT).await.map_err(CredentialsError::from)?;
        if answer.status != 200 {
            return Err(refused("the URL", &answer, &redactor).into());
        }
        let issued: IssuedKeys = read("the answer", &answer.body)?;
        // Two of the official libraries take the keys of an answer that says it failed.
        if issued.code.as_deref().is_some_and(|code| code != "Success") {
            return Err(refused("the URL", &answer, &redactor).into());
        }
        Ok(issued.temporary("the URL")?)
    }
}

impl Source for CredentialsUri {
    fn name(&self) -> &'static str {
        "credentials URI"
    }

    fn look<'a>(&'a self, around: &'a ProviderEnv) -> OutcomeFuture<'a> {
        Box::pin(self.fetch(around))
    }
}

impl std::fmt::Debug for CredentialsUri {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CredentialsUri")
    }
}

fn checked(uri: &str) -> Result<Url, CredentialsError> {
    match Url::parse(uri) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
        _ => Err(CredentialsError::new("the URL is none of http:// or https://")),
    }
}
