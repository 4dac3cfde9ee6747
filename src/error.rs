//! What a failed call says: [`Error`] with its [`ErrorKind`], and the service's own words behind it.

mod access_denied;
mod credentials;
mod hints;
mod kind;
mod redactor;
mod resource;
mod service;

use std::borrow::Cow;
use std::fmt;

pub use access_denied::AccessDeniedDetail;
pub(crate) use credentials::is_about_the_keys;
pub use credentials::{CredentialsError, TriedProvider};
pub use kind::ErrorKind;
pub(crate) use redactor::Redactor;
pub(crate) use resource::Resource;
pub(crate) use service::{ErrorBody, ServiceError};

/// What a call of this crate gives.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Any error as a cause.
pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why a call failed, or why a client could not be built.
///
/// `Display` says in one line what happened to which operation on which resource and, where it is known, what to do about it;
/// `Debug`, which a `main` that returns the error prints, begins with that line and adds all else that is known;
/// [`source`](std::error::Error::source) adds the cause beneath and never repeats that line. Decide by [`kind`](Self::kind)
/// or the predicates; [`code`](Self::code) is the service's own word. No text of an error holds a URL, a signature, a key,
/// a token, a secret value or a body.
///
/// ```
/// use alibabacloud_kms::{Error, KmsClient};
///
/// let error = KmsClient::builder().region("cn-hangzhou.evil").build().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "region is \"cn-hangzhou.evil\", allowed are 1 to 63 characters of a-z, 0-9 and -, such as cn-hangzhou",
/// );
/// ```
pub struct Error(Box<Repr>);

#[derive(Default)]
struct Repr {
    kind: ErrorKind,
    what: String,
    advice: Option<Cow<'static, str>>,
    operation: Option<&'static str>,
    resource: Option<Resource<'static>>,
    host: Option<String>,
    http_status: Option<u16>,
    attempts: u32,
    outcome_open: bool,
    /// Whether the operation changes something, so that an open outcome matters.
    of_a_write: bool,
    not_retried: NotRetried,
    service: Option<ServiceError>,
    credentials: Option<CredentialsError>,
    source: Option<BoxError>,
}

/// Why a call ended with this error instead of another attempt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum NotRetried {
    /// Another would give the same, or could do harm.
    #[default]
    Final,
    AttemptsExhausted,
    DeadlineTooClose,
    BudgetExhausted,
}

