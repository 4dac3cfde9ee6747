//! The transport of a provider of credentials that no client has given one.

use std::sync::Arc;

use super::HttpTransport;

/// Returns a pool of connections with the default settings, which ignores the environment's proxies
/// if `bypass_proxy` is true.
#[cfg(feature = "reqwest")]
pub(crate) fn default_transport(bypass_proxy: bool) -> Arc<dyn HttpTransport> {
    use super::{PoolSettings, ReqwestTransport};

    let settings = PoolSettings { bypass_proxy, ..PoolSettings::default() };
    Arc::new(ReqwestTransport::from_settings(settings))
}

/// Returns a transport that fails, since the feature that sends is off.
#[cfg(not(feature = "reqwest"))]
pub(crate) fn default_transport(_bypass_proxy: bool) -> Arc<dyn HttpTransport> {
    Arc::new(NoTransport)
}

#[cfg(not(feature = "reqwest"))]
#[derive(Debug)]
struct NoTransport;

#[cfg(not(feature = "reqwest"))]
impl HttpTransport for NoTransport {
    fn send(&self, _request: super::HttpRequest) -> super::TransportFuture<'_> {
        let reason = "there is no transport: give the provider to a client that has one, or turn \
                      on the feature `reqwest`";
        let error = super::TransportError::new(super::TransportErrorKind::Configuration, reason);
        Box::pin(std::future::ready(Err(error)))
    }
}
