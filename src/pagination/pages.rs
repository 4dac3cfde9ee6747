//! [`Pages`]: the stream of the pages of a listing.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::{FusedStream, Stream};

use super::checkpoint::Checkpoint;
use super::listing_id::ListingId;
use super::page_cursor::PageCursor;
use super::page_result::PageFault;
use super::prefetch::Prefetch;
use super::resume_token::ResumeToken;
use crate::call::CallContext;
use crate::call::task::CallTask;
use crate::error::{Error, ErrorKind, Result, ValidationError};
use crate::operation::paged::{PagePosition, PagedRequest};

/// The pages of a listing: a [`Stream`] that requests a page when it is polled for it, and those
/// after it that the service's total promises, up to the paginator's
/// [`concurrency`](super::Paginator::concurrency).
///
/// Numbered pages end with one that is empty, or that is not full when the total promises no more
/// items; pages with tokens end with one that has none. A response with another page number than
/// the requested one is a retryable error. After an error that [is
/// retryable](crate::Error::is_retryable) the next poll requests the same page again, and the pages
/// after it that have arrived are kept; after any other error the stream ends. Dropping it cancels
/// the requests that are in flight.
///
/// Each page is requested by a task of the runtime that polls the stream, which continues while the
/// stream is not polled.
#[must_use = "streams do nothing unless polled"]
pub struct Pages<R: PagedRequest> {
    context: Arc<CallContext>,
    request: R,
    concurrency: usize,
    /// A wrong setting of the paginator, until it is reported.
    problem: Option<ValidationError>,
    cursor: PageCursor,
    /// For each item of the last page, whether it is new.
    fresh: Vec<bool>,
    prefetch: Prefetch<R::Response>,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Reading,
    Complete,
    Failed,
}

impl<R: PagedRequest> Pages<R> {
    pub(super) fn new(
        context: Arc<CallContext>,
        request: R,
        concurrency: usize,
        cursor: PageCursor,
        problem: Option<ValidationError>,
    ) -> Self {
        Self {
            context,
            request,
            concurrency,
            problem,
            cursor,
            fresh: Vec::new(),
            prefetch: Prefetch::new(),
            state: State::Reading,
        }
    }

    /// Returns a token for the position after all pages that were yielded, for
    /// [`Paginator::resume`](super::Paginator::resume). Returns `None` once the listing is
    /// complete.
    ///
    /// After an error it leads to the page that failed. Items that are added or removed before that
    /// page until then shift others across it, as between any two pages.
    #[must_use]
    pub fn resume_token(&self) -> Option<ResumeToken> {
        let checkpoint = Checkpoint { position: self.cursor.next(), yielded: Vec::new() };
        (self.state != State::Complete).then(|| self.token(checkpoint))
    }

    pub(super) fn token(&self, checkpoint: Checkpoint) -> ResumeToken {
        let listing = ListingId::new(&self.context, &self.request);
        ResumeToken { listing, checkpoint }
    }

    pub(super) fn is_complete(&self) -> bool {
        self.state == State::Complete
    }

    pub(super) fn cursor(&self) -> &PageCursor {
        &self.cursor
    }

    /// Takes for each item of the last page whether it is new.
    pub(super) fn take_fresh(&mut self) -> Vec<bool> {
        std::mem::take(&mut self.fresh)
    }

    fn call(&self, position: &PagePosition) -> CallTask<R::Response> {
        CallTask::start(&self.context, self.request.at(position))
    }

    fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Result<R::Response>> {
        if let Some(problem) = self.problem.take() {
            return Poll::Ready(Err(Error::invalid_input(&problem).with_operation(R::SPEC.name)));
        }
        loop {
            if !self.prefetch.has_next() {
                let call = self.call(&self.cursor.next());
                self.prefetch.set_next(call);
            }
            self.request_ahead();
            if let Some(outcome) = ready!(self.prefetch.poll_next(cx)) {
                let accepted =
                    outcome.and_then(|response| self.accept(&response).map(|()| response));
                return Poll::Ready(accepted);
            }
        }
    }

    /// Requests as many of the pages after the next one as may be in flight.
    fn request_ahead(&mut self) {
        while self.prefetch.ahead() + 1 < self.concurrency
            && let Some(position) = self.cursor.ahead(self.prefetch.ahead() + 1)
        {
            let call = self.call(&position);
            self.prefetch.push_ahead(call);
        }
    }

    /// Advances to the page after `response`, or ends.
    fn accept(&mut self, response: &R::Response) -> Result<()> {
        let ids = R::items(response).iter().map(R::item_id);
        let result = self.cursor.accept(ids, R::page_info(response));
        let page = result.map_err(|fault| self.error(&fault))?;
        self.fresh = page.fresh;
        self.prefetch.advance();
        if page.is_last {
            self.end(State::Complete);
        }
        Ok(())
    }

    fn error(&self, fault: &PageFault) -> Error {
        let hint = "list again; if it happens again, check whether the endpoint is KMS";
        let error = Error::new(ErrorKind::Pagination, fault.to_string())
            .with_hint(Some(hint))
            .with_operation(R::SPEC.name)
            .with_host(self.context.endpoint.host());
        if fault.is_transient() { error.transient() } else { error }
    }

    fn end(&mut self, state: State) {
        self.state = state;
        self.prefetch.cancel();
    }
}

impl<R: PagedRequest> Stream for Pages<R> {
    type Item = Result<R::Response>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.state != State::Reading {
            return Poll::Ready(None);
        }
        let outcome = ready!(this.poll_page(cx));
        match &outcome {
            Ok(_) => {}
            Err(error) if error.is_retryable() => this.prefetch.suspect(),
            Err(_) => this.end(State::Failed),
        }
        Poll::Ready(Some(outcome))
    }
}

impl<R: PagedRequest> FusedStream for Pages<R> {
    fn is_terminated(&self) -> bool {
        self.state != State::Reading
    }
}

impl<R: PagedRequest + fmt::Debug> fmt::Debug for Pages<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("request", &self.request)
            .field("next_page", &self.cursor.next())
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}
