//! [`Paginator`]: the settings of a listing, which becomes one of two streams.

use std::sync::Arc;

use super::concurrency::{DEFAULT_CONCURRENCY, validate_concurrency};
use super::items::Items;
use super::listing_id::{ListingId, check_position};
use super::page_cursor::PageCursor;
use super::pages::Pages;
use super::resume_token::ResumeToken;
use crate::call::CallContext;
use crate::error::ValidationError;
use crate::operation::paged::PagedRequest;

/// All pages of a listing, as a stream of [`pages`](Self::pages) or of their
/// [`items`](Self::items).
///
/// Nothing is sent before the stream is polled. The [module](super) describes what happens if the
/// list changes meanwhile.
#[derive(Clone, Debug)]
#[must_use = "a paginator does nothing until pages() or items() is polled"]
pub struct Paginator<R> {
    context: Arc<CallContext>,
    request: R,
    concurrency: usize,
    resume: Option<ResumeToken>,
}

impl<R: PagedRequest> Paginator<R> {
    pub(crate) fn new(context: Arc<CallContext>, request: R) -> Self {
        Self { context, request, concurrency: DEFAULT_CONCURRENCY, resume: None }
    }

    /// Sets how many pages may be requested concurrently, 1 to 64, default 4.
    ///
    /// With 1 a page is requested when the one before was used up. The number also bounds the pages
    /// that wait to be yielded, and so the memory. Pages are always yielded in the order of the
    /// service. The first page is requested alone and contains the total: a list of one page costs
    /// one request. After the last page of the latest total, pages are requested one at a time.
    ///
    /// Pages with tokens, those of
    /// [`ListTagResources`](crate::KmsClient::list_tag_resources_paginator), are always requested
    /// one at a time, since each contains the token of the next.
    ///
    /// Any other number is an error of the stream,
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), and nothing is sent.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # use alibabacloud_kms::secrets::ListSecretsRequest;
    /// # let emulator = Emulator::start().await?;
    /// # for n in 0..1_050 { emulator.add_secret(EmulatedSecret::new(format!("secret-{n}"))); }
    /// # let client = emulator.client()?;
    /// use futures_util::TryStreamExt;
    ///
    /// let listing = client.list_secrets_paginator(ListSecretsRequest::new()).concurrency(8);
    /// let secrets: Vec<_> = listing.items().try_collect().await?;
    /// assert_eq!(secrets.len(), 1_050);
    /// # Ok(())
    /// # }
    /// ```
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        self.concurrency = concurrency;
        self
    }

    /// Continues where `token` was taken, instead of at the page that the request names.
    ///
    /// Everything else must be as it was: the host, region and operation, the page size, the
    /// filters and other parameters. A token of another listing is an error of the stream,
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), and nothing is sent. Only the account is
    /// not checked: use the same.
    ///
    /// The end of a listing that does not start at page 1 is an empty page, which costs one
    /// request: the number of items on the pages before is unknown.
    ///
    /// Use a token with the kind of stream that it was taken from. One of [`Items`] is a page early
    /// to find what has moved there, which [`Pages`] would yield whole; one of [`Pages`] has no
    /// names to recognize an item that has moved.
    pub fn resume(mut self, token: ResumeToken) -> Self {
        self.resume = Some(token);
        self
    }

    /// Returns the pages, as the service sent them.
    pub fn pages(self) -> Pages<R> {
        let problem = self.validate().err();
        let cursor = match self.resume {
            Some(token) if problem.is_none() => PageCursor::resume(token.checkpoint),
            _ => PageCursor::new(self.request.position()),
        };
        Pages::new(self.context, self.request, self.concurrency, cursor, problem)
    }

    /// Returns the items of the pages, one by one, without those that were on one of the pages just
    /// before.
    pub fn items(self) -> Items<R> {
        Items::new(self.pages())
    }

    fn validate(&self) -> Result<(), ValidationError> {
        validate_concurrency(self.concurrency)?;
        let Some(token) = &self.resume else { return Ok(()) };
        ListingId::new(&self.context, &self.request).check(&token.listing)?;
        check_position(&token.checkpoint.position, &self.request.position())
    }
}
