//! [`CliConfigProvider`]: the configuration of the `aliyun` CLI.

mod profile;
mod resolve;

use std::path::PathBuf;

use self::profile::{Config, is_blank};
use super::cached_loader::{CachedLoader, provide_from_cache};
use super::issued::read;
use super::load::{LoadCredentials, LoadFuture, LoadResult};
use super::load_error::LoadError;
use super::{CredentialsError, ProviderEnv};

const FILE: &str = "ALIBABA_CLOUD_CONFIG_FILE";
const PROFILE: &str = "ALIBABA_CLOUD_PROFILE";
const DISABLED: &str = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED";
const HOME_PATH: &str = ".aliyun/config.json";
const REGION: &str = "region_id";

/// A profile of the [`aliyun` CLI](https://www.alibabacloud.com/help/en/cli/), as `aliyun
/// configure` writes it.
///
/// | setting | where it comes from |
/// |---|---|
/// | whether to use the file | not if `ALIBABA_CLOUD_CLI_PROFILE_DISABLED` is `true` |
/// | the file | the setter, `ALIBABA_CLOUD_CONFIG_FILE`, `~/.aliyun/config.json` |
/// | the profile | the setter, `ALIBABA_CLOUD_PROFILE`, `current` in the file |
///
/// | mode | where the credentials come from |
/// |---|---|
/// | `AK`, `StsToken` | the profile |
/// | `RamRoleArn` | a role that is assumed with the access key of the profile |
/// | `ChainableRamRoleArn` | a role that is assumed with the credentials of `source_profile` |
/// | `EcsRamRole` | the metadata service of the instance |
/// | `RamRoleArnWithRoleName` | a role that is assumed with the role of the instance |
/// | `OIDC` | a token file |
/// | `CredentialsURI` | a URL; not if `ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS` is `true` |
/// | `External` | a program that prints them; not if `ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS` is `true` |
/// | `CloudSSO`, `OAuth` | the login of the CLI until it expires; then log in again with the CLI |
///
/// The other modes, `BearerToken`, `Anonymous` and `RsaKeyPair`, are errors: they have no access
/// key.
///
/// The file is never written. It is read again when credentials are refreshed or were rejected. In
/// the chain of [`DefaultProviderChain`](crate::credentials::DefaultProviderChain) a file that a
/// setter or a variable names must exist.
#[derive(Clone, Debug)]
pub struct CliConfigProvider(CachedLoader<CliConfig>);

provide_from_cache!(CliConfigProvider);

impl CliConfigProvider {
    /// Creates a provider with the file and the profile that the environment selects.
    #[must_use]
    pub fn new() -> Self {
        Self(CachedLoader::new(CliConfig::default()))
    }

    /// Sets the file.
    #[must_use]
    pub fn path(self, path: impl Into<PathBuf>) -> Self {
        Self(self.0.set(|config| config.path = Some(path.into())))
    }

    /// Sets the profile.
    #[must_use]
    pub fn profile(self, name: impl Into<String>) -> Self {
        Self(self.0.set(|config| config.profile = Some(name.into())))
    }
}

impl Default for CliConfigProvider {
    fn default() -> Self {
        Self::new()
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct CliConfig {
    pub(super) path: Option<PathBuf>,
    pub(super) profile: Option<String>,
}

impl CliConfig {
    async fn load_profile(&self, env: &ProviderEnv) -> LoadResult {
        if env.is_set_to_true(DISABLED) {
            let reason = format!("{DISABLED} is true");
            return Err(LoadError::absent(self.path.is_some(), reason));
        }
        let named_file = self.named_file(env);
        let file_is_named = named_file.is_some();
        let Some(path) = named_file.or_else(|| env.home_path(HOME_PATH)) else {
            return Err(LoadError::not_configured("there is no home directory"));
        };
        let Some(bytes) = env.read_optional(&path).await? else {
            let reason = format!("{} does not exist", path.display());
            return Err(LoadError::absent(file_is_named, reason));
        };
        let config: Config = read(&path.display().to_string(), &bytes)?;
        let named_profile = self.named_profile(env);
        // The credentials file, which comes next, may contain a profile that was named, and fails
        // without it. It is not what a program means that sets the file.
        let is_last_place = named_profile.is_none() || self.path.is_some();
        let name = named_profile.unwrap_or_else(|| config.current().to_owned());
        let Some(profile) = config.profile(&name) else {
            let is_configured = is_last_place && (file_is_named || config.has_profiles());
            let reason = format!("{} has no profile {name}", path.display());
            return Err(LoadError::absent(is_configured, reason));
        };
        if is_blank(profile) {
            let is_configured = is_last_place && file_is_named;
            return Err(LoadError::absent(is_configured, format!("profile {name} is empty")));
        }
        let place = format!("profile {name}");
        let loader = resolve::loader_for(&config, &name).map_err(|error| error.at(&place))?;
        // Wiped before anything is sent.
        drop(config);
        loader.load(env).await.map_err(|error| error.at(&place))
    }

    /// Returns the `region_id` of the profile, if there is one. The file is read on this thread.
    pub(super) fn region(&self, env: &ProviderEnv) -> Result<Option<String>, CredentialsError> {
        if env.is_set_to_true(DISABLED) {
            return Ok(None);
        }
        let path = self.named_file(env).or_else(|| env.home_path(HOME_PATH));
        let Some(path) = path else { return Ok(None) };
        let Some(bytes) = env.read_optional_now(&path)? else { return Ok(None) };
        let config: Config = read(&path.display().to_string(), &bytes)?;
        let named_profile = self.named_profile(env);
        let name = named_profile.as_deref().unwrap_or_else(|| config.current());
        Ok(config.profile(name).and_then(|profile| profile.owned(REGION)))
    }

    fn named_file(&self, env: &ProviderEnv) -> Option<PathBuf> {
        self.path.clone().or_else(|| env.variable(FILE).map(PathBuf::from))
    }

    fn named_profile(&self, env: &ProviderEnv) -> Option<String> {
        self.profile.clone().or_else(|| env.variable(PROFILE))
    }
}

impl LoadCredentials for CliConfig {
    fn name(&self) -> &'static str {
        "CLI configuration"
    }

    fn load<'a>(&'a self, env: &'a ProviderEnv) -> LoadFuture<'a> {
        Box::pin(self.load_profile(env))
    }

    fn configured_region(&self, env: &ProviderEnv) -> Result<Option<String>, CredentialsError> {
        self.region(env)
    }
}
