//! Listings that know whether they missed something: all pages are read again until one reading is known to be whole.

mod passes;
pub(crate) mod regions;

use std::future::{Future, IntoFuture, poll_fn};
use std::pin::Pin;
use std::sync::Arc;

use futures_core::Stream as _;
use serde::Serialize;

use crate::call::CallContext;
use crate::error::{Error, OutOfRange, Result};
use crate::ops::Operation as _;
use crate::ops::list_secrets::{ListSecretsRequest, SecretSummary};
use crate::ops::paged::PagedRequest as _;
use crate::pages::{DEFAULT_CONCURRENCY, Paginator};
use passes::{MOST_PASSES, Passes, Reading};

const DEFAULT_MAX_PASSES: u32 = 8;

/// A complete listing to be awaited: made by [`KmsClient::list_all`](crate::KmsClient::list_all), which has the whole story.
#[derive(Clone, Debug)]
#[must_use = "nothing is listed until it is awaited"]
pub struct ListAll {
    context: Arc<CallContext>,
    request: ListSecretsRequest,
    concurrency: usize,
    max_passes: u32,
}

impl ListAll {
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

    async fn list(self) -> Result<Listing> {
        self.validate().map_err(|problem| {
            let error = Error::invalid_input(&problem);
            error.in_operation(ListSecretsRequest::NAME)
        })?;
        let mut passes = Passes::new(self.reading());
        loop {
            self.read_all_pages(&mut passes).await?;
            let count = passes.count();
            if let Some(whole) = passes.whole_pass() {
                let secrets = passes.secrets_of(whole);
                return Ok(Listing { secrets, complete: true, passes: count });
            }
            if count == self.max_passes {
                let secrets = passes.all_secrets();
                return Ok(Listing { secrets, complete: false, passes: count });
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

    fn validate(&self) -> Result<(), OutOfRange> {
        let first = self.request.bounds().first;
        if first != 1 {
            return Err(OutOfRange::new("page_number", first, "1, or none, to list all"));
        }
        if !(1..=MOST_PASSES).contains(&self.max_passes) {
            return Err(OutOfRange::new("max_passes", self.max_passes, "1 to 64"));
        }
        Ok(())
    }
}

impl IntoFuture for ListAll {
    type Output = Result<Listing>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + Sync>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.list())
    }
}

/// Secrets, and whether they are all: what [`KmsClient::list_all`](crate::KmsClient::list_all) gives.
///
/// It serializes with names in the service's style: `{"Secrets": [{"SecretName": …}], "Complete": true, "Passes": 3}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Listing {
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
