//! Streams of pages and of their items, over any request whose answer comes in numbered pages, and over the one whose pages
//! have tokens.

mod resource_tags;
mod resume;
mod tokens;
mod under_way;
mod walk;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::{FusedStream, Stream};

pub use resource_tags::ResourceTagItems;
pub use resume::ResumeToken;

use crate::call::{CallContext, CallTask};
use crate::error::{Error, ErrorKind, Result, ValidationError};
use crate::operation::paged::{PageBounds, PagedRequest};
use under_way::UnderWay;
use walk::{Answered, Endless, Place, Walk};

pub(crate) const DEFAULT_CONCURRENCY: usize = 4;
const MAX_CONCURRENCY: usize = 64;

/// All pages of a request, as a stream of [`pages`](Self::pages) or of their [`items`](Self::items).
///
/// Nothing is sent before the stream is polled. A listing has no snapshot on the service's side: a secret that is created
/// or deleted meanwhile shifts the later ones, so one may be missed or seen twice.
/// [`KmsClient::list_all_secrets`](crate::KmsClient::list_all_secrets) finds that out.
///
/// One of [`ListTagResources`](crate::KmsClient::list_tag_resources_paginator), whose pages have tokens in place of numbers, has
/// items alone.
#[derive(Debug)]
#[must_use = "a paginator does nothing until pages() or items() is polled"]
pub struct Paginator<R> {
    context: Arc<CallContext>,
    request: R,
    concurrency: usize,
    resume: Option<ResumeToken>,
}

impl<R> Paginator<R> {
    pub(crate) fn new(context: Arc<CallContext>, request: R) -> Self {
        Self { context, request, concurrency: DEFAULT_CONCURRENCY, resume: None }
    }
}

impl<R: PagedRequest> Paginator<R> {
    /// How many pages may be asked for side by side, 1 to 64, default 4. With 1 a page is asked for when the one before was
    /// used up.
    ///
    /// It bounds the requests in flight together with the pages that wait for their turn, so the memory as well. The order
    /// stays that of the service. The first page is asked for alone, and tells how many there are: a list of one page costs
    /// one request. Behind the last page of the latest total, one page is asked for at a time.
    ///
    /// Anything else than 1 to 64 is told by the stream as [`InvalidInput`](ErrorKind::InvalidInput), with nothing sent.
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

    /// Goes on where `token` was taken, instead of at the request's page number.
    ///
    /// The pages have the token's size, whatever the request says, since its page number counts in them. The rest of the
    /// request counts as it is: give the same filters, or what is listed is another list. A token of another operation, or
    /// of a later version of this crate that this one cannot read, is told by the stream as
    /// [`InvalidInput`](ErrorKind::InvalidInput), with nothing sent.
    ///
    /// A token goes to the kind of stream that it was taken from. One of [`Items`] is a page early to find what has moved
    /// there, which [`Pages`] would show whole; one of [`Pages`] has no names to tell an item that has moved.
    pub fn resume(mut self, token: ResumeToken) -> Self {
        self.resume = Some(token);
        self
    }

    /// The pages as the service answered them.
    pub fn pages(self) -> Pages<R> {
        let refused = self.validate().err();
        let PageBounds { first, size } = self.request.bounds();
        let walk = match self.resume {
            Some(ResumeToken { page, page_size, handed_out, .. }) if refused.is_none() => {
                Walk::from_place(Place { page, handed_out }, page_size)
            }
            _ => Walk::new(first, size),
        };
        Pages {
            context: self.context,
            request: self.request,
            concurrency: self.concurrency,
            refused,
            walk,
            fresh: Vec::new(),
            under_way: UnderWay::new(),
            progress: Progress::Walking,
        }
    }

    /// What is on the pages, one by one; an item that was on one of the pages just before is left out.
    pub fn items(self) -> Items<R> {
        Items { pages: self.pages(), page: Vec::new().into_iter() }
    }

    fn validate(&self) -> Result<(), ValidationError> {
        validate_concurrency(self.concurrency)?;
        self.resume.as_ref().map_or(Ok(()), |token| token.validate(R::NAME))
    }
}

/// Whether so many requests may be under way side by side.
pub(crate) fn validate_concurrency(concurrency: usize) -> Result<(), ValidationError> {
    if (1..=MAX_CONCURRENCY).contains(&concurrency) {
        Ok(())
    } else {
        Err(ValidationError::new("concurrency", concurrency, "1 to 64"))
    }
}

/// The pages of a listing: a [`Stream`] that asks for a page when it is polled for it, and then for those behind it that the
/// service's total promises, up to the paginator's [`concurrency`](Paginator::concurrency).
///
/// It ends after a page that is empty or not full, whatever total the service tells. After an error that may pass
/// ([`is_retryable`](Error::is_retryable)) the next poll asks for the same page again, and the pages behind it that are
/// there are kept; after any other it ends. Dropping it gives up the requests that are under way.
///
/// Each page is asked for by a task of the runtime that polls the stream, which goes on while it is not polled.
#[must_use = "streams do nothing unless polled"]
pub struct Pages<R: PagedRequest> {
    context: Arc<CallContext>,
    request: R,
    concurrency: usize,
    /// What is wrong with the paginator's settings, until it is told.
    refused: Option<ValidationError>,
    walk: Walk,
    /// For each item of the last page whether it is new.
    fresh: Vec<bool>,
    under_way: UnderWay<R::Response>,
    progress: Progress,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    Walking,
    Complete,
    Failed,
}

