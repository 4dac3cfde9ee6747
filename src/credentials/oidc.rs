//! [`OidcProvider`]: a role that is assumed with a token of an identity provider, as a pod does
//! with its service account (RRSA).

use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;

use super::cached_loader::{CachedLoader, provide_from_cache};
use super::load::{LoadCredentials, LoadFuture, LoadResult};
use super::load_error::LoadError;
use super::sts::{Role, StsHost, assume_role_with_oidc};
use super::text::decode;
use super::{CredentialsError, ProviderEnv};
use crate::identity::describe;
use crate::transport::GivenUrl;

const ROLE_ARN: &str = "ALIBABA_CLOUD_ROLE_ARN";
const PROVIDER_ARN: &str = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN";
const TOKEN_FILE: &str = "ALIBABA_CLOUD_OIDC_TOKEN_FILE";

/// A role that is assumed with the token in a file, as Kubernetes projects it into a pod
/// ([RRSA](https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/use-rrsa-to-authorize-pods-to-access-different-cloud-services)).
///
/// | variable | meaning |
/// |---|---|
/// | `ALIBABA_CLOUD_ROLE_ARN` | the role to assume |
/// | `ALIBABA_CLOUD_OIDC_PROVIDER_ARN` | the identity provider that RAM knows |
/// | `ALIBABA_CLOUD_OIDC_TOKEN_FILE` | the file with its token, read again for each exchange |
/// | `ALIBABA_CLOUD_ROLE_SESSION_NAME` | the session name, optional |
/// | `ALIBABA_CLOUD_STS_ENDPOINT`, `ALIBABA_CLOUD_STS_REGION`, `ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED` | the host of STS, optional |
///
/// A setter overrides its variable; a host of STS, from either, overrides any region. The first
/// three variables belong together: without the identity provider and the file nothing is
/// configured, and any other part of them is an error. Credentials are refreshed ahead of their
/// expiration. The token is sent in the body of a request, never in a URL.
///
/// ```
/// use alibabacloud_kms::credentials::OidcProvider;
///
/// let provider = OidcProvider::new()
///     .role_arn("acs:ram::1234567890123456:role/pod")
///     .oidc_provider_arn("acs:ram::1234567890123456:oidc-provider/ack")
///     .oidc_token_file("/var/run/secrets/tokens/oidc");
/// ```
#[derive(Clone, Debug)]
pub struct OidcProvider(CachedLoader<Oidc>);

provide_from_cache!(OidcProvider);

impl OidcProvider {
    /// Creates a provider from the environment, which is read when credentials are first requested.
    #[must_use]
    pub fn new() -> Self {
        Self(CachedLoader::new(Oidc::default()))
    }

    /// Sets the ARN of the role to assume.
    #[must_use]
    pub fn role_arn(self, arn: impl Into<String>) -> Self {
        Self(self.0.set(|oidc| oidc.identity.role_arn = Some(arn.into())))
    }

    /// Sets the ARN of the identity provider, such as
    /// `acs:ram::1234567890123456:oidc-provider/ack-rrsa`.
    #[must_use]
    pub fn oidc_provider_arn(self, arn: impl Into<String>) -> Self {
        Self(self.0.set(|oidc| oidc.identity.provider_arn = Some(arn.into())))
    }

    /// Sets the file that contains the token of the identity provider.
    #[must_use]
    pub fn oidc_token_file(self, path: impl Into<PathBuf>) -> Self {
        Self(self.0.set(|oidc| oidc.identity.token_file = Some(path.into())))
    }

    /// Sets the session name, 2 to 64 letters, digits and `.@-_`, which audits show.
    #[must_use]
    pub fn session_name(self, name: impl Into<String>) -> Self {
        Self(self.0.set(|oidc| oidc.role.session_name = Some(name.into())))
    }

    /// Sets the lifetime of the credentials, from 15 minutes to the maximum of the role. The
    /// default is 1 hour.
    #[must_use]
    pub fn duration(self, duration: Duration) -> Self {
        Self(self.0.set(|oidc| oidc.role.duration = Some(duration)))
    }

    /// Sets a policy in JSON that restricts the session further than the role.
    #[must_use]
    pub fn policy(self, policy: impl Into<String>) -> Self {
        Self(self.0.set(|oidc| oidc.role.policy = Some(policy.into())))
    }

