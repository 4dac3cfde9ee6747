//! [`ReqwestTransport`] itself.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;

use futures_util::FutureExt as _;
use reqwest::Client;

use super::exchange;
use super::pool::{self, Pool, Pools};
use super::settings::PoolSettings;
use super::url_parser::UrlParser;
use crate::transport::error::{TransportError, TransportErrorKind};
use crate::transport::message::{HttpRequest, HttpResponse};
use crate::transport::send::{HttpTransport, TransportFuture};

/// The transport that a client has unless it is given another: a [`reqwest::Client`] with pooled
/// connections.
///
/// It follows no redirect, retries nothing and sends no `Referer`, so that a request reaches no
/// other host than the one that it is signed for. Each tokio runtime that uses it has a pool of its
/// own, as has each process after a fork: a connection belongs to the runtime that opened it. At
/// most [`max_connections`](super::ReqwestTransportBuilder::max_connections) are in use at a time.
///
/// Nothing is opened or read before the first request. CA certificates are loaded at the first TLS
/// handshake: those of the platform once per process, or once per transport if others are trusted
/// beside them.
///
/// A client makes one by itself. Make one to wrap it in a transport of your own, or to share it
/// between clients: a clone shares its connections.
#[derive(Clone)]
pub struct ReqwestTransport(Arc<Shared>);

struct Shared {
    source: Source,
    urls: UrlParser,
}

enum Source {
    Pools(Box<Pools>),
    /// A client that the user made, whose pool serves every runtime.
    Client(Client),
}

impl ReqwestTransport {
    /// Makes a transport with the default settings.
    #[must_use]
    pub fn new() -> Self {
        Self::from_settings(PoolSettings::default())
    }

    /// Makes a transport of a ready-made client, to share its connections with other code.
    ///
    /// Prefer [`configure`](super::ReqwestTransportBuilder::configure): this crate can change
    /// nothing in a client that is made. It must be built with `redirect::Policy::none()`,
    /// `retry::never()` and `referer(false)`. If it follows a redirect all the same, it has sent
    /// the request, with its secrets, to another host; the response is then discarded with
    /// [`Redirected`](TransportErrorKind::Redirected). Its pool is shared by every runtime, its
    /// connections are not limited, and
    /// [`with_connect_timeout`](crate::KmsClient::with_connect_timeout) has no effect.
    #[must_use]
    pub fn from_client(client: Client) -> Self {
        Self::from_source(Source::Client(client))
    }

    pub(crate) fn from_settings(settings: PoolSettings) -> Self {
        Self::from_source(Source::Pools(Box::new(Pools::new(settings))))
    }

    fn from_source(source: Source) -> Self {
        Self(Arc::new(Shared { source, urls: UrlParser::default() }))
    }

    async fn send_once(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let Shared { source, urls } = &*self.0;
        let connect_timeout = request.connect_timeout;
        // A permit is held until the body is read: an HTTP/1 connection is in use until then.
        let (client, _in_use) = match source {
            Source::Client(client) => (client.clone(), None),
            Source::Pools(pools) => {
                let Pool { client, connections } = pools.of_this_runtime()?;
                let in_use = connections.acquire(connect_timeout).await?;
                (client, Some(in_use))
            }
        };
        let sending = exchange::send(&client, urls, request);
        pool::with_connect_timeout(connect_timeout, sending).await
    }
}

impl Default for ReqwestTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A reqwest client shows the headers that it was configured with.
        match &self.0.source {
            Source::Pools(pools) => {
                f.debug_struct("ReqwestTransport").field("settings", pools.settings()).finish()
            }
            Source::Client(_) => f.debug_struct("ReqwestTransport").finish_non_exhaustive(),
        }
    }
}

impl HttpTransport for ReqwestTransport {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        Box::pin(async {
            // The libraries beneath panic where a runtime lacks a driver or the process cannot
            // start a thread.
            AssertUnwindSafe(self.send_once(request))
                .catch_unwind()
                .await
                .unwrap_or_else(|panic| Err(from_panic(panic)))
        })
    }
}

/// Makes an error of what the process lacks, if that is why a library panicked.
fn from_panic(panic: Box<dyn Any + Send>) -> TransportError {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or_default();
    let lacks = |words: &str| text.contains(words);
    if lacks("IO is disabled") || lacks("timers are disabled") || lacks("no reactor running") {
        TransportError::new(
            TransportErrorKind::Configuration,
            "the tokio runtime has no I/O or time driver",
        )
        .with_hint("build the runtime with enable_all()")
    } else if lacks("spawn worker thread") {
        TransportError::new(
            TransportErrorKind::Connect,
            "the process cannot start a thread to resolve the host's name",
        )
        .with_hint("raise the limit of processes and threads (ulimit -u, or pids of the container)")
    } else {
        resume_unwind(panic)
    }
}
