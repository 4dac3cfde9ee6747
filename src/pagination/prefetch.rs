//! [`Prefetch`]: the requests of a listing that are in flight or whose responses wait for their
//! turn.

use std::collections::VecDeque;
use std::task::{Context, Poll, ready};

use crate::call::task::CallTask;
use crate::error::Result;

/// The calls for the next page of a listing and for the pages after it, in the order of the pages.
pub(super) struct Prefetch<T> {
    /// The call for the next page; `None` if it has to be requested.
    next: Option<PageCall<T>>,
    /// The calls for the pages after it, without a gap.
    ahead: VecDeque<PageCall<T>>,
}

struct PageCall<T> {
    task: CallTask<T>,
    /// True if the call was in flight when one for an earlier page failed.
    is_suspect: bool,
}

impl<T: Send + 'static> Prefetch<T> {
    pub(super) fn new() -> Self {
        Self { next: None, ahead: VecDeque::new() }
    }

    /// Returns how many pages after the next one were requested.
    pub(super) fn ahead(&self) -> usize {
        self.ahead.len()
    }

    /// Adds the call for the page after all others.
    pub(super) fn push_ahead(&mut self, task: CallTask<T>) {
        self.ahead.push_back(PageCall { task, is_suspect: false });
    }

    /// Returns whether the next page was requested.
    pub(super) fn has_next(&self) -> bool {
        self.next.is_some()
    }

    /// Sets the call for the next page.
    pub(super) fn set_next(&mut self, task: CallTask<T>) {
        self.next = Some(PageCall { task, is_suspect: false });
    }

    /// Polls for the next page; `None` if it has to be requested, for the first time or again.
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let Some(call) = &mut self.next else { return Poll::Ready(None) };
        let outcome = match ready!(call.task.poll(cx)) {
            Some(Err(error)) if call.is_suspect && error.is_retryable() => None,
            outcome => outcome,
        };
        self.next = None;
        Poll::Ready(outcome)
    }

    /// Makes the page after the one that was yielded the next.
    pub(super) fn advance(&mut self) {
        self.next = self.ahead.pop_front();
    }

    /// Keeps the calls for later pages after the next page failed. The cause may have failed them
    /// too: those that fail are requested again when their turn comes, so that one outage is
    /// reported once.
    pub(super) fn suspect(&mut self) {
        for call in &mut self.ahead {
            call.is_suspect = true;
        }
    }

    /// Cancels all calls.
    pub(super) fn cancel(&mut self) {
        self.next = None;
        self.ahead.clear();
    }
}