impl Error {
    /// The coarse class of this error, by the service's exact code first and the HTTP status second.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The service's error code as it was sent, such as `Forbidden.ResourceNotFound`.
    ///
    /// `None` when no answer of the service was had. [All codes](https://api.alibabacloud.com/document/Kms/2016-01-20/errorCode).
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.service.as_ref().map(|service| service.code.as_str())
    }

    /// The service's message, without the string to sign that it quotes when signatures differ.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.service.as_ref()?.message.as_deref()
    }

    /// The id under which the service knows the request: what its support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.service.as_ref()?.request_id.as_deref()
    }

    /// Where the service says more about this error, `Recommend` in its answer.
    #[must_use]
    pub fn recommendation(&self) -> Option<&str> {
        self.0.service.as_ref()?.recommendation.as_deref()
    }

    /// Which permission was missing, where the service says so: some of its answers of the kind
    /// [`AccessDenied`](ErrorKind::AccessDenied) do.
    #[must_use]
    pub fn access_denied_detail(&self) -> Option<&AccessDeniedDetail> {
        self.0.service.as_ref()?.access_denied_detail.as_deref()
    }

    /// Why there were no keys to sign with, when the kind is [`Credentials`](ErrorKind::Credentials): which source failed, and
    /// with what code, status and request id of the service that it asked.
    #[must_use]
    pub fn credentials_error(&self) -> Option<&CredentialsError> {
        self.0.credentials.as_ref()
    }

    /// The host that was called.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        self.0.host.as_deref()
    }

    /// The HTTP status of the answer, when there was one.
    #[must_use]
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// The operation that failed, by the service's name: `ListSecrets`. `None` when a client could not be built, and when
    /// something that was waited for did not come.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// What the request was about: a secret by its name or ARN, a key by its id, and the first of several resources. `None` for
    /// operations on no resource in particular, such as `ListSecrets`.
    ///
    /// Not longer than 256 characters, whatever was asked for.
    ///
    /// ```
    /// use alibabacloud_kms::KmsClient;
    /// use alibabacloud_kms::credentials::Credentials;
    /// use alibabacloud_kms::secrets::GetSecretValueRequest;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> alibabacloud_kms::Result<()> {
    /// let keys = Credentials::new("fake-id", "fake-secret");
    /// let client = KmsClient::builder().region("cn-hangzhou").credentials(keys).build()?;
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

    /// The version that the request named or was to make.
    #[must_use]
    pub fn version_id(&self) -> Option<&str> {
        self.0.resource.as_ref()?.version_id()
    }

    /// The label of a version that the request named: `ACSPrevious`.
    #[must_use]
    pub fn version_stage(&self) -> Option<&str> {
        self.0.resource.as_ref()?.version_stage()
    }

    /// How many requests were made for this call; 0 when it failed before anything was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether one of this call's requests was perhaps carried out although no success was heard of: the answer was lost, came
    /// too late or was an error of the service itself.
    ///
    /// After a failed write it tells whether to look before writing again.
    #[must_use]
    pub fn is_outcome_unknown(&self) -> bool {
        self.0.outcome_open
    }

    /// A secret, key or version that was named does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// Too many requests for the account and region: nothing was done, a later repeat succeeds.
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.kind() == ErrorKind::Throttled
    }

    /// The keys are good, the identity behind them may not do this: grant the RAM action `kms:<operation>`.
    #[must_use]
    pub fn is_access_denied(&self) -> bool {
        self.kind() == ErrorKind::AccessDenied
    }

    /// The keys, the token or the signature were not accepted.
    #[must_use]
    pub fn is_authentication(&self) -> bool {
        self.kind() == ErrorKind::Authentication
    }

    /// No answer came in time; see [`is_outcome_unknown`](Self::is_outcome_unknown) for what became of a write.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// The state of the resource forbids it: the name is taken, or the secret awaits deletion.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.kind() == ErrorKind::Conflict
    }

    /// The request was wrong, and was refused here before it was sent or by the service.
    #[must_use]
    pub fn is_invalid_input(&self) -> bool {
        self.kind() == ErrorKind::InvalidInput
    }

    /// Whether the same call can succeed later with nothing changed.
    ///
    /// Says nothing about what a failed write left behind: see [`is_outcome_unknown`](Self::is_outcome_unknown).
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        let no_keys_yet = self.credentials_error().is_some_and(CredentialsError::is_transient);
        self.kind().is_transient() || no_keys_yet
    }
}

/// How the layers beneath say what they know of a failure.
impl Error {
    pub(crate) fn new(kind: ErrorKind, what: impl Into<String>) -> Self {
        Self(Box::new(Repr { kind, what: what.into(), ..Repr::default() }))
    }

