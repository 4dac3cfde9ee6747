//! Constructors of [`Error`] for the other rooms, and methods that add what they know.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::{
    BoxError, CredentialsError, Error, ErrorKind, NotRetried, Repr, Resource, ServiceError,
    ValidationError, hints,
};

impl Error {
    pub(crate) fn new(kind: ErrorKind, what: impl Into<String>) -> Self {
        Self::of_clause(kind, what.into())
    }

    #[cold]
    fn of_clause(kind: ErrorKind, what: String) -> Self {
        Self(Arc::new(Repr { kind, what, ..Repr::default() }))
    }

    /// Makes the error for a setting of a client that is missing or wrong.
    pub(crate) fn configuration(problem: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Configuration, problem.to_string())
    }

    /// Makes the error for a parameter, or a limit of one call, that is wrong.
    pub(crate) fn invalid_input(problem: &ValidationError) -> Self {
        Self::new(ErrorKind::InvalidInput, problem.to_string())
    }

    /// Makes the error for a call without credentials to sign with.
    pub(crate) fn no_credentials(error: CredentialsError) -> Self {
        Self::new(ErrorKind::Credentials, error.to_string())
            .with(|repr| repr.credentials = Some(error))
    }

    /// Makes the error that the service returned in place of a result.
    pub(crate) fn from_service(operation: &str, http_status: u16, service: ServiceError) -> Self {
        let kind = ErrorKind::from_code(&service.code, http_status);
        let what = match &service.message {
            Some(message) => format!("the service returned {}: {message}", service.code),
            None => format!("the service returned {}", service.code),
        };
        Self::new(kind, what).with_operation(operation).with_http_status(http_status).with(|repr| {
            repr.hint = hints::from_code(kind, operation, &service);
            repr.request_id.clone_from(&service.request_id);
            repr.service = Some(service);
        })
    }

    /// Makes the error that the service returned to a request that has a ciphertext decrypted.
    /// `names_key` is whether the request names the key.
    pub(crate) fn of_decryption(self, names_key: bool) -> Self {
        self.with(|repr| {
            let (Some(service), Some(status)) = (&repr.service, repr.http_status) else { return };
            let kind = ErrorKind::from_decryption_code(&service.code, status, names_key);
            if kind == ErrorKind::InvalidCiphertext {
                repr.kind = kind;
                repr.hint = Some(hints::INVALID_CIPHERTEXT.into());
            }
        })
    }

    pub(crate) fn with_operation(self, operation: &str) -> Self {
        self.with(|repr| repr.operation = Some(operation.to_owned()))
    }

    pub(crate) fn on_resource(self, resource: Option<Resource<'_>>) -> Self {
        self.with(|repr| repr.resource = resource.map(Resource::into_owned))
    }

    pub(crate) fn with_host(self, host: &str) -> Self {
        self.with(|repr| repr.host = Some(host.to_owned()))
    }

    pub(crate) fn with_request_id(self, id: Option<String>) -> Self {
        self.with(|repr| repr.request_id = id)
    }

    pub(crate) fn with_http_status(self, status: u16) -> Self {
        self.with(|repr| repr.http_status = Some(status))
    }

    pub(crate) fn with_attempts(self, attempts: u32) -> Self {
        self.with(|repr| repr.attempts = attempts)
    }

    pub(crate) fn not_retried(self, why: NotRetried) -> Self {
        self.with(|repr| repr.not_retried = why)
    }

    /// Makes an error retryable whose kind is not.
    pub(crate) fn transient(self) -> Self {
        self.with(|repr| repr.is_transient = true)
    }

    /// Adds whether the call may have been executed, and whether its operation changes something.
    pub(crate) fn with_outcome_unknown(self, unknown: bool, is_write: bool) -> Self {
        self.with(|repr| (repr.outcome_unknown, repr.is_write) = (unknown, is_write))
    }

    pub(crate) fn with_hint(self, hint: Option<impl Into<Cow<'static, str>>>) -> Self {
        self.with(|repr| repr.hint = hint.map(Into::into))
    }

    pub(crate) fn with_source(self, source: Option<BoxError>) -> Self {
        self.with(|repr| repr.source = source.map(Arc::from))
    }

    #[cold]
    pub(super) fn with(mut self, change: impl FnOnce(&mut Repr)) -> Self {
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
