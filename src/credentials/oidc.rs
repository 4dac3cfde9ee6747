//! A token of an identity provider, exchanged at STS: how a pod takes the role of its service account (RRSA).

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

use super::cached::Cached;
use super::source::{Missing, Outcome, OutcomeFuture, Source};
use super::sts::{Role, StsHost, assume_role_with_oidc};
use super::{CredentialsError, ProviderEnv};

const ROLE_ARN: &str = "ALIBABA_CLOUD_ROLE_ARN";
const PROVIDER_ARN: &str = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN";
const TOKEN_FILE: &str = "ALIBABA_CLOUD_OIDC_TOKEN_FILE";

/// A role taken with the token that a file holds, as Kubernetes projects it into a pod
/// ([RRSA](https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/use-rrsa-to-authorize-pods-to-access-different-cloud-services)).
///
/// | variable | meaning |
/// |---|---|
/// | `ALIBABA_CLOUD_ROLE_ARN` | the role to take |
/// | `ALIBABA_CLOUD_OIDC_PROVIDER_ARN` | the identity provider that RAM knows |
/// | `ALIBABA_CLOUD_OIDC_TOKEN_FILE` | the file with its token, read again for each exchange |
/// | `ALIBABA_CLOUD_ROLE_SESSION_NAME` | the name of the session, optional |
/// | `ALIBABA_CLOUD_STS_ENDPOINT`, `ALIBABA_CLOUD_STS_REGION`, `ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED` | the host of STS, optional |
///
/// The role alone, or the host alone, configures nothing; of the first three any other part without the rest is an error.
/// Keys are renewed ahead of their expiry. The token travels in the body of a request, never in a URL.
#[derive(Clone, Debug)]
pub struct OidcProvider(pub(super) Cached<Oidc>);

impl OidcProvider {
    /// What the variables say when keys are first needed.
    #[must_use]
    pub fn from_environment() -> Self {
        Self(Cached::new(Oidc::default()))
    }

    /// This role, this identity provider and this file, whatever the variables say.
    #[must_use]
    pub fn new(
        role_arn: impl Into<String>,
        provider_arn: impl Into<String>,
        token_file: impl Into<PathBuf>,
    ) -> Self {
        let given = Identity {
            role_arn: role_arn.into(),
            provider_arn: provider_arn.into(),
            token_file: token_file.into(),
        };
        Self(Cached::new(Oidc { given: Some(given), ..Oidc::default() }))
    }

    /// The name of the session, 2 to 64 letters, digits and `.@-_`: what audits show.
    #[must_use]
    pub fn session_name(self, name: impl Into<String>) -> Self {
        Self(self.0.change(|oidc| oidc.role.session_name = Some(name.into())))
    }

    /// How long keys live, 15 minutes to what the role allows, default 1 hour.
    #[must_use]
    pub fn duration(self, duration: Duration) -> Self {
        Self(self.0.change(|oidc| oidc.role.duration = Some(duration)))
    }

    /// A policy in JSON that the role is cut down to.
    #[must_use]
    pub fn policy(self, policy: impl Into<String>) -> Self {
        Self(self.0.change(|oidc| oidc.role.policy = Some(policy.into())))
    }

    /// The host of STS, such as `sts.cn-hangzhou.aliyuncs.com`.
    #[must_use]
    pub fn sts_endpoint(self, endpoint: impl Into<String>) -> Self {
        Self(self.0.change(|oidc| oidc.host.endpoint = Some(endpoint.into())))
    }

    /// The region whose STS is asked.
    #[must_use]
    pub fn sts_region(self, region: impl Into<String>) -> Self {
        Self(self.0.change(|oidc| oidc.host.region = Some(region.into())))
    }
}

#[derive(Clone, Debug)]
pub(super) struct Identity {
    pub(super) role_arn: String,
    pub(super) provider_arn: String,
    pub(super) token_file: PathBuf,
}

/// The exchange, for the identity of a profile or that of the environment. The role's own ARN is the identity's.
#[derive(Clone, Debug, Default)]
pub(super) struct Oidc {
    pub(super) given: Option<Identity>,
    pub(super) role: Role,
    pub(super) host: StsHost,
}

impl Oidc {
    async fn exchange(&self, around: &ProviderEnv) -> Outcome {
        let identity = match &self.given {
            Some(given) => given.clone(),
            None => from_environment(around)?,
        };
        let token = read_token(around, &identity).await?;
        let role = Role { arn: identity.role_arn, ..self.role.clone() };
        let provider_arn = &identity.provider_arn;
        Ok(assume_role_with_oidc(around, &self.host, provider_arn, &token, &role).await?)
    }
}

impl Source for Oidc {
    fn name(&self) -> &'static str {
        "OIDC"
    }

    fn look<'a>(&'a self, around: &'a ProviderEnv) -> OutcomeFuture<'a> {
        Box::pin(self.exchange(around))
    }
}

fn from_environment(around: &ProviderEnv) -> Result<Identity, Missing> {
    let [role_arn, provider_arn, token_file] =
        [ROLE_ARN, PROVIDER_ARN, TOKEN_FILE].map(|name| around.variable(name));
    match (role_arn, provider_arn, token_file) {
        (Some(role_arn), Some(provider_arn), Some(token_file)) => {
            Ok(Identity { role_arn, provider_arn, token_file: token_file.into() })
        }
        // The role is read by other tools too.
        (_, None, None) => {
            Err(Missing::not_configured(format!("{PROVIDER_ARN} and {TOKEN_FILE} are not set")))
        }
        (role_arn, provider_arn, token_file) => {
            let unset = [
                (ROLE_ARN, role_arn.is_none()),
                (PROVIDER_ARN, provider_arn.is_none()),
                (TOKEN_FILE, token_file.is_none()),
            ];
            let unset: Vec<_> =
                unset.into_iter().filter_map(|(name, unset)| unset.then_some(name)).collect();
            Err(Missing::failed(format!(
                "it is set up in part: {} is not set",
                unset.join(" and ")
            )))
        }
    }
}

/// The token as it is in the file now: it is replaced there long before it expires.
async fn read_token(
    around: &ProviderEnv,
    identity: &Identity,
) -> Result<SecretString, CredentialsError> {
    let path = &identity.token_file;
    let bytes = around.file(path).await?;
    let token = std::str::from_utf8(&bytes).unwrap_or_default().trim();
    if token.is_empty() {
        return Err(CredentialsError::new(format!("{} holds no token", path.display())));
    }
    Ok(SecretString::from(token))
}
