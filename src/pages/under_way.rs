//! Answers that are under way: of the page that is waited for, and of those behind it.

use std::collections::VecDeque;
use std::future::Future;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::task::JoinHandle;

use crate::error::Result;

/// The call for a page, boxed so that the code of a call is there once, for pages with and without a task.
pub(super) type Call<T> = Pin<Box<dyn Future<Output = Result<T>> + Send + Sync>>;

/// The answers of a listing that were asked for and not handed out, in the order of its pages.
pub(super) struct UnderWay<T> {
    /// The page that comes next; `None` when it has to be asked for.
    waited_for: Option<Waited<T>>,
    /// The pages behind it, one after the other.
    ahead: VecDeque<Ahead<T>>,
}

enum Waited<T> {
    /// Polled with the stream, which has nothing else to do: no task is needed for it.
    Here(Call<T>),
    Ahead(Ahead<T>),
}

/// A page asked for early. It has a task of its own: polled with the stream alone, its time limits would run out while the
/// caller is busy with the pages before it.
struct Ahead<T> {
    task: JoinHandle<Result<T>>,
    /// A page before it failed when it was under way already.
    doubtful: bool,
}

impl<T> Drop for Ahead<T> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl<T: Send + 'static> UnderWay<T> {
    pub(super) fn new() -> Self {
        Self { waited_for: None, ahead: VecDeque::new() }
    }

    /// How many pages behind the one that comes next were asked for.
    pub(super) fn ahead(&self) -> usize {
        self.ahead.len()
    }

    /// Starts `call` for the page behind all others.
    pub(super) fn start_ahead(&mut self, call: Call<T>) {
        self.ahead.push_back(Ahead { task: tokio::spawn(call), doubtful: false });
    }

    /// Whether the page that comes next was asked for.
    pub(super) fn is_waiting(&self) -> bool {
        self.waited_for.is_some()
    }

    /// Waits for `call` as that of the page that comes next.
    pub(super) fn wait_for(&mut self, call: Call<T>) {
        self.waited_for = Some(Waited::Here(call));
    }

    /// The answer for the page that comes next; `None` when it has to be asked for, first or again.
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let ended = match &mut self.waited_for {
            None => None,
            Some(Waited::Here(call)) => Some(ready!(call.as_mut().poll(cx))),
            Some(Waited::Ahead(page)) => ready!(page.poll(cx)),
        };
        self.waited_for = None;
        Poll::Ready(ended)
    }

    /// Makes the page behind the one that was handed out the next.
    pub(super) fn advance(&mut self) {
        self.waited_for = self.ahead.pop_front().map(Waited::Ahead);
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

impl<T> Ahead<T> {
    /// `None` when it has to be asked for again.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let ended = match ready!(Pin::new(&mut self.task).poll(cx)) {
            Ok(Err(error)) if self.doubtful && error.is_retryable() => None,
            Ok(outcome) => Some(outcome),
            Err(ended) => match ended.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                // The runtime it was on has shut down; the stream lives on in another.
                Err(_) => None,
            },
        };
        Poll::Ready(ended)
    }
}
