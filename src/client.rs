//! [`KmsClient`]: one short method per operation, each passes its request to `call`.

mod account;
mod aliases;
mod builder;
mod data_keys;
mod dry_run;
mod encryption;
#[cfg(feature = "reqwest")]
mod http_settings;
mod key_import;
mod key_versions;
mod keys;
mod kms_client;
mod policies;
mod raw;
mod rotation;
mod secrets;
mod signatures;
mod tags;
mod transport_setting;
mod values;
mod versions;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

pub use builder::KmsClientBuilder;
pub use kms_client::KmsClient;

use crate::call::{CallContext, CallLimits, call};
use crate::endpoint::RegionSource;
use crate::error::{Error, Result};
use crate::inventory::ListAllSecrets;
use crate::pagination::Paginator;
use crate::retry::RetryPolicy;
use crate::secrets::list_secrets::{ListSecretsRequest, ListSecretsResponse};

impl KmsClient {
    /// Returns a builder, which needs only a [`region`](KmsClientBuilder::region) or an
    /// [`endpoint`](KmsClientBuilder::endpoint).
    pub fn builder() -> KmsClientBuilder {
        KmsClientBuilder::new()
    }

    /// Returns a builder that does not look for credentials: [`build`](KmsClientBuilder::build)
    /// fails without [`credentials`](KmsClientBuilder::credentials) or a
    /// [`credentials_provider`](KmsClientBuilder::credentials_provider).
    ///
    /// For a program that has them from elsewhere and must never sign as another identity that its
    /// environment offers. Such a program does not contain the code of
    /// [`DefaultProviderChain`](crate::credentials::DefaultProviderChain) either, some 250 KB.
    ///
    /// ```
    /// use alibabacloud_kms::KmsClient;
    /// use alibabacloud_kms::credentials::Credentials;
    ///
    /// let builder = KmsClient::builder_without_default_credentials().region("cn-hangzhou");
    /// let client = builder.credentials(Credentials::new("fake-id", "fake-secret")).build();
    /// assert!(client.is_ok());
    ///
    /// let error = KmsClient::builder_without_default_credentials().region("cn-hangzhou").build();
    /// assert!(error.unwrap_err().to_string().starts_with("`credentials` is missing"));
    /// ```
    pub fn builder_without_default_credentials() -> KmsClientBuilder {
        KmsClientBuilder::without_default_credentials()
    }

    /// Returns the host that is called, such as `kms.cn-hangzhou.aliyuncs.com`, and its port if
    /// that is not the default of the URL's scheme.
    #[must_use]
    pub fn host(&self) -> &str {
        self.context.endpoint.host()
    }

