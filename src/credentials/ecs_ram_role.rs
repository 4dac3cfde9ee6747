//! The role of an ECS instance, from its metadata service.
//!
//! <https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata>

mod metadata;

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use self::metadata::{Metadata, Unavailable};
use super::cached::Cached;
use super::issued::{IssuedKeys, read};
use super::source::{Missing, Outcome, OutcomeFuture, Source};
use super::{Credentials, CredentialsError, ProviderEnv};

const ROLE_NAME: &str = "ALIBABA_CLOUD_ECS_METADATA";
const DISABLED: &str = "ALIBABA_CLOUD_ECS_METADATA_DISABLED";
const ROLES: &str = "/latest/meta-data/ram/security-credentials/";

/// Outside ECS each look costs a second, so that nobody is there is remembered. Not for long: an instance that boots may
/// reach its metadata service later than the program starts.
const ABSENCE_REMEMBERED: TimeDelta = TimeDelta::seconds(60);

/// The role that is attached to the ECS instance this program runs on.
///
/// | looked up | where |
/// |---|---|
/// | whether to look at all | not when `ALIBABA_CLOUD_ECS_METADATA_DISABLED` is `true` |
/// | the role's name | the setter, `ALIBABA_CLOUD_ECS_METADATA`, then the metadata service |
/// | the keys | `http://100.100.100.200/latest/meta-data/ram/security-credentials/<role>` |
/// | a session token for both | `PUT http://100.100.100.200/latest/api/token`; without one when that fails, unless `ALIBABA_CLOUD_IMDSV1_DISABLED` is `true` |
///
/// No proxy is used and no redirect followed; a connection may take 1 s, and so may an answer. Keys are renewed ahead of
/// their expiry.
#[derive(Clone, Debug)]
pub struct EcsRamRoleProvider(pub(super) Cached<EcsRamRole>);

impl EcsRamRoleProvider {
    /// The role that the instance has.
    #[must_use]
    pub fn new() -> Self {
        Self(Cached::new(EcsRamRole::default()))
    }

    /// The role's name, which saves asking for it.
    #[must_use]
    pub fn role_name(self, name: impl Into<String>) -> Self {
        Self(self.0.change(|ecs| ecs.role_name = Some(name.into())))
    }
}

impl Default for EcsRamRoleProvider {
    fn default() -> Self {
        Self::new()
    }
}

/// The instance's role. A clone shares what it remembers of the metadata service.
#[derive(Clone, Debug, Default)]
pub(super) struct EcsRamRole {
    pub(super) role_name: Option<String>,
    metadata: Metadata,
    /// Until when it is taken for granted that this is no instance.
    absent_until: Arc<Mutex<Option<DateTime<Utc>>>>,
}

impl EcsRamRole {
    pub(super) fn named(role_name: Option<String>) -> Self {
        Self { role_name, ..Self::default() }
    }

    async fn fetch(&self, around: &ProviderEnv) -> Outcome {
        if around.is_set_to_true(DISABLED) {
            return Err(Missing::not_configured(format!("{DISABLED} is true")));
        }
        match self.role_name.clone().or_else(|| around.variable(ROLE_NAME)) {
            Some(name) => {
                check_role_name(&name)?;
                // Somebody says that this is an instance, so that it is none is a failure.
                self.keys_of(around, &name).await.map_err(|unavailable| unavailable.error().into())
            }
            None => self.keys_of_attached_role(around).await,
        }
    }

    async fn keys_of_attached_role(&self, around: &ProviderEnv) -> Outcome {
        if self.is_known_absent(around.clock.now()) {
            return Err(absent());
        }
        let name = match self.metadata.get(around, ROLES).await {
            Ok(body) => std::str::from_utf8(&body).unwrap_or_default().trim().to_owned(),
            Err(Unavailable::NobodyThere(_)) => {
                self.remember_absence(around.clock.now());
                return Err(absent());
            }
            Err(Unavailable::NotFound) => {
                let told = "no role is attached to this instance, if it is one";
                return Err(Missing::not_configured(told));
            }
            Err(Unavailable::Failed(error)) => return Err(error.into()),
        };
        if check_role_name(&name).is_err() {
            let told = "what answers in place of a metadata service names no role";
            return Err(Missing::not_configured(told));
        }
        Ok(self.keys_of(around, &name).await.map_err(Unavailable::error)?)
    }

    async fn keys_of(
        &self,
        around: &ProviderEnv,
        role_name: &str,
    ) -> Result<Credentials, Unavailable> {
        let path = format!("{ROLES}{}", utf8_percent_encode(role_name, NON_ALPHANUMERIC));
        let body = self.metadata.get(around, &path).await?;
        let issued: IssuedKeys = read("the answer of the metadata service", &body)?;
        if issued.code.as_deref() != Some("Success") {
            let told = "the metadata service answered without Success";
            return Err(CredentialsError::new(told).into());
        }
        Ok(issued.temporary("the metadata service")?)
    }

    fn is_known_absent(&self, now: DateTime<Utc>) -> bool {
        let until = *self.absent_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| now < until)
    }

    fn remember_absence(&self, now: DateTime<Utc>) {
        let until = now.checked_add_signed(ABSENCE_REMEMBERED);
        *self.absent_until.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }
}

impl Source for EcsRamRole {
    fn name(&self) -> &'static str {
        "ECS metadata"
    }

    fn look<'a>(&'a self, around: &'a ProviderEnv) -> OutcomeFuture<'a> {
        Box::pin(self.fetch(around))
    }
}

fn absent() -> Missing {
    Missing::not_configured("there is no metadata service, so this is no ECS instance")
}

/// The names that RAM allows; what else a page in the place of the service may say is none.
fn check_role_name(name: &str) -> Result<(), Missing> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._@".contains(c);
    if (1..=64).contains(&name.len()) && name.chars().all(fits) {
        return Ok(());
    }
    Err(Missing::failed("the name of the instance's role has characters that no role has"))
}