    /// A setting of a client that is missing or wrong.
    pub(crate) fn configuration(problem: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Configuration, problem.to_string())
    }

    /// A parameter, or a limit of one call, that is wrong.
    pub(crate) fn invalid_input(problem: &ValidationError) -> Self {
        Self::new(ErrorKind::InvalidInput, problem.to_string())
    }

    /// There were no keys to sign with.
    pub(crate) fn no_credentials(error: CredentialsError) -> Self {
        let mut failure = Self::new(ErrorKind::Credentials, error.to_string());
        failure.0.credentials = Some(error);
        failure
    }

    /// What the service answered in place of a result.
    pub(crate) fn from_service(
        operation: &'static str,
        http_status: u16,
        service: ServiceError,
    ) -> Self {
        let kind = ErrorKind::from_code(&service.code, http_status);
        let what = match &service.message {
            Some(message) => format!("the service answered {}: {message}", service.code),
            None => format!("the service answered {}", service.code),
        };
        let mut error =
            Self::new(kind, what).with_operation(operation).with_http_status(http_status);
        error.0.advice = hints::from_code(kind, operation, &service);
        error.0.service = Some(service);
        error
    }

    pub(crate) fn with_operation(mut self, operation: &'static str) -> Self {
        self.0.operation = Some(operation);
        self
    }

    pub(crate) fn on_resource(mut self, resource: Option<Resource<'_>>) -> Self {
        self.0.resource = resource.map(Resource::into_owned);
        self
    }

    pub(crate) fn with_host(mut self, host: &str) -> Self {
        self.0.host = Some(host.to_owned());
        self
    }

    pub(crate) fn with_http_status(mut self, status: u16) -> Self {
        self.0.http_status = Some(status);
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn not_retried(mut self, why: NotRetried) -> Self {
        self.0.not_retried = why;
        self
    }

    pub(crate) fn with_outcome_unknown(mut self, open: bool, of_a_write: bool) -> Self {
        (self.0.outcome_open, self.0.of_a_write) = (open, of_a_write);
        self
    }

    pub(crate) fn with_hint(mut self, advice: Option<impl Into<Cow<'static, str>>>) -> Self {
        self.0.advice = advice.map(Into::into);
        self
    }

    pub(crate) fn with_source(mut self, source: Option<BoxError>) -> Self {
        self.0.source = source;
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Repr { what, advice, operation, resource, outcome_open, of_a_write, .. } = &*self.0;
        match (operation, resource) {
            (Some(operation), Some(resource)) => write!(f, "{operation} of {resource} failed: ")?,
            (Some(operation), None) => write!(f, "{operation} failed: ")?,
            (None, _) => {}
        }
        f.write_str(what)?;
        self.fmt_circumstances(f)?;
        if *outcome_open && *of_a_write {
            f.write_str("; it was perhaps carried out: look before you repeat it")?;
        }
        match advice {
            Some(advice) => write!(f, "; {advice}"),
            None => Ok(()),
        }
    }
}

impl Error {
    /// Where it happened, in parentheses: status, request id, host and, when there were several, the attempts, and what kept
    /// them from being more.
    fn fmt_circumstances(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let circumstances = [
            self.http_status().map(|status| format!("HTTP {status}")),
            self.request_id().map(|id| format!("request id {id}")),
            // Without keys nothing was sent to it.
            self.host().filter(|_| self.0.credentials.is_none()).map(|host| format!("host {host}")),
            self.told_attempts(),
            match self.0.not_retried {
                NotRetried::Final | NotRetried::AttemptsExhausted => None,
                NotRetried::DeadlineTooClose => {
                    Some("not repeated: too little of the call's time is left".to_owned())
                }
                NotRetried::BudgetExhausted => {
                    Some("not repeated: the client's retry budget is used up".to_owned())
                }
            },
        ];
        let known: Vec<String> = circumstances.into_iter().flatten().collect();
        if known.is_empty() { Ok(()) } else { write!(f, " ({})", known.join(", ")) }
    }

    fn told_attempts(&self) -> Option<String> {
        match (self.attempts(), self.0.not_retried) {
            (0 | 1, _) => None,
            (attempts, NotRetried::AttemptsExhausted) => Some(format!("all {attempts} attempts")),
            (attempts, _) => Some(format!("{attempts} attempts")),
        }
    }
}

/// Begins with the line of `Display`, as it is what a `main` prints that returns the error, and adds what is known.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.to_string();
        let mut told = f.debug_struct(&line);
        told.field("kind", &self.kind());
        let texts = [
            ("operation", self.operation()),
            ("resource", self.resource()),
            ("version_id", self.version_id()),
            ("version_stage", self.version_stage()),
            ("code", self.code()),
            ("request_id", self.request_id()),
            ("recommendation", self.recommendation()),
            ("host", self.host()),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                told.field(name, &text);
            }
        }
        if let Some(status) = self.http_status() {
            told.field("http_status", &status);
        }
        if let Some(detail) = self.access_denied_detail() {
            told.field("access_denied_detail", detail);
        }
        told.field("attempts", &self.attempts());
        told.field("is_outcome_unknown", &self.is_outcome_unknown());
        if let Some(source) = std::error::Error::source(self) {
            told.field("source", &source);
        }
        told.finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match (&self.0.source, &self.0.credentials) {
            (Some(source), _) => Some(&**source),
            // Its text is this error's own, so what is told beneath is its cause.
            (None, Some(error)) => std::error::Error::source(error),
            (None, None) => None,
        }
    }
}

