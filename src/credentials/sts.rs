//! The token service: a role taken with keys, or with a token of an identity provider.
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

use super::exchange::{OUTWARD_LIMIT, exchange, form, refused};
use super::issued::{EnclosedKeys, read};
use super::{Credentials, CredentialsError, ProviderEnv};
use crate::error::Redactor;
use crate::sign::canonical::canonical_query;
use crate::sign::{self, Parameters, SignatureVersion, Signer, UnsignedRequest};
use crate::transport::HttpRequest;

const VERSION: &str = "2015-04-01";

/// The lifetime that the official libraries ask for; every role allows it.
const DURATION: Duration = Duration::from_secs(3_600);

/// The shortest that STS gives.
const SHORTEST_DURATION: Duration = Duration::from_secs(900);

/// The role that is taken, and in what form.
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

    fn parameters(&self, around: &ProviderEnv) -> Result<Parameters<'_>, CredentialsError> {
        let duration = self.duration.unwrap_or(DURATION);
        if duration < SHORTEST_DURATION {
            let told = format!("a role is taken for 900 s at least, not {} s", duration.as_secs());
            return Err(CredentialsError::new(told));
        }
        let session_name = match &self.session_name {
            Some(name) => Cow::Borrowed(name.as_str()),
            None => Cow::Owned(session_name(around)),
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

/// The name under which audits show what was done: the environment's, or one with the time in it.
fn session_name(around: &ProviderEnv) -> String {
    around
        .variable("ALIBABA_CLOUD_ROLE_SESSION_NAME")
        .unwrap_or_else(|| format!("alibabacloud-kms-rust-{}", around.clock.now().timestamp()))
}

/// Takes `role` as the identity of `keys`.
pub(super) async fn assume_role(
    around: &ProviderEnv,
    host: &StsHost,
    keys: &Credentials,
    role: &Role,
) -> Result<Credentials, CredentialsError> {
    let endpoint = host.resolve(around)?;
    let unsigned = UnsignedRequest {
        method: Method::POST,
        version: VERSION,
        action: "AssumeRole",
        host: endpoint.host(),
        parameters: role.parameters(around)?,
    };
    let (at, nonce) = (around.clock.now(), around.clock.nonce());
    let signed = Signer::new(SignatureVersion::V1).sign(unsigned, keys, at, &nonce);
    let token = keys.security_token().map_or("", |token| token.expose_secret());
    let redactor =
        Redactor::new(&[keys.access_key_secret().expose_secret(), token, &signed.signature]);
    // All in the body, where no log of a proxy keeps it.
    send(around, endpoint.is_loopback(), form(endpoint.url(), signed.parameters), &redactor).await
}

/// Takes `role` as whom a token of an identity provider is about. Nothing is signed: the token is what proves it.
pub(super) async fn assume_role_with_oidc(
    around: &ProviderEnv,
    host: &StsHost,
    provider_arn: &str,
    token: &SecretString,
    role: &Role,
) -> Result<Credentials, CredentialsError> {
    let endpoint = host.resolve(around)?;
    let timestamp = sign::timestamp(around.clock.now());
    let nonce = around.clock.nonce();
    let mut query: Parameters<'_> = vec![
        ("Action".into(), "AssumeRoleWithOIDC".into()),
        ("Version".into(), VERSION.into()),
        ("Format".into(), "JSON".into()),
        ("Timestamp".into(), timestamp.into()),
        ("SignatureNonce".into(), nonce.into()),
    ];
    let url = format!("{}?{}", endpoint.url(), canonical_query(&mut query));
    let mut parameters = role.parameters(around)?;
    parameters.push(("OIDCProviderArn".into(), Cow::Borrowed(provider_arn)));
    parameters.push(("OIDCToken".into(), Cow::Borrowed(token.expose_secret())));
    let request = form(url, Zeroizing::new(canonical_query(&mut parameters)));
    let redactor = Redactor::new(&[token.expose_secret()]);
    send(around, endpoint.is_loopback(), request, &redactor).await
}

async fn send(
    around: &ProviderEnv,
    loopback: bool,
    request: HttpRequest,
    redactor: &Redactor,
) -> Result<Credentials, CredentialsError> {
    let answer = exchange(around.way_to(loopback), request, OUTWARD_LIMIT).await?;
    if !answer.is_success() {
        return Err(refused("STS", &answer, redactor));
    }
    let issued: EnclosedKeys = read("the answer of STS", &answer.body)?;
    issued.keys.temporary("STS")
}
