//! [`ListAllSecrets`]: scans all pages until one scan is known to be complete.

use std::fmt;
use std::future::{Future, IntoFuture, poll_fn};
use std::pin::Pin;
use std::sync::Arc;

use futures_core::Stream as _;

use super::scans::{MAX_SCANS, ReadOrder, Scans};
use super::secret_inventory::SecretInventory;
use crate::call::CallContext;
use crate::error::{Error, Result, ValidationError};
use crate::operation::Operation as _;
use crate::operation::paged::{PagePosition, PagedRequest as _};
use crate::pagination::{DEFAULT_CONCURRENCY, Paginator};
use crate::secrets::list_secrets::ListSecretsRequest;

const DEFAULT_MAX_SCANS: u32 = 8;

/// A complete listing that starts when it is awaited, made by
/// [`KmsClient::list_all_secrets`](crate::KmsClient::list_all_secrets), which explains it.
#[derive(Clone, Debug)]
#[must_use = "nothing is listed until it is awaited"]
pub struct ListAllSecrets {
    context: Arc<CallContext>,
    request: ListSecretsRequest,
    concurrency: usize,
    max_scans: u32,
    progress: Option<OnProgress>,
}

/// The part of a listing that was read so far, for [`ListAllSecrets::on_progress`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListingProgress {
    /// The number of the scan of all pages, from 1. A listing of several pages makes at least two.
    pub scan: u32,
    /// The pages of this scan that were read.
    pub pages: u32,
    /// The secrets on these pages.
    pub secrets: usize,
    /// The number of secrets in the whole list, as the last of these pages reports it.
    pub total_count: u32,
}

#[derive(Clone)]
struct OnProgress(Arc<dyn Fn(ListingProgress) + Send + Sync>);

impl fmt::Debug for OnProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnProgress")
    }
}

impl ListAllSecrets {
    pub(crate) fn new(context: Arc<CallContext>, request: ListSecretsRequest) -> Self {
        Self {
            context,
            request,
            concurrency: DEFAULT_CONCURRENCY,
            max_scans: DEFAULT_MAX_SCANS,
            progress: None,
        }
    }

    /// Sets how many pages may be requested concurrently, 1 to 64, default 4, as
    /// [`Paginator::concurrency`].
    ///
    /// With 1 pages are read strictly one after another, and a list of several pages that does not
    /// change needs two scans instead of three: fewer requests, more time.
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        self.concurrency = concurrency;
        self
    }

    /// Sets how many times all pages may be read, 1 to 64, default 8.
    ///
    /// With less than 3, or 2 if the [`concurrency`](Self::concurrency) is 1, a list of several
    /// pages is never complete.
    pub fn max_scans(mut self, max_scans: u32) -> Self {
        self.max_scans = max_scans;
        self
    }

    /// Calls `report` after each page, on the task of the listing.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # use alibabacloud_kms::secrets::ListSecretsRequest;
    /// # let emulator = Emulator::start().await?;
    /// # emulator.add_secret(EmulatedSecret::new("prod/db"));
    /// # let client = emulator.client()?;
    /// let listing = client.list_all_secrets(ListSecretsRequest::new()).on_progress(|progress| {
    ///     let (secrets, total) = (progress.secrets, progress.total_count);
    ///     eprintln!("scan {}: {secrets} of {total} secrets", progress.scan);
    /// });
    /// let inventory = listing.await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_progress(mut self, report: impl Fn(ListingProgress) + Send + Sync + 'static) -> Self {
        self.progress = Some(OnProgress(Arc::new(report)));
        self
    }

    async fn list(self) -> Result<SecretInventory> {
        self.validate().map_err(|problem| {
            Error::invalid_input(&problem).with_operation(ListSecretsRequest::SPEC.name)
        })?;
        let mut scans = Scans::new(self.read_order());
        loop {
            self.scan(&mut scans).await?;
            let count = scans.count();
            if let Some(complete) = scans.complete_scan() {
                let secrets = scans.into_secrets_of(complete);
                return Ok(SecretInventory { secrets, complete: true, scans: count });
            }
            if count == self.max_scans {
                let secrets = scans.into_all_secrets();
                return Ok(SecretInventory { secrets, complete: false, scans: count });
            }
        }
    }

    /// Reads all pages once.
    async fn scan(&self, scans: &mut Scans) -> Result<()> {
        let listing = Paginator::new(Arc::clone(&self.context), self.request.clone());
        let mut pages = listing.concurrency(self.concurrency).pages();
        let mut progress =
            ListingProgress { scan: scans.count() + 1, pages: 0, secrets: 0, total_count: 0 };
        while let Some(page) = poll_fn(|cx| Pin::new(&mut pages).poll_next(cx)).await {
            let page = page?;
            progress.pages += 1;
            progress.secrets += page.secrets.len();
            progress.total_count = page.total_count;
            scans.add_page(page);
            if let Some(OnProgress(report)) = &self.progress {
                report(progress);
            }
        }
        scans.end_scan();
        Ok(())
    }

    fn read_order(&self) -> ReadOrder {
        if self.concurrency == 1 { ReadOrder::Sequential } else { ReadOrder::Concurrent }
    }

    fn validate(&self) -> Result<(), ValidationError> {
        if let PagePosition::Number { number: first @ (0 | 2..), .. } = self.request.position() {
            return Err(ValidationError::new(
                "page_number",
                first,
                "1 or unset to list all secrets",
            ));
        }
        if !(1..=MAX_SCANS).contains(&self.max_scans) {
            return Err(ValidationError::new("max_scans", self.max_scans, "1 to 64"));
        }
        Ok(())
    }
}

impl IntoFuture for ListAllSecrets {
    type Output = Result<SecretInventory>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + Sync>>;

    // Compiled only in programs that use it.
    #[inline]
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.list())
    }
}
