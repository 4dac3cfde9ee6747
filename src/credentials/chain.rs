//! The sources that a client asks which was given none, in order.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::cache::Cache;
use super::cli_config::CliConfig;
use super::ecs_ram_role::EcsRamRole;
use super::env::{Environment, holds_other_keys};
use super::ini_file::IniFile;
use super::oidc::Oidc;
use super::source::{Missing, Outcome, OutcomeFuture, Source};
use super::uri::CredentialsUri;
use super::{
    Credentials, CredentialsError, CredentialsFuture, ProvideCredentials, ProviderContext,
    ProviderEnv, TriedProvider,
};

/// Finds credentials where this program runs: what a client uses that was given none.
///
/// | | source | what it reads |
/// |---|---|---|
/// | 1 | [environment](crate::credentials::EnvironmentProvider) | `ALIBABA_CLOUD_ACCESS_KEY_ID`, `ALIBABA_CLOUD_ACCESS_KEY_SECRET`, `ALIBABA_CLOUD_SECURITY_TOKEN` |
/// | 2 | [OIDC](crate::credentials::OidcProvider) | `ALIBABA_CLOUD_ROLE_ARN`, `ALIBABA_CLOUD_OIDC_PROVIDER_ARN`, `ALIBABA_CLOUD_OIDC_TOKEN_FILE` |
/// | 3 | [CLI configuration](crate::credentials::CliConfigProvider) | `~/.aliyun/config.json` |
/// | 4 | [credentials file](crate::credentials::IniFileProvider) | `~/.alibabacloud/credentials`, `~/.alibabacloud/credentials.ini` |
/// | 5 | [ECS metadata](crate::credentials::EcsRamRoleProvider) | `http://100.100.100.200` |
/// | 6 | [credentials URI](crate::credentials::UriProvider) | `ALIBABA_CLOUD_CREDENTIALS_URI` |
///
/// Only a source that nobody configured is passed over. One that is configured and fails is an error, so a pod whose role
/// cannot be taken does not go on as the node it runs on. So are a file that was named and is not there, and a named profile
/// that is neither in the configuration of the CLI nor a section of the credentials file. The first source that has keys is asked from then on, and no other;
/// before that every call starts from the top. Each source keeps its keys and renews them ahead of their expiry.
///
/// A role is taken at the STS of the client's region unless the environment or the profile says otherwise.
///
/// ```
/// use alibabacloud_kms::KmsClient;
/// use alibabacloud_kms::credentials::DefaultProviderChain;
///
/// # fn main() -> alibabacloud_kms::Result<()> {
/// // As without the line about credentials, save for the profile.
/// let client = KmsClient::builder()
///     .region("cn-hangzhou")
///     .credentials_provider(DefaultProviderChain::new().profile("prod"))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct DefaultProviderChain {
    settings: Settings,
    around: ProviderEnv,
    chain: Arc<OnceLock<Chain>>,
}

#[derive(Clone, Debug, Default)]
struct Settings {
    profile: Option<String>,
    config_file: Option<PathBuf>,
}

impl DefaultProviderChain {
    /// The chain as the environment says. Nothing is read before it is asked.
    #[must_use]
    pub fn new() -> Self {
        Self::within(ProviderEnv::system())
    }

    pub(super) fn within(around: ProviderEnv) -> Self {
        Self { settings: Settings::default(), around, chain: Arc::default() }
    }

    /// This profile of the CLI's configuration and this section of the credentials file, whatever `ALIBABA_CLOUD_PROFILE`
    /// says.
    #[must_use]
    pub fn profile(self, name: impl Into<String>) -> Self {
        let settings = Settings { profile: Some(name.into()), ..self.settings };
        Self { settings, around: self.around, chain: Arc::default() }
    }

    /// This file in the place of `~/.aliyun/config.json`.
    #[must_use]
    pub fn config_file(self, path: impl Into<PathBuf>) -> Self {
        let settings = Settings { config_file: Some(path.into()), ..self.settings };
        Self { settings, around: self.around, chain: Arc::default() }
    }

    /// The region whose STS is asked when nothing else says which, the default that of the client.
    #[must_use]
    pub fn region(self, region: impl Into<String>) -> Self {
        let around = self.around.with_client_region(Some(region.into()));
        Self { around, chain: Arc::default(), ..self }
    }

    /// Asks every source from the top, and tells what came of each: for a program that explains its set-up.
    pub async fn diagnose(&self) -> Vec<ProviderReport> {
        self.chain().diagnose(&self.around).await
    }

    fn chain(&self) -> &Chain {
        self.chain_within(&self.around)
    }

    fn chain_within(&self, around: &ProviderEnv) -> &Chain {
        self.chain.get_or_init(|| Chain::new(&self.settings, around))
    }
}

impl Default for DefaultProviderChain {
    fn default() -> Self {
        Self::new()
    }
}

impl ProvideCredentials for DefaultProviderChain {
    fn credentials(&self) -> CredentialsFuture<'_> {
        Box::pin(async { self.chain().credentials(&self.around).await })
    }

    fn invalidate(&self, stale: &Credentials) -> bool {
        self.chain().invalidate(&self.around, stale)
    }

    fn configure(&self, client: &ProviderContext) {
        self.chain_within(&self.around.of_client(client));
    }
}

