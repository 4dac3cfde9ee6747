//! STS: assumes a role with credentials, or with a token of an identity provider.
//!
//! <https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole>,
//! <https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerolewithoidc>

mod endpoint;

use std::borrow::Cow;
use std::time::Duration;

use http::Method;
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

pub(super) use endpoint::StsHost;

use super::exchange::{REQUEST_TIMEOUT, exchange, form, rejection};
use super::issued::{CredentialsEnvelope, read};
use super::{Credentials, CredentialsError, ProviderEnv};
use crate::error::Redactor;
use crate::sign::canonical::canonical_query;
use crate::sign::{self, Parameters, SignatureVersion, Signer, UnsignedRequest};
use crate::transport::HttpRequest;

const VERSION: &str = "2015-04-01";

/// The lifetime that the official libraries request; every role allows it.
const DEFAULT_DURATION: Duration = Duration::from_secs(3_600);

/// The minimum of STS.
const MIN_DURATION: Duration = Duration::from_secs(900);

/// A role to assume, and the parameters of its session.
#[derive(Clone, Debug, Default)]
pub(super) struct Role {
    pub(super) arn: String,
    pub(super) session_name: Option<String>,
    pub(super) duration: Option<Duration>,
    pub(super) policy: Option<String>,
    pub(super) external_id: Option<String>,
}

impl Role {
    pub(super) fn new(arn: impl Into<String>) -> Self {
        Self { arn: arn.into(), ..Self::default() }
    }

    fn parameters(&self, env: &ProviderEnv) -> Result<Parameters<'_>, CredentialsError> {
        let duration = self.duration.unwrap_or(DEFAULT_DURATION);
        if duration < MIN_DURATION {
            let message = format!(
                "the duration of a role must be at least 900 s, got {} s",
                duration.as_secs()
            );
            return Err(CredentialsError::new(message));
        }
        let session_name = match &self.session_name {
            Some(name) => Cow::Borrowed(name.as_str()),
            None => Cow::Owned(default_session_name(env)),
        };
        let mut parameters: Parameters<'_> = vec![
            ("RoleArn".into(), Cow::Borrowed(&self.arn)),
            ("RoleSessionName".into(), session_name),
            ("DurationSeconds".into(), Cow::Owned(duration.as_secs().to_string())),
        ];
        let optional = [("Policy", &self.policy), ("ExternalId", &self.external_id)];
        for (name, value) in optional {
            if let Some(value) = value {
                parameters.push((name.into(), Cow::Borrowed(value)));
            }
        }
        Ok(parameters)
    }
}

/// Returns the session name of the environment, or one that contains the time. Audits show it.
fn default_session_name(env: &ProviderEnv) -> String {
    env.variable("ALIBABA_CLOUD_ROLE_SESSION_NAME")
        .unwrap_or_else(|| format!("alibabacloud-kms-rust-{}", env.clock.now().timestamp()))
}

/// Assumes `role` as the identity of `credentials`.
pub(super) async fn assume_role(
    env: &ProviderEnv,
    host: &StsHost,
    credentials: &Credentials,
    role: &Role,
) -> Result<Credentials, CredentialsError> {
    let endpoint = host.resolve(env)?;
    let unsigned = UnsignedRequest {
        method: Method::POST,
        version: VERSION,
        action: "AssumeRole",
        host: endpoint.host(),
        parameters: role.parameters(env)?,
    };
    let (at, nonce) = (env.clock.now(), env.clock.nonce());
    let signed = Signer::new(SignatureVersion::V1).sign(unsigned, credentials, at, &nonce);
    let secret = credentials.access_key_secret().expose_secret();
    let token = credentials.security_token().map_or("", |token| token.expose_secret());
    let redactor = Redactor::new(&[secret, token, &signed.signature]);
    // In the body, which no access log contains.
    let request = form(endpoint.url(), signed.parameters);
    send(env, request, &redactor).await
}

/// Assumes `role` as the subject of a token of an identity provider. The token proves the identity,
/// so the request is not signed.
pub(super) async fn assume_role_with_oidc(
    env: &ProviderEnv,
    host: &StsHost,
    provider_arn: &str,
    token: &SecretString,
    role: &Role,
) -> Result<Credentials, CredentialsError> {
    let endpoint = host.resolve(env)?;
    let timestamp = sign::timestamp(env.clock.now());
    let nonce = env.clock.nonce();
    let mut query: Parameters<'_> = vec![
        ("Action".into(), "AssumeRoleWithOIDC".into()),
        ("Version".into(), VERSION.into()),
        ("Format".into(), "JSON".into()),
        ("Timestamp".into(), timestamp.into()),
        ("SignatureNonce".into(), nonce.into()),
    ];
    let url = format!("{}?{}", endpoint.url(), canonical_query(&mut query));
    let mut parameters = role.parameters(env)?;
    parameters.push(("OIDCProviderArn".into(), Cow::Borrowed(provider_arn)));
    parameters.push(("OIDCToken".into(), Cow::Borrowed(token.expose_secret())));
    let request = form(url, Zeroizing::new(canonical_query(&mut parameters)));
    let redactor = Redactor::new(&[token.expose_secret()]);
    send(env, request, &redactor).await
}

async fn send(
    env: &ProviderEnv,
    request: HttpRequest,
    redactor: &Redactor,
) -> Result<Credentials, CredentialsError> {
    let response = exchange(env, request, REQUEST_TIMEOUT).await?;
    if !response.is_success() {
        return Err(rejection("STS", &response, redactor));
    }
    let issued: CredentialsEnvelope = read("the response of STS", &response.body)?;
    issued.credentials.temporary("STS")
}
