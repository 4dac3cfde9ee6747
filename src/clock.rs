//! [`Clock`]: time, nonces and random draws. The only file of the library that reads a clock or
//! draws randomness.

pub(crate) mod correction;

use std::fmt::Debug;
use std::panic::catch_unwind;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::runtime::Handle;
use tokio::time::Instant;
use uuid::Uuid;

/// Time, nonces and random draws, so that a test can fix them all.
pub(crate) trait Clock: Debug + Send + Sync {
    /// Returns the current time of the local clock.
    fn now(&self) -> DateTime<Utc>;

    /// Returns the time of a monotonic clock, for deadlines.
    fn instant(&self) -> Instant {
        Instant::now()
    }

    /// Returns a text that no request had before: the service rejects a used one with
    /// `SignatureNonceUsed`.
    fn nonce(&self) -> String;

    /// Returns a random number, uniform in 0 (inclusive) to 1 (exclusive).
    fn draw(&self) -> f64;
}

/// The local clock and the system's random source.
#[derive(Debug)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn nonce(&self) -> String {
        Uuid::new_v4().to_string()
    }

    fn draw(&self) -> f64 {
        // The lowest 62 bits of a version 4 UUID are random; 53 are what a double can hold.
        let bits = Uuid::new_v4().as_u128() as u64 & ((1 << 53) - 1);
        bits as f64 / (1_u64 << 53) as f64
    }
}

/// The part of a runtime that is missing where a timeout is needed.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub(crate) enum NoTimer {
    #[error("the call is not made on a tokio runtime")]
    NoRuntime,
    #[error("the tokio runtime has no time driver")]
    NoTimeDriver,
}

impl NoTimer {
    /// Returns what to do about it.
    pub(crate) const fn hint(self) -> &'static str {
        match self {
            Self::NoRuntime => {
                "call from a function under #[tokio::main], or from a task of a runtime"
            }
            Self::NoTimeDriver => "build the runtime with enable_all()",
        }
    }
}

/// Fails if a timeout would panic here.
///
/// Tokio has no other sign of a missing time driver than this panic, which reaches the panic hook.
/// With `panic = "abort"` it ends the process, as the timeout itself would.
pub(crate) fn check_timer() -> Result<(), NoTimer> {
    Handle::try_current().map_err(|_| NoTimer::NoRuntime)?;
    catch_unwind(|| drop(tokio::time::sleep(Duration::ZERO))).map_err(|_| NoTimer::NoTimeDriver)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_uniform() {
        let draws: Vec<f64> = (0..1_000).map(|_| SystemClock.draw()).collect();
        assert!(draws.iter().all(|draw| (0.0..1.0).contains(draw)));
        for tenth in 0..10 {
            let from = f64::from(tenth) / 10.0;
            // 100 are expected; fewer than 40 come once in ten thousand million runs.
            assert!(draws.iter().filter(|draw| (from..from + 0.1).contains(*draw)).count() >= 40);
        }
    }
}