/// A value outside what is allowed, found before anything is sent.
///
/// The value is shown, if not all of a long one, so no secret may be checked with this.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ValidationError {
    field: Cow<'static, str>,
    /// `None` when it is missing.
    value: Option<String>,
    allowed: &'static str,
}

impl ValidationError {
    pub(crate) fn new(
        field: impl Into<Cow<'static, str>>,
        value: impl fmt::Debug,
        allowed: &'static str,
    ) -> Self {
        let value = resource::bounded(&format!("{value:?}")).into_owned();
        Self { field: field.into(), value: Some(value), allowed }
    }

    pub(crate) fn missing(field: &'static str, allowed: &'static str) -> Self {
        Self { field: Cow::Borrowed(field), value: None, allowed }
    }
}

impl fmt::Display for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, value, allowed } = self;
        match value {
            Some(value) => write!(f, "{field} is {value}, allowed are {allowed}"),
            None => write!(f, "{field} is missing: give {allowed}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_pointer_wide_and_can_cross_threads() {
        fn crosses_threads<T: Send + Sync + 'static>() {}
        crosses_threads::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
        assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
    }

    #[test]
    fn display_tells_what_happened_where_and_what_to_do_and_leaves_the_cause_to_source() {
        let error = Error::new(ErrorKind::Network, "the connection broke")
            .with_operation("ListSecrets")
            .with_host("kms.example")
            .with_http_status(200)
            .with_attempts(3)
            .with_hint(Some("look at the network"))
            .with_source(Some("the cause".into()));
        assert_eq!(
            error.to_string(),
            "ListSecrets failed: the connection broke (HTTP 200, host kms.example, 3 attempts); look at the network"
        );
        let source = std::error::Error::source(&error).unwrap();
        assert_eq!(source.to_string(), "the cause");
    }

    #[test]
    fn debug_begins_with_the_line_of_display_and_tells_all_that_is_known() {
        let error = Error::new(ErrorKind::Timeout, "no answer came")
            .with_operation("PutSecretValue")
            .on_resource(Some(Resource::named("prod/db").version(Some("v1")).stage(Some("canary"))))
            .with_host("kms.example")
            .with_http_status(504)
            .with_attempts(2)
            .with_outcome_unknown(true, true)
            .with_source(Some("the cause".into()));
        let line = "PutSecretValue of \"prod/db\" version \"v1\" stage \"canary\" failed: no answer came (HTTP 504, host \
                    kms.example, 2 attempts); it was perhaps carried out: look before you repeat it";
        assert_eq!(error.to_string(), line);
        assert_eq!(
            format!("{error:?}"),
            format!(
                "{line} {{ kind: Timeout, operation: \"PutSecretValue\", resource: \"prod/db\", version_id: \"v1\", \
                 version_stage: \"canary\", host: \"kms.example\", http_status: 504, attempts: 2, \
                 is_outcome_unknown: true, source: \"the cause\" }}"
            )
        );
    }

    #[test]
    fn a_read_that_was_perhaps_carried_out_does_no_harm_so_its_line_says_nothing_of_it() {
        let error =
            Error::new(ErrorKind::Timeout, "no answer came").with_outcome_unknown(true, false);
        assert!(error.is_outcome_unknown());
        assert_eq!(error.to_string(), "no answer came");
    }

    #[test]
    fn a_value_that_is_refused_is_not_shown_endlessly() {
        let refused =
            ValidationError::new("secret_name", "n".repeat(1_000_000), "names").to_string();
        assert!(refused.len() < 400, "{}", refused.len());
    }
}
