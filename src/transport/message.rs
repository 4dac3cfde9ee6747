//! [`HttpRequest`] and [`HttpResponse`]: what a transport sends and returns.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use http::{HeaderMap, HeaderName, Method};
use url::form_urlencoded;
use zeroize::{Zeroize as _, Zeroizing};

/// The maximum body of a response unless a client or request sets another.
pub(crate) const MAX_RESPONSE_BYTES: usize = 8 * 1024 * 1024;

/// A request as it is to be sent.
///
/// `Debug` omits the headers, the body, and the user, password and query of the URL, which contain
/// the signature, tokens and secret values.
#[non_exhaustive]
pub struct HttpRequest {
    /// `GET` for what reads, `POST` for what writes or returns a secret. A credentials provider
    /// also uses `PUT`.
    pub method: Method,
    /// The complete URL, which may contain a signature and a token: not for logs. Wiped from memory
    /// on drop.
    pub url: Zeroizing<String>,
    /// Headers to send beside those that HTTP itself requires.
    pub headers: HeaderMap,
    /// The body, empty for `GET`: not for logs. Wiped from memory on drop.
    pub body: Zeroizing<Vec<u8>>,
    /// The maximum body of the response, in bytes. A longer one is
    /// [`ResponseTooLarge`](super::TransportErrorKind::ResponseTooLarge).
    pub max_response_bytes: usize,
    /// A timeout for making a connection, if the request needs a new one, that is shorter than the
    /// transport's own.
    pub connect_timeout: Option<Duration>,
}

impl HttpRequest {
    /// Makes a request without headers and body, for a response of at most 8 MiB. Every field can
    /// be set.
    ///
    /// For tests of a transport:
    ///
    /// ```
    /// # use alibabacloud_kms::transport::{HttpResponse, HttpTransport, TransportFuture};
    /// use alibabacloud_kms::http::Method;
    /// use alibabacloud_kms::transport::HttpRequest;
    ///
    /// # #[derive(Debug)]
    /// # struct Canned;
    /// # impl HttpTransport for Canned {
    /// #     fn send(&self, _request: HttpRequest) -> TransportFuture<'_> {
    /// #         Box::pin(async { Ok(HttpResponse::new(200, br#"{"TotalCount":0}"#)) })
    /// #     }
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut request = HttpRequest::new(Method::POST, "https://kms.cn-hangzhou.aliyuncs.com/");
    /// request.body.extend_from_slice(b"Action=ListSecrets");
    /// assert_eq!(Canned.send(request).await?.status, 200);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        Self {
            method,
            url: Zeroizing::new(url.into()),
            headers: HeaderMap::new(),
            body: Zeroizing::default(),
            max_response_bytes: MAX_RESPONSE_BYTES,
            connect_timeout: None,
        }
    }

    /// Returns the service's name of the operation, such as `ListSecrets`, by either signature
    /// version.
    ///
    /// `None` for requests to a metadata service and other endpoints without operations.
    #[must_use]
    pub fn action(&self) -> Option<Cow<'_, str>> {
        let in_header = self.headers.get("x-acs-action").and_then(|value| value.to_str().ok());
        in_header.map(Cow::Borrowed).or_else(|| self.parameter("Action"))
    }

    /// Returns a parameter by its name on the wire, such as `SecretName`, whether it is in the
    /// query or in the body.
    ///
    /// A fake transport can respond by it. The value may be a secret: not for logs.
    ///
    /// ```
    /// use alibabacloud_kms::http::Method;
    /// use alibabacloud_kms::transport::HttpRequest;
    ///
    /// let mut request = HttpRequest::new(Method::POST, "https://kms.cn-hangzhou.aliyuncs.com/");
    /// request.body.extend_from_slice(b"Action=GetSecretValue&SecretName=prod%2Fdb");
    /// assert_eq!(request.action().as_deref(), Some("GetSecretValue"));
    /// assert_eq!(request.parameter("SecretName").as_deref(), Some("prod/db"));
    /// ```
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<Cow<'_, str>> {
        let query = self.url.split_once('?').map_or("", |(_, query)| query);
        // Only its own value is decoded: of the others, a secret would be left in memory.
        let is_name =
            |encoded: &[u8]| form_urlencoded::parse(encoded).any(|(known, _)| known == name);
        [query.as_bytes(), &self.body]
            .into_iter()
            .flat_map(|form| form.split(|byte| *byte == b'&'))
            .find(|pair| pair.split(|byte| *byte == b'=').next().is_some_and(is_name))
            .and_then(|pair| form_urlencoded::parse(pair).next())
            .map(|(_, value)| value)
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("url", &without_secrets(&self.url))
            .finish_non_exhaustive()
    }
}

