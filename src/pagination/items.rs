//! [`Items`]: the stream of the items on the pages of a listing.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::{FusedStream, Stream};

use super::pages::Pages;
use super::resume_token::ResumeToken;
use crate::error::Result;
use crate::operation::paged::PagedRequest;

/// The items on the pages of a listing, one by one: a [`Stream`] that requests a page when the one
/// before is used up.
///
/// It requests pages, ends, and continues after errors as [`Pages`] does. An item of a numbered
/// page that was also on one of the four pages before, because the list has moved, is left out.
#[must_use = "streams do nothing unless polled"]
pub struct Items<R: PagedRequest> {
    pages: Pages<R>,
    page: vec::IntoIter<R::Item>,
}

impl<R: PagedRequest> Items<R> {
    pub(super) fn new(pages: Pages<R>) -> Self {
        Self { pages, page: Vec::new().into_iter() }
    }

    /// Returns a token for the position after all items that were yielded, for
    /// [`Paginator::resume`](super::Paginator::resume). Returns `None` once the listing is
    /// complete.
    ///
    /// It can be taken anywhere, in the middle of a page and after an error too. If up to a page of
    /// items are added or removed before that position until it is used, none of the others is lost
    /// or repeated, in whatever order the service lists them: the token leads to the page before,
    /// and contains the names that were yielded near it. The listing before and after may miss what
    /// moves, as any other. A token of a listing whose pages have tokens leads to the page itself,
    /// and contains the ids that were yielded from it.
    #[must_use]
    pub fn resume_token(&self) -> Option<ResumeToken> {
        if self.page.len() == 0 && self.pages.is_complete() {
            return None;
        }
        let remaining = self.page.as_slice().iter().map(R::item_id);
        Some(self.pages.token(self.pages.cursor().checkpoint(remaining)))
    }

    fn open(&mut self, response: R::Response) {
        let mut fresh = self.pages.take_fresh().into_iter();
        let mut items = R::into_items(response);
        items.retain(|_| fresh.next() == Some(true));
        self.page = items.into_iter();
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
