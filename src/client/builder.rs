//! [`KmsClientBuilder`]: stores settings, checks them in `build`, and makes the client of them.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;

use super::KmsClient;
use super::transport_setting::TransportSetting;
use crate::call::{CallContext, CallLimits, check_runtime};
use crate::clock::SystemClock;
use crate::credentials::{
    Credentials, DefaultProviderChain, ProvideCredentials, ProviderContext, instance_region,
};
use crate::endpoint::{Endpoint, Network, RegionSource, check_region};
use crate::error::{CredentialsError, Error, ErrorKind, Result, ValidationError};
use crate::os::{Os, SystemOs};
use crate::rate_limit::RateLimits;
use crate::retry::{RetryBudget, RetryPolicy, RetryTokens};
use crate::sign::{SignatureVersion, Signer};
use crate::telemetry::{CallObserver, Observed};
use crate::transport::{GivenUrl, HttpTransport, MAX_RESPONSE_BYTES};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(15);
const CALL_TIMEOUT: Duration = Duration::from_secs(60);
/// Sets the region of the `aliyun` command line as well:
/// <https://www.alibabacloud.com/help/en/cli/environment-variables>.
const REGION_VARIABLE: &str = "ALIBABA_CLOUD_REGION_ID";
const SET_REGION: &str = "set a region such as cn-hangzhou on the builder, in \
                          ALIBABA_CLOUD_REGION_ID or in the profile of the aliyun CLI, or set an \
                          endpoint";
const SET_CREDENTIALS: &str = "set credentials or a credentials_provider on the builder, or start \
                               with KmsClient::builder(), which finds them in the environment";

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
    region_source: RegionSource,
    network: Network,
    dedicated_instance: Option<String>,
    endpoint: Option<GivenUrl>,
    allow_http: bool,
    signature_version: SignatureVersion,
    credentials: CredentialsSetting,
    pub(super) transport: TransportSetting,
    user_agent_suffix: Option<String>,
    observer: Option<Arc<dyn CallObserver>>,
    rate_limits: Option<RateLimits>,
    retry_budget: RetryBudget,
    limits: CallLimits,
}

#[derive(Debug)]
enum CredentialsSetting {
    /// A function, so that only a program that calls it contains the code of the default provider.
    Default(fn() -> Arc<dyn ProvideCredentials>),
    Missing,
    Given(Credentials),
    Provider(Arc<dyn ProvideCredentials>),
}

impl KmsClientBuilder {
    pub(super) fn new() -> Self {
        let default = || Arc::new(DefaultProviderChain::new()) as Arc<dyn ProvideCredentials>;
        let credentials = CredentialsSetting::Default(default);
        Self { credentials, ..Self::without_default_credentials() }
    }

    pub(super) fn without_default_credentials() -> Self {
        Self {
            region: None,
            region_source: RegionSource::default(),
            network: Network::default(),
            dedicated_instance: None,
            endpoint: None,
            allow_http: false,
            signature_version: SignatureVersion::default(),
            credentials: CredentialsSetting::Missing,
            transport: TransportSetting::default(),
            user_agent_suffix: None,
            observer: None,
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

    /// Sets the region, such as `cn-hangzhou`: the client calls `kms.<region>.aliyuncs.com`.
    ///
    /// Any id of the right form is accepted, so a new region needs no new version of this crate.
    /// Without a region, an [`endpoint`](Self::endpoint) and a
    /// [`dedicated_instance`](Self::dedicated_instance), [`build`](Self::build) takes the first of
    ///
    /// 1. the environment variable `ALIBABA_CLOUD_REGION_ID`,
    /// 2. the `region_id` of the profile of the `aliyun` CLI that the credentials provider chooses,
    ///    if that is a [`CliConfigProvider`](crate::credentials::CliConfigProvider), a
    ///    [`DefaultProviderChain`], whichever of its providers has the credentials, or an
    ///    [`AssumeRoleProvider`](crate::credentials::AssumeRoleProvider) over one of them.
    ///
    /// [`KmsClient::region_source`] returns which. On an ECS instance
    /// [`region_from_metadata`](Self::region_from_metadata) asks the metadata service as well.
    /// [Regions and
    /// endpoints](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-endpoint).
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self.region_source = RegionSource::Program;
        self
    }

    /// Sets the region of the ECS instance on which the program runs, from its metadata service,
    /// unless a setting, the environment or a profile names one, as in [`region`](Self::region).
    ///
    /// It is a step of its own since it calls a network, which [`build`](Self::build) never does.
    /// The service is called directly, with the settings of
    /// [`EcsRamRoleProvider`](crate::credentials::EcsRamRoleProvider). Set `vpc` as well if the
    /// instance has no access to the internet.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) if no region can be found, such as
    /// outside ECS after 1 s, or if the one that was found is malformed.
    ///
    /// ```no_run
    /// use alibabacloud_kms::KmsClient;
    ///
    /// # async fn example() -> alibabacloud_kms::Result<()> {
    /// let client = KmsClient::builder().vpc().region_from_metadata().await?.build()?;
    /// println!("{:?} {:?}", client.region(), client.region_source());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn region_from_metadata(self) -> Result<Self> {
        let builder = self.or_region_of_configuration(&SystemOs)?;
        if !builder.lacks_region() {
            return Ok(builder);
        }
        check_runtime()?;
        builder.or_region_of_instance(instance_region().await)
    }

