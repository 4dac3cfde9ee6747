//! The file of credentials that the SDKs share.

mod section;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::assume_role::AssumeRole;
use super::cached::Cached;
use super::ecs_ram_role::EcsRamRole;
use super::fixed::Fixed;
use super::oidc::{Identity, Oidc};
use super::settings::Settings;
use super::source::{Missing, Outcome, OutcomeFuture, Source};
use super::sts::{Role, StsHost};
use super::{CredentialsError, ProviderEnv};

const FILE: &str = "ALIBABA_CLOUD_CREDENTIALS_FILE";
const PROFILE: &str = "ALIBABA_CLOUD_PROFILE";

/// The official libraries have one of these names each.
const AT_HOME: [&str; 2] = [".alibabacloud/credentials", ".alibabacloud/credentials.ini"];

/// A section of the INI file that the SDKs of Alibaba Cloud share.
///
/// | looked up | where |
/// |---|---|
/// | the file | the setter, `ALIBABA_CLOUD_CREDENTIALS_FILE`, `~/.alibabacloud/credentials`, `~/.alibabacloud/credentials.ini` |
/// | the section | the setter, `ALIBABA_CLOUD_PROFILE`, `default` |
///
/// | `type` | keys |
/// |---|---|
/// | `access_key` | `access_key_id`, `access_key_secret` |
/// | `sts` | these and `security_token` |
/// | `ram_role_arn` | `access_key_id`, `access_key_secret`, `role_arn`, and perhaps `role_session_name`, `policy`, `security_token` |
/// | `ecs_ram_role` | perhaps `role_name` |
/// | `oidc_role_arn` | `role_arn`, `oidc_provider_arn`, `oidc_token_file_path`, and perhaps `role_session_name`, `policy` |
///
/// Without `type`, `access_key` or `sts` is meant. A comment starts a line, or follows white space, with `#` or `;`; a value
/// may stand in quotes. The file is read again when keys are renewed or refused. In the chain of
/// [`DefaultProviderChain`](crate::credentials::DefaultProviderChain) a file or a section that a setter or a variable names has to be there,
/// save for a section that is a profile of the CLI.
#[derive(Clone, Debug)]
pub struct IniFileProvider(pub(super) Cached<IniFile>);

impl IniFileProvider {
    /// The file and the section that the environment says.
    #[must_use]
    pub fn new() -> Self {
        Self(Cached::new(IniFile::default()))
    }

    /// This file and no other.
    #[must_use]
    pub fn path(self, path: impl Into<PathBuf>) -> Self {
        Self(self.0.change(|file| file.path = Some(path.into())))
    }

    /// This section.
    #[must_use]
    pub fn section(self, name: impl Into<String>) -> Self {
        Self(self.0.change(|file| file.section = Some(name.into())))
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
    async fn find(&self, around: &ProviderEnv) -> Outcome {
        let named_section = self.section.clone().or_else(|| around.variable(PROFILE));
        let named_file = self.path.clone().or_else(|| around.variable(FILE).map(PathBuf::from));
        // In the chain the configuration of the CLI has been looked at before, so what was named is in neither.
        let was_named = named_section.is_some() || named_file.is_some();
        let name = named_section.unwrap_or_else(|| "default".to_owned());
        let paths = match named_file {
            Some(path) => vec![path],
            None => AT_HOME.iter().filter_map(|below| around.at_home(below)).collect(),
        };
        let mut missed = Vec::new();
        for path in paths {
            let Some(bytes) = around.optional_file(&path).await? else {
                missed.push(format!("there is no {}", path.display()));
                continue;
            };
            let text = std::str::from_utf8(&bytes)
                .map_err(|_| CredentialsError::new(format!("{} is no UTF-8", path.display())))?;
            match section::read(text, &name) {
                Ok(Some(section)) => return self.keys_of(around, &path, &name, section).await,
                Ok(None) => missed.push(format!("{} has no section {name}", path.display())),
                Err(problem) => {
                    return Err(Missing::failed(format!("{} {problem}", path.display())));
                }
            }
        }
        if missed.is_empty() {
            missed.push("there is no home directory".to_owned());
        }
        Err(Missing::nothing(was_named, missed.join(", ")))
    }

    async fn keys_of(
        &self,
        around: &ProviderEnv,
        path: &Path,
        name: &str,
        section: Settings,
    ) -> Outcome {
        let place = format!("section {name} of {}", path.display());
        let source = source_of(&section).map_err(|missing| missing.at(&place))?;
        // Wiped before anything is sent.
        drop(section);
        source.look(around).await.map_err(|missing| missing.at(&place))
    }
}

/// The source that a section stands for.
fn source_of(section: &Settings) -> Result<Box<dyn Source>, Missing> {
    let kind = section.text("type").map(str::to_ascii_lowercase);
    Ok(match kind.as_deref() {
        Some("access_key") => Box::new(Fixed(section.keys(None)?)),
        Some("sts") => Box::new(Fixed(section.keys(Some(token_of(section).unwrap_or(TOKENS[0])))?)),
        None => Box::new(Fixed(section.keys(token_of(section))?)),
        Some("ram_role_arn") => Box::new(AssumeRole {
            base: Arc::new(Fixed(section.keys(token_of(section))?)),
            role: role_of(section)?,
            host: StsHost::default(),
        }),
        Some("ecs_ram_role") => Box::new(EcsRamRole::named(section.owned("role_name"))),
        Some("oidc_role_arn") => {
            let role = role_of(section)?;
            let given = Identity {
                role_arn: role.arn.clone(),
                provider_arn: section.required("oidc_provider_arn")?.to_owned(),
                token_file: section.required("oidc_token_file_path")?.into(),
            };
            Box::new(Oidc { given: Some(given), role, host: StsHost::default() })
        }
        Some(_) => {
            return Err(Missing::failed(
                "its type is none of access_key, sts, ram_role_arn, ecs_ram_role and oidc_role_arn",
            ));
        }
    })
}

/// The names that the token has.
const TOKENS: [&str; 2] = ["security_token", "sts_token"];

/// Under which of its names the section has a token.
fn token_of(section: &Settings) -> Option<&'static str> {
    TOKENS.into_iter().find(|name| section.text(name).is_some())
}

fn role_of(section: &Settings) -> Result<Role, CredentialsError> {
    Ok(Role {
        session_name: section.owned("role_session_name"),
        policy: section.owned("policy"),
        ..Role::new(section.required("role_arn")?)
    })
}

impl Source for IniFile {
    fn name(&self) -> &'static str {
        "credentials file"
    }

    fn look<'a>(&'a self, around: &'a ProviderEnv) -> OutcomeFuture<'a> {
        Box::pin(self.find(around))
    }
}
