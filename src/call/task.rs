//! [`CallTask`]: a call that continues while its caller does not poll it.

use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::task::JoinHandle;

use super::{CallContext, call};
use crate::error::Result;
use crate::operation::Operation;

/// A call on a task of the runtime, so that its timeouts do not expire while the caller is busy.
/// Dropping it cancels the call.
pub(crate) struct CallTask<T>(JoinHandle<Result<T>>);

impl<T: Send + 'static> CallTask<T> {
    pub(crate) fn start<O: Operation<Response = T>>(
        context: &Arc<CallContext>,
        operation: O,
    ) -> Self {
        // Boxed, so that the code of the call is compiled once, for calls with and without a task.
        let call: Pin<Box<dyn Future<Output = Result<T>> + Send>> =
            Box::pin(call(Arc::clone(context), operation));
        Self(tokio::spawn(call))
    }

    /// Polls for the outcome of the call; `None` if the runtime that it was started on has shut
    /// down while its caller continues on another.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        Poll::Ready(match ready!(Pin::new(&mut self.0).poll(cx)) {
            Ok(outcome) => Some(outcome),
            Err(ended) => match ended.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                Err(_) => None,
            },
        })
    }
}

impl<T> Drop for CallTask<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
