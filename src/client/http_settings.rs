//! The settings of a client whose transport is that of this crate.

use super::KmsClientBuilder;

impl KmsClientBuilder {
    /// Changes the HTTP client of this crate: a proxy, a resolver, a local address, TCP keepalive
    /// and more.
    ///
    /// Whatever `configure` sets, the client follows no redirect, retries nothing and sends no
    /// `Referer`, so that a signed request with a secret reaches no other host, and the timeout to
    /// connect and the certificates are those of this builder. A timeout of a whole request or of a
    /// read that it sets applies beside those of this builder. The client is used for STS as well.
    /// Certificates are set by [`root_certificates_pem`](Self::root_certificates_pem) or
    /// [`extra_root_certificates_pem`](Self::extra_root_certificates_pem).
    /// [More](crate::transport::ReqwestTransportBuilder::configure).
    ///
    /// ```
    /// use alibabacloud_kms::KmsClient;
    /// use alibabacloud_kms::reqwest::Proxy;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let proxy = Proxy::https("http://proxy.example:3128")?.basic_auth("user", "fake-password");
    /// let client = KmsClient::builder()
    ///     .region("cn-hangzhou")
    ///     .configure_http_client(move |http| http.proxy(proxy.clone()))
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn configure_http_client(
        mut self,
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.transport.http = self.transport.http.configure(configure);
        self
    }

    /// Sets how many connections the client may use at a time, 1 to 10,000, default 64.
    ///
    /// Further requests wait for one, first come, first served, for at most the
    /// [`connect_timeout`](Self::connect_timeout). The process needs a file descriptor for each.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.transport.http = self.transport.http.max_connections(connections);
        self
    }

    /// Replaces the platform's trust store by one or more certificates in PEM, such as the CA
    /// certificate that the console offers for a [dedicated instance](Self::dedicated_instance).
    ///
    /// Each certificate is a trust anchor, so an intermediate CA is sufficient. No public authority
    /// can then vouch for another server, and the result is the same on every platform. STS is
    /// called with the platform's authorities regardless. Verification cannot be turned off.
    pub fn root_certificates_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.transport.http = self.transport.http.root_certificates_pem(pem);
        self
    }

    /// Trusts one or more certificates in PEM beside the platform's trust store, such as the one of
    /// a company's proxy, for STS as well.
    pub fn extra_root_certificates_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.transport.http = self.transport.http.extra_root_certificates_pem(pem);
        self
    }
}
