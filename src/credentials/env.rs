//! Keys from the process's environment.

use super::source::{Missing, Outcome, OutcomeFuture, Source};
use super::{Credentials, CredentialsFuture, ProvideCredentials, ProviderEnv};

const ACCESS_KEY_ID: &str = "ALIBABA_CLOUD_ACCESS_KEY_ID";
const ACCESS_KEY_SECRET: &str = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";
const SECURITY_TOKEN: &str = "ALIBABA_CLOUD_SECURITY_TOKEN";

/// The variables that every Alibaba Cloud tool reads, read anew for each attempt.
///
/// | variable | meaning |
/// |---|---|
/// | `ALIBABA_CLOUD_ACCESS_KEY_ID` | the key's id, required |
/// | `ALIBABA_CLOUD_ACCESS_KEY_SECRET` | the key's secret, required |
/// | `ALIBABA_CLOUD_SECURITY_TOKEN` | the token of temporary keys, optional |
///
/// An empty variable counts as unset, and white space around a value is left out. A client that was given no credentials asks
/// this source first, and others after it: see [`DefaultProviderChain`](crate::credentials::DefaultProviderChain).
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct EnvironmentProvider;

impl EnvironmentProvider {
    /// A source that reads nothing before it is asked.
    #[must_use]
    pub fn new() -> Self {
        Self
    }
}

impl ProvideCredentials for EnvironmentProvider {
    fn credentials(&self) -> CredentialsFuture<'_> {
        let read = read(&ProviderEnv::system());
        let outcome = read.map_err(|missing| missing.into_error(Environment.name()));
        Box::pin(std::future::ready(outcome))
    }

    /// True when the variables hold other keys by now.
    fn invalidate(&self, stale: &Credentials) -> bool {
        holds_other_keys(&ProviderEnv::system(), stale)
    }
}

/// The variables as a step of the chain. Nothing of them is kept.
#[derive(Clone, Debug)]
pub(super) struct Environment;

impl Source for Environment {
    fn name(&self) -> &'static str {
        "environment"
    }

    fn look<'a>(&'a self, around: &'a ProviderEnv) -> OutcomeFuture<'a> {
        Box::pin(std::future::ready(read(around)))
    }
}

pub(super) fn holds_other_keys(around: &ProviderEnv, stale: &Credentials) -> bool {
    read(around).is_ok_and(|keys| !keys.is_same_set(stale))
}

fn read(around: &ProviderEnv) -> Outcome {
    match (around.variable(ACCESS_KEY_ID), around.variable(ACCESS_KEY_SECRET)) {
        (Some(id), Some(secret)) => {
            let keys = Credentials::new(id, secret);
            let keys = match around.variable(SECURITY_TOKEN) {
                Some(token) => keys.with_security_token(token),
                None => keys,
            };
            keys.validate()?;
            Ok(keys)
        }
        (None, None) => Err(Missing::not_configured(format!(
            "{ACCESS_KEY_ID} and {ACCESS_KEY_SECRET} are not set"
        ))),
        // Half of a key is a slip, and going on would sign as somebody else.
        (Some(_), None) => {
            Err(Missing::failed(format!("{ACCESS_KEY_ID} is set, {ACCESS_KEY_SECRET} is not")))
        }
        (None, Some(_)) => {
            Err(Missing::failed(format!("{ACCESS_KEY_SECRET} is set, {ACCESS_KEY_ID} is not")))
        }
    }
}
