//! [`Credentials`]: the access key, and the security token if there is one, that sign requests.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::error::CredentialsError;

/// An access key, and the security token of temporary (STS) credentials.
///
/// The access key secret and the token are wiped from memory on drop. `Debug` shows neither, and
/// only a part of the access key id. [Access
/// keys](https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair) belong to a
/// RAM user or are issued by STS. A clone is cheap.
///
/// ```
/// use alibabacloud_kms::credentials::Credentials;
///
/// let credentials =
///     Credentials::new("fake-key-id", "fake-key-secret").with_security_token("fake-token");
/// assert!(!format!("{credentials:?}").contains("fake-key-secret"));
/// ```
#[derive(Clone)]
pub struct Credentials(Arc<Parts>);

/// Shared by all clones, so that the parts of different credentials never mix.
#[derive(Clone)]
struct Parts {
    access_key_id: String,
    access_key_secret: SecretString,
    security_token: Option<SecretString>,
    expiration: Option<DateTime<Utc>>,
}

impl Credentials {
    /// Creates permanent credentials, such as the access key of a RAM user.
    ///
    /// The service issues only visible ASCII characters without quotes. An empty part, or one that
    /// contains another character, is an error that names the character: when a client is built
    /// with the credentials or, if a provider returned them, when a call is about to use them.
    #[must_use]
    pub fn new(access_key_id: impl Into<String>, access_key_secret: impl Into<String>) -> Self {
        Self::from_parts(access_key_id.into(), secret(access_key_secret), None)
    }

    pub(crate) fn from_parts(
        access_key_id: String,
        access_key_secret: SecretString,
        security_token: Option<SecretString>,
    ) -> Self {
        let parts = Parts { access_key_id, access_key_secret, security_token, expiration: None };
        Self(Arc::new(parts))
    }

    /// Sets the `SecurityToken` that STS issued with the access key.
    #[must_use]
    pub fn with_security_token(mut self, security_token: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.0).security_token = Some(secret(security_token));
        self
    }

    /// Sets the time at which the service starts to reject the credentials.
    ///
    /// For a provider of your own: [`FnProvider`](crate::credentials::FnProvider) refreshes
    /// credentials ahead of it. Credentials without an expiration are cached until the service
    /// rejects them.
    #[must_use]
    pub fn with_expiration(mut self, expiration: DateTime<Utc>) -> Self {
        Arc::make_mut(&mut self.0).expiration = Some(expiration);
        self
    }

    /// Returns the `AccessKeyId`. It identifies the access key and is sent in clear.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        &self.0.access_key_id
    }

    /// Returns the `AccessKeySecret`, for a library that signs requests of its own, such as one for
    /// OSS. A copy of it is not wiped from memory.
    ///
    /// [Credentials for other libraries](crate::credentials#credentials-for-other-libraries).
    #[must_use]
    pub fn expose_access_key_secret(&self) -> &str {
        self.access_key_secret().expose_secret()
    }

    /// Returns the `SecurityToken` of temporary credentials; `None` for a permanent access key.
    ///
    /// A library that signs its own requests needs it beside the access key.
    #[must_use]
    pub fn expose_security_token(&self) -> Option<&str> {
        self.security_token().map(ExposeSecret::expose_secret)
    }

    /// Returns the time at which the service starts to reject the credentials, if it is known.
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

    /// Returns whether both have the same access key and token, so that a rejection of one is a
    /// rejection of the other.
    pub(crate) fn is_same_set(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || (self.access_key_id() == other.access_key_id()
                && self.expose_access_key_secret() == other.expose_access_key_secret()
                && self.expose_security_token() == other.expose_security_token())
    }

    /// Fails if a part cannot be what the service issued. The error names the part and does not
    /// quote it.
    pub(crate) fn validate(&self) -> Result<(), CredentialsError> {
        check("access key id", self.access_key_id())?;
        check("access key secret", self.expose_access_key_secret())?;
        if let Some(token) = self.expose_security_token() {
            check("security token", token)?;
        }
        Ok(())
    }
}

/// A `String` with spare capacity would be reallocated and left behind, so it is copied and wiped.
fn secret(text: impl Into<String>) -> SecretString {
    SecretString::from(Zeroizing::new(text.into()).as_str())
}

fn check(field: &str, value: &str) -> Result<(), CredentialsError> {
    if value.is_empty() {
        Err(CredentialsError::new(format!("the {field} is empty")))
    } else if let Some(c) = value.chars().find(|c| !is_issued(*c)) {
        // Most often from a copy: the line feed at the end of a file, a quote, a no-break space.
        Err(CredentialsError::new(format!("the {field} contains {}", describe(c))))
    } else {
        Ok(())
    }
}

/// Returns whether the service issues access keys and tokens with this character: letters and
/// digits, and in tokens those of Base64. Other visible ones are accepted too, except quotes.
fn is_issued(c: char) -> bool {
    c.is_ascii_graphic() && !matches!(c, '"' | '\'' | '`')
}

/// Returns the code point of a character, and its name if it is one that gets into text by
/// accident.
pub(crate) fn describe(c: char) -> String {
    let name = match c {
        '\0' => "null",
        '\t' => "tab",
        '\n' => "line feed",
        '\r' => "carriage return",
        ' ' => "space",
        '"' | '\u{201c}' | '\u{201d}' => "quotation mark",
        '\'' | '\u{2018}' | '\u{2019}' => "apostrophe",
        '`' => "backtick",
        '\u{a0}' => "no-break space",
        '\u{ad}' => "soft hyphen",
        '\u{200b}' => "zero width space",
        '\u{200c}' => "zero width non-joiner",
        '\u{200d}' => "zero width joiner",
        '\u{200e}' => "left-to-right mark",
        '\u{200f}' => "right-to-left mark",
        '\u{202f}' => "narrow no-break space",
        '\u{2060}' => "word joiner",
        '\u{3000}' => "ideographic space",
        '\u{feff}' => "byte order mark",
        '\u{fffd}' => "in place of bytes that are not Unicode",
        _ => return format!("U+{:04X}", u32::from(c)),
    };
    format!("U+{:04X} ({name})", u32::from(c))
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

/// Returns the first four characters of an access key id, enough to tell access keys apart.
pub(crate) fn masked(access_key_id: &str) -> String {
    access_key_id.chars().take(4).chain("****".chars()).collect()
}
