//! Streams of pages and of their items, over any request whose answer comes in numbered pages.

mod walk;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::{FusedStream, Stream};

use crate::call::{CallContext, call};
use crate::error::{Error, ErrorKind, Result};
use crate::ops::paged::{PageBounds, PagedRequest};
use walk::{Endless, Walk};

/// All pages of a request, as a stream of [`pages`](Self::pages) or of their [`items`](Self::items).
///
/// Nothing is sent before the stream is polled. A listing has no snapshot on the service's side: a secret that is created
/// or deleted meanwhile shifts the later ones, so one may be missed or seen twice.
#[derive(Debug)]
#[must_use = "a paginator does nothing until pages() or items() is polled"]
pub struct Paginator<R> {
    context: Arc<CallContext>,
    request: R,
}

impl<R: PagedRequest> Paginator<R> {
    pub(crate) fn new(context: Arc<CallContext>, request: R) -> Self {
        Self { context, request }
    }

    /// The pages as the service answered them.
    pub fn pages(self) -> Pages<R> {
        let PageBounds { first, size } = self.request.bounds();
        Pages {
            context: self.context,
            request: self.request,
            walk: Walk::new(first, size),
            fresh: Vec::new(),
            in_flight: None,
            progress: Progress::Walking,
        }
    }

    /// What is on the pages, one by one; an item that was on one of the pages just before is left out.
    pub fn items(self) -> Items<R> {
        Items { pages: self.pages(), page: Vec::new().into_iter(), current: None }
    }
}

/// The pages of a listing: a [`Stream`] that asks for a page when it is polled for it, and for no page ahead.
///
/// It ends after a page that is empty or not full, whatever total the service tells. After an error that may pass
/// ([`is_retryable`](Error::is_retryable)) the next poll asks for the same page again; after any other it ends.
/// Dropping it gives up the request that is under way.
#[must_use = "streams do nothing unless polled"]
pub struct Pages<R: PagedRequest> {
    context: Arc<CallContext>,
    request: R,
    walk: Walk,
    /// For each item of the last page whether it is new.
    fresh: Vec<bool>,
    in_flight: Option<InFlight<R::Response>>,
    progress: Progress,
}

type InFlight<T> = Pin<Box<dyn Future<Output = Result<T>> + Send + Sync>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    Walking,
    Complete,
    Failed,
}

impl<R: PagedRequest> Pages<R> {
    /// The page to start from to get all that has not been handed out; `None` once the listing is complete.
    ///
    /// After an error it is the page that failed: give it to the request's `page_number`.
    #[must_use]
    pub fn resume_page(&self) -> Option<u32> {
        (self.progress != Progress::Complete).then(|| self.walk.next_page())
    }

    /// Takes note of an answer; what is left to do is told by `progress`.
    fn accept(&mut self, response: &R::Response) -> Result<()> {
        let names = R::items(response).iter().map(R::name);
        match self.walk.accept(names, R::answered_size(response)) {
            Ok(step) => {
                self.fresh = step.fresh;
                if step.last {
                    self.progress = Progress::Complete;
                }
                Ok(())
            }
            Err(endless) => Err(endless_listing(endless)
                .in_operation(R::NAME)
                .at_host(self.context.endpoint.host())),
        }
    }
}

fn endless_listing(endless: Endless) -> Error {
    Error::new(ErrorKind::EndlessListing, endless.to_string())
        .with_advice(Some("list again; if it stays so, the endpoint does not page as KMS does"))
}

impl<R: PagedRequest> Stream for Pages<R> {
    type Item = Result<R::Response>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.progress != Progress::Walking {
            return Poll::Ready(None);
        }
        let in_flight = this.in_flight.get_or_insert_with(|| {
            let request = this.request.at_page(this.walk.next_page(), this.walk.size());
            Box::pin(call(Arc::clone(&this.context), request))
        });
        let outcome = ready!(in_flight.as_mut().poll(cx));
        this.in_flight = None;
        let outcome = outcome.and_then(|response| this.accept(&response).map(|()| response));
        if outcome.as_ref().is_err_and(|error| !error.is_retryable()) {
            this.progress = Progress::Failed;
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

/// What is on the pages of a listing, one by one: a [`Stream`] that asks for a page when the one before is used up.
///
/// It ends, and goes on after errors, as [`Pages`] does. An item whose name was on one of the four pages before, as happens
/// when the list moves, is left out.
#[must_use = "streams do nothing unless polled"]
pub struct Items<R: PagedRequest> {
    pages: Pages<R>,
    page: vec::IntoIter<R::Item>,
    /// The number of the page whose items are being handed out.
    current: Option<u32>,
}

impl<R: PagedRequest> Items<R> {
    /// The page to start from to get all that has not been handed out; `None` once the listing is complete.
    ///
    /// In the middle of a page it is that page, whose first items then come again. After an error it is the page that
    /// failed: give it to the request's `page_number`.
    #[must_use]
    pub fn resume_page(&self) -> Option<u32> {
        if self.page.len() > 0 { self.current } else { self.pages.resume_page() }
    }

    fn open(&mut self, number: u32, response: R::Response) {
        let fresh = std::mem::take(&mut self.pages.fresh);
        let items = R::into_items(response).into_iter().zip(fresh);
        let fresh: Vec<R::Item> = items.filter_map(|(item, fresh)| fresh.then_some(item)).collect();
        self.page = fresh.into_iter();
        self.current = Some(number);
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
            let number = this.pages.walk.next_page();
            match ready!(Pin::new(&mut this.pages).poll_next(cx)) {
                Some(Ok(response)) => this.open(number, response),
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
