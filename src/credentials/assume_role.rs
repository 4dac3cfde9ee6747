//! Another role, taken with credentials that are already held.

use std::sync::Arc;
use std::time::Duration;

use super::cached::Cached;
use super::source::{Foreign, Missing, Outcome, OutcomeFuture, Source};
use super::sts::{Role, StsHost, assume_role};
use super::{CredentialsError, ProvideCredentials, ProviderContext, ProviderEnv};
use crate::error::is_about_the_keys;

/// A role that is taken at STS with the credentials of another source, of this or another account.
///
/// | looked up | where |
/// |---|---|
/// | the keys that take the role | the source that was given |
/// | the name of the session | the setter, then `ALIBABA_CLOUD_ROLE_SESSION_NAME` |
/// | the host of STS | the setters, then `ALIBABA_CLOUD_STS_ENDPOINT`, `ALIBABA_CLOUD_STS_REGION` and `ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED` |
///
/// Keys are renewed ahead of their expiry, each time with keys that the other source gives then.
///
/// ```
/// use alibabacloud_kms::KmsClient;
/// use alibabacloud_kms::credentials::{AssumeRoleProvider, DefaultProviderChain};
///
/// # fn main() -> alibabacloud_kms::Result<()> {
/// let role = AssumeRoleProvider::new(DefaultProviderChain::new(), "acs:ram::1234567890123456:role/audit")
///     .external_id("from-the-other-account")
///     .sts_region("cn-hangzhou");
/// let client = KmsClient::builder().region("cn-hangzhou").credentials_provider(role).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct AssumeRoleProvider(pub(super) Cached<AssumeRole>);

impl AssumeRoleProvider {
    /// This role, taken by whom `base` gives the keys of: a RAM user or another role, not the account itself.
    #[must_use]
    pub fn new(base: impl ProvideCredentials, role_arn: impl Into<String>) -> Self {
        Self(Cached::new(AssumeRole {
            base: Arc::new(Foreign(Arc::new(base))),
            role: Role::new(role_arn),
            host: StsHost::default(),
        }))
    }

    /// The name of the session, 2 to 64 letters, digits and `.@-_`: what audits show.
    #[must_use]
    pub fn session_name(self, name: impl Into<String>) -> Self {
        Self(self.0.change(|source| source.role.session_name = Some(name.into())))
    }

    /// How long keys live, 15 minutes to what the role allows, default 1 hour.
    #[must_use]
    pub fn duration(self, duration: Duration) -> Self {
        Self(self.0.change(|source| source.role.duration = Some(duration)))
    }

    /// A policy in JSON that the role is cut down to.
    #[must_use]
    pub fn policy(self, policy: impl Into<String>) -> Self {
        Self(self.0.change(|source| source.role.policy = Some(policy.into())))
    }

    /// What the role's trust policy asks for of other accounts.
    #[must_use]
    pub fn external_id(self, id: impl Into<String>) -> Self {
        Self(self.0.change(|source| source.role.external_id = Some(id.into())))
    }

    /// The host of STS, such as `sts.cn-hangzhou.aliyuncs.com`.
    #[must_use]
    pub fn sts_endpoint(self, endpoint: impl Into<String>) -> Self {
        Self(self.0.change(|source| source.host.endpoint = Some(endpoint.into())))
    }

    /// The region whose STS is asked.
    #[must_use]
    pub fn sts_region(self, region: impl Into<String>) -> Self {
        Self(self.0.change(|source| source.host.region = Some(region.into())))
    }
}

/// The role and who takes it.
#[derive(Clone, Debug)]
pub(super) struct AssumeRole {
    pub(super) base: Arc<dyn Source>,
    pub(super) role: Role,
    pub(super) host: StsHost,
}

impl AssumeRole {
    async fn take(&self, around: &ProviderEnv) -> Outcome {
        let keys = self.base_keys(around).await?;
        match assume_role(around, &self.host, &keys, &self.role).await {
            Err(error) if is_refusal_of_keys(&error) && self.base.refused(&keys) => {
                let renewed = self.base_keys(around).await?;
                Ok(assume_role(around, &self.host, &renewed, &self.role).await?)
            }
            outcome => Ok(outcome?),
        }
    }

    /// The role is configured, so keys that nobody set up are a failure.
    async fn base_keys(&self, around: &ProviderEnv) -> Outcome {
        let name = self.base.name();
        self.base.look(around).await.map_err(|missing| Missing::Failed(missing.into_error(name)))
    }
}

impl Source for AssumeRole {
    fn name(&self) -> &'static str {
        "role"
    }

    fn look<'a>(&'a self, around: &'a ProviderEnv) -> OutcomeFuture<'a> {
        Box::pin(self.take(around))
    }

    fn configure(&self, client: &ProviderContext) {
        self.base.configure(client);
    }
}

fn is_refusal_of_keys(error: &CredentialsError) -> bool {
    error.code().is_some_and(is_about_the_keys)
}
