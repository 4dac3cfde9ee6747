//! [`ReqwestTransportBuilder`]: checks settings and makes the transport.

use std::time::Duration;

use reqwest::ClientBuilder;

use super::certificates::RootCertificates;
use super::client::ReqwestTransport;
use super::pool::Pool;
use super::settings::{Configure, PoolSettings, Roots};
use super::tls;
use crate::error::{Error, Result, ValidationError};

/// Longer timeouts are taken for a mistake in the unit.
const MAX_CONNECT_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

/// Settings for a [`ReqwestTransport`]. Setters only store; [`build`](Self::build) checks them all.
///
/// ```
/// use alibabacloud_kms::reqwest::Proxy;
/// use alibabacloud_kms::transport::ReqwestTransport;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let proxy = Proxy::https("http://proxy.example:3128")?;
/// let transport = ReqwestTransport::builder()
///     .max_connections(16)
///     .configure(move |http| http.proxy(proxy.clone()))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "a builder does nothing until build() is called"]
pub struct ReqwestTransportBuilder {
    connect_timeout: Option<Duration>,
    max_connections: Option<usize>,
    root_certificates: Option<Result<RootCertificates, &'static str>>,
    extra_root_certificates: Option<Result<RootCertificates, &'static str>>,
    configure: Option<Configure>,
}

impl ReqwestTransport {
    /// Starts a transport with other settings.
    pub fn builder() -> ReqwestTransportBuilder {
        ReqwestTransportBuilder::default()
    }
}

impl ReqwestTransportBuilder {
    /// Sets how long making a connection may take, TLS included: more than 0 and at most 24 hours,
    /// default 5 s.
    ///
    /// A host with several addresses has a part of it for each, so that one that is unreachable
    /// does not use it up. It is also the longest wait for one of the
    /// [`max_connections`](Self::max_connections).
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// Sets how many connections may be in use at a time, 1 to 10,000, default 64.
    ///
    /// Further requests wait for one, first come, first served. The limit is for each runtime that
    /// uses the transport.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.max_connections = Some(connections);
        self
    }

    /// Replaces the platform's trust store by one or more certificates in PEM.
    ///
    /// Each certificate is a trust anchor, so an intermediate CA is sufficient.
    pub fn root_certificates_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        // Parsed at once: the text could contain a private key too, which is then not kept.
        self.root_certificates = Some(RootCertificates::from_pem(pem.as_ref()));
        self
    }

    /// Trusts one or more certificates in PEM beside the platform's trust store, such as the one of
    /// a company's proxy.
    pub fn extra_root_certificates_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.extra_root_certificates = Some(RootCertificates::from_pem(pem.as_ref()));
        self
    }

    /// Changes the HTTP client: a proxy, a resolver, a local address, TCP keepalive and more.
    ///
    /// `configure` is called for each runtime that uses the transport. Whatever it sets, the client
    /// follows no redirect, retries nothing, sends no `Referer` and speaks HTTP/1.1. The timeout to
    /// connect and the number of connections are those of this builder; a timeout of a whole
    /// request or of a read stays as it was set. Its TLS settings are replaced as well: set
    /// certificates here, or a whole rustls configuration by
    /// [`tls_backend_preconfigured`](reqwest::ClientBuilder::tls_backend_preconfigured).
    pub fn configure(
        mut self,
        configure: impl Fn(ClientBuilder) -> ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.configure = Some(Configure::new(configure));
        self
    }

    /// Checks the settings and makes the transport. Nothing is opened, and no runtime is needed.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration), naming the setting that is wrong.
    pub fn build(self) -> Result<ReqwestTransport> {
        Ok(ReqwestTransport::from_settings(self.settings()?))
    }

    /// Checks the settings, and that a client can be built with them.
    pub(crate) fn settings(self) -> Result<PoolSettings> {
        let default = PoolSettings::default();
        let settings = PoolSettings {
            connect_timeout: self.connect_timeout.unwrap_or(default.connect_timeout),
            max_connections: self.max_connections.unwrap_or(default.max_connections),
            roots: roots(self.root_certificates, self.extra_root_certificates)?,
            configure: self.configure,
            bypass_proxy: default.bypass_proxy,
        };
        validate(&settings).map_err(Error::configuration)?;
        if settings.configure.is_some()
            && let Err(error) =
                tls::config(&settings.roots).and_then(|tls| Pool::new(&settings, tls))
        {
            let problem = error.to_string();
            return Err(Error::configuration(problem).with_source(error.into_parts().1));
        }
        Ok(settings)
    }

    /// Returns the name of a setting that another transport would ignore, if there is one.
    pub(crate) fn own_setting(&self) -> Option<&'static str> {
        [
            ("root_certificates_pem", self.root_certificates.is_some()),
            ("extra_root_certificates_pem", self.extra_root_certificates.is_some()),
            ("max_connections", self.max_connections.is_some()),
            ("configure_http_client", self.configure.is_some()),
        ]
        .into_iter()
        .find_map(|(name, is_set)| is_set.then_some(name))
    }
}

