//! The configuration of the `aliyun` CLI.

mod profile;
mod resolve;

use std::path::PathBuf;

use self::profile::{Config, is_blank};
use super::ProviderEnv;
use super::cached::Cached;
use super::issued::read;
use super::source::{Missing, Outcome, OutcomeFuture, Source};

const FILE: &str = "ALIBABA_CLOUD_CONFIG_FILE";
const PROFILE: &str = "ALIBABA_CLOUD_PROFILE";
const DISABLED: &str = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED";
const AT_HOME: &str = ".aliyun/config.json";

/// A profile of the [`aliyun` CLI](https://www.alibabacloud.com/help/en/cli/), as `aliyun configure` writes it.
///
/// | looked up | where |
/// |---|---|
/// | whether to look at all | not when `ALIBABA_CLOUD_CLI_PROFILE_DISABLED` is `true` |
/// | the file | the setter, `ALIBABA_CLOUD_CONFIG_FILE`, `~/.aliyun/config.json` |
/// | the profile | the setter, `ALIBABA_CLOUD_PROFILE`, `current` in the file |
///
/// | mode | where keys come from |
/// |---|---|
/// | `AK`, `StsToken` | the profile itself |
/// | `RamRoleArn` | a role taken with the keys in the profile |
/// | `ChainableRamRoleArn` | a role taken with the keys of `source_profile` |
/// | `EcsRamRole` | the instance's metadata service |
/// | `OIDC` | a token file |
/// | `CredentialsURI` | a URL |
/// | `External` | a program that prints them; not when `ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS` is `true`, nor `CredentialsURI` |
/// | `CloudSSO`, `OAuth` | the login that the CLI made, until it ends; then log in again with the CLI |
///
/// The file is never written, and read again when keys are renewed or refused. In the chain of
/// [`DefaultProviderChain`](crate::credentials::DefaultProviderChain) a file that a setter or a variable names has to be there.
#[derive(Clone, Debug)]
pub struct CliConfigProvider(pub(super) Cached<CliConfig>);

impl CliConfigProvider {
    /// The file and the profile that the environment says.
    #[must_use]
    pub fn new() -> Self {
        Self(Cached::new(CliConfig::default()))
    }

    /// This file and no other.
    #[must_use]
    pub fn path(self, path: impl Into<PathBuf>) -> Self {
        Self(self.0.change(|config| config.path = Some(path.into())))
    }

    /// This profile.
    #[must_use]
    pub fn profile(self, name: impl Into<String>) -> Self {
        Self(self.0.change(|config| config.profile = Some(name.into())))
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
    async fn find(&self, around: &ProviderEnv) -> Outcome {
        if around.is_set_to_true(DISABLED) {
            return Err(Missing::not_configured(format!("{DISABLED} is true")));
        }
        let named_file = self.path.clone().or_else(|| around.variable(FILE).map(PathBuf::from));
        let file_was_named = named_file.is_some();
        let Some(path) = named_file.or_else(|| around.at_home(AT_HOME)) else {
            return Err(Missing::not_configured("there is no home directory"));
        };
        let Some(bytes) = around.optional_file(&path).await? else {
            return Err(Missing::nothing(
                file_was_named,
                format!("there is no {}", path.display()),
            ));
        };
        let config: Config = read(&path.display().to_string(), &bytes)?;
        let named_profile = self.profile.clone().or_else(|| around.variable(PROFILE));
        // A profile that was named may be a section of the shared file, which comes next and fails without it.
        let is_the_last_place = named_profile.is_none();
        let name = named_profile.unwrap_or_else(|| config.current().to_owned());
        let Some(profile) = config.profile(&name) else {
            let is_set_up = is_the_last_place && (file_was_named || config.has_profiles());
            return Err(Missing::nothing(
                is_set_up,
                format!("{} has no profile {name}", path.display()),
            ));
        };
        if is_blank(profile) {
            // What `aliyun configure` leaves when it is broken off.
            let is_set_up = is_the_last_place && file_was_named;
            return Err(Missing::nothing(is_set_up, format!("profile {name} is empty")));
        }
        let place = format!("profile {name}");
        let source = resolve::source_of(&config, &name).map_err(|missing| missing.at(&place))?;
        // Wiped before anything is sent.
        drop(config);
        source.look(around).await.map_err(|missing| missing.at(&place))
    }
}

impl Source for CliConfig {
    fn name(&self) -> &'static str {
        "CLI configuration"
    }

    fn look<'a>(&'a self, around: &'a ProviderEnv) -> OutcomeFuture<'a> {
        Box::pin(self.find(around))
    }
}
