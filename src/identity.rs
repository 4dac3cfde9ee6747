//! [`Credentials`]: the access key, and perhaps the security token, that requests are signed with.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::error::CredentialsError;

/// An access key, and the security token that temporary (STS) keys come with.
///
/// The secret and the token are kept in memory that is wiped on drop; `Debug` shows neither, and the key's id only in
/// part. [Access keys](https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair) belong to a RAM user
/// or are handed out by STS.
///
/// ```
/// use alibabacloud_kms::credentials::Credentials;
///
/// let keys = Credentials::new("fake-key-id", "fake-key-secret").with_security_token("fake-token");
/// assert!(!format!("{keys:?}").contains("fake-key-secret"));
/// ```
#[derive(Clone)]
pub struct Credentials(Arc<Keys>);

/// Shared by all clones, so that key, secret and token of different sets never mix.
#[derive(Clone)]
struct Keys {
    access_key_id: String,
    access_key_secret: SecretString,
    security_token: Option<SecretString>,
    expiration: Option<DateTime<Utc>>,
}

impl Credentials {
    /// Keys that stand for themselves, such as those of a RAM user.
    ///
    /// An empty key, or one with control characters in it, is refused when a client is built from it or, coming from a
    /// provider, when a call is about to use it.
    #[must_use]
    pub fn new(access_key_id: impl Into<String>, access_key_secret: impl Into<String>) -> Self {
        Self::from_parts(access_key_id.into(), secret(access_key_secret), None)
    }

    pub(crate) fn from_parts(
        access_key_id: String,
        access_key_secret: SecretString,
        security_token: Option<SecretString>,
    ) -> Self {
        Self(Arc::new(Keys { access_key_id, access_key_secret, security_token, expiration: None }))
    }

    /// The same keys with the `SecurityToken` that STS issued with them.
    #[must_use]
    pub fn with_security_token(mut self, security_token: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.0).security_token = Some(secret(security_token));
        self
    }

    /// The same keys with the time from which on the service refuses them.
    ///
    /// For a source of your own; what caches keys renews them ahead of it. Keys without one are kept until they are refused.
    #[must_use]
    pub fn with_expiration(mut self, expiration: DateTime<Utc>) -> Self {
        Arc::make_mut(&mut self.0).expiration = Some(expiration);
        self
    }

    /// The key's id, `AccessKeyId`: it names the key and is sent in clear.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        &self.0.access_key_id
    }

    /// The time from which on the service refuses these keys, where it is known.
    #[must_use]
    pub fn expiration(&self) -> Option<DateTime<Utc>> {
        self.0.expiration
    }

    pub(crate) fn access_key_secret(&self) -> &SecretString {
        &self.0.access_key_secret
    }

    pub(crate) fn security_token(&self) -> Option<&SecretString> {
        self.0.security_token.as_ref()
    }

    /// Whether both are the same set, so that a refusal of one is a refusal of the other.
    pub(crate) fn is_same_set(&self, other: &Self) -> bool {
        fn token(keys: &Credentials) -> Option<&str> {
            keys.security_token().map(ExposeSecret::expose_secret)
        }
        Arc::ptr_eq(&self.0, &other.0)
            || (self.access_key_id() == other.access_key_id()
                && self.access_key_secret().expose_secret()
                    == other.access_key_secret().expose_secret()
                && token(self) == token(other))
    }

    /// Says which part cannot be what the service issued, never what it holds.
    pub(crate) fn validate(&self) -> Result<(), CredentialsError> {
        check("access key id", self.access_key_id())?;
        check("access key secret", self.access_key_secret().expose_secret())?;
        if let Some(token) = self.security_token() {
            check("security token", token.expose_secret())?;
        }
        Ok(())
    }
}

/// A text with room to spare would be moved to a smaller place, so it is copied there and wiped.
fn secret(text: impl Into<String>) -> SecretString {
    SecretString::from(Zeroizing::new(text.into()).as_str())
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
            .field("access_key_id", &masked(self.access_key_id()))
            .field("access_key_secret", &"[redacted]")
            .field("security_token", &self.security_token().map(|_| "[redacted]"))
            .field("expiration", &self.expiration())
            .finish()
    }
}

/// Enough of a key's id to tell keys apart: its first four characters.
pub(crate) fn masked(access_key_id: &str) -> String {
    access_key_id.chars().take(4).chain("****".chars()).collect()
}