    /// Returns this client with another [`call_timeout`](KmsClientBuilder::call_timeout). It shares
    /// everything else: connections, credentials, clock skew, retry budget and rate limits.
    ///
    /// A timeout of zero or of more than 24 hours makes calls fail with
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput).
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use alibabacloud_kms::KmsClient;
    ///
    /// # fn main() -> alibabacloud_kms::Result<()> {
    /// let client = KmsClient::builder().region("cn-hangzhou").build()?;
    /// let impatient = client.with_call_timeout(Duration::from_secs(2)); // for one call or many
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_call_timeout(&self, timeout: Duration) -> Self {
        self.with_limits(|limits| limits.call_timeout = timeout)
    }

    /// Returns this client with another [`attempt_timeout`](KmsClientBuilder::attempt_timeout). See
    /// [`with_call_timeout`](Self::with_call_timeout) for what it shares.
    #[must_use]
    pub fn with_attempt_timeout(&self, timeout: Duration) -> Self {
        self.with_limits(|limits| limits.attempt_timeout = timeout)
    }

    /// Returns this client with a shorter [`connect_timeout`](KmsClientBuilder::connect_timeout)
    /// than it was built with. See [`with_call_timeout`](Self::with_call_timeout) for what it
    /// shares.
    ///
    /// It applies if a call finds no idle connection in the pool. A longer timeout makes calls fail
    /// with [`InvalidInput`](crate::ErrorKind::InvalidInput): the shared pool divides the timeout
    /// that was built in among the addresses of a host. A
    /// [`transport`](KmsClientBuilder::transport) of your own reads it from
    /// [`HttpRequest`](crate::transport::HttpRequest).
    #[must_use]
    pub fn with_connect_timeout(&self, timeout: Duration) -> Self {
        self.with_limits(|limits| limits.shorter_connect_timeout = Some(timeout))
    }

    /// Returns this client with another [`RetryPolicy`]. See
    /// [`with_call_timeout`](Self::with_call_timeout) for what it shares.
    #[must_use]
    pub fn with_retry_policy(&self, policy: RetryPolicy) -> Self {
        self.with_limits(|limits| limits.retry = policy)
    }

    /// Returns a client for another region, with the same identity and network (public or VPC).
    ///
    /// It shares the connections, their TLS configuration, the credentials and the clock skew, and
    /// has the same settings. Its retry budget and its
    /// [`RateLimits`](crate::rate_limit::RateLimits) have the same figures but count separately, as
    /// the service counts by region. So only the first client is costly to make. The default
    /// provider chain still uses the first region for STS.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) if `region` is not a valid region id, or
    /// if this client was built for an [`endpoint`](KmsClientBuilder::endpoint) or an instance,
    /// from which the host of another region cannot be derived.
    ///
    /// # Examples
    ///
    /// ```
    /// use alibabacloud_kms::KmsClient;
    ///
    /// # fn main() -> alibabacloud_kms::Result<()> {
    /// let hangzhou = KmsClient::builder().region("cn-hangzhou").vpc().build()?;
    /// let beijing = hangzhou.in_region("cn-beijing")?;
    /// assert_eq!(beijing.host(), "kms-vpc.cn-beijing.aliyuncs.com");
    /// # Ok(())
    /// # }
    /// ```
    pub fn in_region(&self, region: &str) -> Result<Self> {
        let context = self.context.in_region(region).map_err(Error::configuration)?;
        Ok(Self { context: Arc::new(context) })
    }

    /// Returns the region of this client, such as `cn-hangzhou`; `None` if it was built only for an
    /// [`endpoint`](KmsClientBuilder::endpoint).
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.context.endpoint.region()
    }

    /// Returns where the [`region`](Self::region) comes from, if there is one.
    ///
    /// ```
    /// use alibabacloud_kms::KmsClient;
    /// use alibabacloud_kms::credentials::RegionSource;
    ///
    /// # fn main() -> alibabacloud_kms::Result<()> {
    /// let client = KmsClient::builder().region("cn-hangzhou").build()?;
    /// assert_eq!(client.region(), Some("cn-hangzhou"));
    /// assert_eq!(client.region_source(), Some(RegionSource::Program));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn region_source(&self) -> Option<RegionSource> {
        self.context.endpoint.region_source()
    }

    fn with_limits(&self, change: impl FnOnce(&mut CallLimits)) -> Self {
        let mut context = CallContext::clone(&self.context);
        change(&mut context.limits);
        Self { context: Arc::new(context) }
    }

    /// Returns one page of secrets, without their values
    /// ([`ListSecrets`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listsecrets)).
    ///
    /// For all pages use [`list_secrets_paginator`](Self::list_secrets_paginator).
    ///
    /// # Errors
    ///
    /// The [errors of every call](Self#errors).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// use alibabacloud_kms::secrets::{Filter, ListSecretsRequest};
    ///
    /// let emulator = Emulator::start().await?;
    /// emulator.add_secret(EmulatedSecret::new("prod/db").tag("team", "core"));
    /// let client = emulator.client()?;
    ///
    /// let request = ListSecretsRequest::new().filter(Filter::secret_name(["prod/db"]));
    /// let page = client.list_secrets(request.fetch_tags(true)).await?;
    /// assert_eq!(page.total_count, 1);
    /// assert_eq!(page.secrets[0].tag("team"), Some("core"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn list_secrets(
        &self,
        request: ListSecretsRequest,
    ) -> impl Future<Output = Result<ListSecretsResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Returns every page of secrets from the request's `page_number` on, as a stream of pages or
    /// of secrets.
    ///
    /// A page has 100 secrets unless the request sets another size, and up to four pages are
    /// requested concurrently ([`concurrency`](Paginator::concurrency)). If a page fails, the
    /// stream yields the error and never just ends. [`resume`](Paginator::resume) continues a
    /// listing that was stopped.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # use alibabacloud_kms::secrets::ListSecretsRequest;
    /// # let emulator = Emulator::start().await?;
    /// # for n in 0..250 { emulator.add_secret(EmulatedSecret::new(format!("secret-{n}"))); }
    /// # let client = emulator.client()?;
    /// use futures_util::TryStreamExt;
    ///
    /// let paginator = client.list_secrets_paginator(ListSecretsRequest::new());
    /// let secrets: Vec<_> = paginator.items().try_collect().await?;
    /// assert_eq!(secrets.len(), 250);
    /// # Ok(())
    /// # }
    /// ```
    pub fn list_secrets_paginator(
        &self,
        request: ListSecretsRequest,
    ) -> Paginator<ListSecretsRequest> {
        Paginator::new(Arc::clone(&self.context), request)
    }

    /// Lists every secret, and reports whether the list is certain to be complete.
    ///
    /// Pages are numbered, and the service takes no snapshot. A secret that is deleted while pages
    /// are read moves a later secret to a page that was already read, and a single scan misses it.
    /// This method scans all pages several times if necessary, and compares the scans. If
    /// [`SecretInventory::complete`](crate::inventory::SecretInventory::complete) is true, the
    /// [`secrets`](crate::inventory::SecretInventory::secrets) are exactly those that existed
    /// during one of the scans, each once.
    ///
    /// A list that does not change needs one scan if it does not fill a page, and otherwise three,
    /// or two with [`concurrency(1)`](ListAllSecrets::concurrency). While secrets are created and
    /// deleted, more scans are made, up to [`max_scans`](ListAllSecrets::max_scans). After that the
    /// inventory is returned as incomplete. An error on any page is an `Err`, never a shorter list.
    ///
    /// A scan is complete if its pages are consistent, and if an earlier and a later scan found
    /// each of its secrets too, with the same name and creation time. Then no secret was created or
    /// deleted during the scan, and none was skipped.
    ///
    /// # Limits
    ///
    /// Page numbers cannot show everything. A list that is reported as complete may still miss a
    /// secret in these cases:
    ///
    /// - The order changes. Secrets must keep their order, such as by name or by creation time. KMS
    ///   does not promise one; a list that contradicts itself is not reported as complete.
    /// - A secret is deleted and created again within a second, since creation times have whole
    ///   seconds. It counts as unchanged.
    /// - A secret leaves the list between two scans and returns. It was restored while the request
    ///   excludes secrets that are pending deletion, or its tags or description did not match a
    ///   filter for a while.
    /// - A filter by tag covers more than 4,000 resources. The service reads only that many.
    ///
    /// If the service returns no creation times, only a list of one page is reported as complete.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if the request does not start at page 1 or
    /// a setting is outside its range, [`Pagination`](crate::ErrorKind::Pagination) if the pages do
    /// not end, and the [errors of every call](Self#errors).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # use alibabacloud_kms::secrets::ListSecretsRequest;
    /// # let emulator = Emulator::start().await?;
    /// # for n in 0..250 { emulator.add_secret(EmulatedSecret::new(format!("secret-{n}"))); }
    /// # let client = emulator.client()?;
    /// let listing = client.list_all_secrets(ListSecretsRequest::new()).max_scans(5).await?;
    /// assert!(listing.complete);
    /// assert_eq!((listing.secrets.len(), listing.scans), (250, 3));
    /// # Ok(())
    /// # }
    /// ```
    pub fn list_all_secrets(&self, request: ListSecretsRequest) -> ListAllSecrets {
        ListAllSecrets::new(Arc::clone(&self.context), request)
    }
}