    /// Sets the host of STS, such as `sts.cn-hangzhou.aliyuncs.com`.
    #[must_use]
    pub fn sts_endpoint(self, endpoint: impl Into<String>) -> Self {
        Self(self.0.set(|oidc| oidc.host.endpoint = Some(GivenUrl(endpoint.into()))))
    }

    /// Sets the region whose STS is called, unless `ALIBABA_CLOUD_STS_ENDPOINT` names the host.
    #[must_use]
    pub fn sts_region(self, region: impl Into<String>) -> Self {
        Self(self.0.set(|oidc| oidc.host.region = Some(region.into())))
    }
}

impl Default for OidcProvider {
    fn default() -> Self {
        Self::new()
    }
}

/// The token exchange of a profile or of the environment. The ARN in `role` is not used.
#[derive(Clone, Debug, Default)]
pub(super) struct Oidc {
    pub(super) identity: IdentitySettings,
    pub(super) role: Role,
    pub(super) host: StsHost,
}

/// The identity as far as settings determine it. The environment completes it.
#[derive(Clone, Debug, Default)]
pub(super) struct IdentitySettings {
    pub(super) role_arn: Option<String>,
    pub(super) provider_arn: Option<String>,
    pub(super) token_file: Option<PathBuf>,
}

struct Identity {
    role_arn: String,
    provider_arn: String,
    token_file: PathBuf,
}

impl Oidc {
    async fn exchange(&self, env: &ProviderEnv) -> LoadResult {
        let identity = self.identity.resolve(env)?;
        let token = read_token(env, &identity.token_file).await?;
        let role = Role { arn: identity.role_arn, ..self.role.clone() };
        let provider_arn = &identity.provider_arn;
        Ok(assume_role_with_oidc(env, &self.host, provider_arn, &token, &role).await?)
    }
}

impl LoadCredentials for Oidc {
    fn name(&self) -> &'static str {
        "OIDC"
    }

    fn load<'a>(&'a self, env: &'a ProviderEnv) -> LoadFuture<'a> {
        Box::pin(self.exchange(env))
    }
}

impl IdentitySettings {
    fn resolve(&self, env: &ProviderEnv) -> Result<Identity, LoadError> {
        let role_arn = self.role_arn.clone().or_else(|| env.variable(ROLE_ARN));
        let provider_arn = self.provider_arn.clone().or_else(|| env.variable(PROVIDER_ARN));
        let token_file =
            self.token_file.clone().or_else(|| env.variable(TOKEN_FILE).map(PathBuf::from));
        match (role_arn, provider_arn, token_file) {
            (Some(role_arn), Some(provider_arn), Some(token_file)) => {
                Ok(Identity { role_arn, provider_arn, token_file })
            }
            // Other tools read the role, too.
            (_, None, None) => Err(LoadError::not_configured(format!(
                "{PROVIDER_ARN} and {TOKEN_FILE} are not set"
            ))),
            (role_arn, provider_arn, token_file) => {
                let missing = [
                    (ROLE_ARN, role_arn.is_none()),
                    (PROVIDER_ARN, provider_arn.is_none()),
                    (TOKEN_FILE, token_file.is_none()),
                ];
                let missing: Vec<_> = missing
                    .into_iter()
                    .filter_map(|(name, is_missing)| is_missing.then_some(name))
                    .collect();
                let missing = missing.join(" and ");
                Err(LoadError::failed(format!("partly configured: {missing} is not set")))
            }
        }
    }
}

/// Reads the token again each time: the file is updated long before its token expires.
async fn read_token(env: &ProviderEnv, path: &Path) -> Result<SecretString, CredentialsError> {
    let bytes = env.read(path).await?;
    let file = path.display().to_string();
    let token = decode(&file, &bytes)?.trim();
    if token.is_empty() {
        return Err(CredentialsError::new(format!("{file} contains no token")));
    }
    match token.chars().find(|c| !c.is_ascii_graphic()) {
        Some(c) => Err(CredentialsError::new(format!(
            "{file} contains something other than a token: {}",
            describe(c)
        ))),
        None => Ok(SecretString::from(token)),
    }
}
