//! [`DefaultProviderChain`]: the providers that a client without credentials of its own tries in
//! order.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::cache::Cache;
use super::cli_config::CliConfig;
use super::ecs_ram_role::EcsRamRole;
use super::environment::{Environment, has_other_credentials};
use super::ini_file::IniFile;
use super::load::{LoadCredentials, LoadFuture, LoadResult};
use super::load_error::LoadError;
use super::oidc::Oidc;
use super::uri::CredentialsUri;
use super::{
    Credentials, CredentialsError, CredentialsFuture, ProvideCredentials, ProviderContext,
    ProviderEnv, ProviderReport, ProviderStatus,
};
use crate::identity::masked;

/// The default chain: finds credentials the way the other Alibaba Cloud tools do.
///
/// | | provider | what it reads |
/// |---|---|---|
/// | 1 | [environment](crate::credentials::EnvironmentProvider) | `ALIBABA_CLOUD_ACCESS_KEY_ID`, `ALIBABA_CLOUD_ACCESS_KEY_SECRET`, `ALIBABA_CLOUD_SECURITY_TOKEN` |
/// | 2 | [OIDC](crate::credentials::OidcProvider) | `ALIBABA_CLOUD_ROLE_ARN`, `ALIBABA_CLOUD_OIDC_PROVIDER_ARN`, `ALIBABA_CLOUD_OIDC_TOKEN_FILE` |
/// | 3 | [CLI configuration](crate::credentials::CliConfigProvider) | `~/.aliyun/config.json` |
/// | 4 | [credentials file](crate::credentials::IniFileProvider) | `~/.alibabacloud/credentials`, `~/.alibabacloud/credentials.ini` |
/// | 5 | [ECS metadata](crate::credentials::EcsRamRoleProvider) | `http://100.100.100.200` |
/// | 6 | [credentials URI](crate::credentials::UriProvider) | `ALIBABA_CLOUD_CREDENTIALS_URI` |
///
/// Only a provider that nobody configured is skipped. A provider that is configured and fails is an
/// error, so a pod that cannot assume its role does not continue as the node on which it runs. So
/// is a named file that does not exist, and a named profile that is neither in the configuration of
/// the CLI nor a section of the credentials file. The first provider with credentials is selected
/// and used from then on; until then every call starts at the top. Each provider caches its
/// credentials and refreshes them ahead of their expiration.
///
/// A role is assumed at the STS of the client's region, unless the environment or the profile says
/// otherwise.
///
/// ```
/// use alibabacloud_kms::KmsClient;
/// use alibabacloud_kms::credentials::DefaultProviderChain;
///
/// # fn main() -> alibabacloud_kms::Result<()> {
/// // Without this provider the client would use the same chain with the default profile.
/// let client = KmsClient::builder()
///     .region("cn-hangzhou")
///     .credentials_provider(DefaultProviderChain::new().profile("prod"))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct DefaultProviderChain {
    options: Options,
    env: ProviderEnv,
    chain: Arc<OnceLock<Chain>>,
}

#[derive(Clone, Debug, Default)]
struct Options {
    profile: Option<String>,
    config_file: Option<PathBuf>,
}

impl DefaultProviderChain {
    /// Creates the chain. It reads nothing before it is used.
    #[must_use]
    pub fn new() -> Self {
        Self::with_env(ProviderEnv::system())
    }

    pub(super) fn with_env(env: ProviderEnv) -> Self {
        Self { options: Options::default(), env, chain: Arc::default() }
    }

    /// Sets the profile of the CLI configuration and the section of the credentials file, instead
    /// of `ALIBABA_CLOUD_PROFILE`.
    #[must_use]
    pub fn profile(self, name: impl Into<String>) -> Self {
        let options = Options { profile: Some(name.into()), ..self.options };
        Self { options, env: self.env, chain: Arc::default() }
    }

    /// Sets the file that is read instead of `~/.aliyun/config.json`.
    #[must_use]
    pub fn config_file(self, path: impl Into<PathBuf>) -> Self {
        let options = Options { config_file: Some(path.into()), ..self.options };
        Self { options, env: self.env, chain: Arc::default() }
    }

    /// Sets the region whose STS is called if nothing else determines it. The default is the region
    /// of the client.
    #[must_use]
    pub fn region(self, region: impl Into<String>) -> Self {
        let env = self.env.with_client_region(Some(region.into()));
        Self { options: self.options, env, chain: Arc::default() }
    }

    /// Tries every provider from the top and reports the outcome of each, for a program that
    /// explains its configuration.
    pub async fn diagnose(&self) -> Vec<ProviderReport> {
        self.chain().diagnose(&self.env).await
    }

    fn chain(&self) -> &Chain {
        self.chain_in(&self.env)
    }

    fn chain_in(&self, env: &ProviderEnv) -> &Chain {
        self.chain.get_or_init(|| Chain::new(&self.options, env))
    }
}

