//! [`Error`]: why a call failed, with its [`ErrorKind`] and what the service reported.

mod access_denied;
mod construct;
mod credentials;
mod display;
#[cfg(feature = "emulator")]
mod fake;
mod hints;
mod json_fields;
mod kind;
mod redactor;
mod repr;
mod resource;
mod service;
mod validation;

use std::sync::Arc;

pub use access_denied::AccessDeniedDetail;
pub(crate) use credentials::rejects_credentials;
pub use credentials::{CredentialsError, ProviderReport, ProviderStatus};
pub use kind::ErrorKind;
pub(crate) use redactor::Redactor;
pub(crate) use repr::NotRetried;
use repr::Repr;
pub(crate) use resource::Resource;
pub(crate) use service::{ErrorBody, ServiceError};
pub(crate) use validation::ValidationError;

/// The result of this crate's functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Any error as a cause.
pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The reason why a call failed, or why a client could not be built.
///
/// - Branch on [`kind`](Self::kind) or on a predicate such as [`is_not_found`](Self::is_not_found).
///   [`code`](Self::code) is the service's own error code.
/// - `Display` is one line: what happened to which operation on which resource, the circumstances,
///   and [what to do](Self::hint) where that is known. [`source`](std::error::Error::source) is the
///   cause beneath, which the line does not repeat.
/// - `Debug`, which is printed when `main` returns the error or `unwrap` panics, is that line and
///   then every known field on a line of its own.
///
/// No text of an error contains a request URL, a signature, an access key secret, a token, a secret
/// value or a body.
///
/// A clone is cheap and shares everything.
///
/// ```
/// use alibabacloud_kms::{Error, KmsClient};
///
/// let error = KmsClient::builder().region("cn-hangzhou.evil").build().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`region` must be 1 to 63 characters of a-z, 0-9 and -, such as cn-hangzhou, \
///      got \"cn-hangzhou.evil\"",
/// );
/// assert_eq!(
///     format!("{error:?}").lines().nth(1),
///     Some("    kind: Configuration"),
/// );
/// ```
#[derive(Clone)]
pub struct Error(Arc<Repr>);

