//! The stream over all tags on resources.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::{FusedStream, Stream};

use super::Paginator;
use super::tokens::{EndlessTokens, TokenWalk};
use crate::call::{CallContext, call};
use crate::error::{Error, ErrorKind, Result};
use crate::operation::Operation;
use crate::tags::list_tag_resources::{
    ListTagResourcesRequest, ListTagResourcesResponse, ResourceTag,
};

/// All rows of a [`ListTagResourcesRequest`]: a [`Stream`] that asks for a page when the one before is used up.
///
/// Nothing is sent before it is polled, and pages come one after another, since each tells the token of the next. After an
/// error that may pass ([`is_retryable`](Error::is_retryable)) the next poll asks for the same page again; after any other it
/// ends. Dropping it gives up the request that is under way.
#[must_use = "streams do nothing unless polled"]
pub struct ResourceTagItems {
    context: Arc<CallContext>,
    request: ListTagResourcesRequest,
    walk: TokenWalk,
    in_flight: Option<InFlight>,
    page: vec::IntoIter<ResourceTag>,
    /// Whether no page is to be asked for any more.
    ended: bool,
}

type InFlight = Pin<Box<dyn Future<Output = Result<ListTagResourcesResponse>> + Send + Sync>>;

impl Paginator<ListTagResourcesRequest> {
    /// All rows, one by one. The pages come one after another, since each tells the token of the next.
    pub fn items(self) -> ResourceTagItems {
        ResourceTagItems {
            context: self.context,
            walk: TokenWalk::new(self.request.token().map(str::to_owned)),
            request: self.request,
            in_flight: None,
            page: Vec::new().into_iter(),
            ended: false,
        }
    }
}

impl ResourceTagItems {
    fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let in_flight = self.in_flight.get_or_insert_with(|| {
            let request = self.request.clone().at_token(self.walk.next());
            Box::pin(call(Arc::clone(&self.context), request))
        });
        let outcome = ready!(in_flight.as_mut().poll(cx));
        self.in_flight = None;
        let outcome = outcome.and_then(|page| self.accept(page));
        if outcome.as_ref().is_err_and(|error| !error.is_retryable()) {
            self.ended = true;
        }
        Poll::Ready(outcome)
    }

    fn accept(&mut self, page: ListTagResourcesResponse) -> Result<()> {
        let told = self.walk.accept(page.next_token.as_deref());
        self.ended = told.map_err(|endless| self.endless_listing(&endless))?;
        self.page = page.tag_resources.into_iter();
        Ok(())
    }

    fn endless_listing(&self, endless: &EndlessTokens) -> Error {
        Error::new(ErrorKind::Pagination, endless.to_string())
            .with_hint(Some("list again; if it stays so, the endpoint does not page as KMS does"))
            .with_operation(ListTagResourcesRequest::NAME)
            .with_host(self.context.endpoint.host())
    }
}

impl Stream for ResourceTagItems {
    type Item = Result<ResourceTag>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(row) = this.page.next() {
                return Poll::Ready(Some(Ok(row)));
            }
            if this.ended {
                return Poll::Ready(None);
            }
            if let Err(error) = ready!(this.poll_page(cx)) {
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}

impl FusedStream for ResourceTagItems {
    fn is_terminated(&self) -> bool {
        self.ended && self.page.len() == 0
    }
}

impl fmt::Debug for ResourceTagItems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResourceTagItems")
            .field("request", &self.request)
            .field("left_on_page", &self.page.len())
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
