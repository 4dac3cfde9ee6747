//! The default transport, over a pool of connections; the only file that names reqwest and rustls.

use std::error::Error as StdError;
use std::future::Future;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use reqwest::{Certificate, Client, Response, redirect, retry};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{CertificateError, RootCertStore};
use tokio::time::timeout;
use tower::util::MapFutureLayer;
use zeroize::Zeroizing;

use super::{
    HttpRequest, HttpResponse, HttpTransport, TransportError, TransportErrorKind, TransportFuture,
};
use crate::error::{BoxError, ValidationError};

/// Load balancers of Alibaba Cloud close connections that were idle for 15 s unless set otherwise; a request that meets such
/// a closing has to be made again. <https://www.alibabacloud.com/help/en/slb/classic-load-balancer/user-guide/add-an-https-listener>
const IDLE_TIMEOUT: Duration = Duration::from_secs(12);

/// A reqwest client and the connections it keeps.
#[derive(Clone, Debug)]
pub(crate) struct ReqwestTransport {
    client: Client,
}

/// What the pool is made with.
#[derive(Clone, Debug)]
pub(crate) struct PoolSettings {
    pub(crate) connect_timeout: Duration,
    /// Whether the environment's proxy is passed by: for hosts on this machine.
    pub(crate) bypass_proxy: bool,
    /// Whom to trust in place of the platform's authorities.
    pub(crate) roots: Option<RootCertificates>,
}

/// Certificates of authorities, each an anchor of trust whether or not another has issued it.
#[derive(Clone, Debug)]
pub(crate) struct RootCertificates(Vec<Certificate>);

impl RootCertificates {
    pub(crate) fn from_pem(pem: &[u8]) -> Result<Self, ValidationError> {
        // What was given is not shown: it may be a key by mistake.
        let refused = |found: &str| {
            let found = format_args!("{found}");
            ValidationError::new("root_certificates_pem", found, "one certificate or more in PEM")
        };
        let mut roots = Vec::new();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|_| refused("malformed PEM"))?;
            let readable = RootCertStore::empty().add(certificate.clone()).is_ok();
            let root = Certificate::from_der(&certificate).ok().filter(|_| readable);
            roots.push(root.ok_or_else(|| refused("PEM with a malformed certificate"))?);
        }
        if roots.is_empty() {
            Err(refused("a text without a certificate"))
        } else {
            Ok(Self(roots))
        }
    }
}

impl ReqwestTransport {
    pub(crate) fn new(settings: &PoolSettings) -> Result<Self, TransportError> {
        let mut builder = Client::builder()
            .connect_timeout(settings.connect_timeout)
            .connector_layer(MapFutureLayer::new(within_the_requests_limit))
            .pool_idle_timeout(IDLE_TIMEOUT)
            .redirect(redirect::Policy::none())
            // A repeat needs a new nonce, so only the layer that signs may repeat.
            .retry(retry::never())
            .referer(false);
        if settings.bypass_proxy {
            builder = builder.no_proxy();
        }
        if let Some(RootCertificates(roots)) = &settings.roots {
            builder = builder.tls_certs_only(roots.iter().cloned());
        }
        match builder.build() {
            Ok(client) => Ok(Self { client }),
            Err(error) => {
                Err(TransportError::new(TransportErrorKind::Connect, "TLS cannot be set up")
                    .with_source(error.without_url()))
            }
        }
    }

    /// A client that the user made, with all its settings.
    pub(crate) fn with_client(client: Client) -> Self {
        Self { client }
    }

    async fn send_once(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let HttpRequest { method, url, headers, body, max_response_bytes, connect_timeout } =
            request;
        let mut request = self.client.request(method, url).headers(headers);
        if !body.is_empty() {
            // Wiped when the last part of it was sent.
            request = request.body(Bytes::from_owner(body));
        }
        let answered = CONNECT_TIMEOUT.scope(connect_timeout, request.send());
        let mut response = answered.await.map_err(classify)?;
        let body = read_body(&mut response, max_response_bytes).await?;
        let headers = std::mem::take(response.headers_mut());
        Ok(HttpResponse { status: response.status().as_u16(), headers, body })
    }
}

impl HttpTransport for ReqwestTransport {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        Box::pin(self.send_once(request))
    }
}

tokio::task_local! {
    /// The limit that the request which is being sent has for its connection.
    static CONNECT_TIMEOUT: Option<Duration>;
}

/// Bounds the making of a connection by the limit of the request that it is made for.
///
/// The pool starts a connection while it is polled for the request that needs one: HTTP/1, the only version that is built in,
/// has no request wait for what another has started. So the limit is read in that request's scope, and holds on should the pool
/// finish the connection in the background because another became free first.
fn within_the_requests_limit<C, F>(connecting: F) -> impl Future<Output = Result<C, BoxError>>
where
    F: Future<Output = Result<C, BoxError>>,
{
    let limit = CONNECT_TIMEOUT.try_with(|limit| *limit).ok().flatten();
    async move {
        match limit {
            None => connecting.await,
            Some(limit) => match timeout(limit, connecting).await {
                Ok(outcome) => outcome,
                Err(_) => Err(io::Error::from(io::ErrorKind::TimedOut).into()),
            },
        }
    }
}

