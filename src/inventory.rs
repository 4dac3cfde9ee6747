//! Listings that know whether they missed something: all pages are read again until one reading is known to be whole.

mod regions;
mod scans;

use std::future::{Future, IntoFuture, poll_fn};
use std::pin::Pin;
use std::sync::Arc;

use futures_core::Stream as _;
use serde::Serialize;

use crate::call::CallContext;
use crate::error::{Error, Result, ValidationError};
use crate::operation::Operation as _;
use crate::operation::paged::PagedRequest as _;
use crate::pagination::{DEFAULT_CONCURRENCY, Paginator};
use crate::secrets::list_secrets::{ListSecretsRequest, SecretSummary};
pub use regions::{RegionListings, RegionOutcome, list_secrets_in_regions};
use scans::{MOST_PASSES, Passes, Reading};

const DEFAULT_MAX_PASSES: u32 = 8;

/// A complete listing to be awaited: made by [`KmsClient::list_all_secrets`](crate::KmsClient::list_all_secrets), which has the whole story.
#[derive(Clone, Debug)]
#[must_use = "nothing is listed until it is awaited"]
pub struct ListAllSecrets {
    context: Arc<CallContext>,
    request: ListSecretsRequest,
    concurrency: usize,
    max_passes: u32,
}

impl ListAllSecrets {
    pub(crate) fn new(context: Arc<CallContext>, request: ListSecretsRequest) -> Self {
        Self { context, request, concurrency: DEFAULT_CONCURRENCY, max_passes: DEFAULT_MAX_PASSES }
    }

    /// How many pages may be asked for side by side, 1 to 64, default 4, as [`Paginator::concurrency`].
    ///
    /// With 1 the pages are read strictly one after another, and a quiet list of several pages needs two passes instead of
    /// three: fewer requests, more time.
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        self.concurrency = concurrency;
        self
    }

    /// How many times all pages may be read, 1 to 64, default 8.
    ///
    /// With less than 3, or 2 where the [`concurrency`](Self::concurrency) is 1, a list of several pages is never complete.
    pub fn max_passes(mut self, max_passes: u32) -> Self {
        self.max_passes = max_passes;
        self
    }

    async fn list(self) -> Result<SecretInventory> {
        self.validate().map_err(|problem| {
            let error = Error::invalid_input(&problem);
            error.with_operation(ListSecretsRequest::NAME)
        })?;
        let mut passes = Passes::new(self.reading());
        loop {
            self.read_all_pages(&mut passes).await?;
            let count = passes.count();
            if let Some(whole) = passes.whole_pass() {
                let secrets = passes.secrets_of(whole);
                return Ok(SecretInventory { secrets, complete: true, passes: count });
            }
            if count == self.max_passes {
                let secrets = passes.all_secrets();
                return Ok(SecretInventory { secrets, complete: false, passes: count });
            }
        }
    }

    async fn read_all_pages(&self, passes: &mut Passes) -> Result<()> {
        let listing = Paginator::new(Arc::clone(&self.context), self.request.clone());
        let mut pages = listing.concurrency(self.concurrency).pages();
        while let Some(page) = poll_fn(|cx| Pin::new(&mut pages).poll_next(cx)).await {
            passes.note_page(page?);
        }
        passes.end_pass();
        Ok(())
    }

    fn reading(&self) -> Reading {
        if self.concurrency == 1 { Reading::OneByOne } else { Reading::SideBySide }
    }

    fn validate(&self) -> Result<(), ValidationError> {
        let first = self.request.bounds().first;
        if first != 1 {
            return Err(ValidationError::new("page_number", first, "1, or none, to list all"));
        }
        if !(1..=MOST_PASSES).contains(&self.max_passes) {
            return Err(ValidationError::new("max_passes", self.max_passes, "1 to 64"));
        }
        Ok(())
    }
}

impl IntoFuture for ListAllSecrets {
    type Output = Result<SecretInventory>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + Sync>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.list())
    }
}

/// Secrets, and whether they are all: what [`KmsClient::list_all_secrets`](crate::KmsClient::list_all_secrets) gives.
///
/// It serializes with names in the service's style: `{"Secrets": [{"SecretName": …}], "Complete": true, "Passes": 3}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SecretInventory {
    /// Each name once, sorted by name in byte order.
    ///
    /// Of a complete listing these are what one pass over all pages showed, and every secret that existed from its beginning
    /// to its end is among them. Otherwise they are all that any pass showed, as it showed them last: some may be gone, and
    /// one that every pass missed is not there.
    pub secrets: Vec<SecretSummary>,
    /// Whether it is certain that no secret is missing that existed while the pages were read.
    pub complete: bool,
    /// How many times all pages were read.
    pub passes: u32,
}
