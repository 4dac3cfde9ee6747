//! [`CredentialsError`]: why a provider has no credentials, and [`ProviderReport`]: the outcome of
//! each provider of a chain.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, Utc};

use super::{ErrorKind, ServiceError};

/// The reason why a provider has no credentials. Its text contains no access key secret, no token
/// and no response body.
///
/// A clone is cheap: all calls that waited for the same refresh get the same error.
/// [`Error::credentials_error`](crate::Error::credentials_error) returns the one that failed a
/// call.
#[derive(Clone)]
pub struct CredentialsError(Arc<Repr>);

#[derive(Clone, Default)]
struct Repr {
    message: String,
    provider_name: Option<&'static str>,
    code: Option<String>,
    request_id: Option<String>,
    http_status: Option<u16>,
    transience: Transience,
    tried: Vec<ProviderReport>,
    cause: Option<Arc<dyn StdError + Send + Sync>>,
}

/// A failure's chance to go away without any change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Transience {
    #[default]
    Permanent,
    Transient,
    /// Transient, and the provider was retried as often as is useful for now.
    Exhausted,
}

/// A provider of a chain and its outcome, as
/// [`DefaultProviderChain::diagnose`](crate::credentials::DefaultProviderChain::diagnose) and
/// [`CredentialsError::tried`] report it. It contains no secret.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ProviderReport {
    /// The name of the provider, such as `environment`.
    pub provider: &'static str,
    /// The outcome of the provider.
    pub status: ProviderStatus,
}

/// The outcome of one provider of a chain.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ProviderStatus {
    /// It is not configured, for this reason, so the next provider is tried.
    NotConfigured(String),
    /// It is configured and does not work, so no further provider is tried.
    Failed(CredentialsError),
    /// Its credentials are used, so no further provider is tried.
    #[non_exhaustive]
    Selected {
        /// The access key id, of which all but the first four characters are masked.
        access_key_id: String,
        /// The time at which the credentials expire, if it is known.
        expiration: Option<DateTime<Utc>>,
    },
    /// The program asked for something else, for this reason, so the next provider is tried.
    Skipped(String),
    /// A provider before it was selected or failed.
    NotTried,
}

impl ProviderReport {
    pub(crate) fn new(provider: &'static str, status: ProviderStatus) -> Self {
        Self { provider, status }
    }
}

impl fmt::Display for ProviderStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConfigured(reason) => write!(f, "not configured: {reason}"),
            Self::Failed(error) => write!(f, "failed: {}", error.clone().without_provider_name()),
            Self::Selected { access_key_id, expiration: None } => {
                write!(f, "selected: access key {access_key_id}")
            }
            Self::Selected { access_key_id, expiration: Some(expiration) } => {
                let expiration = expiration.to_rfc3339_opts(SecondsFormat::Secs, true);
                write!(f, "selected: access key {access_key_id}, expires {expiration}")
            }
            Self::Skipped(reason) => write!(f, "skipped: {reason}"),
            Self::NotTried => f.write_str("not tried"),
        }
    }
}

impl CredentialsError {
    /// Creates an error from one clause, such as `the vault is sealed`.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self(Arc::new(Repr { message: one_line(&message.into()), ..Repr::default() }))
    }

    /// Sets the cause, which [`source`](std::error::Error::source) then returns.
    #[must_use]
    pub fn with_source(self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.with(|error| error.cause = Some(Arc::from(source.into())))
    }

    /// Marks the error as one that can go away without any change, such as a broken connection.
    ///
    /// The providers of this crate, [`FnProvider`](crate::credentials::FnProvider) included, make
    /// up to 3 attempts when they fail with such an error, and a call that fails with it [is
    /// retryable](crate::Error::is_retryable).
    #[must_use]
    pub fn transient(self) -> Self {
        self.with(|error| error.transience = Transience::Transient)
    }

    /// Returns whether the provider may have credentials later without any change.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.0.transience != Transience::Permanent
    }

    /// Returns the provider that failed, such as `OIDC`; `None` for a provider of your own.
    #[must_use]
    pub fn provider_name(&self) -> Option<&'static str> {
        self.0.provider_name
    }

    /// Returns the error code of the service that issues the credentials, such as
    /// `AuthenticationFail.OIDCToken.Expired`.
    ///
    /// [Error codes of
    /// STS](https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-errorcodes).
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Returns the request id of that service, which its support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Returns the HTTP status of its response, if there was one.
    #[must_use]
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// Returns the providers of a chain that were tried before, in order, each with the reason why
    /// it was not selected.
    #[must_use]
    pub fn tried(&self) -> &[ProviderReport] {
        &self.0.tried
    }
}

/// Methods with which providers add what they know.
impl CredentialsError {
    /// Creates the error for a response that contains an error in place of credentials.
    pub(crate) fn from_response(service: &str, status: u16, error: ServiceError) -> Self {
        let message = match &error.message {
            Some(message) => format!("{service} returned {}: {message}", error.code),
            None => format!("{service} returned {}", error.code),
        };
        let is_transient = ErrorKind::from_code(&error.code, status).is_transient();
        Self::new(message).with_status(status).with(|repr| {
            repr.transience =
                if is_transient { Transience::Transient } else { Transience::Permanent };
            repr.code = Some(error.code);
            repr.request_id = error.request_id;
        })
    }

    /// Sets the HTTP status, which also decides whether the error is transient.
    pub(crate) fn with_status(self, status: u16) -> Self {
        let error = self.with(|error| error.http_status = Some(status));
        if ErrorKind::from_foreign_status(status).is_transient() {
            error.transient()
        } else {
            error
        }
    }