impl Default for DefaultProviderChain {
    fn default() -> Self {
        Self::new()
    }
}

impl ProvideCredentials for DefaultProviderChain {
    fn credentials(&self) -> CredentialsFuture<'_> {
        Box::pin(async { self.chain().credentials(&self.env).await })
    }

    fn invalidate(&self, stale: &Credentials) -> bool {
        self.chain().invalidate(&self.env, stale)
    }

    fn configure(&self, context: &ProviderContext) {
        self.chain_in(&self.env.configured(context));
    }
}

/// The providers, and which of them is selected.
#[derive(Debug)]
struct Chain {
    links: Vec<Box<dyn ChainLink>>,
    selected: OnceLock<usize>,
}

/// A provider that caches its credentials if they are costly to load.
trait ChainLink: fmt::Debug + Send + Sync {
    fn name(&self) -> &'static str;
    fn get<'a>(&'a self, env: &'a ProviderEnv) -> LoadFuture<'a>;
    fn invalidate(&self, env: &ProviderEnv, stale: &Credentials) -> bool;
}

impl ChainLink for Cache {
    fn name(&self) -> &'static str {
        self.name()
    }

    fn get<'a>(&'a self, _env: &'a ProviderEnv) -> LoadFuture<'a> {
        Box::pin(self.get())
    }

    fn invalidate(&self, _env: &ProviderEnv, stale: &Credentials) -> bool {
        self.invalidate(stale)
    }
}

impl ChainLink for Environment {
    fn name(&self) -> &'static str {
        LoadCredentials::name(self)
    }

    fn get<'a>(&'a self, env: &'a ProviderEnv) -> LoadFuture<'a> {
        self.load(env)
    }

    fn invalidate(&self, env: &ProviderEnv, stale: &Credentials) -> bool {
        has_other_credentials(env, stale)
    }
}

impl Chain {
    fn new(options: &Options, env: &ProviderEnv) -> Self {
        fn cached<L: LoadCredentials>(loader: L, env: &ProviderEnv) -> Box<dyn ChainLink> {
            Box::new(Cache::new(loader, env.clone()))
        }
        let Options { profile, config_file } = options.clone();
        let links = vec![
            Box::new(Environment) as Box<dyn ChainLink>,
            cached(Oidc::default(), env),
            cached(CliConfig { path: config_file, profile: profile.clone() }, env),
            cached(IniFile { path: None, section: profile }, env),
            cached(EcsRamRole::default(), env),
            cached(CredentialsUri::default(), env),
        ];
        Self { links, selected: OnceLock::new() }
    }

    async fn credentials(&self, env: &ProviderEnv) -> Result<Credentials, CredentialsError> {
        if let Some(selected) = self.selected.get() {
            let link = &self.links[*selected];
            return link.get(env).await.map_err(|error| error.into_error(link.name()));
        }
        let mut tried = Vec::new();
        for (position, link) in self.links.iter().enumerate() {
            match link.get(env).await {
                Ok(credentials) => {
                    // Only after success: the next call starts at the top again after a failure.
                    self.selected.get_or_init(|| position);
                    return Ok(credentials);
                }
                Err(LoadError::NotConfigured(reason)) => {
                    let status = ProviderStatus::NotConfigured(reason);
                    tried.push(ProviderReport::new(link.name(), status));
                }
                Err(LoadError::Failed(error)) => {
                    return Err(error.with_provider_name(link.name()).with_tried(tried));
                }
            }
        }
        let message = "no provider has credentials: set ALIBABA_CLOUD_ACCESS_KEY_ID and \
                       ALIBABA_CLOUD_ACCESS_KEY_SECRET, or configure another provider";
        Err(CredentialsError::new(message).with_tried(tried))
    }

    fn invalidate(&self, env: &ProviderEnv, stale: &Credentials) -> bool {
        let selected = self.selected.get().map(|selected| &self.links[*selected]);
        selected.is_none_or(|link| link.invalidate(env, stale))
    }

    async fn diagnose(&self, env: &ProviderEnv) -> Vec<ProviderReport> {
        let mut reports = Vec::new();
        let mut is_decided = false;
        for link in &self.links {
            let status = match is_decided {
                true => ProviderStatus::NotTried,
                false => status(link.get(env).await, link.name()),
            };
            is_decided = !matches!(status, ProviderStatus::NotConfigured(_));
            reports.push(ProviderReport::new(link.name(), status));
        }
        reports
    }
}

fn status(loaded: LoadResult, provider: &'static str) -> ProviderStatus {
    match loaded {
        Ok(credentials) => ProviderStatus::Selected {
            access_key_id: masked(credentials.access_key_id()),
            expiration: credentials.expiration(),
        },
        Err(LoadError::NotConfigured(reason)) => ProviderStatus::NotConfigured(reason),
        Err(LoadError::Failed(error)) => ProviderStatus::Failed(error.with_provider_name(provider)),
    }
}
