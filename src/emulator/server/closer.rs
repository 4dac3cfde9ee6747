//! [`ConnectionCloser`]: lets the response to a request close its connection.

use tokio::sync::mpsc;

/// The way in which a fault closes a connection.
#[derive(Clone, Copy, Debug)]
pub(super) enum Closing {
    /// Immediately and with a reset (RST): the peer's next read or write fails.
    Reset,
    /// In order, as soon as what was written is sent, but unannounced.
    Graceful,
}

/// Lets the response to a request close the connection that it is sent on.
#[derive(Clone, Debug)]
pub(super) struct ConnectionCloser(mpsc::Sender<Closing>);

impl ConnectionCloser {
    /// Returns a closer, and where its connection receives from it.
    pub(super) fn new() -> (Self, mpsc::Receiver<Closing>) {
        let (sender, receiver) = mpsc::channel(1);
        (Self(sender), receiver)
    }

    pub(super) fn close(&self, closing: Closing) {
        // It is full if the connection is being closed already.
        let _ = self.0.try_send(closing);
    }
}
