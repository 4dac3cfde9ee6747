//! The metadata service of an instance: a token for the session first, then paths with it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use http::Method;
use http::header::{HeaderName, HeaderValue};
use secrecy::SecretString;
use zeroize::Zeroizing;

use super::super::exchange::{Answer, Unanswered, exchange, request, with_secret_header};
use super::super::{CredentialsError, ProviderEnv};

const BASE: &str = "http://100.100.100.200";
const TOKEN: HeaderName = HeaderName::from_static("x-aliyun-ecs-metadata-token");
const TOKEN_TTL: HeaderName = HeaderName::from_static("x-aliyun-ecs-metadata-token-ttl-seconds");

/// Six hours, the longest that the service gives.
const TTL_SECONDS: &str = "21600";

/// Four fifths of that.
const TOKEN_KEPT: TimeDelta = TimeDelta::seconds(17_280);

/// A second for the connection, which the transport counts, and one for the answer.
const LIMIT: Duration = Duration::from_secs(2);

const V1_DISABLED: [&str; 2] = [
    "ALIBABA_CLOUD_IMDSV1_DISABLED",
    // As several pages of the documentation spell it.
    "ALIBABA_CLOUD_IMDSV1_DISABLE",
];

/// The service, with the token of the session. A clone shares it.
#[derive(Clone, Debug, Default)]
pub(super) struct Metadata {
    token: Arc<Mutex<Option<SessionToken>>>,
}

#[derive(Clone, Debug)]
struct SessionToken {
    token: SecretString,
    until: DateTime<Utc>,
}

/// Why a path has nothing.
pub(super) enum Unavailable {
    /// No connection came about.
    NobodyThere(CredentialsError),
    NotFound,
    Failed(CredentialsError),
}

impl Unavailable {
    pub(super) fn error(self) -> CredentialsError {
        match self {
            Self::NobodyThere(error) | Self::Failed(error) => error,
            Self::NotFound => {
                CredentialsError::new("the metadata service knows no such role").with_status(404)
            }
        }
    }
}

impl From<CredentialsError> for Unavailable {
    fn from(error: CredentialsError) -> Self {
        Self::Failed(error)
    }
}

impl From<Unanswered> for Unavailable {
    fn from(unanswered: Unanswered) -> Self {
        match unanswered.unreachable {
            true => Self::NobodyThere(unanswered.error),
            false => Self::Failed(unanswered.error),
        }
    }
}

impl Metadata {
    /// What is at a path. A kept token that is not taken is replaced once; then none is used, where that is allowed.
    pub(super) async fn get(
        &self,
        around: &ProviderEnv,
        path: &str,
    ) -> Result<Zeroizing<Vec<u8>>, Unavailable> {
        let without_token_allowed = !V1_DISABLED.iter().any(|name| around.is_set_to_true(name));
        if let Some(token) = self.kept_token(around.clock.now()) {
            match get_once(around, path, Some(&token)).await {
                Err(Unavailable::Failed(_)) => self.keep_token(None),
                outcome => return outcome,
            }
        }
        match new_token(around).await {
            Ok(token) => {
                let until = around.clock.now() + TOKEN_KEPT;
                self.keep_token(Some(SessionToken { token: token.clone(), until }));
                match get_once(around, path, Some(&token)).await {
                    // Seen where a container's network strips the header: the token is fine and not taken.
                    Err(Unavailable::Failed(_)) if without_token_allowed => {
                        self.keep_token(None);
                        get_once(around, path, None).await
                    }
                    outcome => outcome,
                }
            }
            Err(Unavailable::NobodyThere(error)) => Err(Unavailable::NobodyThere(error)),
            Err(_) if without_token_allowed => get_once(around, path, None).await,
            Err(Unavailable::NotFound) => Err(CredentialsError::new(
                "the metadata service gives no token, and doing without is disabled",
            )
            .with_status(404)
            .into()),
            Err(failed) => Err(failed),
        }
    }

    fn kept_token(&self, now: DateTime<Utc>) -> Option<SecretString> {
        let kept = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|kept| now < kept.until).map(|kept| kept.token.clone())
    }

    fn keep_token(&self, token: Option<SessionToken>) {
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = token;
    }
}

async fn new_token(around: &ProviderEnv) -> Result<SecretString, Unavailable> {
    let mut request = request(Method::PUT, format!("{BASE}/latest/api/token"));
    request.headers.insert(TOKEN_TTL, HeaderValue::from_static(TTL_SECONDS));
    let body = succeeded(exchange(&*around.direct, request, LIMIT).await?)?;
    let token = std::str::from_utf8(&body).unwrap_or_default().trim();
    if token.is_empty() {
        return Err(CredentialsError::new("the metadata service gave an empty token").into());
    }
    Ok(SecretString::from(token))
}

async fn get_once(
    around: &ProviderEnv,
    path: &str,
    token: Option<&SecretString>,
) -> Result<Zeroizing<Vec<u8>>, Unavailable> {
    let mut request = request(Method::GET, format!("{BASE}{path}"));
    if let Some(token) = token {
        request = with_secret_header(request, TOKEN, "", token)?;
    }
    succeeded(exchange(&*around.direct, request, LIMIT).await?)
}

fn succeeded(answer: Answer) -> Result<Zeroizing<Vec<u8>>, Unavailable> {
    match answer.status {
        200..=299 => Ok(answer.body),
        404 => Err(Unavailable::NotFound),
        status => {
            let error = CredentialsError::new("the metadata service refused").with_status(status);
            Err(Unavailable::Failed(error))
        }
    }
}
