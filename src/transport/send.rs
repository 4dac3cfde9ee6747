//! [`HttpTransport`]: one request to one response.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::error::TransportError;
use super::message::{HttpRequest, HttpResponse};

/// The future of an [`HttpTransport`], boxed so that transports can be exchanged.
pub type TransportFuture<'a> =
    Pin<Box<dyn Future<Output = Result<HttpResponse, TransportError>> + Send + 'a>>;

/// Sends a request that is complete and signed, and returns the response as it came.
///
/// One call is one request. An implementation must not retry it, since the service rejects a nonce
/// that it has seen, and must not follow a redirect, since the request is signed for one host and
/// may contain a secret. Timeouts are the caller's: it drops the future.
///
/// ```
/// use alibabacloud_kms::transport::{HttpRequest, HttpResponse, HttpTransport, TransportFuture};
///
/// /// Responds to every request with an empty page.
/// #[derive(Debug)]
/// struct Canned;
///
/// impl HttpTransport for Canned {
///     fn send(&self, _request: HttpRequest) -> TransportFuture<'_> {
///         Box::pin(async { Ok(HttpResponse::new(200, br#"{"TotalCount":0,"RequestId":"r"}"#)) })
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
    /// If there was no complete response. A response of any status is `Ok`.
    fn send(&self, request: HttpRequest) -> TransportFuture<'_>;
}

impl<T: HttpTransport + ?Sized> HttpTransport for Arc<T> {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        (**self).send(request)
    }
}
