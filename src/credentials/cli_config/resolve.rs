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
use super::super::source::{Missing, OutcomeFuture, Source};
use super::super::sts::{Role, StsHost};
use super::super::uri::CredentialsUri;
use super::super::{Credentials, CredentialsError, Surroundings};
use super::profile::{Config, Mode, Profile, Text};

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
    Ok(match profile.mode() {
        Mode::Ak => Arc::new(Fixed(keys_of(profile, false)?)),
        Mode::StsToken => Arc::new(Fixed(keys_of(profile, true)?)),
        Mode::RamRoleArn => {
            let base = Fixed(keys_of(profile, profile.sts_token.get().is_some())?);
            Arc::new(role_over(profile, Arc::new(base))?)
        }
        Mode::ChainableRamRoleArn => {
            let source = required("source_profile", &profile.source_profile)?;
            Arc::new(role_over(profile, resolve(config, source, path)?)?)
        }
        Mode::EcsRamRole => Arc::new(EcsRamRole::named(profile.ram_role_name.owned())),
        Mode::Oidc => Arc::new(oidc(profile)?),
        Mode::CredentialsUri => {
            Arc::new(Restricted(CredentialsUri { given: profile.credentials_uri.exposed() }))
        }
        Mode::External => {
            let command = profile.process_command.exposed();
            let command = command.ok_or_else(|| missing("process_command"))?;
            Arc::new(External { command })
        }
        Mode::CloudSso => Arc::new(cloud_sso(profile)),
        Mode::OAuth => Arc::new(oauth(profile)),
        Mode::Unsupported => {
            let told = format!("its mode, {}, cannot be used here", profile.mode_text());
            return Err(Missing::failed(told));
        }
    })
}

fn keys_of(profile: &Profile, with_token: bool) -> Result<Credentials, CredentialsError> {
    let id = required("access_key_id", &profile.access_key_id)?.to_owned();
    let secret = profile.access_key_secret.get().ok_or_else(|| missing("access_key_secret"))?;
    let token = match (with_token, profile.sts_token.get()) {
        (false, _) => None,
        (true, Some(token)) => Some(token),
        (true, None) => return Err(missing("sts_token")),
    };
    let keys = Credentials::from_parts(id, secret, token);
    keys.validate()?;
    Ok(keys)
}

/// Keys that the CLI got by a login and left with their expiry.
fn kept_keys(profile: &Profile) -> Option<Credentials> {
    Some(keys_of(profile, true).ok()?.with_expiration(profile.sts_expiration.time()?))
}

fn role_of(profile: &Profile) -> Result<Role, CredentialsError> {
    Ok(Role {
        arn: required("ram_role_arn", &profile.ram_role_arn)?.to_owned(),
        session_name: profile.ram_session_name.owned(),
        duration: profile.expired_seconds.get().map(Duration::from_secs),
        policy: profile.policy.owned(),
        external_id: profile.external_id.owned(),
    })
}

fn host_of(profile: &Profile) -> StsHost {
    StsHost {
        endpoint: profile.sts_endpoint.owned(),
        region: profile.sts_region.owned(),
        vpc: profile.enable_vpc.unwrap_or(false),
    }
}

fn role_over(profile: &Profile, base: Arc<dyn Source>) -> Result<AssumeRole, CredentialsError> {
    Ok(AssumeRole { base, role: role_of(profile)?, host: host_of(profile) })
}

fn oidc(profile: &Profile) -> Result<Oidc, CredentialsError> {
    let role = role_of(profile)?;
    let identity = Identity {
        role_arn: role.arn.clone(),
        provider_arn: required("oidc_provider_arn", &profile.oidc_provider_arn)?.to_owned(),
        token_file: required("oidc_token_file", &profile.oidc_token_file)?.into(),
    };
    Ok(Oidc { given: Some(identity), role, host: host_of(profile) })
}

fn cloud_sso(profile: &Profile) -> CloudSso {
    CloudSso {
        kept: kept_keys(profile),
        sign_in_url: profile.cloud_sso_sign_in_url.owned(),
        account_id: profile.cloud_sso_account_id.owned(),
        access_configuration: profile.cloud_sso_access_config.owned(),
        access_token: profile.access_token.get(),
        access_token_expires: profile.cloud_sso_access_token_expire.time(),
    }
}

fn oauth(profile: &Profile) -> OAuth {
    OAuth {
        kept: kept_keys(profile),
        site: profile.oauth_site_type.owned(),
        access_token: profile.oauth_access_token.get(),
        access_token_expires: profile.oauth_access_token_expire.time(),
    }
}

fn required<'a>(field: &str, text: &'a Text) -> Result<&'a str, CredentialsError> {
    text.get().ok_or_else(|| missing(field))
}

fn missing(field: &str) -> CredentialsError {
    CredentialsError::new(format!("{field} is missing"))
}

/// A URL out of a file, which a user can forbid.
#[derive(Debug)]
struct Restricted(CredentialsUri);

impl Source for Restricted {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn look<'a>(&'a self, around: &'a Surroundings) -> OutcomeFuture<'a> {
        Box::pin(async {
            around.check_external_allowed()?;
            self.0.look(around).await
        })
    }
}