    /// Returns whether another attempt right away is useful.
    pub(crate) fn should_retry(&self) -> bool {
        self.0.transience == Transience::Transient
    }

    /// Marks a transient error as one that further attempts do not help against for now.
    pub(crate) fn exhausted(self) -> Self {
        match self.0.transience {
            Transience::Transient => self.with(|error| error.transience = Transience::Exhausted),
            Transience::Permanent | Transience::Exhausted => self,
        }
    }

    /// Names the provider that failed, unless another one is named already.
    pub(crate) fn with_provider_name(self, name: &'static str) -> Self {
        if self.0.provider_name.is_some() {
            return self;
        }
        self.with(|error| error.provider_name = Some(name))
    }

    /// Removes the name of the provider, for a text that names it already.
    pub(crate) fn without_provider_name(self) -> Self {
        self.with(|error| error.provider_name = None)
    }

    /// Prefixes the place inside a provider that the failure is about, such as `profile dev`.
    pub(crate) fn at(self, place: &str) -> Self {
        let place = one_line(place);
        self.with(|error| {
            error.message = match error.provider_name.take() {
                Some(name) => format!("{place}: {name}: {}", error.message),
                None => format!("{place}: {}", error.message),
            };
        })
    }

    /// Sets the providers of the chain that were tried before.
    pub(crate) fn with_tried(self, tried: Vec<ProviderReport>) -> Self {
        self.with(|error| error.tried = tried)
    }

    #[cold]
    fn with(mut self, change: impl FnOnce(&mut Repr)) -> Self {
        change(self.repr_mut());
        self
    }

    /// Returns the fields of this error alone, copied if a clone shares them. One function for all
    /// changes, since copying them is much code.
    #[inline(never)]
    fn repr_mut(&mut self) -> &mut Repr {
        Arc::make_mut(&mut self.0)
    }
}

/// Returns a message without control characters: a name in a file may contain a line feed, and an
/// error is one line of a log.
fn one_line(message: &str) -> String {
    message.replace(char::is_control, " ")
}

/// Returns whether `code` rejects the credentials themselves: they expired, or were deactivated,
/// deleted or replaced, so that their provider may have others by now.
///
/// <https://api.alibabacloud.com/document/Kms/2016-01-20/errorCode>
pub(crate) fn rejects_credentials(code: &str) -> bool {
    matches!(
        code,
        "InvalidSecurityToken.Expired"
            | "InvalidSecurityToken.Malformed"
            | "InvalidSecurityToken.MismatchWithAccessKey"
            | "MissingSecurityToken"
            // Also returned for an expired token.
            | "InvalidAccessKeyId.NotFound"
            | "InvalidAccessKeyId.Inactive"
            | "Forbidden.AccessKey"
            | "Forbidden.AccessKeyDisabled"
    )
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Repr { message, provider_name, http_status, request_id, tried, .. } = &*self.0;
        if let Some(name) = provider_name {
            write!(f, "{name}: ")?;
        }
        f.write_str(message)?;
        match (http_status, request_id) {
            (Some(status), Some(id)) => write!(f, " (HTTP {status}, request id {id})")?,
            (Some(status), None) => write!(f, " (HTTP {status})")?,
            (None, _) => {}
        }
        for (position, ProviderReport { provider, status }) in tried.iter().enumerate() {
            let lead = if position == 0 { "; tried: " } else { ", " };
            match status {
                ProviderStatus::NotConfigured(reason) => write!(f, "{lead}{provider} ({reason})")?,
                status => write!(f, "{lead}{provider} ({status})")?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialsError")
            .field("message", &self.to_string())
            .field("code", &self.code())
            .field("cause", &self.0.cause)
            .finish_non_exhaustive()
    }
}

impl StdError for CredentialsError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.cause.as_deref().map(|cause| cause as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_names_provider_response_and_tried_providers() {
        let tried = ProviderReport::new(
            "environment",
            ProviderStatus::NotConfigured("nothing is set".to_owned()),
        );
        let service_error = ServiceError {
            code: "EntityNotExist.Role".to_owned(),
            message: Some("The specified Role not exists".to_owned()),
            request_id: Some("r-1".to_owned()),
            ..ServiceError::default()
        };
        let error = CredentialsError::from_response("STS", 404, service_error)
            .with_provider_name("OIDC")
            .with_provider_name("another")
            .with_tried(vec![tried])
            .with_source("the cause");
        assert_eq!(
            error.to_string(),
            "OIDC: STS returned EntityNotExist.Role: The specified Role not exists \
             (HTTP 404, request id r-1); tried: environment (nothing is set)"
        );
        assert_eq!(error.provider_name(), Some("OIDC"));
        let text = error.clone().without_provider_name().to_string();
        assert!(text.starts_with("STS returned"), "{text}");
        assert_eq!(error.code(), Some("EntityNotExist.Role"));
        assert_eq!((error.http_status(), error.request_id()), (Some(404), Some("r-1")));
        assert_eq!(error.tried()[0].provider, "environment");
        assert_eq!(error.source().unwrap().to_string(), "the cause");
    }
    #[test]
    fn message_with_control_characters_is_one_line() {
        let error = CredentialsError::new("there is not a profile \"a\nb\u{c}c\u{9b}\"");
        assert_eq!(error.to_string(), "there is not a profile \"a b c \"");
    }
}
