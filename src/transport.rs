//! The one thing between this crate and a network: [`HttpTransport`], one request to one answer.

mod lazy;
mod reqwest;

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, Method};
use zeroize::Zeroizing;

pub(crate) use self::lazy::LazyPool;
pub(crate) use self::reqwest::{PoolSettings, ReqwestTransport, RootCertificates};
use crate::error::BoxError;

/// What the body of an answer may have unless a client or request says otherwise.
pub(crate) const MAX_RESPONSE_BYTES: usize = 8 * 1024 * 1024;

/// The future of an [`HttpTransport`], boxed so that transports can be exchanged.
pub type TransportFuture<'a> =
    Pin<Box<dyn Future<Output = Result<HttpResponse, TransportError>> + Send + 'a>>;

/// Sends a request that is complete and signed, and gives back the answer as it came.
///
/// One call is one request: an implementation neither repeats it (the service refuses a nonce it has seen) nor follows a
/// redirect (the query is signed for one host). Time limits are the caller's: it drops the future.
///
/// ```
/// use alibabacloud_kms::transport::{HttpRequest, HttpResponse, HttpTransport, TransportFuture};
///
/// /// Answers every request with an empty page.
/// #[derive(Debug)]
/// struct Canned;
///
/// impl HttpTransport for Canned {
///     fn send(&self, _request: HttpRequest) -> TransportFuture<'_> {
///         Box::pin(async { Ok(HttpResponse::new(200, br#"{"TotalCount":0}"#)) })
///     }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use alibabacloud_kms::KmsClient;
/// use alibabacloud_kms::credentials::Credentials;
/// use alibabacloud_kms::secrets::ListSecretsRequest;
///
/// let client = KmsClient::builder()
///     .region("cn-hangzhou")
///     .credentials(Credentials::new("fake-id", "fake-secret"))
///     .transport(Canned)
///     .build()?;
/// assert_eq!(client.list_secrets(ListSecretsRequest::new()).await?.total_count, 0);
/// # Ok(())
/// # }
/// ```
pub trait HttpTransport: fmt::Debug + Send + Sync + 'static {
    /// Sends `request` once.
    ///
    /// # Errors
    ///
    /// When there was no whole answer. An answer of any status is `Ok`.
    fn send(&self, request: HttpRequest) -> TransportFuture<'_>;
}

impl<T: HttpTransport + ?Sized> HttpTransport for Arc<T> {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        (**self).send(request)
    }
}

/// A request as it is to be sent. `Debug` leaves out the query, the headers and the body, which hold signature and tokens.
#[non_exhaustive]
pub struct HttpRequest {
    /// `GET` for what reads, `POST` for what writes or tells a secret; a source of credentials uses `PUT` as well.
    pub method: Method,
    /// The whole URL, perhaps with a signature in its query: not for logs.
    pub url: String,
    /// Headers to send beside those that HTTP itself asks for.
    pub headers: HeaderMap,
    /// What to send behind the headers, empty for `GET`: not for logs. It is wiped from memory on drop.
    pub body: Zeroizing<Vec<u8>>,
    /// An answer with a longer body is to be given up with [`TransportErrorKind::ResponseTooLarge`], in bytes.
    pub max_response_bytes: usize,
    /// A limit for making a connection, if the request needs a new one, that is shorter than the transport's own.
    pub connect_timeout: Option<Duration>,
}

impl HttpRequest {
    /// A request without headers and body, whose answer may have 8 MiB. All of it can be set.
    ///
    /// It is for tests of a transport by itself:
    ///
    /// ```
    /// # use alibabacloud_kms::transport::{HttpRequest, HttpResponse, HttpTransport, TransportFuture};
    /// # #[derive(Debug)]
    /// # struct Canned;
    /// # impl HttpTransport for Canned {
    /// #     fn send(&self, _request: HttpRequest) -> TransportFuture<'_> {
    /// #         Box::pin(async { Ok(HttpResponse::new(200, br#"{"TotalCount":0}"#)) })
    /// #     }
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use alibabacloud_kms::transport::HttpRequest;
    /// use alibabacloud_kms::http::Method;
    ///
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
            url: url.into(),
            headers: HeaderMap::new(),
            body: Zeroizing::default(),
            max_response_bytes: MAX_RESPONSE_BYTES,
            connect_timeout: None,
        }
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let without_query = self.url.split('?').next().unwrap_or_default();
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("url", &without_query)
            .finish_non_exhaustive()
    }
}

/// An answer as it came. `Debug` leaves out the body and the headers.
#[non_exhaustive]
pub struct HttpResponse {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body, which may hold a secret value: not for logs. It is wiped from memory on drop.
    pub body: Zeroizing<Vec<u8>>,
}

impl HttpResponse {
    /// An answer without headers.
    #[must_use]
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: HeaderMap::new(), body: Zeroizing::new(body.into()) }
    }

    /// The same answer with other headers.
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

/// Why there was no answer, by what may have become of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// It was surely not sent: the name did not resolve, or no connection was made.
    Connect,
    /// It was surely not sent: no connection was made in time.
    ConnectTimeout,
    /// It was surely not sent: the server could not show who it is. Trying again does not help.
    Certificate,
    /// It was perhaps carried out: the connection broke before the answer was whole.
    Interrupted,
    /// The answer was larger than allowed, and was given up.
    ResponseTooLarge,
}

/// Why a request had no answer.
///
/// `Display` is a clause such as `connection refused`. No URL is in it nor in its source.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct TransportError {
    kind: TransportErrorKind,
    reason: Cow<'static, str>,
    source: Option<BoxError>,
    /// What to do about it, where the kind alone does not tell.
    advice: Option<&'static str>,
}

impl TransportError {
    /// An error of one clause, such as `connection refused`.
    #[must_use]
    pub fn new(kind: TransportErrorKind, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, reason: reason.into(), source: None, advice: None }
    }

    /// The same error with what caused it. The source must not hold the URL.
    #[must_use]
    pub fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.source = Some(source.into());
        self
    }

    pub(crate) fn with_hint(self, advice: Option<&'static str>) -> Self {
        Self { advice, ..self }
    }

    pub(crate) fn advice(&self) -> Option<&'static str> {
        self.advice
    }

    /// What may have become of the request.
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    pub(crate) fn into_source(self) -> Option<BoxError> {
        self.source
    }
}
