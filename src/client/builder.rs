//! [`KmsClientBuilder`]: stores settings, checks them in `build`, and wires the seams.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;

use super::KmsClient;
use crate::call::{CallContext, CallLimits};
use crate::clock::SystemClock;
use crate::credentials::{Credentials, DefaultProviderChain, ProvideCredentials, ProviderContext};
use crate::endpoint::{Endpoint, Network, check_region};
use crate::error::{Error, Result, ValidationError};
use crate::os::{Os as _, SystemOs};
use crate::rate_limit::RateLimits;
use crate::retry::{RetryBudget, RetryPolicy, RetryTokens};

use crate::sign::{SignatureVersion, Signer};
use crate::transport::{
    HttpTransport, MAX_RESPONSE_BYTES, PoolSettings, ReqwestTransport, RootCertificates,
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(15);
const CALL_TIMEOUT: Duration = Duration::from_secs(60);
/// Names the region to the `aliyun` command line as well: <https://www.alibabacloud.com/help/en/cli/environment-variables>.
const REGION_VARIABLE: &str = "ALIBABA_CLOUD_REGION_ID";

/// Settings for a [`KmsClient`]. Setters only store; [`build`](Self::build) checks them all.
///
/// ```
/// use std::time::Duration;
///
/// use alibabacloud_kms::KmsClient;
/// use alibabacloud_kms::credentials::Credentials;
///
/// # fn main() -> alibabacloud_kms::Result<()> {
/// let client = KmsClient::builder()
///     .region("cn-hangzhou")
///     .vpc()
///     .credentials(Credentials::new("fake-key-id", "fake-key-secret"))
///     .attempt_timeout(Duration::from_secs(5))
///     .build()?;
/// assert_eq!(client.host(), "kms-vpc.cn-hangzhou.aliyuncs.com");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a builder does nothing until build() is called"]
pub struct KmsClientBuilder {
    region: Option<String>,
    network: Network,
    dedicated_instance: Option<String>,
    endpoint: Option<String>,
    allow_http: bool,
    signature_version: SignatureVersion,
    credentials: CredentialsSetting,
    /// `None` for a pool of the client's own.
    transport: Option<Arc<dyn HttpTransport>>,
    roots: Option<Result<RootCertificates, ValidationError>>,
    user_agent_suffix: Option<String>,
    rate_limits: Option<RateLimits>,
    retry_budget: RetryBudget,
    limits: CallLimits,
}

#[derive(Debug)]
enum CredentialsSetting {
    Default,
    Given(Credentials),
    Provider(Arc<dyn ProvideCredentials>),
}

impl KmsClientBuilder {
    pub(super) fn new() -> Self {
        Self {
            region: None,
            network: Network::default(),
            dedicated_instance: None,
            endpoint: None,
            allow_http: false,
            signature_version: SignatureVersion::default(),
            credentials: CredentialsSetting::Default,
            transport: None,
            roots: None,
            user_agent_suffix: None,
            rate_limits: None,
            retry_budget: RetryBudget::default(),
            limits: CallLimits {
                connect_timeout: CONNECT_TIMEOUT,
                shorter_connect_timeout: None,
                attempt_timeout: ATTEMPT_TIMEOUT,
                call_timeout: CALL_TIMEOUT,
                max_response_bytes: MAX_RESPONSE_BYTES,
                retry: RetryPolicy::new(),
            },
        }
    }

    /// The region whose secrets are meant, such as `cn-hangzhou`: calls go to `kms.<region>.aliyuncs.com`.
    ///
    /// Any id of the right form is taken, so a region that opens tomorrow works today. Without a region, an
    /// [`endpoint`](Self::endpoint) and a [`dedicated_instance`](Self::dedicated_instance) it is the one that the environment
    /// variable `ALIBABA_CLOUD_REGION_ID` names when the client is built.
    /// [Regions and endpoints](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-endpoint).
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Calls the region's VPC host, `kms-vpc.<region>.aliyuncs.com`, which answers only inside a VPC of that region.
    pub fn vpc(mut self) -> Self {
        self.network = Network::Vpc;
        self
    }

    /// Calls the host of a KMS instance of your own, `<id>.cryptoservice.kms.aliyuncs.com`, which answers inside the VPCs that
    /// are bound to it. The id is like `kst-hzz62ee817bvyyr5x****`.
    ///
    /// It serves [`get_secret_value`](KmsClient::get_secret_value) and its
    /// [dry run](KmsClient::dry_run_get_secret_value) alone; any other call fails before it is sent. The identity needs the RAM
    /// action `kms:Decrypt` beside `kms:GetSecretValue`. The host's certificate is from an authority of the instance's own, which
    /// is given by [`root_certificates_pem`](Self::root_certificates_pem). It goes before [`region`](Self::region), which then
    /// only tells the sources of credentials where STS is.
    /// [Endpoints](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-endpoint).
    ///
    /// ```no_run
    /// use alibabacloud_kms::KmsClient;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = KmsClient::builder()
    ///     .region("cn-hangzhou")
    ///     .dedicated_instance("kst-hzz00000000000fake")
    ///     .root_certificates_pem(std::fs::read("instance-ca.pem")?)
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn dedicated_instance(mut self, id: impl Into<String>) -> Self {
        self.dedicated_instance = Some(id.into());
        self
    }

    /// The URL to call in place of a region's host: `https://`, a host and perhaps a port, and nothing behind it. A bare
    /// host stands for `https://` and that host.
    ///
    /// `http://` is taken for loopback hosts alone unless [`allow_http`](Self::allow_http) is given as well. It goes before
    /// [`dedicated_instance`](Self::dedicated_instance), and before [`region`](Self::region), which then only tells the sources
    /// of credentials where STS is, and requests with a `RegionId` what to say.
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoint = Some(url.into());
        self
    }

    /// Lets [`endpoint`](Self::endpoint) be `http://` on any host: anyone on the way can then read the names of the secrets
    /// and the security token.
    pub fn allow_http(mut self) -> Self {
        self.allow_http = true;
        self
    }

    /// How requests to KMS are signed, default [`SignatureVersion::V1`]. STS is asked with version 1.0 in any case.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use alibabacloud_kms::emulator::Emulator;
    /// use alibabacloud_kms::credentials::SignatureVersion;
    /// use alibabacloud_kms::secrets::ListSecretsRequest;
    ///
    /// let emulator = Emulator::start().await?;
    /// let builder = emulator.client_builder();
    /// let client = builder.signature_version(SignatureVersion::Acs3HmacSha256).build()?;
    /// assert_eq!(client.list_secrets(ListSecretsRequest::new()).await?.total_count, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn signature_version(mut self, version: SignatureVersion) -> Self {
        self.signature_version = version;
        self
    }

    /// Keys to sign every request with. The default are [`DefaultProviderChain`].
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = CredentialsSetting::Given(credentials);
        self
    }

    /// A source that is asked for keys before every attempt. It is told this client's region and transport
    /// ([`attach`](ProvideCredentials::configure)); an [`Arc`] of it, or a clone of one of this crate's sources, can serve other
    /// clients too.
    pub fn credentials_provider(mut self, provider: impl ProvideCredentials) -> Self {
        self.credentials = CredentialsSetting::Provider(Arc::new(provider));
        self
    }

    /// A reqwest client to send with, such as one with a proxy of its own.
    ///
    /// It must not follow redirects nor repeat requests: build it with `redirect::Policy::none()` and `retry::never()`. The
    /// connect timeout is then its own affair as well.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.transport = Some(Arc::new(ReqwestTransport::with_client(client)));
        self
    }

    /// Something else than reqwest to send with, to STS too; the metadata service of an ECS instance is asked directly all the
    /// same. An [`Arc`] of a transport is one as well.
    pub fn transport(mut self, transport: impl HttpTransport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Certificates to trust, one or more in PEM, such as the CA certificate that the console offers for an instance.
    ///
    /// With them nobody else is trusted, none of the platform's authorities either: who answers for the instance is then known
    /// on every platform alike, and no public authority can speak for it. Each certificate is trusted by itself, so that of the
    /// intermediate authority is enough and the root's need not be known. STS is asked with the platform's authorities
    /// regardless. Verification cannot be turned off.
    ///
    /// Beside [`http_client`](Self::http_client) or [`transport`](Self::transport) it is an error: those trust whom they were
    /// made to trust.
    pub fn root_certificates_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        // Read at once, since the text could hold a key as well, which is then not kept.
        self.roots = Some(RootCertificates::from_pem(pem.as_ref()));
        self
    }

    /// A word on who is calling, such as `my-app/1.2`, put behind this crate's own `User-Agent`.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// How long a connection may take to be made, TLS and all, default 5 s. A host with several addresses has its part of the
    /// time for each, so that one that is dead does not use it up.
    ///
    /// [`with_connect_timeout`](KmsClient::with_connect_timeout) makes it shorter for one call.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.limits.connect_timeout = timeout;
        self
    }

    /// How long one request and its answer may take, default 15 s. It bounds the making of a connection as well.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.limits.attempt_timeout = timeout;
        self
    }

    /// How long a call may take with all that belongs to it, default 60 s: repeats, waits and the fetching of credentials.
    pub fn call_timeout(mut self, timeout: Duration) -> Self {
        self.limits.call_timeout = timeout;
        self
    }

    /// How failed calls are repeated; the default is told at [`RetryPolicy`].
    pub fn retry_policy(mut self, policy: RetryPolicy) -> Self {
        self.limits.retry = policy;
        self
    }

    /// Sets how many retries all calls of the client may make together. See [`RetryBudget`], and its default.
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.retry_budget = budget;
        self
    }

    /// How many requests are sent at most, by group of operations: [`RateLimits::service_defaults`] unless given, and no limits for
    /// a [dedicated instance](Self::dedicated_instance), for which the service has none.
    ///
    /// Limits are of an account and region, so clients of the same ones should be given a clone of the same value.
    pub fn rate_limits(mut self, limits: RateLimits) -> Self {
        self.rate_limits = Some(limits);
        self
    }

    /// The longest body that is read from an answer, in bytes, default 8 MiB. A page of 100 secrets with all their tags has
    /// less than one.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.limits.max_response_bytes = bytes;
        self
    }

    /// Checks the settings and makes the client. Nothing is sent, and no runtime is needed.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration), naming the setting that is missing or wrong, and
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if [`rate_limits`](Self::rate_limits) or
    /// [`retry_budget`](Self::retry_budget) has a value outside its range.
    pub fn build(self) -> Result<KmsClient> {
        self.or_region_of(SystemOs.variable(REGION_VARIABLE))
            .map_err(Error::configuration)?
            .build_as_set()
    }

    /// The same with the region that a variable holds, where no setting tells which host to call. An empty one tells nothing.
    fn or_region_of(mut self, variable: Option<String>) -> Result<Self, ValidationError> {
        let told = [&self.region, &self.endpoint, &self.dedicated_instance];
        if told.into_iter().all(Option::is_none) {
            let named = variable.as_deref().map(str::trim).filter(|region| !region.is_empty());
            named.map_or(Ok(()), |region| check_region(REGION_VARIABLE, region))?;
            self.region = named.map(str::to_owned);
        }
        Ok(self)
    }

    fn build_as_set(self) -> Result<KmsClient> {
        let endpoint = self.checked_endpoint().map_err(Error::configuration)?;
        let user_agent = self.checked_user_agent().map_err(Error::configuration)?;
        let rate_limits =
            self.checked_rate_limits(&endpoint).map_err(|error| Error::invalid_input(&error))?;
        let roots = self.roots.transpose().map_err(Error::configuration)?;
        self.retry_budget.validate().map_err(|error| Error::invalid_input(&error))?;
        self.limits.validate().map_err(Error::configuration)?;
        let credentials: Arc<dyn ProvideCredentials> = match self.credentials {
            CredentialsSetting::Default => Arc::new(DefaultProviderChain::new()),
            CredentialsSetting::Provider(provider) => provider,
            CredentialsSetting::Given(credentials) => {
                credentials.validate().map_err(Error::configuration)?;
                Arc::new(credentials)
            }
        };
        if self.transport.is_some() && roots.is_some() {
            return Err(Error::configuration(
                "root_certificates_pem is given beside an http_client or transport, which trusts whom it was made to trust",
            ));
        }
        let transport = match &self.transport {
            Some(given) => Arc::clone(given),
            None => own_pool(&PoolSettings {
                connect_timeout: self.limits.connect_timeout,
                bypass_proxy: endpoint.is_loopback(),
                roots,
            })?,
        };
        credentials.configure(&ProviderContext { region: self.region, transport: self.transport });
        let context = CallContext {
            endpoint: Arc::new(endpoint),
            signer: Arc::new(Signer::new(self.signature_version)),
            credentials,
            transport,
            clock: Arc::new(SystemClock),
            correction: Arc::default(),
            retry_tokens: Arc::new(RetryTokens::new(self.retry_budget)),
            rate_limits,
            user_agent,
            limits: self.limits,
        };
        Ok(KmsClient { context: Arc::new(context) })
    }

    fn checked_endpoint(&self) -> Result<Endpoint, ValidationError> {
        let endpoint = match (&self.endpoint, &self.dedicated_instance, &self.region) {
            (Some(url), _, _) => Endpoint::from_url(url, self.allow_http),
            (None, Some(id), _) => Endpoint::from_instance(id),
            (None, None, Some(region)) => Endpoint::from_region(region, self.network),
            (None, None, None) => Err(ValidationError::missing(
                "region",
                "set a region such as cn-hangzhou on the builder or in ALIBABA_CLOUD_REGION_ID, or set an endpoint",
            )),
        }?;
        match &self.region {
            Some(region) => endpoint.with_region(region),
            None => Ok(endpoint),
        }
    }

    fn checked_rate_limits(&self, endpoint: &Endpoint) -> Result<RateLimits, ValidationError> {
        let limits = match &self.rate_limits {
            Some(limits) => limits.clone(),
            None if endpoint.is_instance() => RateLimits::unlimited(),
            None => RateLimits::service_defaults(),
        };
        limits.validate()?;
        Ok(limits)
    }

    fn checked_user_agent(&self) -> Result<HeaderValue, ValidationError> {
        let own = concat!("alibabacloud-kms-rust/", env!("CARGO_PKG_VERSION"));
        match &self.user_agent_suffix {
            None => Ok(HeaderValue::from_static(own)),
            Some(suffix) => HeaderValue::try_from(format!("{own} {suffix}")).map_err(|_| {
                ValidationError::new(
                    "user_agent_suffix",
                    suffix,
                    "a text without control characters",
                )
            }),
        }
    }
}

