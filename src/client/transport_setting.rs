//! [`TransportSetting`]: a transport of the user's own, or the settings of this crate's.

use std::sync::Arc;
use std::time::Duration;

use crate::endpoint::Endpoint;
use crate::error::{Error, Result};
use crate::transport::HttpTransport;
#[cfg(feature = "reqwest")]
use crate::transport::{ReqwestTransport, ReqwestTransportBuilder};

/// The transport of a client.
#[derive(Debug, Default)]
pub(super) struct TransportSetting {
    /// `None` for a transport of the client's own, with the settings of `http`.
    pub(super) given: Option<Arc<dyn HttpTransport>>,
    #[cfg(feature = "reqwest")]
    pub(super) http: ReqwestTransportBuilder,
}

/// A transport, and another for the credentials providers if they need one.
type Transports = (Arc<dyn HttpTransport>, Option<Arc<dyn HttpTransport>>);

#[cfg(feature = "reqwest")]
impl TransportSetting {
    /// Sets the timeout of the crate's own transport.
    pub(super) fn set_connect_timeout(&mut self, timeout: Duration) {
        self.http = std::mem::take(&mut self.http).connect_timeout(timeout);
    }

    pub(super) fn transports(self, endpoint: &Endpoint) -> Result<Transports> {
        match (self.given, self.http.own_setting()) {
            (Some(_), Some(setting)) => Err(Error::configuration(format!(
                "`{setting}` has no effect on a `transport` of your own: set it there, or leave \
                 out one of the two"
            ))),
            (Some(given), None) => Ok((Arc::clone(&given), Some(given))),
            (None, _) => own_transports(self.http, endpoint),
        }
    }
}

/// Makes the client's own transport and, if it was configured, another for STS, which the client's
/// root certificates are not meant for.
#[cfg(feature = "reqwest")]
fn own_transports(http: ReqwestTransportBuilder, endpoint: &Endpoint) -> Result<Transports> {
    let mut settings = http.settings()?;
    let for_providers = settings.for_public_services().map(|settings| {
        Arc::new(ReqwestTransport::from_settings(settings)) as Arc<dyn HttpTransport>
    });
    settings.bypass_proxy = endpoint.is_loopback();
    if endpoint.is_instance() {
        settings.roots = settings.roots.for_instance();
    }
    Ok((Arc::new(ReqwestTransport::from_settings(settings)), for_providers))
}

#[cfg(not(feature = "reqwest"))]
impl TransportSetting {
    /// A transport of the user's own reads the timeout from each request.
    pub(super) fn set_connect_timeout(&mut self, _timeout: Duration) {}

    pub(super) fn transports(self, _endpoint: &Endpoint) -> Result<Transports> {
        let given = self.given.ok_or_else(|| {
            Error::configuration(
                "`transport` is missing: set one, or turn on the feature `reqwest`",
            )
        })?;
        Ok((Arc::clone(&given), Some(given)))
    }
}
