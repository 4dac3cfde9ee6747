//! [`EcsRamRoleProvider`]: the role of an ECS instance, from its metadata service.
//!
//! <https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata>

mod metadata;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use self::metadata::{Metadata, Unavailable};
use super::cached_loader::{CachedLoader, provide_from_cache};
use super::issued::{IssuedCredentials, read};
use super::load::{LoadCredentials, LoadFuture, LoadResult};
use super::load_error::LoadError;
use super::text::decode;
use super::{Credentials, CredentialsError, ProviderEnv};

const ROLE_NAME: &str = "ALIBABA_CLOUD_ECS_METADATA";
const DISABLED: &str = "ALIBABA_CLOUD_ECS_METADATA_DISABLED";
const ROLES: &str = "/latest/meta-data/ram/security-credentials/";

/// <https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata>
const REGION: &str = "/latest/meta-data/region-id";

const NO_SERVICE: &str = "there is no metadata service, so this is not an ECS instance";

/// Outside ECS each attempt costs a second, so the absence of the service is cached. Not for long:
/// the metadata service of a booting instance may become reachable after the program has started.
const ABSENCE_CACHED: Duration = Duration::from_secs(60);

/// The role that is attached to the ECS instance on which the program runs.
///
/// | setting | where it comes from |
/// |---|---|
/// | whether to use the service | not if `ALIBABA_CLOUD_ECS_METADATA_DISABLED` is `true` |
/// | the name of the role | the setter, `ALIBABA_CLOUD_ECS_METADATA`, then the metadata service |
/// | the credentials | `http://100.100.100.200/latest/meta-data/ram/security-credentials/<role>` |
/// | a session token for both | `PUT http://100.100.100.200/latest/api/token`; if that fails, none is used unless `ALIBABA_CLOUD_IMDSV1_DISABLED` is `true` |
///
/// No proxy is used and redirects are not followed. A connection may take 1 s, and so may a
/// response. Credentials are refreshed ahead of their expiration.
#[derive(Clone, Debug)]
pub struct EcsRamRoleProvider(CachedLoader<EcsRamRole>);

provide_from_cache!(EcsRamRoleProvider);

impl EcsRamRoleProvider {
    /// Creates a provider of the role that is attached to the instance.
    #[must_use]
    pub fn new() -> Self {
        Self(CachedLoader::new(EcsRamRole::new(None)))
    }

    /// Sets the name of the role, which saves a request for it.
    #[must_use]
    pub fn role_name(self, name: impl Into<String>) -> Self {
        Self(self.0.set(|ecs| ecs.role_name = Some(name.into())))
    }
}

impl Default for EcsRamRoleProvider {
    fn default() -> Self {
        Self::new()
    }
}

/// The role of the instance. A clone shares what is cached about the metadata service.
///
/// The default one, of a chain, is not configured where there is no metadata service.
#[derive(Clone, Debug, Default)]
pub(super) struct EcsRamRole {
    pub(super) role_name: Option<String>,
    /// True if the program or a profile asks for it.
    is_asked_for: bool,
    metadata: Metadata,
    /// True once the service returned credentials.
    was_used: Arc<AtomicBool>,
    /// The time until which the service is assumed to be absent.
    absent_until: Arc<Mutex<Option<Instant>>>,
}

impl EcsRamRole {
    /// Creates the loader that a program or a profile asks for.
    pub(super) fn new(role_name: Option<String>) -> Self {
        Self { role_name, is_asked_for: true, ..Self::default() }
    }

    async fn fetch(&self, env: &ProviderEnv) -> LoadResult {
        if env.is_set_to_true(DISABLED) {
            return Err(LoadError::not_configured(format!("{DISABLED} is true")));
        }
        match self.role_name.clone().or_else(|| env.variable(ROLE_NAME)) {
            Some(name) => {
                check_role_name(&name)?;
                // The role is named, so the absence of the service is a failure.
                self.role_credentials(env, &name)
                    .await
                    .map_err(|unavailable| unavailable.error().into())
            }
            None => self.attached_role_credentials(env).await,
        }
    }