fn validate(settings: &PoolSettings) -> Result<(), ValidationError> {
    let PoolSettings { connect_timeout, max_connections, .. } = settings;
    if connect_timeout.is_zero() || *connect_timeout > MAX_CONNECT_TIMEOUT {
        let allowed = "more than 0 and at most 24 hours";
        return Err(ValidationError::new("connect_timeout", connect_timeout, allowed));
    }
    if !(1..=10_000).contains(max_connections) {
        return Err(ValidationError::new("max_connections", max_connections, "1 to 10,000"));
    }
    Ok(())
}

/// `Err` of a parameter is what its text was instead of certificates.
fn roots(
    only: Option<Result<RootCertificates, &'static str>>,
    extra: Option<Result<RootCertificates, &'static str>>,
) -> Result<Roots> {
    let checked = |field, certificates: Result<RootCertificates, &'static str>| {
        certificates.map_err(|got| {
            let got = format_args!("{got}");
            let problem = ValidationError::new(field, got, "one or more certificates in PEM");
            Error::configuration(problem)
        })
    };
    match (only, extra) {
        (None, None) => Ok(Roots::Platform),
        (Some(only), None) => Ok(Roots::Only(checked("root_certificates_pem", only)?)),
        (None, Some(extra)) => {
            Ok(Roots::PlatformAnd(checked("extra_root_certificates_pem", extra)?))
        }
        (Some(_), Some(_)) => Err(Error::configuration(
            "`root_certificates_pem` and `extra_root_certificates_pem` contradict each other: set the \
             first to trust only these certificates, or the second to trust the platform's as well",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[track_caller]
    fn error(builder: ReqwestTransportBuilder) -> String {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        error.to_string()
    }

    #[test]
    fn limits_are_checked_at_their_bounds() {
        let builder = ReqwestTransport::builder;
        for connections in [1, 10_000] {
            assert!(builder().max_connections(connections).build().is_ok());
        }
        let zero = error(builder().max_connections(0));
        assert_eq!(zero, "`max_connections` must be 1 to 10,000, got 0");
        assert!(error(builder().max_connections(10_001)).ends_with("got 10001"));
        let zero = error(builder().connect_timeout(Duration::ZERO));
        assert_eq!(zero, "`connect_timeout` must be more than 0 and at most 24 hours, got 0ns");
        assert!(builder().connect_timeout(MAX_CONNECT_TIMEOUT).build().is_ok());
        let longer = MAX_CONNECT_TIMEOUT + Duration::from_nanos(1);
        assert!(error(builder().connect_timeout(longer)).contains("connect_timeout"));
    }

    #[test]
    fn default_settings_are_the_documented_ones() {
        let PoolSettings { connect_timeout, max_connections, bypass_proxy, .. } =
            ReqwestTransport::builder().settings().unwrap();
        assert_eq!((connect_timeout, max_connections), (Duration::from_secs(5), 64));
        assert!(!bypass_proxy);
    }

    #[test]
    fn client_that_cannot_be_built_is_an_error_of_the_builder() {
        let builder = ReqwestTransport::builder()
            .configure(|http| http.tls_backend_preconfigured("not a TLS backend"));
        let text = error(builder);
        assert_eq!(text, "the HTTP client cannot be built as it was configured");
    }

    #[test]
    fn two_contradicting_trust_stores_are_both_named() {
        let text = error(
            ReqwestTransport::builder().root_certificates_pem("a").extra_root_certificates_pem("b"),
        );
        assert!(
            text.starts_with("`root_certificates_pem` and `extra_root_certificates_pem`"),
            "{text}"
        );
    }
}
