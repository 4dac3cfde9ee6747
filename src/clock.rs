//! What differs from run to run: the time and fresh nonces. The only file of the library that reads a clock or draws
//! randomness.

use std::fmt::Debug;

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Time and nonces, so that a test can fix both.
pub(crate) trait Clock: Debug + Send + Sync {
    /// The current time by this machine.
    fn now(&self) -> DateTime<Utc>;

    /// A text that no request carried before: the service refuses a repeated one with `SignatureNonceUsed`.
    fn nonce(&self) -> String;
}

/// The machine's clock and its random source.
#[derive(Debug)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn nonce(&self) -> String {
        Uuid::new_v4().to_string()
    }
}
