//! A loopback server, and a transport that sends every request to it.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::Arc;

use http::HeaderValue;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use url::{Url, form_urlencoded};

use crate::transport::{
    HttpRequest, HttpTransport, PoolSettings, ReqwestTransport, TransportError, TransportErrorKind,
    TransportFuture,
};

/// A request as the server received it.
pub(super) struct Received {
    pub(super) method: String,
    /// The URL that the provider called.
    pub(super) url: Url,
    pub(super) headers: HashMap<String, String>,
    pub(super) body: String,
}

impl Received {
    /// Returns the parameters of the query, and those of a form in the body.
    pub(super) fn parameters(&self) -> [Vec<(String, String)>; 2] {
        let form = match self.headers.get("content-type").map(String::as_str) {
            Some("application/x-www-form-urlencoded") => self.body.as_bytes(),
            _ => b"",
        };
        [
            self.url.query_pairs().into_owned().collect(),
            form_urlencoded::parse(form).into_owned().collect(),
        ]
    }
}

pub(super) struct Response {
    pub(super) status: u16,
    pub(super) headers: String,
    pub(super) body: String,
}

impl Response {
    pub(super) fn new(status: u16, body: impl Into<String>) -> Self {
        Self { status, headers: String::new(), body: body.into() }
    }
}

/// Responds on a free port of 127.0.0.1 until it is dropped.
pub(super) struct Server {
    address: String,
    task: AbortHandle,
}

impl Server {
    pub(super) async fn start(
        respond: impl Fn(Received) -> Response + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let respond = Arc::new(respond);
        let serve = async move {
            while let Ok((stream, _)) = listener.accept().await {
                let respond = Arc::clone(&respond);
                tokio::spawn(async move {
                    let _ = serve_connection(stream, &*respond).await;
                });
            }
        };
        Self { address, task: tokio::spawn(serve).abort_handle() }
    }

    /// Creates a transport that sends every request here.
    pub(super) fn transport(&self) -> Arc<Rerouted> {
        let settings = PoolSettings { bypass_proxy: true, ..PoolSettings::default() };
        let pool = ReqwestTransport::from_settings(settings);
        let address = self.address.clone();
        Arc::new(Rerouted { pool, address, is_direct: false, unreachable: None })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves one request.
async fn serve_connection(
    mut stream: TcpStream,
    respond: &(impl Fn(Received) -> Response + Sync + ?Sized),
) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    let (head, mut body) = loop {
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        bytes.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, rest)) = text.split_once("\r\n\r\n") {
            break (head.to_owned(), rest.to_owned());
        }
    };
    let (first, rest) = head.split_once("\r\n").unwrap();
    let headers: HashMap<_, _> = rest
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    while body.len() < length {
        let mut buffer = vec![0; length - body.len()];
        let count = stream.read(&mut buffer).await?;
        body.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
    }
    let url = Url::parse(&headers["x-requested-url"]).unwrap();
    let method = first.split(' ').next().unwrap().to_owned();
    let Response { status, headers, body } = respond(Received { method, url, headers, body });
    let length = body.len();
    let text = format!(
        "HTTP/1.1 {status} X\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await
}

type UrlPredicate = dyn Fn(&str) -> bool + Send + Sync;

/// Sends over a real socket, to another address than that of the URL, which it sends in a header.
#[derive(Clone)]
pub(super) struct Rerouted {
    pool: ReqwestTransport,
    address: String,
    /// True for the transport without a proxy, which says so in a header.
    is_direct: bool,
    /// Selects the URLs on which nobody listens.
    unreachable: Option<Arc<UrlPredicate>>,
}

impl Rerouted {
    /// Returns the same transport as the one without a proxy.
    pub(super) fn direct(self: &Arc<Self>) -> Arc<Self> {
        Arc::new(Self { is_direct: true, ..(**self).clone() })
    }

    pub(super) fn unreachable_if(
        self: Arc<Self>,
        unreachable: impl Fn(&str) -> bool + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self { unreachable: Some(Arc::new(unreachable)), ..(*self).clone() })
    }
}

impl std::fmt::Debug for Rerouted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rerouted")
    }
}

impl HttpTransport for Rerouted {
    fn send(&self, mut request: HttpRequest) -> TransportFuture<'_> {
        if self.unreachable.as_ref().is_some_and(|unreachable| unreachable(&request.url)) {
            let error =
                TransportError::new(TransportErrorKind::Connect, "the connection was refused");
            return Box::pin(std::future::ready(Err(error)));
        }
        let requested = HeaderValue::try_from(request.url.as_str()).unwrap();
        request.headers.insert("x-requested-url", requested);
        if self.is_direct {
            request.headers.insert("x-direct", HeaderValue::from_static("true"));
        }
        *request.url = format!("http://{}/", self.address);
        self.pool.send(request)
    }
}
