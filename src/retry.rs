//! Whether a failed attempt is worth another, and when: a table and arithmetic, without clock, randomness or I/O.

pub(crate) mod backoff;
pub(crate) mod budget;
mod policy;
pub(crate) mod server_wait;
mod verdict;

pub use policy::{RetryDecision, RetryPolicy};
pub(crate) use verdict::{Repair, Stage, Verdict, judge};

/// What a repeat of an operation can do to what it manages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryClass {
    /// It reads, or sets absolute values: a repeat does no harm, whatever became of the first request.
    Always,
    /// A repeat may be refused because the first request was carried out, so an open outcome is the caller's to look into.
    WhenNotCarriedOut,
}
