//! Who signs: [`Credentials`], and where they come from, [`ProvideCredentials`].

mod env;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use secrecy::{ExposeSecret as _, SecretString};

pub use env::EnvironmentCredentials;

use crate::error::BoxError;

/// The future of a [`ProvideCredentials`], boxed so that providers can be stored side by side.
pub type CredentialsFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Credentials, CredentialsError>> + Send + 'a>>;

/// An access key, and the security token that temporary (STS) keys come with.
///
/// The secret and the token are kept in memory that is wiped on drop; `Debug` shows neither, and the key's id only in
/// part. [Access keys](https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair) belong to a RAM user
/// or are handed out by STS.
///
/// ```
/// use alibabacloud_kms::Credentials;
///
/// let keys = Credentials::new("fake-key-id", "fake-key-secret").with_security_token("fake-token");
/// assert!(!format!("{keys:?}").contains("fake-key-secret"));
/// ```
#[derive(Clone)]
pub struct Credentials {
    access_key_id: String,
    access_key_secret: SecretString,
    security_token: Option<SecretString>,
}

impl Credentials {
    /// Keys that stand for themselves, such as those of a RAM user.
    ///
    /// An empty key, or one with control characters in it, is refused when a client is built from it or, coming from a
    /// provider, when a call is about to use it.
    #[must_use]
    pub fn new(access_key_id: impl Into<String>, access_key_secret: impl Into<String>) -> Self {
        Self {
            access_key_id: access_key_id.into(),
            access_key_secret: SecretString::from(access_key_secret.into()),
            security_token: None,
        }
    }

    /// The same keys with the `SecurityToken` that STS issued with them.
    #[must_use]
    pub fn with_security_token(mut self, security_token: impl Into<String>) -> Self {
        self.security_token = Some(SecretString::from(security_token.into()));
        self
    }

    /// The key's id, `AccessKeyId`: it names the key and is sent in clear.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    pub(crate) fn access_key_secret(&self) -> &SecretString {
        &self.access_key_secret
    }

    pub(crate) fn security_token(&self) -> Option<&SecretString> {
        self.security_token.as_ref()
    }

    /// Says which part cannot be what the service issued, never what it holds.
    pub(crate) fn validate(&self) -> Result<(), CredentialsError> {
        check("access key id", &self.access_key_id)?;
        check("access key secret", self.access_key_secret.expose_secret())?;
        if let Some(token) = &self.security_token {
            check("security token", token.expose_secret())?;
        }
        Ok(())
    }
}

fn check(field: &str, value: &str) -> Result<(), CredentialsError> {
    if value.is_empty() {
        Err(CredentialsError::new(format!("the {field} is empty")))
    } else if value.chars().any(char::is_control) {
        // Most often the line feed of a file that was read whole.
        Err(CredentialsError::new(format!(
            "the {field} has a control character in it, such as a line feed at its end"
        )))
    } else {
        Ok(())
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &masked(&self.access_key_id))
            .field("access_key_secret", &"[redacted]")
            .field("security_token", &self.security_token.as_ref().map(|_| "[redacted]"))
            .finish()
    }
}

/// Enough of a key's id to tell keys apart: its first four characters.
fn masked(access_key_id: &str) -> String {
    access_key_id.chars().take(4).chain("****".chars()).collect()
}

/// A source of [`Credentials`], asked before every attempt of a call.
///
/// The answer is used for that attempt alone, so a source that renews its keys is followed at once. Keep what is costly to
/// fetch: the client does not.
///
/// ```
/// use alibabacloud_kms::{Credentials, CredentialsError, CredentialsFuture, ProvideCredentials};
///
/// #[derive(Debug)]
/// struct Vault;
///
/// impl ProvideCredentials for Vault {
///     fn credentials(&self) -> CredentialsFuture<'_> {
///         Box::pin(async { Err(CredentialsError::new("the vault is sealed")) })
///     }
/// }
/// ```
pub trait ProvideCredentials: fmt::Debug + Send + Sync + 'static {
    /// Gives the keys to sign with now.
    ///
    /// # Errors
    ///
    /// Whatever kept the source from having keys; the call fails with it, of kind
    /// [`Credentials`](crate::ErrorKind::Credentials), and nothing is sent.
    fn credentials(&self) -> CredentialsFuture<'_>;

    /// Hears that the service refused `stale` as expired or unknown, and says whether asking again may give other keys.
    ///
    /// A source that keeps keys lets go of these here. On `true`, the default, the call asks once more and repeats the
    /// request.
    fn invalidate(&self, stale: &Credentials) -> bool {
        let _ = stale;
        true
    }
}

impl ProvideCredentials for Credentials {
    fn credentials(&self) -> CredentialsFuture<'_> {
        Box::pin(std::future::ready(Ok(self.clone())))
    }

    fn invalidate(&self, _stale: &Credentials) -> bool {
        false
    }
}

/// Why a source had no credentials. Its text must hold no key.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct CredentialsError {
    message: String,
    source: Option<BoxError>,
}

impl CredentialsError {
    /// An error of one clause, such as `the vault is sealed`.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None }
    }

    /// The same error with what caused it, which [`source`](std::error::Error::source) then gives.
    #[must_use]
    pub fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.source = Some(source.into());
        self
    }

    pub(crate) fn into_source(self) -> Option<BoxError> {
        self.source
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(credentials: &Credentials) -> String {
        credentials.validate().unwrap_err().to_string()
    }

    #[test]
    fn what_cannot_be_a_key_is_refused_by_name_and_not_shown() {
        assert_eq!(refused(&Credentials::new("", "s")), "the access key id is empty");
        assert_eq!(refused(&Credentials::new("i", "")), "the access key secret is empty");
        assert!(
            refused(&Credentials::new("i", "fake-secret\n"))
                .starts_with("the access key secret has a control")
        );
        assert!(!refused(&Credentials::new("i", "fake-secret\n")).contains("fake-secret"));
        assert_eq!(
            refused(&Credentials::new("i", "s").with_security_token("")),
            "the security token is empty"
        );
        assert!(Credentials::new("i", "s").with_security_token("t").validate().is_ok());
    }

    #[test]
    fn debug_shows_a_part_of_the_id_and_no_secret() {
        let text = format!(
            "{:?}",
            Credentials::new("fake-key-id", "fake-secret").with_security_token("fake-token")
        );
        assert_eq!(
            text,
            "Credentials { access_key_id: \"fake****\", access_key_secret: \"[redacted]\", \
             security_token: Some(\"[redacted]\") }"
        );
    }
}
