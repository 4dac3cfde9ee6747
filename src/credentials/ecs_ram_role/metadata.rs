//! The metadata service of an instance: first a session token, then requests with it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use http::Method;
use http::header::{HeaderName, HeaderValue};
use secrecy::SecretString;
use zeroize::Zeroizing;

use super::super::exchange::{NoResponse, Response, exchange, request, with_secret_header};
use super::super::text::decode;
use super::super::{CredentialsError, ProviderEnv};
use crate::transport::HttpRequest;

const BASE: &str = "http://100.100.100.200";
const TOKEN: HeaderName = HeaderName::from_static("x-aliyun-ecs-metadata-token");
const TOKEN_TTL: HeaderName = HeaderName::from_static("x-aliyun-ecs-metadata-token-ttl-seconds");

/// Six hours, the maximum of the service.
const TTL_SECONDS: &str = "21600";

/// Four fifths of that.
const TOKEN_CACHED: TimeDelta = TimeDelta::seconds(17_280);

const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// 1 s for the connection and 1 s for the response.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(2);

const V1_DISABLED: [&str; 2] = [
    "ALIBABA_CLOUD_IMDSV1_DISABLED",
    // The spelling of several pages of the documentation.
    "ALIBABA_CLOUD_IMDSV1_DISABLE",
];

/// The service and its session token. A clone shares the token.
#[derive(Clone, Debug, Default)]
pub(super) struct Metadata {
    token: Arc<Mutex<Option<SessionToken>>>,
}

#[derive(Clone, Debug)]
struct SessionToken {
    token: SecretString,
    expires: DateTime<Utc>,
}

/// The reason why a path has no content.
pub(super) enum Unavailable {
    /// No connection was made.
    Unreachable(CredentialsError),
    NotFound,
    Failed(CredentialsError),
}

impl Unavailable {
    pub(super) fn error(self) -> CredentialsError {
        match self {
            Self::Unreachable(error) | Self::Failed(error) => error,
            Self::NotFound => CredentialsError::new("the metadata service does not know the role")
                .with_status(404),
        }
    }
}

impl From<CredentialsError> for Unavailable {
    fn from(error: CredentialsError) -> Self {
        Self::Failed(error)
    }
}

impl From<NoResponse> for Unavailable {
    fn from(failure: NoResponse) -> Self {
        match failure.is_unreachable {
            true => Self::Unreachable(failure.error),
            false => Self::Failed(failure.error),
        }
    }
}

impl Metadata {
    /// Returns the content of a path. A cached token that is rejected is replaced once; then no
    /// token is used, if that is allowed.
    pub(super) async fn get(
        &self,
        env: &ProviderEnv,
        path: &str,
    ) -> Result<Zeroizing<Vec<u8>>, Unavailable> {
        let is_token_optional = !V1_DISABLED.iter().any(|name| env.is_set_to_true(name));
        if let Some(token) = self.cached_token(env.clock.now()) {
            match get_once(env, path, Some(&token)).await {
                Err(Unavailable::Failed(_)) => self.cache_token(None),
                outcome => return outcome,
            }
        }
        match new_token(env).await {
            Ok(token) => {
                let expires = env.clock.now() + TOKEN_CACHED;
                self.cache_token(Some(SessionToken { token: token.clone(), expires }));
                match get_once(env, path, Some(&token)).await {
                    // Seen where the network of a container strips the header: the token is valid
                    // and not accepted.
                    Err(Unavailable::Failed(_)) if is_token_optional => {
                        self.cache_token(None);
                        get_once(env, path, None).await
                    }
                    outcome => outcome,
                }
            }
            Err(Unavailable::Unreachable(error)) => Err(Unavailable::Unreachable(error)),
            Err(_) if is_token_optional => get_once(env, path, None).await,
            Err(Unavailable::NotFound) => Err(CredentialsError::new(
                "the metadata service returned no token, and requests without one are disabled",
            )
            .with_status(404)
            .into()),
            Err(failed) => Err(failed),
        }
    }

    fn cached_token(&self, now: DateTime<Utc>) -> Option<SecretString> {
        let cached = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        cached.as_ref().filter(|cached| now < cached.expires).map(|cached| cached.token.clone())
    }

    fn cache_token(&self, token: Option<SessionToken>) {
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = token;
    }
}

async fn new_token(env: &ProviderEnv) -> Result<SecretString, Unavailable> {
    let mut request = metadata_request(Method::PUT, "/latest/api/token");
    request.headers.insert(TOKEN_TTL, HeaderValue::from_static(TTL_SECONDS));
    let body = check_status(exchange(env, request, REQUEST_TIMEOUT).await?)?;
    let token = decode("the token of the metadata service", &body)?.trim();
    if token.is_empty() {
        return Err(CredentialsError::new("the metadata service returned an empty token").into());
    }
    Ok(SecretString::from(token))
}

async fn get_once(
    env: &ProviderEnv,
    path: &str,
    token: Option<&SecretString>,
) -> Result<Zeroizing<Vec<u8>>, Unavailable> {
    let mut request = metadata_request(Method::GET, path);
    if let Some(token) = token {
        request = with_secret_header(request, TOKEN, "", token)?;
    }
    check_status(exchange(env, request, REQUEST_TIMEOUT).await?)
}

fn metadata_request(method: Method, path: &str) -> HttpRequest {
    let mut request = request(method, format!("{BASE}{path}"));
    request.connect_timeout = Some(CONNECT_TIMEOUT);
    request
}

fn check_status(response: Response) -> Result<Zeroizing<Vec<u8>>, Unavailable> {
    match response.status {
        200..=299 => Ok(response.body),
        404 => Err(Unavailable::NotFound),
        status => {
            let error = CredentialsError::new("the metadata service rejected the request")
                .with_status(status);
            Err(Unavailable::Failed(error))
        }
    }
}
