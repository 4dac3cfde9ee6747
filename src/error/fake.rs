//! [`Error::fake`]: errors for the tests of those who use this crate.

use super::{Error, ErrorKind, ServiceError};

impl Error {
    /// Makes an error for a test of code that handles errors (feature `emulator`).
    ///
    /// It has this kind and, if there is one, this error code of the service. The two are taken as
    /// they are: the service may report the code with another kind.
    ///
    /// ```
    /// use alibabacloud_kms::{Error, ErrorKind};
    ///
    /// let error = Error::fake(ErrorKind::NotFound, "Forbidden.ResourceNotFound");
    /// assert!(error.is_not_found());
    /// assert_eq!(error.code(), Some("Forbidden.ResourceNotFound"));
    ///
    /// assert!(Error::fake(ErrorKind::Network, None).is_retryable());
    /// ```
    #[must_use]
    pub fn fake<'a>(kind: ErrorKind, code: impl Into<Option<&'a str>>) -> Self {
        let service = code
            .into()
            .map(|code| ServiceError { code: code.to_owned(), ..ServiceError::default() });
        let what = match &service {
            Some(service) => format!("a test made this error with the code {}", service.code),
            None => "a test made this error".to_owned(),
        };
        Self::new(kind, what).with(|repr| repr.service = service)
    }
}