async fn read_body(
    response: &mut Response,
    max_bytes: usize,
) -> Result<Zeroizing<Vec<u8>>, TransportError> {
    let too_large = || {
        let reason = format!("the answer is larger than the {max_bytes} bytes that are allowed");
        TransportError::new(TransportErrorKind::ResponseTooLarge, reason)
    };
    let announced = response.content_length().unwrap_or(0);
    if announced > max_bytes as u64 {
        return Err(too_large());
    }
    // At most `max_bytes`, so the cast loses nothing.
    let mut body = Zeroizing::new(Vec::with_capacity(announced as usize));
    while let Some(chunk) = response.chunk().await.map_err(classify)? {
        if body.len() + chunk.len() > max_bytes {
            return Err(too_large());
        }
        append(&mut body, &chunk);
    }
    Ok(body)
}

/// Appends without leaving the bytes so far behind, as a vector that grows does.
fn append(body: &mut Zeroizing<Vec<u8>>, chunk: &[u8]) {
    let needed = body.len() + chunk.len();
    if needed > body.capacity() {
        let mut roomier = Vec::with_capacity(needed.max(2 * body.capacity()));
        roomier.extend_from_slice(body);
        *body = Zeroizing::new(roomier);
    }
    body.extend_from_slice(chunk);
}

fn classify(error: reqwest::Error) -> TransportError {
    // The URL holds the signature.
    let error = error.without_url();
    let (kind, reason) = if !error.is_connect() {
        (TransportErrorKind::Interrupted, "the connection broke before the answer was whole")
    } else if let Some(refused) = find::<rustls::Error>(&error).and_then(certificate_refused) {
        return refused.with_source(error);
    } else if error.is_timeout() {
        (TransportErrorKind::ConnectTimeout, "no connection was made in time")
    } else if error.is_dns() {
        (TransportErrorKind::Connect, "the host's name does not resolve")
    } else if let Some(refused) = find::<rustls::Error>(&error) {
        if matches!(refused, rustls::Error::InvalidMessage(_)) {
            let advice = "an endpoint without a scheme stands for https://, so write http:// if that is what it speaks";
            let kind = TransportErrorKind::Connect;
            return TransportError::new(kind, "the server does not speak TLS")
                .with_hint(Some(advice))
                .with_source(error);
        }
        (TransportErrorKind::Connect, "the TLS handshake failed")
    } else {
        (TransportErrorKind::Connect, connect_reason(&error))
    };
    TransportError::new(kind, reason).with_source(error)
}

/// What is wrong with the server's certificate, if that is what the error is about, and what to do.
fn certificate_refused(error: &rustls::Error) -> Option<TransportError> {
    let (why, advice) = match error {
        rustls::Error::InvalidCertificate(problem) => match problem {
            // The signature is bad where an authority has the name of a trusted one and another key.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => (
                ": no authority that is trusted has issued it",
                Some(
                    "give the authority's certificate by root_certificates_pem; dedicated instances have one of their own",
                ),
            ),
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                (": it is for another host", Some("check the endpoint"))
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => (
                ": it is expired",
                Some(
                    "check this machine's clock; if that is right, the server needs a new certificate",
                ),
            ),
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                (": it is not valid yet", Some("check this machine's clock"))
            }
            _ => ("", None),
        },
        rustls::Error::NoCertificatesPresented => ("", None),
        _ => return None,
    };
    let reason = format!("the server's certificate is not accepted{why}");
    Some(TransportError::new(TransportErrorKind::Certificate, reason).with_hint(advice))
}

fn connect_reason(error: &reqwest::Error) -> &'static str {
    match find::<io::Error>(error).map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => "the connection was refused",
        Some(io::ErrorKind::ConnectionReset) => "the connection was reset while it was made",
        Some(io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable) => {
            "the host cannot be reached"
        }
        Some(io::ErrorKind::UnexpectedEof) => "the connection was closed while it was made",
        _ => "no connection could be made",
    }
}

/// The innermost `T` in the chain of causes; `io::Error` hides one that it was made from, so that is opened as well.
fn find<T: StdError + 'static>(error: &dyn StdError) -> Option<&T> {
    let mut found = None;
    let mut cause = error.source();
    while let Some(current) = cause {
        found = current.downcast_ref().or(found);
        let inner = current.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        cause = match inner {
            Some(inner) => Some(inner as &dyn StdError),
            None => current.source(),
        };
    }
    found
}
