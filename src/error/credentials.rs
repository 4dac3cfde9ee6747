//! [`CredentialsError`]: why a source of credentials had none.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use super::{ErrorKind, ServiceError};

/// Why a source had no credentials. Its text holds no key, no token and no body of an answer.
///
/// A clone is cheap: all calls that waited for the same refresh get the same error. The one that a call failed with is at
/// [`Error::credentials_error`](crate::Error::credentials_error).
#[derive(Clone)]
pub struct CredentialsError(Arc<Repr>);

#[derive(Clone, Default)]
struct Repr {
    message: String,
    source_name: Option<&'static str>,
    code: Option<String>,
    request_id: Option<String>,
    http_status: Option<u16>,
    passing: Passing,
    tried: Vec<TriedProvider>,
    cause: Option<Arc<dyn StdError + Send + Sync>>,
}

/// Whether a failure passes by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Passing {
    #[default]
    No,
    Perhaps,
    /// It did not while the source was asked several times.
    NotYet,
}

/// A source that a chain asked and that had nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TriedProvider {
    /// What the source is called, such as `environment`.
    pub name: &'static str,
    /// What it missed, such as `ALIBABA_CLOUD_ACCESS_KEY_ID is not set`.
    pub reason: String,
}

impl CredentialsError {
    /// An error of one clause, such as `the vault is sealed`.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self(Arc::new(Repr { message: message.into(), ..Repr::default() }))
    }

    /// The same error with what caused it, which [`source`](std::error::Error::source) then gives.
    #[must_use]
    pub fn with_source(self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.with(|error| error.cause = Some(Arc::from(source.into())))
    }

    /// The same error as one that may pass by itself, such as a broken connection.
    ///
    /// A source of this crate that fails so is asked up to 3 times, [`credentials_fn`](crate::credentials::credentials_fn) included, and a call
    /// that fails with it [is retryable](crate::Error::is_retryable).
    #[must_use]
    pub fn transient(self) -> Self {
        self.with(|error| error.passing = Passing::Perhaps)
    }

    /// Whether the source may have keys later with nothing changed.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.0.passing != Passing::No
    }

    /// The source that failed, such as `OIDC`; `None` for one of your own.
    #[must_use]
    pub fn source_name(&self) -> Option<&'static str> {
        self.0.source_name
    }

    /// The error code of the service that was asked for keys, such as `AuthenticationFail.OIDCToken.Expired`.
    ///
    /// [Codes of STS](https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-errorcodes).
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The id under which that service knows the request: what its support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The HTTP status of its answer, when there was one.
    #[must_use]
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// The sources of a chain that had nothing, in the order in which they were asked.
    #[must_use]
    pub fn tried(&self) -> &[TriedProvider] {
        &self.0.tried
    }
}

/// How the sources say what they know of a failure.
impl CredentialsError {
    /// What a service answered in place of keys.
    pub(crate) fn answered(service: &str, status: u16, error: ServiceError) -> Self {
        let message = match &error.message {
            Some(message) => format!("{service} answered {}: {message}", error.code),
            None => format!("{service} answered {}", error.code),
        };
        let transient = ErrorKind::from_code(&error.code, status).is_transient();
        Self::new(message).with_status(status).with(|repr| {
            repr.passing = if transient { Passing::Perhaps } else { Passing::No };
            repr.code = Some(error.code);
            repr.request_id = error.request_id;
        })
    }

    /// The error as what an answer of this status, without a code, stands for.
    pub(crate) fn with_status(self, status: u16) -> Self {
        let error = self.with(|error| error.http_status = Some(status));
        if ErrorKind::from_foreign_status(status).is_transient() {
            error.transient()
        } else {
            error
        }
    }

    /// Whether to ask the source again at once.
    pub(crate) fn is_worth_another_look(&self) -> bool {
        self.0.passing == Passing::Perhaps
    }

