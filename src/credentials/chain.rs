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
use super::load::{LoadCredentials, LoadFuture};
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
/// Only a provider that is not configured is skipped. If the program sets a
/// [profile](Self::profile) or a [file](Self::config_file), the environment and OIDC are skipped
/// too. A provider that is configured and fails is an error, so a pod that cannot assume its role
/// does not continue as the node on which it runs. So is a named file that does not exist, and a
/// named profile that is neither in the configuration of the CLI nor a section of the credentials
/// file. The first provider with credentials is selected and used from then on; until then every
/// call starts at the top. Each provider caches its credentials and refreshes them ahead of their
/// expiration.
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

impl Options {
    /// Returns the reason to skip the providers before the files, if the program asks for one of
    /// them.
    fn reason_to_skip(&self) -> Option<String> {
        match (&self.profile, &self.config_file) {
            (Some(profile), _) => Some(format!("the program asks for profile {profile}")),
            (None, Some(file)) => Some(format!("the program asks for {}", file.display())),
            (None, None) => None,
        }
    }

    fn cli_config(&self) -> CliConfig {
        CliConfig { path: self.config_file.clone(), profile: self.profile.clone() }
    }
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

    /// Sets the profile of the CLI configuration or the section of the credentials file, instead of
    /// `ALIBABA_CLOUD_PROFILE`.
    ///
    /// The program asks for this identity and no other, so the environment and OIDC are skipped,
    /// and a profile that is in neither file is an error.
    #[must_use]
    pub fn profile(self, name: impl Into<String>) -> Self {
        let options = Options { profile: Some(name.into()), ..self.options };
        Self { options, env: self.env, chain: Arc::default() }
    }

    /// Sets the file that is read instead of `~/.aliyun/config.json`.
    ///
    /// The program asks for this file and no other, so the environment and OIDC are skipped, and a
    /// file without the profile is an error.
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

    fn configured_region(&self) -> Result<Option<String>, CredentialsError> {
        self.options.cli_config().region(&self.env)
    }

    fn configure(&self, context: &ProviderContext) {
        self.chain_in(&self.env.configured(context));
    }
}

/// The providers, and which of them is selected.
#[derive(Debug)]
struct Chain {
    links: Vec<Link>,
    selected: OnceLock<usize>,
}

#[derive(Debug)]
struct Link {
    provider: Box<dyn ChainLink>,
    /// The reason for which it is not tried.
    skipped: Option<String>,
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

impl Link {
    async fn get(&self, env: &ProviderEnv) -> Result<Credentials, NotSelected> {
        if let Some(reason) = &self.skipped {
            return Err(NotSelected::Continue(ProviderStatus::Skipped(reason.clone())));
        }
        self.provider.get(env).await.map_err(|error| match error {
            LoadError::NotConfigured(reason) => {
                NotSelected::Continue(ProviderStatus::NotConfigured(reason))
            }
            LoadError::Failed(error) => {
                NotSelected::Stop(error.with_provider_name(self.provider.name()))
            }
        })
    }

    fn report(&self, status: ProviderStatus) -> ProviderReport {
        ProviderReport::new(self.provider.name(), status)
    }
}

/// The outcome of a link that is not selected.
enum NotSelected {
    /// The next link is tried.
    Continue(ProviderStatus),
    /// No other link is tried.
    Stop(CredentialsError),
}

impl Chain {
    fn new(options: &Options, env: &ProviderEnv) -> Self {
        fn cached<L: LoadCredentials>(loader: L, env: &ProviderEnv) -> Link {
            Link { provider: Box::new(Cache::new(loader, env.clone())), skipped: None }
        }
        let section = options.profile.clone();
        let skipped = options.reason_to_skip();
        let links = vec![
            Link { provider: Box::new(Environment), skipped: skipped.clone() },
            Link { skipped, ..cached(Oidc::default(), env) },
            cached(options.cli_config(), env),
            cached(IniFile { path: None, section }, env),
            cached(EcsRamRole::default(), env),
            cached(CredentialsUri::default(), env),
        ];
        Self { links, selected: OnceLock::new() }
    }

    async fn credentials(&self, env: &ProviderEnv) -> Result<Credentials, CredentialsError> {
        if let Some(selected) = self.selected.get() {
            let provider = &self.links[*selected].provider;
            return provider.get(env).await.map_err(|error| error.into_error(provider.name()));
        }
        let mut tried = Vec::new();
        for (position, link) in self.links.iter().enumerate() {
            match link.get(env).await {
                Ok(credentials) => {
                    // Only after success: the next call starts at the top again after a failure.
                    self.selected.get_or_init(|| position);
                    return Ok(credentials);
                }
                Err(NotSelected::Continue(status)) => tried.push(link.report(status)),
                Err(NotSelected::Stop(error)) => return Err(error.with_tried(tried)),
            }
        }
        let message = "no provider has credentials: set ALIBABA_CLOUD_ACCESS_KEY_ID and \
                       ALIBABA_CLOUD_ACCESS_KEY_SECRET, or configure another provider";
        Err(CredentialsError::new(message).with_tried(tried))
    }

    fn invalidate(&self, env: &ProviderEnv, stale: &Credentials) -> bool {
        let selected = self.selected.get().map(|selected| &self.links[*selected].provider);
        selected.is_none_or(|provider| provider.invalidate(env, stale))
    }

    async fn diagnose(&self, env: &ProviderEnv) -> Vec<ProviderReport> {
        let mut reports = Vec::new();
        let mut is_decided = false;
        for link in &self.links {
            let status = match is_decided {
                true => ProviderStatus::NotTried,
                false => match link.get(env).await {
                    Ok(credentials) => selected(&credentials),
                    Err(NotSelected::Continue(status)) => status,
                    Err(NotSelected::Stop(error)) => ProviderStatus::Failed(error),
                },
            };
            is_decided =
                !matches!(status, ProviderStatus::NotConfigured(_) | ProviderStatus::Skipped(_));
            reports.push(link.report(status));
        }
        reports
    }
}

fn selected(credentials: &Credentials) -> ProviderStatus {
    ProviderStatus::Selected {
        access_key_id: masked(credentials.access_key_id()),
        expiration: credentials.expiration(),
    }
}