    /// Calls the region's VPC host, `kms-vpc.<region>.aliyuncs.com`, which responds only inside a
    /// VPC of that region.
    pub fn vpc(mut self) -> Self {
        self.network = Network::Vpc;
        self
    }

    /// Calls the host of a dedicated KMS instance, `<id>.cryptoservice.kms.aliyuncs.com`, which
    /// responds only inside the VPCs that are bound to it. An id is, for example,
    /// `kst-hzz62ee817bvyyr5x****`.
    ///
    /// It serves the cryptographic operations except [`re_encrypt`](KmsClient::re_encrypt), and
    /// [`get_public_key`](KmsClient::get_public_key) and
    /// [`get_secret_value`](KmsClient::get_secret_value), with their dry runs; any other typed
    /// operation fails before it is sent, while a [`RawRequest`](crate::raw::RawRequest) of any
    /// action is sent. To read a secret, the identity needs the RAM action `kms:Decrypt` beside
    /// `kms:GetSecretValue`. A [`region`](Self::region) beside it only determines which STS the
    /// credentials providers call.
    ///
    /// # Certificates
    ///
    /// The certificates of instances have a root of their own, `Private KMS Root CA`, which this
    /// crate contains and trusts for them in place of the platform's trust store.
    /// [`root_certificates_pem`](Self::root_certificates_pem) replaces it. Whether an instance
    /// sends the certificate of the intermediate authority between is not confirmed. If the
    /// handshake fails with an issuer that is not trusted, set the CA certificate that the console
    /// offers for the instance, which contains it.
    ///
    /// [Endpoints](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-endpoint).
    ///
    /// ```no_run
    /// use alibabacloud_kms::KmsClient;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = KmsClient::builder()
    ///     .region("cn-hangzhou")
    ///     .dedicated_instance("kst-hzz00000000000fake")
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn dedicated_instance(mut self, id: impl Into<String>) -> Self {
        self.dedicated_instance = Some(id.into());
        self
    }

