//! [`TransportError`]: why a request had no response.

use std::borrow::Cow;

use crate::error::BoxError;

/// The reason why there was no response, by what may have become of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// Not sent: the process or the settings lack what is needed, such as a tokio runtime or CA
    /// certificates. Retrying does not help.
    Configuration,
    /// Not sent: the name did not resolve, or no connection was made.
    Connect,
    /// Not sent: no connection was made in time.
    ConnectTimeout,
    /// Not sent: the server's certificate was rejected. Retrying does not help.
    Certificate,
    /// Not sent: a proxy rejected the connection. Retrying does not help.
    Proxy,
    /// May have been executed: the connection broke before the response was complete.
    Interrupted,
    /// May have been executed: no response arrived within a timeout of the transport itself.
    Timeout,
    /// The response was larger than allowed, and was discarded.
    ResponseTooLarge,
    /// The response came from another URL than the request's, so a redirect was followed. It is not
    /// trusted, and the request may have been executed elsewhere.
    Redirected,
}

/// The reason why a request had no response.
///
/// `Display` is a clause such as `connection refused`. Neither it nor the source contains the URL.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct TransportError {
    kind: TransportErrorKind,
    reason: Cow<'static, str>,
    source: Option<BoxError>,
    hint: Option<Cow<'static, str>>,
}

impl TransportError {
    /// Makes an error of one clause, such as `connection refused`.
    #[must_use]
    pub fn new(kind: TransportErrorKind, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, reason: reason.into(), source: None, hint: None }
    }

    /// Sets the cause, which must not contain the URL.
    #[must_use]
    pub fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Sets what to do about it, which is then the [`hint`](crate::Error::hint) of the call's
    /// error.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Returns what may have become of the request.
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Returns what to do about it, if it is known.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Takes the hint and the source apart, for the call's error.
    pub(crate) fn into_parts(self) -> (Option<Cow<'static, str>>, Option<BoxError>) {
        (self.hint, self.source)
    }
}