    async fn attached_role_credentials(&self, env: &ProviderEnv) -> LoadResult {
        if self.is_known_absent(env.clock.instant()) {
            return Err(absent());
        }
        let name = match self.metadata.get(env, ROLES).await {
            Ok(body) => decode("the role name", &body).unwrap_or_default().trim().to_owned(),
            Err(Unavailable::Unreachable(error)) if self.was_used.load(Ordering::Relaxed) => {
                return Err(error.into());
            }
            Err(Unavailable::Unreachable(error)) if self.is_asked_for => {
                // The service of a booting instance may come up, though not within a second.
                let error = CredentialsError::new(NO_SERVICE).with_source(error);
                return Err(error.transient().exhausted().into());
            }
            Err(Unavailable::Unreachable(_)) => {
                self.cache_absence(env.clock.instant());
                return Err(absent());
            }
            Err(Unavailable::NotFound) => {
                let reason = "no RAM role is attached to this ECS instance";
                return Err(LoadError::not_configured(reason));
            }
            Err(Unavailable::Failed(error)) => return Err(error.into()),
        };
        if check_role_name(&name).is_err() {
            let reason = "the metadata service returned something other than the name of a role";
            return Err(LoadError::not_configured(reason));
        }
        let credentials = self.role_credentials(env, &name).await.map_err(Unavailable::error)?;
        self.was_used.store(true, Ordering::Relaxed);
        Ok(credentials)
    }

    async fn role_credentials(
        &self,
        env: &ProviderEnv,
        role_name: &str,
    ) -> Result<Credentials, Unavailable> {
        // As it is: it consists of characters that a path may contain.
        let body = self.metadata.get(env, &format!("{ROLES}{role_name}")).await?;
        let issued: IssuedCredentials = read("the response of the metadata service", &body)?;
        if issued.code() != Some("Success") {
            let message = "the metadata service returned a code other than Success";
            return Err(CredentialsError::new(message).into());
        }
        Ok(issued.temporary("the metadata service")?)
    }

    fn is_known_absent(&self, now: Instant) -> bool {
        let until = *self.absent_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| now < until)
    }

    fn cache_absence(&self, now: Instant) {
        let until = now.checked_add(ABSENCE_CACHED);
        *self.absent_until.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }
}

/// Returns the region of the ECS instance on which the program runs.
pub(super) async fn instance_region(env: &ProviderEnv) -> Result<String, CredentialsError> {
    if env.is_set_to_true(DISABLED) {
        return Err(CredentialsError::new(format!("{DISABLED} is true")));
    }
    match Metadata::default().get(env, REGION).await {
        Ok(body) => Ok(decode("the region of the instance", &body)?.trim().to_owned()),
        Err(Unavailable::NotFound) => {
            Err(CredentialsError::new("the metadata service does not know the region")
                .with_status(404))
        }
        Err(Unavailable::Unreachable(error) | Unavailable::Failed(error)) => Err(error),
    }
}

impl LoadCredentials for EcsRamRole {
    fn name(&self) -> &'static str {
        "ECS metadata"
    }

    fn load<'a>(&'a self, env: &'a ProviderEnv) -> LoadFuture<'a> {
        Box::pin(self.fetch(env))
    }
}

fn absent() -> LoadError {
    LoadError::not_configured(NO_SERVICE)
}

/// Accepts only the names that RAM allows: another host in place of the service may return any
/// page.
fn check_role_name(name: &str) -> Result<(), LoadError> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._@".contains(c);
    if (1..=64).contains(&name.len()) && name.chars().all(fits) {
        return Ok(());
    }
    Err(LoadError::failed("the name of the ECS role has characters that RAM does not allow"))
}