    /// The error as one that another look does not help against for now.
    pub(crate) fn after_looks(self) -> Self {
        match self.0.passing {
            Passing::Perhaps => self.with(|error| error.passing = Passing::NotYet),
            Passing::No | Passing::NotYet => self,
        }
    }

    /// The error as one of `source`, unless it is known to be of another already.
    pub(crate) fn of(self, source: &'static str) -> Self {
        if self.0.source_name.is_some() {
            return self;
        }
        self.with(|error| error.source_name = Some(source))
    }

    /// The error for a reader whom the source has been named to.
    pub(crate) fn without_source_name(self) -> Self {
        self.with(|error| error.source_name = None)
    }

    /// The error as one that happened at a place inside a source, such as `profile dev`.
    pub(crate) fn within(self, place: &str) -> Self {
        self.with(|error| {
            error.message = match error.source_name.take() {
                Some(name) => format!("{place}: {name}: {}", error.message),
                None => format!("{place}: {}", error.message),
            };
        })
    }

    /// The error as the end of a chain whose earlier sources are `tried`.
    pub(crate) fn after(self, tried: Vec<TriedProvider>) -> Self {
        self.with(|error| error.tried = tried)
    }

    fn with(mut self, change: impl FnOnce(&mut Repr)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }
}

/// Whether a service refused by `code` the keys themselves: they ended, or were deactivated, deleted or replaced, so that
/// their source may have others by now.
///
/// <https://api.alibabacloud.com/document/Kms/2016-01-20/errorCode>
pub(crate) fn is_about_the_keys(code: &str) -> bool {
    matches!(
        code,
        "InvalidSecurityToken.Expired"
            | "InvalidSecurityToken.Malformed"
            | "InvalidSecurityToken.MismatchWithAccessKey"
            | "MissingSecurityToken"
            // For the keys of an expired token too.
            | "InvalidAccessKeyId.NotFound"
            | "InvalidAccessKeyId.Inactive"
            | "Forbidden.AccessKey"
            | "Forbidden.AccessKeyDisabled"
    )
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Repr { message, source_name, http_status, request_id, tried, .. } = &*self.0;
        if let Some(name) = source_name {
            write!(f, "{name}: ")?;
        }
        f.write_str(message)?;
        match (http_status, request_id) {
            (Some(status), Some(id)) => write!(f, " (HTTP {status}, request id {id})")?,
            (Some(status), None) => write!(f, " (HTTP {status})")?,
            (None, _) => {}
        }
        for (position, TriedProvider { name, reason }) in tried.iter().enumerate() {
            let lead = if position == 0 { "; tried: " } else { ", " };
            write!(f, "{lead}{name} ({reason})")?;
        }
        Ok(())
    }
}

impl fmt::Debug for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialsError")
            .field("what", &self.to_string())
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
    fn display_names_source_circumstances_and_what_was_tried_and_leaves_the_cause_to_source() {
        let tried = TriedProvider { name: "environment", reason: "nothing is set".to_owned() };
        let answer = ServiceError {
            code: "EntityNotExist.Role".to_owned(),
            message: Some("The specified Role not exists".to_owned()),
            request_id: Some("r-1".to_owned()),
            ..ServiceError::default()
        };
        let error = CredentialsError::answered("STS", 404, answer)
            .of("OIDC")
            .of("another")
            .after(vec![tried.clone()])
            .with_source("the cause");
        assert_eq!(
            error.to_string(),
            "OIDC: STS answered EntityNotExist.Role: The specified Role not exists (HTTP 404, request id r-1); \
             tried: environment (nothing is set)"
        );
        assert_eq!(error.source_name(), Some("OIDC"));
        let told = error.clone().without_source_name().to_string();
        assert!(told.starts_with("STS answered"), "{told}");
        assert_eq!(error.code(), Some("EntityNotExist.Role"));
        assert_eq!((error.http_status(), error.request_id()), (Some(404), Some("r-1")));
        assert_eq!(error.tried(), [tried]);
        assert_eq!(error.source().unwrap().to_string(), "the cause");
    }
}
