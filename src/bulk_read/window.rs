//! [`Window`]: the reads of a stream that are in flight or whose outcomes wait to be yielded.

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use crate::call::CallContext;
use crate::call::task::CallTask;
use crate::error::Result;
use crate::operation::Operation;

/// Reads that were started and not yet yielded, each with a label of type `T`.
pub(super) struct Window<R: Operation, T> {
    context: Arc<CallContext>,
    is_ordered: bool,
    reads: VecDeque<Read<R, T>>,
}

struct Read<R: Operation, T> {
    request: R,
    label: T,
    task: CallTask<R::Response>,
}

/// A read that has ended.
pub(super) struct Finished<R: Operation, T> {
    pub(super) request: R,
    pub(super) label: T,
    pub(super) outcome: Result<R::Response>,
}

impl<R: Operation + Clone, T> Window<R, T> {
    pub(super) fn new(context: Arc<CallContext>) -> Self {
        Self { context, is_ordered: true, reads: VecDeque::new() }
    }

    /// Makes reads leave the window as soon as they end.
    pub(super) fn set_unordered(&mut self) {
        self.is_ordered = false;
    }

    pub(super) fn is_ordered(&self) -> bool {
        self.is_ordered
    }

    pub(super) fn len(&self) -> usize {
        self.reads.len()
    }

    pub(super) fn start(&mut self, request: R, label: T) {
        let task = CallTask::start(&self.context, request.clone());
        self.reads.push_back(Read { request, label, task });
    }

    /// Polls for the read that leaves the window next; `None` if it is empty.
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Finished<R, T>>> {
        let candidates = if self.is_ordered { self.len().min(1) } else { self.len() };
        for index in 0..candidates {
            if let Poll::Ready(outcome) = self.reads[index].poll(&self.context, cx) {
                let read = self.reads.remove(index);
                return Poll::Ready(read.map(|Read { request, label, .. }| Finished {
                    request,
                    label,
                    outcome,
                }));
            }
        }
        if self.reads.is_empty() { Poll::Ready(None) } else { Poll::Pending }
    }
}

impl<R: Operation + Clone, T> Read<R, T> {
    fn poll(
        &mut self,
        context: &Arc<CallContext>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<R::Response>> {
        loop {
            if let Some(outcome) = ready!(self.task.poll(cx)) {
                return Poll::Ready(outcome);
            }
            self.task = CallTask::start(context, self.request.clone());
        }
    }
}
