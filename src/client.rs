//! [`KmsClient`]: one short method per operation, each handed over to `call`.

mod builder;
mod kms_client;
mod policies;
mod raw;
mod regions;
mod rotation;
mod secrets;
mod tags;
mod values;
mod versions;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

pub use builder::KmsClientBuilder;
pub use kms_client::KmsClient;

use crate::call::{CallContext, CallLimits, call};
use crate::error::{Error, Result};
use crate::inventory::ListAllSecrets;
use crate::pagination::Paginator;
use crate::retry::RetryPolicy;
use crate::secrets::list_secrets::{ListSecretsRequest, ListSecretsResponse};

impl KmsClient {
    /// Settings to build a client from; a [`region`](KmsClientBuilder::region) or an
    /// [`endpoint`](KmsClientBuilder::endpoint) is all that it needs.
    pub fn builder() -> KmsClientBuilder {
        KmsClientBuilder::new()
    }

    /// The host that is called, such as `kms.cn-hangzhou.aliyuncs.com`, with the port where it is
    /// not HTTP's own.
    #[must_use]
    pub fn host(&self) -> &str {
        self.context.endpoint.host()
    }

    /// The same client with another limit for a whole call, as
    /// [`call_timeout`](KmsClientBuilder::call_timeout) sets it. It shares connections, keys,
    /// clock, retry budget and rate limits.
    ///
    /// A limit of zero or of more than 24 hours is refused when a call is made, as
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput).
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use alibabacloud_kms::KmsClient;
    ///
    /// # fn main() -> alibabacloud_kms::Result<()> {
    /// let client = KmsClient::builder().region("cn-hangzhou").build()?;
    /// let hurried = client.with_call_timeout(Duration::from_secs(2)); // for one call or many
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_call_timeout(&self, timeout: Duration) -> Self {
        self.with_limits(|limits| limits.call_timeout = timeout)
    }

    /// The same client with another limit for one request and its answer, as
    /// [`attempt_timeout`](KmsClientBuilder::attempt_timeout) sets it; see
    /// [`with_call_timeout`](Self::with_call_timeout).
    #[must_use]
    pub fn with_attempt_timeout(&self, timeout: Duration) -> Self {
        self.with_limits(|limits| limits.attempt_timeout = timeout)
    }

    /// The same client with a shorter limit for making a connection than the
    /// [`connect_timeout`](KmsClientBuilder::connect_timeout) that it was built with; see
    /// [`with_call_timeout`](Self::with_call_timeout).
    ///
    /// It counts where a call finds no idle connection in the pool. A longer one is refused when a
    /// call is made, since the pool that all handles share divides the client's limit among the
    /// addresses of a host. A [`transport`](KmsClientBuilder::transport) of the user's own finds it
    /// in [`HttpRequest`](crate::transport::HttpRequest).
    #[must_use]
    pub fn with_connect_timeout(&self, timeout: Duration) -> Self {
        self.with_limits(|limits| limits.shorter_connect_timeout = Some(timeout))
    }

    /// The same client with another policy of repeats; see
    /// [`with_call_timeout`](Self::with_call_timeout).
    #[must_use]
    pub fn with_retry_policy(&self, policy: RetryPolicy) -> Self {
        self.with_limits(|limits| limits.retry = policy)
    }

    /// A client of another region, for the same identity and network (public or VPC).
    ///
    /// It shares the connections and their TLS setup, the keys and the correction of the clock, and
    /// takes over all settings; its retry budget is its own, and so are its
    /// [`RateLimits`](crate::rate_limit::RateLimits), at the same figures. So one client is built
    /// and the others cost next to nothing, and what a region allows and refuses counts for that
    /// region. Keys that are found by default are found as for the first region.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration), when this client was built for an
    /// [`endpoint`](KmsClientBuilder::endpoint) or an instance, which tells no other region's host,
    /// or when no region can have this name.
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

    fn with_limits(&self, change: impl FnOnce(&mut CallLimits)) -> Self {
        let mut context = CallContext::clone(&self.context);
        change(&mut context.limits);
        Self { context: Arc::new(context) }
    }

    /// Gets one page of secrets, without their values
    /// ([`ListSecrets`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listsecrets)).
    ///
    /// For all pages use [`list_secrets_paginator`](Self::list_secrets_paginator). The identity
    /// needs the RAM action `kms:ListSecrets`; the service allows 40 requests a second for an
    /// account and region, shared with seven other operations.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) before anything is sent, when the request
    ///   is outside a documented limit.
    /// - [`Credentials`](crate::ErrorKind::Credentials) when the source of credentials has none.
    /// - Otherwise what the service or the network did, as [`Error`] tells it.
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
    /// let request = ListSecretsRequest::new().filter(Filter::secret_name(["prod/db"])).fetch_tags(true);
    /// let page = client.list_secrets(request).await?;
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

    /// Gets every page of secrets from the request's `page_number` on, as a stream of pages or of
    /// secrets.
    ///
    /// Pages hold 100 secrets unless the request says otherwise, and up to four are asked for side
    /// by side, which [`concurrency`](Paginator::concurrency) sets. A listing that fails says so in
    /// the stream; it never just ends, and [`resume`](Paginator::resume) goes on where one was
    /// given up.
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
    /// let secrets: Vec<_> = client.list_secrets_paginator(ListSecretsRequest::new()).items().try_collect().await?;
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

    /// Lists secrets until it is certain that none is missing, or says that it could not be.
    ///
    /// Numbered pages are not of one moment: while they are read, a deletion moves a secret from a
    /// page that is still to be read onto one that was read, and a single scan misses it. This
    /// scans all pages several times if necessary, and compares the scans. If
    /// [`SecretInventory::complete`](crate::inventory::SecretInventory::complete) is true, the
    /// [`secrets`](crate::inventory::SecretInventory::secrets) are all that existed while one scan
    /// read the pages, each once. A list that does not change needs one scan if it fits on a page,
    /// and otherwise three, or two with [`concurrency(1)`](ListAllSecrets::concurrency). While
    /// secrets are created and deleted all the time it needs more, up to
    /// [`max_scans`](ListAllSecrets::max_scans); after that the inventory is returned as
    /// incomplete. An error on any page is an `Err`, never a shorter listing.
    ///
    /// A scan is complete if its pages fit together and an earlier and a later scan found each
    /// secret on them too, with the same name and creation time: so none was created or deleted
    /// meanwhile, and none can have been skipped.
    ///
    /// This is what page numbers cannot tell, and where a listing that is called complete may yet
    /// miss a secret:
    ///
    /// - The order has to be one that secrets keep, such as by name or by time of creation. KMS
    ///   does not promise an order; a listing that contradicts itself is not called complete.
    /// - Times of creation are whole seconds. A secret that was deleted and created again within
    ///   one counts as one that stayed. So does one that left the list between two scans and came
    ///   back: one that was restored if those that await deletion are not listed, or whose tags or
    ///   description ceased to match a filter for a while.
    /// - Where secrets have no time of creation, only a list of one page is ever complete.
    /// - A filter by tag looks at 4,000 resources at most, and what lies beyond is no part of the
    ///   list.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) before anything is sent, when the request
    ///   starts at another page than 1, or it or the settings are outside their limits.
    /// - Otherwise as [`list_secrets`](Self::list_secrets), and
    ///   [`Pagination`](crate::ErrorKind::Pagination) when the pages come to no end.
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
