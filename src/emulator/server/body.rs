//! [`ScriptedBody`] and [`LastBody`]: bodies that are sent slowly, incompletely, or last.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_core::Stream;
use tokio::time::{Sleep, sleep};

use super::closer::{Closing, ConnectionCloser};

/// The chunk of spaces that an oversized body is padded with.
const SPACES: &[u8] = &[b' '; 16 * 1024];

/// One step of sending a body.
pub(super) enum Step {
    Send(Bytes),
    /// Sends this many spaces.
    Pad(u64),
    Wait(Duration),
    /// Lets the connection send what it has so far, which it does when a body is not ready.
    Flush,
    /// Ends the body with an error, which closes the connection.
    Fail,
    /// Resets the connection.
    Reset,
}

/// A body that follows a script.
pub(super) struct ScriptedBody {
    steps: VecDeque<Step>,
    waiting: Option<Pin<Box<Sleep>>>,
    closer: ConnectionCloser,
}

impl ScriptedBody {
    pub(super) fn body(steps: impl IntoIterator<Item = Step>, closer: ConnectionCloser) -> Body {
        let steps = steps.into_iter().collect();
        Body::from_stream(Self { steps, waiting: None, closer })
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
                self.closer.close(Closing::Reset);
                // The connection drops this body with everything else. Until then it may poll it
                // again, and the end of the body would be a graceful end.
                self.steps.push_front(Step::Reset);
                Poll::Pending
            }
            None => Poll::Ready(None),
        }
    }
}

/// A complete body whose end closes the connection.
pub(super) struct LastBody {
    bytes: Option<Bytes>,
    closer: ConnectionCloser,
}

impl LastBody {
    pub(super) fn body(bytes: Bytes, closer: ConnectionCloser) -> Body {
        Body::from_stream(Self { bytes: Some(bytes), closer })
    }
}

impl Stream for LastBody {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.bytes.take().map(Ok))
    }
}

impl Drop for LastBody {
    /// Closes the connection. A body of known length is not polled again after its last byte, so it
    /// ends when it is dropped.
    fn drop(&mut self) {
        self.closer.close(Closing::Graceful);
    }
}
