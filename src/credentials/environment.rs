//! Credentials from the environment variables of the process.

use super::load::{LoadCredentials, LoadFuture, LoadResult};
use super::load_error::LoadError;
use super::{Credentials, CredentialsFuture, ProvideCredentials, ProviderEnv};

const ACCESS_KEY_ID: &str = "ALIBABA_CLOUD_ACCESS_KEY_ID";
const ACCESS_KEY_SECRET: &str = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";
const SECURITY_TOKEN: &str = "ALIBABA_CLOUD_SECURITY_TOKEN";

/// The environment variables that every Alibaba Cloud tool reads, read again for each attempt.
///
/// | variable | meaning |
/// |---|---|
/// | `ALIBABA_CLOUD_ACCESS_KEY_ID` | the access key id, required |
/// | `ALIBABA_CLOUD_ACCESS_KEY_SECRET` | the access key secret, required |
/// | `ALIBABA_CLOUD_SECURITY_TOKEN` | the token of temporary credentials, optional |
///
/// An empty variable counts as unset, and white space around a value is removed. A client without
/// credentials of its own tries this provider first, and others after it: see
/// [`DefaultProviderChain`](crate::credentials::DefaultProviderChain).
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct EnvironmentProvider;

impl EnvironmentProvider {
    /// Creates the provider. It reads nothing before it is used.
    #[must_use]
    pub fn new() -> Self {
        Self
    }
}

impl ProvideCredentials for EnvironmentProvider {
    fn credentials(&self) -> CredentialsFuture<'_> {
        let result = read(&ProviderEnv::system());
        let result = result.map_err(|error| error.into_error(Environment.name()));
        Box::pin(std::future::ready(result))
    }

    /// Returns true if the variables contain other credentials by now.
    fn invalidate(&self, stale: &Credentials) -> bool {
        has_other_credentials(&ProviderEnv::system(), stale)
    }
}

/// The variables as a provider of the chain. Nothing of them is cached.
#[derive(Clone, Debug)]
pub(super) struct Environment;

impl LoadCredentials for Environment {
    fn name(&self) -> &'static str {
        "environment"
    }

    fn load<'a>(&'a self, env: &'a ProviderEnv) -> LoadFuture<'a> {
        Box::pin(std::future::ready(read(env)))
    }
}

pub(super) fn has_other_credentials(env: &ProviderEnv, stale: &Credentials) -> bool {
    read(env).is_ok_and(|credentials| !credentials.is_same_set(stale))
}

fn read(env: &ProviderEnv) -> LoadResult {
    match (env.variable(ACCESS_KEY_ID), env.variable(ACCESS_KEY_SECRET)) {
        (Some(id), Some(secret)) => {
            let credentials = Credentials::new(id, secret);
            let credentials = match env.variable(SECURITY_TOKEN) {
                Some(token) => credentials.with_security_token(token),
                None => credentials,
            };
            credentials.validate()?;
            Ok(credentials)
        }
        (None, None) => Err(LoadError::not_configured(format!(
            "{ACCESS_KEY_ID} and {ACCESS_KEY_SECRET} are not set"
        ))),
        // Half of a pair is a mistake, and to go on would sign as another identity.
        (Some(_), None) => {
            Err(LoadError::failed(format!("{ACCESS_KEY_ID} is set, {ACCESS_KEY_SECRET} is not")))
        }
        (None, Some(_)) => {
            Err(LoadError::failed(format!("{ACCESS_KEY_SECRET} is set, {ACCESS_KEY_ID} is not")))
        }
    }
}
