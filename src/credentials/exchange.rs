//! One request to a service that gives out keys, and its answer, in bounded time and size.

use std::time::Duration;

use http::Method;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::timeout;
use url::Url;
use zeroize::Zeroizing;

use super::CredentialsError;
use crate::error::{ErrorBody, Redactor};
use crate::sign::FORM;
use crate::transport::{HttpRequest, HttpResponse, HttpTransport, TransportErrorKind};

/// Keys and tokens have a few kilobytes; how long a token may be is left open by STS.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// Making a connection takes 5 s at most, and an answer 10 s: the limits of the official libraries.
pub(super) const OUTWARD_LIMIT: Duration = Duration::from_secs(15);

/// A request with the headers that all of them have.
pub(super) fn request(method: Method, url: impl Into<String>) -> HttpRequest {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let own = concat!("alibabacloud-kms-rust/", env!("CARGO_PKG_VERSION"));
    headers.insert(USER_AGENT, HeaderValue::from_static(own));
    let (url, body) = (url.into(), Zeroizing::default());
    let max_response_bytes = MAX_ANSWER_BYTES;
    HttpRequest { method, url, headers, body, max_response_bytes, connect_timeout: None }
}

/// A form in the body of a POST.
pub(super) fn form(url: impl Into<String>, mut encoded: Zeroizing<String>) -> HttpRequest {
    let mut request = request(Method::POST, url);
    request.headers.insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
    request.body = Zeroizing::new(std::mem::take(&mut *encoded).into_bytes());
    request
}

/// The request with a secret in one of its headers, marked so that no layer below shows it.
pub(super) fn with_secret_header(
    mut request: HttpRequest,
    name: HeaderName,
    prefix: &str,
    secret: &SecretString,
) -> Result<HttpRequest, CredentialsError> {
    let value = Zeroizing::new(format!("{prefix}{}", secret.expose_secret()));
    let mut value = HeaderValue::try_from(value.as_str())
        .map_err(|_| CredentialsError::new("the token has characters that no header can hold"))?;
    value.set_sensitive(true);
    request.headers.insert(name, value);
    Ok(request)
}

/// An answer of any status, its body wiped on drop.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Zeroizing<Vec<u8>>,
}

impl Answer {
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Why there is no answer.
pub(super) struct Unanswered {
    /// Whether no connection came about, so that there may be nobody to connect to.
    pub(super) unreachable: bool,
    pub(super) error: CredentialsError,
}

impl From<Unanswered> for CredentialsError {
    fn from(unanswered: Unanswered) -> Self {
        unanswered.error
    }
}

pub(super) async fn exchange(
    transport: &dyn HttpTransport,
    request: HttpRequest,
    limit: Duration,
) -> Result<Answer, Unanswered> {
    let host = host(&request.url);
    match timeout(limit, transport.send(request)).await {
        Ok(Ok(HttpResponse { status, headers, body, .. })) => Ok(Answer { status, headers, body }),
        Ok(Err(error)) => {
            let kinds = [TransportErrorKind::Connect, TransportErrorKind::ConnectTimeout];
            let unreachable = kinds.contains(&error.kind());
            let passes = unreachable || error.kind() == TransportErrorKind::Interrupted;
            let told = CredentialsError::new(format!("{host} gave no answer: {error}"));
            let error = match error.into_source() {
                Some(cause) => told.with_source(cause),
                None => told,
            };
            let error = if passes { error.transient() } else { error };
            Err(Unanswered { unreachable, error })
        }
        Err(_) => {
            let told = format!("{host} gave no answer within {} s", limit.as_secs_f64());
            let error = CredentialsError::new(told).transient();
            Err(Unanswered { unreachable: false, error })
        }
    }
}

/// What a service answered in place of keys, by its code. The body itself is shown to nobody.
pub(super) fn refused(service: &str, answer: &Answer, redactor: &Redactor) -> CredentialsError {
    let header = || Some(answer.headers.get("x-acs-request-id")?.to_str().ok()?.to_owned());
    if let ErrorBody::Service(mut error) = ErrorBody::read(&answer.body, redactor) {
        error.request_id = error.request_id.or_else(header);
        return CredentialsError::answered(service, answer.status, *error);
    }
    let told = format!("{service} gave no keys, or what answered was something before it");
    CredentialsError::new(told).with_status(answer.status)
}

/// The host, and the port if it is not that of the scheme: the rest of a URL may hold a password.
fn host(url: &str) -> String {
    let Ok(url) = Url::parse(url) else { return "the host".to_owned() };
    let host = url.host_str().unwrap_or("the host");
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn of_a_url_its_host_is_told_and_a_port_that_is_not_the_usual_one() {
        assert_eq!(host("https://sts.example:443/?token=fake"), "sts.example");
        assert_eq!(host("http://user:fake-password@127.0.0.1:8099/keys"), "127.0.0.1:8099");
    }
}
