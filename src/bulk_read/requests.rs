//! [`BulkRead`]: the stream of the outcomes of many requests.

use std::fmt;
use std::iter::Fuse;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::window::Window;
use crate::call::CallContext;
use crate::error::{Error, Result};
use crate::operation::Operation;
use crate::pagination::{DEFAULT_CONCURRENCY, validate_concurrency};

type Requests<R> = Box<dyn Iterator<Item = R> + Send>;

/// The outcomes of many requests, each with its request: a [`Stream`] that keeps a bounded number
/// of them in flight.
///
/// Nothing is sent before it is polled. A request is sent by a task of the runtime that polls the
/// stream, which continues while the stream is not polled. Dropping it cancels the requests that
/// are in flight.
#[must_use = "streams do nothing unless polled"]
pub struct BulkRead<R: Operation> {
    requests: Fuse<Requests<R>>,
    concurrency: usize,
    window: Window<R, ()>,
}

impl<R: Operation + Clone> BulkRead<R> {
    pub(crate) fn new(context: Arc<CallContext>, requests: Requests<R>) -> Self {
        Self {
            requests: requests.fuse(),
            concurrency: DEFAULT_CONCURRENCY,
            window: Window::new(context),
        }
    }

    /// Sets how many requests may be in flight, 1 to 64, default 4.
    ///
    /// The number also bounds the outcomes that wait to be yielded. With any other number, the
    /// outcome of each request is [`InvalidInput`](crate::ErrorKind::InvalidInput), and nothing is
    /// sent.
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        self.concurrency = concurrency;
        self
    }

    /// Yields each outcome as soon as it is there, instead of in the order of the requests.
    ///
    /// One secret that takes long then does not hold back the others. Each outcome comes with its
    /// request, so use this unless the order itself matters.
    pub fn unordered(mut self) -> Self {
        self.window.set_unordered();
        self
    }
}

impl<R: Operation + Clone + Unpin> Stream for BulkRead<R> {
    type Item = (R, Result<R::Response>);

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if let Err(problem) = validate_concurrency(this.concurrency) {
            return Poll::Ready(this.requests.next().map(|request| {
                let error = Error::invalid_input(&problem).with_operation(R::SPEC.name);
                let error = error.on_resource(request.encoded(None).resource);
                (request, Err(error))
            }));
        }
        while this.window.len() < this.concurrency
            && let Some(request) = this.requests.next()
        {
            this.window.start(request, ());
        }
        let next = ready!(this.window.poll_next(cx));
        Poll::Ready(next.map(|read| (read.request, read.outcome)))
    }
}

impl<R: Operation> fmt::Debug for BulkRead<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BulkRead")
            .field("operation", &R::SPEC.name)
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}