impl Error {
    /// Returns the class of this error, by the service's exact code first and the HTTP status
    /// second.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the service's error code as it was sent, such as `Forbidden.ResourceNotFound`.
    ///
    /// `None` if no response of the service with an error code was received. [All
    /// codes](https://api.alibabacloud.com/document/Kms/2016-01-20/errorCode).
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.service.as_ref().map(|service| service.code.as_str())
    }

    /// Returns the service's message, without the string to sign that it quotes when signatures
    /// differ.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.service.as_ref()?.message.as_deref()
    }

    /// Returns the service's id of the request, which its support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Returns what to do about this error, where that is known: `` allow the RAM action
    /// kms:ListSecrets for this identity ``.
    ///
    /// It is the end of the line that `Display` writes.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// Returns the address of the service's page about this error, `Recommend` in its response.
    #[must_use]
    pub fn recommendation(&self) -> Option<&str> {
        self.0.service.as_ref()?.recommendation.as_deref()
    }

    /// Returns which permission was missing, if the service reported it: some of its responses of
    /// the kind [`AccessDenied`](ErrorKind::AccessDenied) do.
    #[must_use]
    pub fn access_denied_detail(&self) -> Option<&AccessDeniedDetail> {
        self.0.service.as_ref()?.access_denied_detail.as_deref()
    }

    /// Returns why there were no credentials to sign with, if the kind is
    /// [`Credentials`](ErrorKind::Credentials): which provider failed, and with what code, status
    /// and request id of the service that it called.
    #[must_use]
    pub fn credentials_error(&self) -> Option<&CredentialsError> {
        self.0.credentials.as_ref()
    }

    /// Returns the host that was called.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        self.0.host.as_deref()
    }

    /// Returns the HTTP status of the response, if there was one.
    #[must_use]
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// Returns the service's name of the operation that failed, such as `ListSecrets`.
    ///
    /// `None` if a client could not be built, and if something that was waited for did not happen
    /// in time.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.0.operation.as_deref()
    }

    /// Returns the resource that the request named: a secret by its name or ARN, a key by its id,
    /// and the first of several.
    ///
    /// `None` for operations on no particular resource, such as `ListSecrets`. At most 256
    /// characters, whatever was requested.
    ///
    /// ```
    /// use alibabacloud_kms::KmsClient;
    /// use alibabacloud_kms::credentials::Credentials;
    /// use alibabacloud_kms::secrets::GetSecretValueRequest;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> alibabacloud_kms::Result<()> {
    /// let credentials = Credentials::new("fake-id", "fake-secret");
    /// let client = KmsClient::builder().region("cn-hangzhou").credentials(credentials).build()?;
    /// let request = GetSecretValueRequest::new("prod/db").version_id("");
    /// let error = client.get_secret_value(request).await.unwrap_err();
    /// assert_eq!(error.resource(), Some("prod/db"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn resource(&self) -> Option<&str> {
        self.0.resource.as_ref().map(Resource::name)
    }

    /// Returns the version that the request named or was to create.
    #[must_use]
    pub fn version_id(&self) -> Option<&str> {
        self.0.resource.as_ref()?.version_id()
    }

    /// Returns the stage of a version that the request named, such as `ACSPrevious`.
    #[must_use]
    pub fn version_stage(&self) -> Option<&str> {
        self.0.resource.as_ref()?.version_stage()
    }

    /// Returns how many requests were sent for this call; 0 if it failed before the first.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns true if one of this call's requests may have been executed although no success was
    /// received: the response was lost, came too late, or reported an internal error of the
    /// service.
    ///
    /// After a failed write, check the resource before writing again.
    #[must_use]
    pub fn is_outcome_unknown(&self) -> bool {
        self.0.outcome_unknown
    }

    /// Returns true if a secret, key or version that the request named does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// Returns true if the account sent too many requests to the region. Nothing was executed, and
    /// a later retry may succeed.
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.kind() == ErrorKind::Throttled
    }

    /// Returns true if the credentials are valid but their identity lacks a permission: allow the
    /// RAM action `kms:<operation>`.
    #[must_use]
    pub fn is_access_denied(&self) -> bool {
        self.kind() == ErrorKind::AccessDenied
    }

    /// Returns true if the access key, the token or the signature was rejected.
    #[must_use]
    pub fn is_authentication(&self) -> bool {
        self.kind() == ErrorKind::Authentication
    }

    /// Returns true if no response arrived in time.
    /// [`is_outcome_unknown`](Self::is_outcome_unknown) reports whether a write may have been
    /// executed.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Returns true if the state of the resource forbids the operation: the name is taken, or the
    /// secret is pending deletion.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.kind() == ErrorKind::Conflict
    }

    /// Returns true if the request was invalid. It was rejected either here, before it was sent, or
    /// by the service.
    #[must_use]
    pub fn is_invalid_input(&self) -> bool {
        self.kind() == ErrorKind::InvalidInput
    }

    /// Returns true if the same call may succeed later with nothing changed.
    ///
    /// It does not consider what a failed write left behind: see
    /// [`is_outcome_unknown`](Self::is_outcome_unknown).
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        let no_credentials_yet =
            self.credentials_error().is_some_and(CredentialsError::is_transient);
        self.kind().is_transient() || self.0.is_transient || no_credentials_yet
    }

    /// Returns the request id of a dry run whose request would succeed, which the service reports
    /// by an error, and any other error itself.
    pub(crate) fn or_successful_dry_run(&self) -> Result<&str, &Self> {
        match self.code() {
            Some("DryRunOperationError") => Ok(self.request_id().unwrap_or_default()),
            _ => Err(self),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match (&self.0.source, &self.0.credentials) {
            (Some(source), _) => Some(&**source),
            // Its text is this error's own, so the next error of the chain is its cause.
            (None, Some(error)) => std::error::Error::source(error),
            (None, None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_is_one_pointer_wide_and_crosses_threads() {
        fn crosses_threads<T: Clone + Send + Sync + 'static>() {}
        crosses_threads::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
        assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
    }

    #[test]
    fn clone_is_the_same_error_and_changes_apart() {
        let error = Error::new(ErrorKind::Network, "the connection broke")
            .with_source(Some("the cause".into()));
        let on_host = error.clone().with_host("kms.example");
        assert_eq!((error.host(), on_host.host()), (None, Some("kms.example")));
        assert_eq!(on_host.kind(), ErrorKind::Network);
        assert_eq!(std::error::Error::source(&on_host).unwrap().to_string(), "the cause");
    }
}
