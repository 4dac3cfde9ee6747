//! A pool that costs nothing until something is sent: most clients never ask the token or the metadata service.

use std::sync::OnceLock;

use super::{
    HttpRequest, HttpResponse, HttpTransport, PoolSettings, ReqwestTransport, TransportError,
    TransportFuture,
};

/// The default transport, made at its first request.
#[derive(Debug)]
pub(crate) struct LazyPool {
    settings: PoolSettings,
    pool: OnceLock<ReqwestTransport>,
}

impl LazyPool {
    pub(crate) fn new(settings: PoolSettings) -> Self {
        Self { settings, pool: OnceLock::new() }
    }

    async fn send_once(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let pool = match self.pool.get() {
            Some(pool) => pool,
            None => {
                // Two requests at the same time may both make one; the second is dropped unused.
                let made = ReqwestTransport::new(&self.settings)?;
                self.pool.get_or_init(|| made)
            }
        };
        pool.send(request).await
    }
}

impl HttpTransport for LazyPool {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        Box::pin(self.send_once(request))
    }
}
