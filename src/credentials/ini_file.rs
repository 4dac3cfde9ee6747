//! [`IniFileProvider`]: the credentials file that the SDKs of Alibaba Cloud share.

mod section;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::assume_role::AssumeRole;
use super::cached_loader::{CachedLoader, provide_from_cache};
use super::ecs_ram_role::EcsRamRole;
use super::load::{LoadCredentials, LoadFuture, LoadResult};
use super::load_error::LoadError;
use super::oidc::{IdentitySettings, Oidc};
use super::settings::Settings;
use super::static_credentials::Static;
use super::sts::{Role, StsHost};
use super::text::decode;
use super::{CredentialsError, ProviderEnv};

const FILE: &str = "ALIBABA_CLOUD_CREDENTIALS_FILE";
const PROFILE: &str = "ALIBABA_CLOUD_PROFILE";
const DEFAULT_SECTION: &str = "default";

/// Each official library has one of these names.
const HOME_PATHS: [&str; 2] = [".alibabacloud/credentials", ".alibabacloud/credentials.ini"];

/// A section of the credentials file, an INI file that the SDKs of Alibaba Cloud share.
///
/// | setting | where it comes from |
/// |---|---|
/// | the file | the setter, `ALIBABA_CLOUD_CREDENTIALS_FILE`, `~/.alibabacloud/credentials`, `~/.alibabacloud/credentials.ini` |
/// | the section | the setter, `ALIBABA_CLOUD_PROFILE`, `default` |
///
/// | `type` | settings |
/// |---|---|
/// | `access_key` | `access_key_id`, `access_key_secret` |
/// | `sts` | these and `security_token` |
/// | `ram_role_arn` | `access_key_id`, `access_key_secret`, `role_arn`; optional: `role_session_name`, `policy`, `security_token` |
/// | `ecs_ram_role` | optional: `role_name` |
/// | `oidc_role_arn` | `role_arn`, `oidc_provider_arn`, `oidc_token_file_path`; optional: `role_session_name`, `policy` |
///
/// A section with `enable = false` is skipped, or an error if it was named. Without `type`, the
/// section is an `access_key`, or an `sts` if it has a token. A comment starts
/// with `#` or `;`, at the start of a line or after white space; a value may be quoted. The file is
/// read again when credentials are refreshed or were rejected. In the chain of
/// [`DefaultProviderChain`](crate::credentials::DefaultProviderChain) a file that a setter or a
/// variable names must exist, and so must a section, unless it is a profile of the CLI.
#[derive(Clone, Debug)]
pub struct IniFileProvider(CachedLoader<IniFile>);

provide_from_cache!(IniFileProvider);

impl IniFileProvider {
    /// Creates a provider with the file and the section that the environment selects.
    #[must_use]
    pub fn new() -> Self {
        Self(CachedLoader::new(IniFile::default()))
    }

    /// Sets the file.
    #[must_use]
    pub fn path(self, path: impl Into<PathBuf>) -> Self {
        Self(self.0.set(|file| file.path = Some(path.into())))
    }

    /// Sets the section.
    #[must_use]
    pub fn section(self, name: impl Into<String>) -> Self {
        Self(self.0.set(|file| file.section = Some(name.into())))
    }
}