fn own_pool(settings: &PoolSettings) -> Result<Arc<dyn HttpTransport>> {
    match ReqwestTransport::new(settings) {
        Ok(transport) => Ok(Arc::new(transport)),
        Err(error) => Err(Error::configuration(&error).with_source(error.into_source())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rate_limit::QuotaGroup;

    /// The host that is called where the environment names this region, or why there is none.
    fn host(builder: KmsClientBuilder, variable: &str) -> Result<String, String> {
        let builder = builder.credentials(Credentials::new("fake-id", "fake-secret"));
        let builder = builder.or_region_of(Some(variable.to_owned())).map_err(|e| e.to_string())?;
        builder.build_as_set().map(|client| client.host().to_owned()).map_err(|e| e.to_string())
    }

    #[test]
    fn the_environment_names_the_region_where_no_setting_tells_the_host() {
        let unset = KmsClient::builder;
        assert_eq!(host(unset(), " cn-beijing\n").unwrap(), "kms.cn-beijing.aliyuncs.com");
        assert_eq!(host(unset().vpc(), "cn-beijing").unwrap(), "kms-vpc.cn-beijing.aliyuncs.com");
        let region = unset().region("cn-hangzhou");
        assert_eq!(host(region, "cn-beijing").unwrap(), "kms.cn-hangzhou.aliyuncs.com");
        assert_eq!(host(unset().endpoint("kms.internal"), "no region").unwrap(), "kms.internal");
        let instance = unset().dedicated_instance("kst-hzz00000000000fake");
        assert!(host(instance, "no region").unwrap().starts_with("kst-"));
    }

    #[test]
    fn a_region_that_nobody_names_or_the_environment_names_wrongly_is_an_error_that_says_where() {
        let wrong = host(KmsClient::builder(), "Hangzhou").unwrap_err();
        assert!(wrong.starts_with("`ALIBABA_CLOUD_REGION_ID` must be 1 to 63"), "{wrong}");
        let missing = "`region` is missing: set a region such as cn-hangzhou on the builder or in ALIBABA_CLOUD_REGION_ID";
        for variable in ["", " "] {
            let text = host(KmsClient::builder(), variable).unwrap_err();
            assert!(text.starts_with(missing), "{text}");
        }
        assert!(KmsClient::builder().or_region_of(None).unwrap().build_as_set().is_err());
    }

    #[test]
    fn hosts_with_quotas_have_limits_unless_others_are_given() {
        let limited = |builder: KmsClientBuilder| {
            let client = builder.credentials(Credentials::new("fake-id", "fake-secret")).build();
            client.unwrap().context.rate_limits.queue(QuotaGroup::Read).is_some()
        };
        let region = || KmsClient::builder().region("cn-hangzhou");
        let dedicated =
            || KmsClient::builder().endpoint("https://kst-fake.cryptoservice.kms.aliyuncs.com");
        assert!(limited(region()));
        assert!(!limited(region().rate_limits(RateLimits::unlimited())));
        assert!(!limited(dedicated()));
        assert!(limited(dedicated().rate_limits(RateLimits::service_defaults())));
    }
}
