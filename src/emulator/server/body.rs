//! Bodies that arrive otherwise than whole and at once.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_core::Stream;
use tokio::time::{Sleep, sleep};

use super::connection::{Cut, End};

/// How many spaces an oversized body sends at once.
const SPACES: &[u8] = &[b' '; 16 * 1024];

/// One thing that happens while a body is sent.
pub(super) enum Step {
    Send(Bytes),
    /// Sends so many spaces.
    Pad(u64),
    Wait(Duration),
    /// Lets the connection send what it has so far: it does when a body is not ready.
    Flush,
    /// Ends the body with an error, upon which the connection is closed.
    Fail,
    /// Resets the connection.
    Reset,
}

/// A body that follows a script.
pub(super) struct ScriptedBody {
    steps: VecDeque<Step>,
    waiting: Option<Pin<Box<Sleep>>>,
    cut: Cut,
}

impl ScriptedBody {
    pub(super) fn body(steps: impl IntoIterator<Item = Step>, cut: Cut) -> Body {
        let steps = steps.into_iter().collect();
        Body::from_stream(Self { steps, waiting: None, cut })
    }
}

impl Stream for ScriptedBody {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(waiting) = &mut self.waiting {
            ready!(waiting.as_mut().poll(cx));
            self.waiting = None;
        }
        match self.steps.pop_front() {
            Some(Step::Send(bytes)) => Poll::Ready(Some(Ok(bytes))),
            Some(Step::Pad(0)) => self.poll_next(cx),
            Some(Step::Pad(left)) => {
                let now = left.min(SPACES.len() as u64);
                self.steps.push_front(Step::Pad(left - now));
                Poll::Ready(Some(Ok(Bytes::from_static(SPACES).slice(..now as usize))))
            }
            Some(Step::Wait(pause)) => {
                self.waiting = Some(Box::pin(sleep(pause)));
                self.poll_next(cx)
            }
            Some(Step::Flush) => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Some(Step::Fail) => Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into()))),
            Some(Step::Reset) => {
                self.cut.now(End::Reset);
                // The connection drops this body with everything else; until then it may poll it again, and an end of the
                // body would be an orderly one.
                self.steps.push_front(Step::Reset);
                Poll::Pending
            }
            None => Poll::Ready(None),
        }
    }
}

/// A whole body upon whose end the connection is closed.
pub(super) struct LastBody {
    bytes: Option<Bytes>,
    cut: Cut,
}

impl LastBody {
    pub(super) fn body(bytes: Bytes, cut: Cut) -> Body {
        Body::from_stream(Self { bytes: Some(bytes), cut })
    }
}

impl Stream for LastBody {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.bytes.take().map(Ok))
    }
}

impl Drop for LastBody {
    /// A body of known length is not polled again after its last byte, so its end is when it is dropped.
    fn drop(&mut self) {
        self.cut.now(End::Close);
    }
}
