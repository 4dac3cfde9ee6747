//! Keys from the process's environment.

use super::{Credentials, CredentialsError, CredentialsFuture, ProvideCredentials};

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
/// An empty variable counts as unset. This is what a client uses that was given no credentials.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct EnvironmentCredentials;

impl EnvironmentCredentials {
    /// A source that reads nothing before it is asked.
    #[must_use]
    pub fn new() -> Self {
        Self
    }
}

impl ProvideCredentials for EnvironmentCredentials {
    fn credentials(&self) -> CredentialsFuture<'_> {
        Box::pin(std::future::ready(read(|name| std::env::var(name).ok())))
    }

    /// The environment of a process stays as it was: asking again would give the same keys.
    fn invalidate(&self, _stale: &Credentials) -> bool {
        false
    }
}

fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Credentials, CredentialsError> {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    match (set(ACCESS_KEY_ID), set(ACCESS_KEY_SECRET)) {
        (Some(id), Some(secret)) => {
            let keys = Credentials::new(id, secret);
            Ok(match set(SECURITY_TOKEN) {
                Some(token) => keys.with_security_token(token),
                None => keys,
            })
        }
        (id, secret) => {
            let missing: Vec<_> =
                [(ACCESS_KEY_ID, id.is_none()), (ACCESS_KEY_SECRET, secret.is_none())]
                    .into_iter()
                    .filter_map(|(name, missing)| missing.then_some(name))
                    .collect();
            Err(CredentialsError::new(format!(
                "the environment has no access key: set {}, or give the client credentials",
                missing.join(" and ")
            )))
        }
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn read_from(variables: &[(&str, &str)]) -> Result<Credentials, CredentialsError> {
        read(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn a_pair_of_variables_is_a_key_and_a_token_is_taken_when_set() {
        let pair = [(ACCESS_KEY_ID, "fake-id"), (ACCESS_KEY_SECRET, "fake-secret")];
        let keys = read_from(&pair).unwrap();
        assert_eq!(keys.access_key_id(), "fake-id");
        assert_eq!(keys.access_key_secret().expose_secret(), "fake-secret");
        assert!(keys.security_token().is_none());

        let with_empty_token = [pair[0], pair[1], (SECURITY_TOKEN, "")];
        assert!(read_from(&with_empty_token).unwrap().security_token().is_none());
        let with_token = [pair[0], pair[1], (SECURITY_TOKEN, "fake-token")];
        assert_eq!(
            read_from(&with_token).unwrap().security_token().unwrap().expose_secret(),
            "fake-token"
        );
    }

    #[test]
    fn the_missing_variables_are_named() {
        let nothing = read_from(&[]).unwrap_err().to_string();
        assert!(
            nothing
                .contains("set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET,"),
            "{nothing}"
        );
        let half = read_from(&[(ACCESS_KEY_ID, "fake-id"), (ACCESS_KEY_SECRET, "")])
            .unwrap_err()
            .to_string();
        assert!(half.contains("set ALIBABA_CLOUD_ACCESS_KEY_SECRET,"), "{half}");
    }
}
