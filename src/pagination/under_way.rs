//! Answers that are under way: of the page that is waited for, and of those behind it.

use std::collections::VecDeque;
use std::task::{Context, Poll, ready};

use crate::call::CallTask;
use crate::error::Result;

/// The answers of a listing that were asked for and not handed out, in the order of its pages.
pub(super) struct UnderWay<T> {
    /// The page that comes next; `None` when it has to be asked for.
    waited_for: Option<Page<T>>,
    /// The pages behind it, one after the other.
    ahead: VecDeque<Page<T>>,
}

struct Page<T> {
    call: CallTask<T>,
    /// A page before it failed when it was under way already.
    doubtful: bool,
}

impl<T: Send + 'static> UnderWay<T> {
    pub(super) fn new() -> Self {
        Self { waited_for: None, ahead: VecDeque::new() }
    }

    /// How many pages behind the one that comes next were asked for.
    pub(super) fn ahead(&self) -> usize {
        self.ahead.len()
    }

    /// Takes the call for the page behind all others.
    pub(super) fn add_ahead(&mut self, call: CallTask<T>) {
        self.ahead.push_back(Page { call, doubtful: false });
    }

    /// Whether the page that comes next was asked for.
    pub(super) fn is_waiting(&self) -> bool {
        self.waited_for.is_some()
    }

    /// Waits for `call` as that of the page that comes next.
    pub(super) fn wait_for(&mut self, call: CallTask<T>) {
        self.waited_for = Some(Page { call, doubtful: false });
    }

    /// The answer for the page that comes next; `None` when it has to be asked for, first or again.
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let Some(page) = &mut self.waited_for else { return Poll::Ready(None) };
        let ended = match ready!(page.call.poll(cx)) {
            Some(Err(error)) if page.doubtful && error.is_retryable() => None,
            ended => ended,
        };
        self.waited_for = None;
        Poll::Ready(ended)
    }

    /// Makes the page behind the one that was handed out the next.
    pub(super) fn advance(&mut self) {
        self.waited_for = self.ahead.pop_front();
    }

    /// Keeps what comes behind a page that failed. What made it fail has perhaps failed others that were under way: those
    /// are asked for again at their turn, so that one outage is told once.
    pub(super) fn doubt(&mut self) {
        for page in &mut self.ahead {
            page.doubtful = true;
        }
    }

    /// Gives up all that is under way.
    pub(super) fn cancel(&mut self) {
        self.waited_for = None;
        self.ahead.clear();
    }
}
