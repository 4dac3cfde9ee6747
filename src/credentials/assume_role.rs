//! [`AssumeRoleProvider`]: a role that is assumed with other credentials.

use std::sync::Arc;
use std::time::Duration;

use super::cached_loader::{CachedLoader, provide_from_cache};
use super::load::{External, LoadCredentials, LoadFuture, LoadResult};
use super::load_error::LoadError;
use super::sts::{Role, StsHost, assume_role};
use super::{CredentialsError, ProvideCredentials, ProviderContext, ProviderEnv};
use crate::error::rejects_credentials;
use crate::transport::GivenUrl;

/// A role of this or another account that is assumed at STS with the credentials of another
/// provider.
///
/// | setting | where it comes from |
/// |---|---|
/// | the credentials that assume the role | the base provider |
/// | the session name | the setter, then `ALIBABA_CLOUD_ROLE_SESSION_NAME` |
/// | the host of STS | `sts_endpoint`, `ALIBABA_CLOUD_STS_ENDPOINT`, then that of the region |
/// | its region | `sts_region`, `ALIBABA_CLOUD_STS_REGION`, then that of the client |
/// | whether it is called in a VPC | whether `ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED` is `true` |
///
/// Credentials are refreshed ahead of their expiration, each time with the current credentials of
/// the base provider.
///
/// ```
/// use alibabacloud_kms::KmsClient;
/// use alibabacloud_kms::credentials::{AssumeRoleProvider, DefaultProviderChain};
///
/// # fn main() -> alibabacloud_kms::Result<()> {
/// let arn = "acs:ram::1234567890123456:role/audit";
/// let role = AssumeRoleProvider::new(DefaultProviderChain::new(), arn)
///     .external_id("from-the-other-account")
///     .sts_region("cn-hangzhou");
/// let client = KmsClient::builder().region("cn-hangzhou").credentials_provider(role).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct AssumeRoleProvider(CachedLoader<AssumeRole>);

provide_from_cache!(AssumeRoleProvider);

impl AssumeRoleProvider {
    /// Creates a provider of the role with this ARN. `base` is a RAM user or another role; STS does
    /// not let the root user of an account assume roles.
    #[must_use]
    pub fn new(base: impl ProvideCredentials, role_arn: impl Into<String>) -> Self {
        Self(CachedLoader::new(AssumeRole {
            base: Arc::new(External(Arc::new(base))),
            role: Role::new(role_arn),
            host: StsHost::default(),
        }))
    }

    /// Sets the session name, 2 to 64 letters, digits and `.@-_`, which audits show.
    #[must_use]
    pub fn session_name(self, name: impl Into<String>) -> Self {
        Self(self.0.set(|loader| loader.role.session_name = Some(name.into())))
    }

    /// Sets the lifetime of the credentials, from 15 minutes to the maximum of the role. The
    /// default is 1 hour.
    #[must_use]
    pub fn duration(self, duration: Duration) -> Self {
        Self(self.0.set(|loader| loader.role.duration = Some(duration)))
    }

    /// Sets a policy in JSON that restricts the session further than the role.
    #[must_use]
    pub fn policy(self, policy: impl Into<String>) -> Self {
        Self(self.0.set(|loader| loader.role.policy = Some(policy.into())))
    }

    /// Sets the external id, which the trust policy of the role may require from other accounts.
    #[must_use]
    pub fn external_id(self, id: impl Into<String>) -> Self {
        Self(self.0.set(|loader| loader.role.external_id = Some(id.into())))
    }

    /// Sets the host of STS, such as `sts.cn-hangzhou.aliyuncs.com`.
    #[must_use]
    pub fn sts_endpoint(self, endpoint: impl Into<String>) -> Self {
        Self(self.0.set(|loader| loader.host.endpoint = Some(GivenUrl(endpoint.into()))))
    }

    /// Sets the region whose STS is called, unless `ALIBABA_CLOUD_STS_ENDPOINT` names the host.
    #[must_use]
    pub fn sts_region(self, region: impl Into<String>) -> Self {
        Self(self.0.set(|loader| loader.host.region = Some(region.into())))
    }
}

/// A role, and the loader of the credentials that assume it.
#[derive(Clone, Debug)]
pub(super) struct AssumeRole {
    pub(super) base: Arc<dyn LoadCredentials>,
    pub(super) role: Role,
    pub(super) host: StsHost,
}

impl AssumeRole {
    async fn assume(&self, env: &ProviderEnv) -> LoadResult {
        let base = self.base_credentials(env).await?;
        match assume_role(env, &self.host, &base, &self.role).await {
            Err(error) if is_rejection(&error) && self.base.invalidate(&base) => {
                let base = self.base_credentials(env).await?;
                Ok(assume_role(env, &self.host, &base, &self.role).await?)
            }
            result => Ok(result?),
        }
    }

    /// Loads the base credentials. The role is configured, so a base that is not is a failure.
    async fn base_credentials(&self, env: &ProviderEnv) -> LoadResult {
        let name = self.base.name();
        self.base.load(env).await.map_err(|error| LoadError::Failed(error.into_error(name)))
    }
}

impl LoadCredentials for AssumeRole {
    fn name(&self) -> &'static str {
        "role"
    }

    fn load<'a>(&'a self, env: &'a ProviderEnv) -> LoadFuture<'a> {
        Box::pin(self.assume(env))
    }

    fn configured_region(&self, env: &ProviderEnv) -> Result<Option<String>, CredentialsError> {
        self.base.configured_region(env)
    }

    fn configure(&self, context: &ProviderContext) {
        self.base.configure(context);
    }
}

fn is_rejection(error: &CredentialsError) -> bool {
    error.code().is_some_and(rejects_credentials)
}