impl Default for IniFileProvider {
    fn default() -> Self {
        Self::new()
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct IniFile {
    pub(super) path: Option<PathBuf>,
    pub(super) section: Option<String>,
}

impl IniFile {
    async fn load_section(&self, env: &ProviderEnv) -> LoadResult {
        let named_section = self.section.clone().or_else(|| env.variable(PROFILE));
        let named_file = self.path.clone().or_else(|| env.variable(FILE).map(PathBuf::from));
        // In the chain the configuration of the CLI comes before, so it does not contain what is
        // named.
        let is_named = named_section.is_some() || named_file.is_some();
        let name = named_section.unwrap_or_else(|| DEFAULT_SECTION.to_owned());
        let paths = match named_file {
            Some(path) => vec![path],
            None => HOME_PATHS.iter().filter_map(|path| env.home_path(path)).collect(),
        };
        let mut reasons = Vec::new();
        for path in paths {
            let Some(bytes) = env.read_optional(&path).await? else {
                reasons.push(format!("{} does not exist", path.display()));
                continue;
            };
            let text = decode(&path.display().to_string(), &bytes)?;
            match section::read(text, &name) {
                Ok(Some(section)) if is_disabled(&section) => {
                    let reason = format!("section {name} of {} is disabled", path.display());
                    return Err(LoadError::absent(is_named, reason));
                }
                Ok(Some(section)) => return load(env, &path, &name, section).await,
                Ok(None) => reasons.push(format!("{} has no section {name}", path.display())),
                Err(error) => {
                    return Err(LoadError::failed(format!("{} {error}", path.display())));
                }
            }
        }
        if reasons.is_empty() {
            reasons.push("there is no home directory".to_owned());
        }
        Err(LoadError::absent(is_named, reasons.join(", ")))
    }
}

/// Returns whether the section says so by `enable = false`, which the Java library introduced.
/// Without the key it is enabled, as in the other libraries.
fn is_disabled(section: &Settings) -> bool {
    section.text("enable").is_some_and(|value| value.eq_ignore_ascii_case("false"))
}

async fn load(env: &ProviderEnv, path: &Path, name: &str, section: Settings) -> LoadResult {
    let place = format!("section {name} of {}", path.display());
    let loader = loader_for(&section).map_err(|error| error.at(&place))?;
    // Wiped before anything is sent.
    drop(section);
    loader.load(env).await.map_err(|error| error.at(&place))
}

/// Returns the loader for the type of the section.
fn loader_for(section: &Settings) -> Result<Box<dyn LoadCredentials>, LoadError> {
    let kind = section.text("type").map(str::to_ascii_lowercase);
    Ok(match kind.as_deref() {
        Some("access_key") => Box::new(Static(section.credentials(None)?)),
        Some("sts") => {
            let token = token_field(section).unwrap_or(TOKEN_FIELDS[0]);
            Box::new(Static(section.credentials(Some(token))?))
        }
        None => Box::new(Static(section.credentials(token_field(section))?)),
        Some("ram_role_arn") => Box::new(AssumeRole {
            base: Arc::new(Static(section.credentials(token_field(section))?)),
            role: role(section)?,
            host: StsHost::default(),
        }),
        Some("ecs_ram_role") => Box::new(EcsRamRole::new(section.owned("role_name"))),
        Some("oidc_role_arn") => {
            let role = role(section)?;
            let identity = IdentitySettings {
                role_arn: Some(role.arn.clone()),
                provider_arn: Some(section.required("oidc_provider_arn")?.to_owned()),
                token_file: Some(section.required("oidc_token_file_path")?.into()),
            };
            Box::new(Oidc { identity, role, host: StsHost::default() })
        }
        Some(_) => {
            return Err(LoadError::failed(
                "its type must be access_key, sts, ram_role_arn, ecs_ram_role or oidc_role_arn",
            ));
        }
    })
}

/// The names of the token.
const TOKEN_FIELDS: [&str; 2] = ["security_token", "sts_token"];

/// Returns the name of the token that the section has.
fn token_field(section: &Settings) -> Option<&'static str> {
    TOKEN_FIELDS.into_iter().find(|name| section.text(name).is_some())
}

fn role(section: &Settings) -> Result<Role, CredentialsError> {
    Ok(Role {
        session_name: section.owned("role_session_name"),
        policy: section.owned("policy"),
        ..Role::new(section.required("role_arn")?)
    })
}

impl LoadCredentials for IniFile {
    fn name(&self) -> &'static str {
        "credentials file"
    }

    fn load<'a>(&'a self, env: &'a ProviderEnv) -> LoadFuture<'a> {
        Box::pin(self.load_section(env))
    }
}
