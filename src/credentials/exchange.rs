//! One request to a service that issues credentials, and its response, in bounded time and size.

use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::timeout;
use url::Url;
use zeroize::Zeroizing;

use super::provider_env::check_runtime;
use super::{CredentialsError, ProviderEnv};
use crate::error::{ErrorBody, Redactor};
use crate::sign::FORM;
use crate::transport::{HttpRequest, HttpResponse, TransportErrorKind, request_id};

/// Credentials have a few kilobytes; STS leaves the length of a token open.
const MAX_RESPONSE_BYTES: usize = 1024 * 1024;

/// 5 s for the connection and 10 s for the response, as in the official libraries.
pub(super) const REQUEST_TIMEOUT: Duration = Duration::from_secs(15);

/// Creates a request with the headers that all of them have.
pub(super) fn request(method: Method, url: impl Into<String>) -> HttpRequest {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let user_agent = concat!("alibabacloud-kms-rust/", env!("CARGO_PKG_VERSION"));
    headers.insert(USER_AGENT, HeaderValue::from_static(user_agent));
    let (url, body) = (Zeroizing::new(url.into()), Zeroizing::default());
    let max_response_bytes = MAX_RESPONSE_BYTES;
    HttpRequest { method, url, headers, body, max_response_bytes, connect_timeout: None }
}

/// Creates a POST request with a form as its body.
pub(super) fn form(url: impl Into<String>, mut encoded: Zeroizing<String>) -> HttpRequest {
    let mut request = request(Method::POST, url);
    request.headers.insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
    request.body = Zeroizing::new(std::mem::take(&mut *encoded).into_bytes());
    request
}

/// Adds a header with a secret, marked as sensitive so that no layer below shows it, and wiped when
/// its last copy is dropped.
pub(super) fn with_secret_header(
    mut request: HttpRequest,
    name: HeaderName,
    prefix: &str,
    secret: &SecretString,
) -> Result<HttpRequest, CredentialsError> {
    let value = [prefix, secret.expose_secret()].concat().into_bytes();
    let is_ascii = value.is_ascii();
    match HeaderValue::from_maybe_shared(Bytes::from_owner(Zeroizing::new(value))) {
        Ok(mut value) if is_ascii => {
            value.set_sensitive(true);
            request.headers.insert(name, value);
            Ok(request)
        }
        _ => {
            let message = "the token contains characters that a header cannot contain";
            Err(CredentialsError::new(message))
        }
    }
}

/// A response of any status, its body wiped on drop.
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Zeroizing<Vec<u8>>,
}

impl Response {
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// The reason why there is no response.
pub(super) struct NoResponse {
    /// True if no connection was made, so that there may be no such host.
    pub(super) is_unreachable: bool,
    pub(super) error: CredentialsError,
}

impl From<NoResponse> for CredentialsError {
    fn from(failure: NoResponse) -> Self {
        failure.error
    }
}

/// Sends a request, through the proxy of the environment only if the URL is public and encrypted.
///
/// Boxed, so that it is compiled once and not into each of its callers.
pub(super) fn exchange(
    env: &ProviderEnv,
    request: HttpRequest,
    limit: Duration,
) -> Pin<Box<dyn Future<Output = Result<Response, NoResponse>> + Send + '_>> {
    Box::pin(send(env, request, limit))
}

async fn send(
    env: &ProviderEnv,
    request: HttpRequest,
    limit: Duration,
) -> Result<Response, NoResponse> {
    let failed = |error| NoResponse { is_unreachable: false, error };
    check_runtime().map_err(failed)?;
    let url = Url::parse(&request.url)
        .map_err(|_| failed(CredentialsError::new("the URL is malformed")))?;
    let host = host(&url);
    match timeout(limit, env.transport_to(&url).send(request)).await {
        Ok(Ok(HttpResponse { status, headers, body, .. })) => {
            Ok(Response { status, headers, body })
        }
        Ok(Err(failure)) => {
            let kinds = [TransportErrorKind::Connect, TransportErrorKind::ConnectTimeout];
            let is_unreachable = kinds.contains(&failure.kind());
            let kinds = [TransportErrorKind::Interrupted, TransportErrorKind::Timeout];
            let is_transient = is_unreachable || kinds.contains(&failure.kind());
            let error = CredentialsError::new(format!("no response from {host}: {failure}"));
            let error = match failure.into_parts().1 {
                Some(cause) => error.with_source(cause),
                None => error,
            };
            let error = if is_transient { error.transient() } else { error };
            Err(NoResponse { is_unreachable, error })
        }
        Err(_) => {
            let message = format!("no response from {host} within {} s", limit.as_secs_f64());
            Err(failed(CredentialsError::new(message).transient()))
        }
    }
}

/// Creates the error for a response without credentials, from its error code if it has one. The
/// error contains nothing else of the body.
pub(super) fn rejection(
    service: &str,
    response: &Response,
    redactor: &Redactor,
) -> CredentialsError {
    let header = || request_id(&response.headers).map(str::to_owned);
    if let ErrorBody::Service(mut error) = ErrorBody::read(&response.body, redactor) {
        error.request_id = error.request_id.or_else(header);
        return CredentialsError::from_response(service, response.status, *error);
    }
    let message = format!("{service}, or a host in front of it, returned no credentials");
    CredentialsError::new(message).with_status(response.status)
}

/// Returns the host, and the port if it is not the default of the scheme: the rest of a URL may
/// contain a password.
fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or("the host");
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::{Url, host};

    #[test]
    fn host_of_a_url_has_no_default_port_and_no_password() {
        let host = |url| host(&Url::parse(url).unwrap());
        assert_eq!(host("https://sts.example:443/?token=fake"), "sts.example");
        assert_eq!(host("http://user:fake-password@127.0.0.1:8099/keys"), "127.0.0.1:8099");
    }
}
