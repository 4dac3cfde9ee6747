//! [`RawRequest`]: an action of the service, by name and parameters.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::error::ValidationError;
use crate::operation::{CallSpec, Encoded, Encoder, first_repeated};
use crate::rate_limit::QuotaGroup;
use crate::retry::RetryClass;

/// The parameters that the client adds to every request.
/// <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/request-syntax>
const COMMON_PARAMETERS: &[&str] = &[
    "AccessKeyId",
    "Action",
    "Format",
    "SecurityToken",
    "Signature",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureType",
    "SignatureVersion",
    "Timestamp",
    "Version",
];

/// A request of an action that has no type here; see [the module](super).
///
/// `Debug` shows the names of secret parameters and not their values, which are wiped from memory
/// on drop.
///
/// ```
/// use alibabacloud_kms::raw::RawRequest;
/// use alibabacloud_kms::retry::RetryClass;
///
/// let read = RawRequest::read("ListKmsInstances").parameter("PageSize", 10);
/// // Sets absolute values, so that a second execution changes nothing.
/// let write = RawRequest::write("UpdatePolicy")
///     .parameter("Name", "app")
///     .parameter("Permissions", r#"["RbacPermission/Template/CryptoServiceKeyUser"]"#)
///     .retry_class(RetryClass::Always);
/// // Holds a password, which must not be part of a URL.
/// let secret = RawRequest::write("CreateClientKey")
///     .parameter("AapName", "app")
///     .secret_parameter("Password", "fake-password");
/// assert!(!format!("{secret:?}").contains("fake-password"));
/// # let _ = (read, write);
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct RawRequest {
    /// The service's name of the operation (`Action`): letters and digits, such as
    /// `GetKmsInstance`.
    pub action: String,
    /// The parameters by name, with values that are not encoded. Names of lists are numbered, such
    /// as `Tag.1.Key`.
    pub parameters: Vec<(String, String)>,
    /// The quota that the request counts towards. [`Undocumented`](QuotaGroup::Undocumented) by
    /// default, which has none.
    pub quota_group: QuotaGroup,
    /// The rule for a request whose outcome is unknown: by default a read is sent again, and a
    /// write is not.
    pub retry_class: RetryClass,
    secret_parameters: Vec<(String, SecretString)>,
    is_write: bool,
}

impl RawRequest {
    /// Creates a request that only reads. It is sent as a `GET`, its parameters in the URL.
    #[must_use]
    pub fn read(action: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            parameters: Vec::new(),
            quota_group: QuotaGroup::Undocumented,
            retry_class: RetryClass::Always,
            secret_parameters: Vec::new(),
            is_write: false,
        }
    }

    /// Creates a request that changes something. It is sent as a `POST`, its parameters in the
    /// body. Reads that must be a `POST` are made by this and
    /// [`RetryClass::Always`].
    #[must_use]
    pub fn write(action: impl Into<String>) -> Self {
        Self { retry_class: RetryClass::IfNotExecuted, is_write: true, ..Self::read(action) }
    }

    /// Adds a parameter: a text, a number, or `true` or `false`.
    ///
    /// A call is [`InvalidInput`](crate::ErrorKind::InvalidInput) if a name is empty, is given
    /// twice, or is one that every request has, such as `Timestamp`.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.parameters.push((name.into(), value.to_string()));
        self
    }

    /// Adds a parameter that no URL, log or error may show. It is wiped from memory on drop.
    ///
    /// A read that has one is [`InvalidInput`](crate::ErrorKind::InvalidInput), since its
    /// parameters are part of a URL.
    #[must_use]
    pub fn secret_parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        // Shrinking a text with spare capacity would move it without wiping the old place.
        let value = Zeroizing::new(value.into());
        self.secret_parameters.push((name.into(), SecretString::from(value.as_str())));
        self
    }

    /// Sets the quota that the request counts towards.
    #[must_use]
    pub fn quota_group(self, quota_group: QuotaGroup) -> Self {
        Self { quota_group, ..self }
    }

    /// Sets whether the request is sent again when its outcome is unknown.
    #[must_use]
    pub fn retry_class(self, retry_class: RetryClass) -> Self {
        Self { retry_class, ..self }
    }

    pub(super) fn spec(&self) -> CallSpec<'_> {
        let spec = if self.is_write { CallSpec::write } else { CallSpec::read };
        // Which operations a dedicated instance serves is for the instance to say.
        let spec = spec(&self.action, self.quota_group).served_by_instances();
        spec.with_retry_class(self.retry_class)
    }

    pub(super) fn encoded(&self) -> Encoded<'_> {
        let mut encoder = Encoder::new(None);
        encoder.check(self.check_action());
        encoder.check(self.check_names());
        encoder.check(self.check_secrets());
        for (name, value) in &self.parameters {
            encoder.text(name, value);
        }
        for (name, value) in &self.secret_parameters {
            encoder.secret_text(name, value.expose_secret());
        }
        encoder.finish()
    }

    /// Returns the names of all parameters.
    fn names(&self) -> impl Iterator<Item = &str> + Clone {
        let secret = self.secret_parameters.iter().map(|(name, _)| name.as_str());
        self.parameters.iter().map(|(name, _)| name.as_str()).chain(secret)
    }

    /// Checks the action, which signature version 3 sends in a header.
    fn check_action(&self) -> Result<(), ValidationError> {
        if self.action.is_empty() {
            let what_to_do = "name an operation of the API, such as GetKmsInstance";
            return Err(ValidationError::missing("action", what_to_do));
        }
        if self.action.chars().all(|c| c.is_ascii_alphanumeric()) {
            Ok(())
        } else {
            Err(ValidationError::new("action", &self.action, "letters and digits"))
        }
    }

    fn check_names(&self) -> Result<(), ValidationError> {
        let repeated = first_repeated(self.names());
        self.names().try_for_each(|name| {
            let allowed = if name.is_empty() {
                "at least 1 character"
            } else if COMMON_PARAMETERS.iter().any(|common| common.eq_ignore_ascii_case(name)) {
                "one that the client does not add itself"
            } else if repeated == Some(name) {
                "given once"
            } else {
                return Ok(());
            };
            Err(ValidationError::new("the name of a parameter", name, allowed))
        })
    }

    fn check_secrets(&self) -> Result<(), ValidationError> {
        match self.secret_parameters.first() {
            Some((name, _)) if !self.is_write => {
                let allowed = "a parameter of a RawRequest::write, which is sent in the body";
                Err(ValidationError::new("a secret parameter", name, allowed))
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for RawRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secret_names: Vec<_> = self.secret_parameters.iter().map(|(name, _)| name).collect();
        f.debug_struct("RawRequest")
            .field("action", &self.action)
            .field("parameters", &self.parameters)
            .field("secret_parameters", &secret_names)
            .field("quota_group", &self.quota_group)
            .field("retry_class", &self.retry_class)
            .field("is_write", &self.is_write)
            .finish()
    }
}
