//! From a profile to the source that it stands for.

use std::sync::Arc;
use std::time::Duration;

use super::super::assume_role::AssumeRole;
use super::super::cloud_sso::CloudSso;
use super::super::ecs_ram_role::EcsRamRole;
use super::super::external::External;
use super::super::fixed::Fixed;
use super::super::oauth::OAuth;
use super::super::oidc::{Identity, Oidc};
use super::super::settings::Settings;
use super::super::source::{Missing, OutcomeFuture, Source};
use super::super::sts::{Role, StsHost};
use super::super::uri::CredentialsUri;
use super::super::{Credentials, CredentialsError, ProviderEnv};
use super::profile::{Config, Mode};

const TOKEN: &str = "sts_token";

/// The source that the profile called `name` stands for.
pub(super) fn source_of(config: &Config, name: &str) -> Result<Arc<dyn Source>, Missing> {
    resolve(config, name, &mut Vec::new())
}

/// `path` are the profiles on the way here, to tell a circle of them.
fn resolve(
    config: &Config,
    name: &str,
    path: &mut Vec<String>,
) -> Result<Arc<dyn Source>, Missing> {
    if path.iter().any(|seen| seen == name) {
        path.push(name.to_owned());
        return Err(Missing::failed(format!(
            "source_profile leads in a circle: {}",
            path.join(" -> ")
        )));
    }
    let Some(profile) = config.profile(name) else {
        return Err(Missing::failed(format!(
            "there is no profile {name}, which is a source_profile"
        )));
    };
    path.push(name.to_owned());
    Ok(match Mode::of(profile) {
        Mode::Ak => Arc::new(Fixed(profile.keys(None)?)),
        Mode::StsToken => Arc::new(Fixed(profile.keys(Some(TOKEN))?)),
        Mode::RamRoleArn => {
            let base = Fixed(profile.keys(profile.text(TOKEN).map(|_| TOKEN))?);
            Arc::new(role_over(profile, Arc::new(base))?)
        }
        Mode::ChainableRamRoleArn => {
            let source = profile.required("source_profile")?;
            Arc::new(role_over(profile, resolve(config, source, path)?)?)
        }
        Mode::EcsRamRole => Arc::new(EcsRamRole::named(profile.owned("ram_role_name"))),
        Mode::Oidc => Arc::new(oidc(profile)?),
        Mode::CredentialsUri => {
            Arc::new(Restricted(CredentialsUri { given: profile.owned("credentials_uri") }))
        }
        Mode::External => {
            let command = profile.required("process_command")?.to_owned();
            Arc::new(External { command })
        }
        Mode::CloudSso => Arc::new(cloud_sso(profile)?),
        Mode::OAuth => Arc::new(oauth(profile)?),
        Mode::Unsupported => {
            let mode = profile.text("mode").unwrap_or("none");
            let told = format!("its mode, {mode}, cannot be used here");
            return Err(Missing::failed(told));
        }
    })
}

/// Keys that the CLI got by a login and left with their expiry.
fn kept_keys(profile: &Settings) -> Result<Option<Credentials>, CredentialsError> {
    let expiration = profile.time("sts_expiration")?;
    let keys = profile.keys(Some(TOKEN)).ok();
    Ok(keys.zip(expiration).map(|(keys, expiration)| keys.with_expiration(expiration)))
}

fn role_of(profile: &Settings) -> Result<Role, CredentialsError> {
    Ok(Role {
        arn: profile.required("ram_role_arn")?.to_owned(),
        session_name: profile.owned("ram_session_name"),
        duration: profile.seconds("expired_seconds")?.map(Duration::from_secs),
        policy: profile.owned("policy"),
        external_id: profile.owned("external_id"),
    })
}

fn host_of(profile: &Settings) -> StsHost {
    StsHost {
        endpoint: profile.owned("sts_endpoint"),
        region: profile.owned("sts_region"),
        vpc: profile.text("enable_vpc") == Some("true"),
    }
}

fn role_over(profile: &Settings, base: Arc<dyn Source>) -> Result<AssumeRole, CredentialsError> {
    Ok(AssumeRole { base, role: role_of(profile)?, host: host_of(profile) })
}

fn oidc(profile: &Settings) -> Result<Oidc, CredentialsError> {
    let role = role_of(profile)?;
    let identity = Identity {
        role_arn: role.arn.clone(),
        provider_arn: profile.required("oidc_provider_arn")?.to_owned(),
        token_file: profile.required("oidc_token_file")?.into(),
    };
    Ok(Oidc { given: Some(identity), role, host: host_of(profile) })
}

fn cloud_sso(profile: &Settings) -> Result<CloudSso, CredentialsError> {
    Ok(CloudSso {
        kept: kept_keys(profile)?,
        sign_in_url: profile.owned("cloud_sso_sign_in_url"),
        account_id: profile.owned("cloud_sso_account_id"),
        access_configuration: profile.owned("cloud_sso_access_config"),
        access_token: profile.secret("access_token"),
        access_token_expires: profile.time("cloud_sso_access_token_expire")?,
    })
}

fn oauth(profile: &Settings) -> Result<OAuth, CredentialsError> {
    Ok(OAuth {
        kept: kept_keys(profile)?,
        site: profile.owned("oauth_site_type"),
        access_token: profile.secret("oauth_access_token"),
        access_token_expires: profile.time("oauth_access_token_expire")?,
    })
}

/// A URL out of a file, which a user can forbid.
#[derive(Debug)]
struct Restricted(CredentialsUri);

impl Source for Restricted {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn look<'a>(&'a self, around: &'a ProviderEnv) -> OutcomeFuture<'a> {
        Box::pin(async {
            around.check_external_allowed()?;
            self.0.look(around).await
        })
    }
}
