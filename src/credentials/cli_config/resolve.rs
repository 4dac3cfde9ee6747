//! From a profile to the loader for its mode.

use std::sync::Arc;
use std::time::Duration;

use super::super::assume_role::AssumeRole;
use super::super::cloud_sso::CloudSso;
use super::super::ecs_ram_role::EcsRamRole;
use super::super::load::{LoadCredentials, LoadFuture};
use super::super::load_error::LoadError;
use super::super::oauth::OAuth;
use super::super::oidc::{IdentitySettings, Oidc};
use super::super::process_command::ProcessCommand;
use super::super::settings::Settings;
use super::super::static_credentials::Static;
use super::super::sts::{Role, StsHost};
use super::super::uri::CredentialsUri;
use super::super::{Credentials, CredentialsError, ProviderEnv};
use super::profile::{Config, Mode};
use crate::transport::GivenUrl;

const TOKEN: &str = "sts_token";

/// Returns the loader for the profile called `name`.
pub(super) fn loader_for(
    config: &Config,
    name: &str,
) -> Result<Arc<dyn LoadCredentials>, LoadError> {
    resolve(config, name, &mut Vec::new())
}

/// `path` contains the profiles that led here, to detect a cycle.
fn resolve(
    config: &Config,
    name: &str,
    path: &mut Vec<String>,
) -> Result<Arc<dyn LoadCredentials>, LoadError> {
    if path.iter().any(|seen| seen == name) {
        path.push(name.to_owned());
        return Err(LoadError::failed(format!(
            "source_profile forms a cycle: {}",
            path.join(" -> ")
        )));
    }
    let Some(profile) = config.profile(name) else {
        return Err(LoadError::failed(format!(
            "source_profile names the profile {name}, which does not exist"
        )));
    };
    path.push(name.to_owned());
    Ok(match Mode::from_profile(profile) {
        Mode::Ak => Arc::new(Static(profile.credentials(None)?)),
        Mode::StsToken => Arc::new(Static(profile.credentials(Some(TOKEN))?)),
        Mode::RamRoleArn => {
            let token = profile.text(TOKEN).map(|_| TOKEN);
            let base = Static(profile.credentials(token)?);
            Arc::new(role_over(profile, Arc::new(base))?)
        }
        Mode::ChainableRamRoleArn => {
            let base = profile.required("source_profile")?;
            Arc::new(role_over(profile, resolve(config, base, path)?)?)
        }
        Mode::RamRoleArnWithRoleName => {
            let base = EcsRamRole::new(Some(profile.required("ram_role_name")?.to_owned()));
            Arc::new(role_over(profile, Arc::new(base))?)
        }
        Mode::EcsRamRole => Arc::new(EcsRamRole::new(profile.owned("ram_role_name"))),
        Mode::Oidc => Arc::new(oidc(profile)?),
        Mode::CredentialsUri => {
            Arc::new(ProfileUri(CredentialsUri { uri: profile.owned("credentials_uri") }))
        }
        Mode::External => {
            let command = profile.required("process_command")?.to_owned();
            Arc::new(ProcessCommand { command })
        }
        Mode::CloudSso => Arc::new(cloud_sso(profile)?),
        Mode::OAuth => Arc::new(oauth(profile)?),
        Mode::Unsupported => {
            let mode = profile.text("mode").unwrap_or("none");
            return Err(LoadError::failed(format!("its mode {mode} is not supported")));
        }
    })
}

/// Returns the credentials that the CLI stored after a login, with their expiration.
fn stored_credentials(profile: &Settings) -> Result<Option<Credentials>, CredentialsError> {
    let expiration = profile.time("sts_expiration")?;
    let credentials = profile.credentials(Some(TOKEN)).ok();
    let both = credentials.zip(expiration);
    Ok(both.map(|(credentials, expiration)| credentials.with_expiration(expiration)))
}

fn role(profile: &Settings) -> Result<Role, CredentialsError> {
    Ok(Role {
        arn: profile.required("ram_role_arn")?.to_owned(),
        session_name: profile.owned("ram_session_name"),
        duration: profile.seconds("expired_seconds")?.map(Duration::from_secs),
        policy: profile.owned("policy"),
        external_id: profile.owned("external_id"),
    })
}

fn sts_host(profile: &Settings) -> StsHost {
    StsHost {
        endpoint: profile.owned("sts_endpoint").map(GivenUrl),
        region: profile.owned("sts_region"),
        vpc: profile.text("enable_vpc") == Some("true"),
    }
}

fn role_over(
    profile: &Settings,
    base: Arc<dyn LoadCredentials>,
) -> Result<AssumeRole, CredentialsError> {
    Ok(AssumeRole { base, role: role(profile)?, host: sts_host(profile) })
}

fn oidc(profile: &Settings) -> Result<Oidc, CredentialsError> {
    let role = role(profile)?;
    let identity = IdentitySettings {
        role_arn: Some(role.arn.clone()),
        provider_arn: Some(profile.required("oidc_provider_arn")?.to_owned()),
        token_file: Some(profile.required("oidc_token_file")?.into()),
    };
    Ok(Oidc { identity, role, host: sts_host(profile) })
}

fn cloud_sso(profile: &Settings) -> Result<CloudSso, CredentialsError> {
    Ok(CloudSso {
        stored: stored_credentials(profile)?,
        sign_in_url: profile.owned("cloud_sso_sign_in_url"),
        account_id: profile.owned("cloud_sso_account_id"),
        access_configuration: profile.owned("cloud_sso_access_config"),
        access_token: profile.secret("access_token"),
        access_token_expires: profile.time("cloud_sso_access_token_expire")?,
    })
}

fn oauth(profile: &Settings) -> Result<OAuth, CredentialsError> {
    Ok(OAuth {
        stored: stored_credentials(profile)?,
        site: profile.owned("oauth_site_type"),
        access_token: profile.secret("oauth_access_token"),
        access_token_expires: profile.time("oauth_access_token_expire")?,
    })
}

/// The URL of a profile. Unlike that of the environment, the user can disable it.
#[derive(Debug)]
struct ProfileUri(CredentialsUri);

impl LoadCredentials for ProfileUri {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn load<'a>(&'a self, env: &'a ProviderEnv) -> LoadFuture<'a> {
        Box::pin(async {
            env.check_external_allowed()?;
            self.0.load(env).await
        })
    }
}