    /// Sets the URL to call in place of a region's host: `https://`, a host and optionally a port.
    /// A bare host means `https://` and that host.
    ///
    /// `http://` is accepted only for loopback hosts unless [`allow_http`](Self::allow_http) is set
    /// as well. An endpoint takes precedence over [`dedicated_instance`](Self::dedicated_instance)
    /// and [`region`](Self::region). The region then only determines which STS the credentials
    /// providers call, and is the `RegionId` of requests that have one.
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoint = Some(GivenUrl(url.into()));
        self
    }

    /// Accepts an `http://` [`endpoint`](Self::endpoint) on any host. Anyone on the network path
    /// can then read the names and values of secrets and the security token.
    pub fn allow_http(mut self) -> Self {
        self.allow_http = true;
        self
    }

    /// Sets how requests to KMS are signed, default [`SignatureVersion::V1`]. Requests to STS are
    /// signed with version 1.0.
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

    /// Sets the credentials that sign every request. The default is [`DefaultProviderChain`]; a
    /// builder [without default credentials](KmsClient::builder_without_default_credentials) has
    /// none.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = CredentialsSetting::Given(credentials);
        self
    }

    /// Sets the provider that returns credentials before every attempt.
    ///
    /// The client passes it its region and transport
    /// ([`configure`](ProvideCredentials::configure)). An [`Arc`] of a provider, or a clone of one
    /// of this crate's providers, can serve several clients.
    pub fn credentials_provider(mut self, provider: impl ProvideCredentials) -> Self {
        self.credentials = CredentialsSetting::Provider(Arc::new(provider));
        self
    }

    /// Sends by another transport, also to STS. The metadata service of an ECS instance is called
    /// directly all the same.
    ///
    /// An [`Arc`] of a transport is one as well, so that clients can share it. Beside it, the
    /// settings of this crate's own transport are an error.
    pub fn transport(mut self, transport: impl HttpTransport) -> Self {
        self.transport.given = Some(Arc::new(transport));
        self
    }

    /// Appends a product token such as `my-app/1.2` to the `User-Agent` header. It must not contain
    /// control characters.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// Sets the observer that receives an event for each call, attempt, throttled attempt, wait and
    /// refresh of the credentials. An [`Arc`] of an observer is one as well. See
    /// [`telemetry`](crate::telemetry).
    pub fn call_observer(mut self, observer: impl CallObserver) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Sets how long making a connection may take, TLS included: more than 0 and at most 24 hours,
    /// default 5 s.
    ///
    /// A host with several addresses has a part of it for each, so that one that is unreachable
    /// does not use it up. [`with_connect_timeout`](KmsClient::with_connect_timeout) sets a shorter
    /// one for a call.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.limits.connect_timeout = timeout;
        self.transport.set_connect_timeout(timeout);
        self
    }

    /// Sets how long one request and its response may take, making a connection included: more than
    /// 0 and at most 24 hours, default 15 s.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.limits.attempt_timeout = timeout;
        self
    }

    /// Sets how long a call may take in total, with retries, waits and fetching credentials: more
    /// than 0 and at most 24 hours, default 60 s.
    pub fn call_timeout(mut self, timeout: Duration) -> Self {
        self.limits.call_timeout = timeout;
        self
    }

    /// Sets how failed calls are retried. [`RetryPolicy`] has the default.
    pub fn retry_policy(mut self, policy: RetryPolicy) -> Self {
        self.limits.retry = policy;
        self
    }

    /// Sets how many retries all calls of the client may make together. See [`RetryBudget`], and
    /// its default.
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.retry_budget = budget;
        self
    }

    /// Sets how many requests are sent per group of operations, default
    /// [`RateLimits::service_defaults`], and no limits for a [dedicated
    /// instance](Self::dedicated_instance), for which the service has none.
    ///
    /// The service's quotas are per account and region, so clients of the same account and region
    /// should share a clone of one value.
    pub fn rate_limits(mut self, limits: RateLimits) -> Self {
        self.rate_limits = Some(limits);
        self
    }

    /// Sets the maximum size of a response's body in bytes, at least 1, default 8 MiB. A page of
    /// 100 secrets with all their tags has less than 1 MiB.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.limits.max_response_bytes = bytes;
        self
    }

    /// Checks the settings and makes the client. Nothing is sent, and no runtime is needed.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration), naming the setting that is missing or
    /// wrong, and [`InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// [`rate_limits`](Self::rate_limits) or [`retry_budget`](Self::retry_budget) has a value
    /// outside its range, or if given [`Credentials`] contain a character that none has, which the
    /// error names.
    pub fn build(self) -> Result<KmsClient> {
        self.or_region_of_configuration(&SystemOs)?.build_as_set()
    }

    /// Returns whether no setting determines the host.
    fn lacks_region(&self) -> bool {
        self.region.is_none() && self.endpoint.is_none() && self.dedicated_instance.is_none()
    }

    /// Sets the region of the environment or else of the CLI's profile if no setting determines the
    /// host. An empty variable counts as unset.
    fn or_region_of_configuration(mut self, os: &dyn Os) -> Result<Self> {
        if !self.lacks_region() {
            return Ok(self);
        }
        if let Some(variable) = os.variable(REGION_VARIABLE)
            && !variable.trim().is_empty()
        {
            let region = variable.trim();
            check_region(REGION_VARIABLE, region).map_err(Error::configuration)?;
            self.region = Some(region.to_owned());
            self.region_source = RegionSource::Environment;
        } else if let Some(region) = self.region_of_profile()? {
            check_region("region_id", &region).map_err(Error::configuration)?;
            self.region = Some(region);
            self.region_source = RegionSource::CliProfile;
        }
        Ok(self)
    }

    fn region_of_profile(&self) -> Result<Option<String>> {
        let region = match &self.credentials {
            CredentialsSetting::Default(provider) => provider().configured_region(),
            CredentialsSetting::Provider(provider) => provider.configured_region(),
            CredentialsSetting::Given(_) | CredentialsSetting::Missing => Ok(None),
        };
        region.map_err(|problem| {
            Error::configuration(format!("`region` is missing, and {problem}: {SET_REGION}"))
        })
    }

    fn or_region_of_instance(mut self, found: Result<String, CredentialsError>) -> Result<Self> {
        let region = found.map_err(|problem| {
            Error::configuration(format!("`region` is missing, and {problem}: {SET_REGION}"))
        })?;
        check_region("region-id", &region).map_err(Error::configuration)?;
        self.region = Some(region);
        self.region_source = RegionSource::EcsMetadata;
        Ok(self)
    }

    fn build_as_set(self) -> Result<KmsClient> {
        let endpoint = self.checked_endpoint().map_err(Error::configuration)?;
        let user_agent = self.checked_user_agent().map_err(Error::configuration)?;
        let rate_limits =
            self.checked_rate_limits(&endpoint).map_err(|error| Error::invalid_input(&error))?;
        self.retry_budget.validate().map_err(|error| Error::invalid_input(&error))?;
        self.limits.validate().map_err(Error::configuration)?;
        let credentials: Arc<dyn ProvideCredentials> = match self.credentials {
            CredentialsSetting::Default(provider) => provider(),
            CredentialsSetting::Provider(provider) => provider,
            CredentialsSetting::Missing => {
                let missing = ValidationError::missing("credentials", SET_CREDENTIALS);
                return Err(Error::configuration(missing));
            }
            CredentialsSetting::Given(credentials) => {
                let invalid = |problem: CredentialsError| {
                    Error::new(ErrorKind::InvalidInput, format!("{problem}"))
                };
                credentials.validate().map_err(invalid)?;
                Arc::new(credentials)
            }
        };
        let (transport, for_providers) = self.transport.transports(&endpoint)?;
        credentials.configure(&ProviderContext { region: self.region, transport: for_providers });
        let context = CallContext {
            endpoint: Arc::new(endpoint),
            signer: Arc::new(Signer::new(self.signature_version)),
            credentials,
            transport,
            clock: Arc::new(SystemClock),
            correction: Arc::default(),
            retry_tokens: Arc::new(RetryTokens::new(self.retry_budget)),
            rate_limits,
            observed: Arc::new(Observed::new(self.observer)),
            user_agent,
            limits: self.limits,
        };
        Ok(KmsClient { context: Arc::new(context) })
    }

    fn checked_endpoint(&self) -> Result<Endpoint, ValidationError> {
        let endpoint = match (&self.endpoint, &self.dedicated_instance, &self.region) {
            (Some(GivenUrl(url)), _, _) => Endpoint::from_url(url, self.allow_http),
            (None, Some(id), _) => Endpoint::from_instance(id),
            (None, None, Some(region)) => Endpoint::from_region(region, self.network),
            (None, None, None) => Err(ValidationError::missing("region", SET_REGION)),
        }?;
        match &self.region {
            Some(region) => {
                Ok(endpoint.with_region(region)?.with_region_source(self.region_source))
            }
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