/// A source of the chain, and what came of asking it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ProviderReport {
    /// What the source is called, such as `environment`.
    pub source: &'static str,
    /// What came of it.
    pub outcome: ProviderStatus,
}

/// What came of asking a source of the chain.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ProviderStatus {
    /// Nobody set it up, for this reason, so the next one is asked.
    NotConfigured(String),
    /// It is set up and does not work, so no other is asked.
    Failed(CredentialsError),
    /// It has these, so no other is asked.
    Found(Credentials),
    /// One before it decided.
    NotAsked,
}

impl fmt::Display for ProviderStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConfigured(reason) => write!(f, "not configured: {reason}"),
            Self::Failed(error) => write!(f, "failed: {}", error.clone().without_source_name()),
            Self::Found(keys) => {
                write!(f, "used: access key {}", crate::identity::masked(keys.access_key_id()))
            }
            Self::NotAsked => f.write_str("not asked"),
        }
    }
}

/// The sources, and which of them has won.
#[derive(Debug)]
struct Chain {
    links: Vec<Box<dyn Link>>,
    winner: OnceLock<usize>,
}

/// A source that keeps what it found, if that is costly to find.
trait Link: fmt::Debug + Send + Sync {
    fn name(&self) -> &'static str;
    fn get<'a>(&'a self, around: &'a ProviderEnv) -> OutcomeFuture<'a>;
    fn invalidate(&self, around: &ProviderEnv, stale: &Credentials) -> bool;
}

impl Link for Cache {
    fn name(&self) -> &'static str {
        self.name()
    }

    fn get<'a>(&'a self, _around: &'a ProviderEnv) -> OutcomeFuture<'a> {
        Box::pin(self.get())
    }

    fn invalidate(&self, _around: &ProviderEnv, stale: &Credentials) -> bool {
        self.invalidate(stale)
    }
}

impl Link for Environment {
    fn name(&self) -> &'static str {
        Source::name(self)
    }

    fn get<'a>(&'a self, around: &'a ProviderEnv) -> OutcomeFuture<'a> {
        self.look(around)
    }

    fn invalidate(&self, around: &ProviderEnv, stale: &Credentials) -> bool {
        holds_other_keys(around, stale)
    }
}

impl Chain {
    fn new(settings: &Settings, around: &ProviderEnv) -> Self {
        fn cached<S: Source>(source: S, around: &ProviderEnv) -> Box<dyn Link> {
            Box::new(Cache::new(source, around.clone()))
        }
        let Settings { profile, config_file } = settings.clone();
        let links = vec![
            Box::new(Environment) as Box<dyn Link>,
            cached(Oidc::default(), around),
            cached(CliConfig { path: config_file, profile: profile.clone() }, around),
            cached(IniFile { path: None, section: profile }, around),
            cached(EcsRamRole::default(), around),
            cached(CredentialsUri::default(), around),
        ];
        Self { links, winner: OnceLock::new() }
    }

    async fn credentials(&self, around: &ProviderEnv) -> Result<Credentials, CredentialsError> {
        if let Some(winner) = self.winner.get() {
            let link = &self.links[*winner];
            return link.get(around).await.map_err(|missing| missing.into_error(link.name()));
        }
        let mut tried = Vec::new();
        for (position, link) in self.links.iter().enumerate() {
            match link.get(around).await {
                Ok(credentials) => {
                    // After success alone: a failure is forgotten with the call.
                    self.winner.get_or_init(|| position);
                    return Ok(credentials);
                }
                Err(Missing::NotConfigured(reason)) => {
                    tried.push(TriedProvider { name: link.name(), reason });
                }
                Err(Missing::Failed(error)) => return Err(error.of(link.name()).after(tried)),
            }
        }
        let told = "no source has credentials: set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, \
                    or set up another source";
        Err(CredentialsError::new(told).after(tried))
    }

    fn invalidate(&self, around: &ProviderEnv, stale: &Credentials) -> bool {
        let winner = self.winner.get().map(|winner| &self.links[*winner]);
        winner.is_none_or(|link| link.invalidate(around, stale))
    }

    async fn diagnose(&self, around: &ProviderEnv) -> Vec<ProviderReport> {
        let mut steps = Vec::new();
        let mut decided = false;
        for link in &self.links {
            let outcome = match decided {
                true => ProviderStatus::NotAsked,
                false => told(link.get(around).await, link.name()),
            };
            decided = !matches!(outcome, ProviderStatus::NotConfigured(_));
            steps.push(ProviderReport { source: link.name(), outcome });
        }
        steps
    }
}

fn told(outcome: Outcome, source: &'static str) -> ProviderStatus {
    match outcome {
        Ok(credentials) => ProviderStatus::Found(credentials),
        Err(Missing::NotConfigured(reason)) => ProviderStatus::NotConfigured(reason),
        Err(Missing::Failed(error)) => ProviderStatus::Failed(error.of(source)),
    }
}