/// A URL of a host as it was given. `Debug` omits a user and a password, with which it is rejected.
#[derive(Clone)]
pub(crate) struct GivenUrl(pub(crate) String);

impl fmt::Debug for GivenUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&without_secrets(&self.0), f)
    }
}

/// Returns a URL without its user, password and query.
fn without_secrets(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = url.split_at(url.find("://").map_or(0, |colon| colon + "://".len()));
    let authority = rest.split('/').next().unwrap_or_default();
    let host = authority.rfind('@').map_or(0, |at| at + 1);
    [scheme, &rest[host..]].concat()
}

/// Returns the request id of the service in the headers of a response.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    const REQUEST_ID: HeaderName = HeaderName::from_static("x-acs-request-id");
    headers.get(REQUEST_ID)?.to_str().ok()
}

/// Wipes and frees a buffer. Dropping a [`Zeroizing`] vector wipes one byte after the other, which
/// for a page of secrets takes a twentieth of the time of decoding it.
pub(crate) fn wipe(bytes: &mut Vec<u8>) {
    let mut bytes = std::mem::take(bytes);
    // What is not in use is wiped as a whole.
    bytes.clear();
    bytes.zeroize();
}

/// A response as it came. `Debug` omits the body and the headers.
#[non_exhaustive]
pub struct HttpResponse {
    /// The HTTP status.
    pub status: u16,
    /// The headers. The client reads dates, waits and the request id from them.
    pub headers: HeaderMap,
    /// The complete body, which may contain a secret value: not for logs. Wiped from memory on
    /// drop.
    pub body: Zeroizing<Vec<u8>>,
}

impl HttpResponse {
    /// Makes a response without headers.
    #[must_use]
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: HeaderMap::new(), body: Zeroizing::new(body.into()) }
    }

    /// Sets the headers.
    #[must_use]
    pub fn with_headers(mut self, headers: HeaderMap) -> Self {
        self.headers = headers;
        self
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn action_and_parameters_are_read_from_the_query() {
        let url = "https://kms.example/?Action=ListSecrets&Filters=%5B%5D&Empty=";
        let request = HttpRequest::new(Method::GET, url);
        assert_eq!(request.action().as_deref(), Some("ListSecrets"));
        assert_eq!(request.parameter("Filters").as_deref(), Some("[]"));
        assert_eq!(request.parameter("Empty").as_deref(), Some(""));
        assert_eq!(request.parameter("PageSize"), None);
    }

    #[test]
    fn action_and_parameters_are_read_from_header_and_body() {
        let mut request = HttpRequest::new(Method::POST, "https://kms.example/");
        assert_eq!(request.action(), None);
        request.headers.insert("x-acs-action", http::HeaderValue::from_static("PutSecretValue"));
        request.body.extend_from_slice(b"SecretName=a%20b&VersionId=v1");
        assert_eq!(request.action().as_deref(), Some("PutSecretValue"));
        assert_eq!(request.parameter("SecretName").as_deref(), Some("a b"));
        assert_eq!(request.parameter("VersionId").as_deref(), Some("v1"));
    }

    #[test]
    fn debug_omits_user_and_password() {
        for (url, expected) in [
            ("https://fake-user:fake-password@kms.example/a@b?c=d", "https://kms.example/a@b"),
            ("https://fake-user@kms.example:8443", "https://kms.example:8443"),
            ("https://fake:p@ss@kms.example#/@x", "https://kms.example"),
            ("https:fake:fake@kms.example/a", "kms.example/a"),
            ("http://kms.example/", "http://kms.example/"),
            ("fake", "fake"),
        ] {
            let shown = format!("{:?}", HttpRequest::new(Method::GET, url));
            let expected = format!("HttpRequest {{ method: GET, url: {expected:?}, .. }}");
            assert_eq!(shown, expected, "{url}");
        }
    }

    #[test]
    fn debug_omits_query_headers_and_body() {
        let mut request = HttpRequest::new(Method::POST, "https://kms.example/?Signature=fake");
        request.body.extend_from_slice(b"fake-body");
        let shown = format!("{request:?}");
        assert!(shown.contains("https://kms.example/") && !shown.contains("fake"), "{shown}");
        let response = format!("{:?}", HttpResponse::new(200, b"fake-body"));
        assert!(response.contains("body_bytes: 9") && !response.contains("fake"), "{response}");
    }
}
