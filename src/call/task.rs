//! [`CallTask`]: a call that continues while its caller does not poll it.

use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use sync_wrapper::SyncFuture;
use tokio::runtime::{self, Handle};
use tokio::task::JoinHandle;

use super::{CallContext, call};
use crate::error::{Error, ErrorKind, Result};
use crate::operation::Operation;
use crate::telemetry::in_current_span;

/// A call on a task of the runtime, so that its timeouts do not expire while the caller is busy.
/// Dropping it cancels the call.
pub(crate) enum CallTask<T> {
    Spawned(JoinHandle<Result<T>>, runtime::Id),
    /// Without a runtime: the call fails when it is polled, and says what it needs.
    Unspawned(SyncFuture<BoxedCall<T>>),
}

type BoxedCall<T> = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

impl<T: Send + 'static> CallTask<T> {
    pub(crate) fn start<O: Operation<Response = T>>(
        context: &Arc<CallContext>,
        operation: O,
    ) -> Self {
        // Boxed, so that the code of the call is compiled once, for calls with and without a task.
        let call: BoxedCall<T> = Box::pin(call(Arc::clone(context), operation));
        match Handle::try_current() {
            Ok(runtime) => Self::Spawned(runtime.spawn(in_current_span(call)), runtime.id()),
            Err(_) => Self::Unspawned(SyncFuture::new(call)),
        }
    }

    /// Polls for the outcome of the call; `None` if the runtime that it was started on has shut
    /// down while its caller continues on another. On the same one another call would end as it
    /// did, so that is an error.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let (task, started_on) = match self {
            Self::Spawned(task, runtime) => (task, *runtime),
            Self::Unspawned(call) => return Pin::new(call).poll(cx).map(Some),
        };
        Poll::Ready(match ready!(Pin::new(task).poll(cx)) {
            Ok(outcome) => Some(outcome),
            Err(ended) => match ended.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                Err(_) => is_on(started_on).then(|| Err(shut_down())),
            },
        })
    }
}

impl<T> Drop for CallTask<T> {
    fn drop(&mut self) {
        if let Self::Spawned(task, _) = self {
            task.abort();
        }
    }
}

fn is_on(runtime: runtime::Id) -> bool {
    Handle::try_current().is_ok_and(|current| current.id() == runtime)
}

fn shut_down() -> Error {
    Error::new(ErrorKind::Unknown, "the runtime was shut down before the call ended")
}