impl<R: PagedRequest> Pages<R> {
    /// Stands for all pages that were handed out: [`Paginator::resume`] goes on behind them. `None` once the listing is
    /// complete.
    ///
    /// After an error it leads to the page that failed. Entries that come or go before that page until then move others
    /// across it, as between any two pages.
    #[must_use]
    pub fn resume_token(&self) -> Option<ResumeToken> {
        (self.progress != Progress::Complete)
            .then(|| ResumeToken::new(R::NAME, self.walk.next_page(), self.walk.size(), Vec::new()))
    }

    fn call(&self, page: u32) -> CallTask<R::Response> {
        CallTask::start(&self.context, self.request.at_page(page, self.walk.size()))
    }

    fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Result<R::Response>> {
        if let Some(problem) = self.refused.take() {
            let error = Error::invalid_input(&problem);
            return Poll::Ready(Err(error.with_operation(R::NAME)));
        }
        loop {
            if !self.under_way.is_waiting() {
                let call = self.call(self.walk.next_page());
                self.under_way.wait_for(call);
            }
            self.ask_ahead();
            if let Some(outcome) = ready!(self.under_way.poll_next(cx)) {
                let accepted =
                    outcome.and_then(|response| self.accept(&response).map(|()| response));
                return Poll::Ready(accepted);
            }
        }
    }

    /// Asks for as many of the pages behind the next one as may be asked for now.
    fn ask_ahead(&mut self) {
        while self.under_way.ahead() + 1 < self.concurrency
            && let Some(page) = self.walk.page_ahead(self.under_way.ahead() + 1)
        {
            let call = self.call(page);
            self.under_way.add_ahead(call);
        }
    }

    /// Takes note of an answer; what is left to do is told by `progress`.
    fn accept(&mut self, response: &R::Response) -> Result<()> {
        let names = R::items(response).iter().map(R::name);
        let answered =
            Answered { size: R::answered_size(response), total: R::answered_total(response) };
        match self.walk.accept(names, answered) {
            Ok(step) => {
                self.fresh = step.fresh;
                self.under_way.advance();
                if step.last {
                    self.end(Progress::Complete);
                }
                Ok(())
            }
            Err(endless) => Err(endless_listing(endless)
                .with_operation(R::NAME)
                .with_host(self.context.endpoint.host())),
        }
    }

    fn end(&mut self, progress: Progress) {
        self.progress = progress;
        self.under_way.cancel();
    }
}

fn endless_listing(endless: Endless) -> Error {
    Error::new(ErrorKind::Pagination, endless.to_string())
        .with_hint(Some("list again; if it stays so, the endpoint does not page as KMS does"))
}

impl<R: PagedRequest> Stream for Pages<R> {
    type Item = Result<R::Response>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.progress != Progress::Walking {
            return Poll::Ready(None);
        }
        let outcome = ready!(this.poll_page(cx));
        match &outcome {
            Ok(_) => {}
            Err(error) if error.is_retryable() => this.under_way.doubt(),
            Err(_) => this.end(Progress::Failed),
        }
        Poll::Ready(Some(outcome))
    }
}

impl<R: PagedRequest> FusedStream for Pages<R> {
    fn is_terminated(&self) -> bool {
        self.progress != Progress::Walking
    }
}

impl<R: PagedRequest + fmt::Debug> fmt::Debug for Pages<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("request", &self.request)
            .field("next_page", &self.walk.next_page())
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}

/// What is on the pages of a listing, one by one: a [`Stream`] that asks for pages when the one before is used up.
///
/// It asks, ends, and goes on after errors, as [`Pages`] does. An item whose name was on one of the four pages before, as
/// happens when the list moves, is left out.
#[must_use = "streams do nothing unless polled"]
pub struct Items<R: PagedRequest> {
    pages: Pages<R>,
    page: vec::IntoIter<R::Item>,
}

impl<R: PagedRequest> Items<R> {
    /// Stands for all items that were handed out: [`Paginator::resume`] goes on behind them. `None` once the listing is
    /// complete.
    ///
    /// It may be taken anywhere, in the middle of a page and after an error too. If up to a page of entries come or go before
    /// that place until it is used, none of the others is lost or repeated, in whatever order the service lists: the token
    /// leads to the page before, and holds the names that were handed out near it. The listing before and after that moves
    /// as any other.
    #[must_use]
    pub fn resume_token(&self) -> Option<ResumeToken> {
        if self.is_terminated() && self.pages.progress == Progress::Complete {
            return None;
        }
        let walk = &self.pages.walk;
        let Place { page, handed_out } = walk.place(self.page.as_slice().iter().map(R::name));
        Some(ResumeToken::new(R::NAME, page, walk.size(), handed_out))
    }

    fn open(&mut self, response: R::Response) {
        let fresh = std::mem::take(&mut self.pages.fresh);
        let items = R::into_items(response).into_iter().zip(fresh);
        let fresh: Vec<R::Item> = items.filter_map(|(item, fresh)| fresh.then_some(item)).collect();
        self.page = fresh.into_iter();
    }
}

impl<R: PagedRequest> Stream for Items<R> {
    type Item = Result<R::Item>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(item) = this.page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(Pin::new(&mut this.pages).poll_next(cx)) {
                Some(Ok(response)) => this.open(response),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<R: PagedRequest> FusedStream for Items<R> {
    fn is_terminated(&self) -> bool {
        self.page.len() == 0 && self.pages.is_terminated()
    }
}

impl<R: PagedRequest + fmt::Debug> fmt::Debug for Items<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .field("left_on_page", &self.page.len())
            .finish()
    }
}
