//! Whether a failed attempt is worth another, and when: a table and arithmetic, without clock, randomness or I/O.

pub(crate) mod backoff;
pub(crate) mod budget;
mod policy;
pub(crate) mod server_wait;
mod verdict;

pub use policy::{RetryDecision, RetryPolicy};
pub(crate) use verdict::{Repair, Stage, Verdict, judge, leaves_outcome_open};

/// What a repeat of an operation can do to what it manages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryClass {
    /// A repeat does no harm, whatever became of the first request: the operation reads, or sets absolute values, or it can be
    /// looked up what the refusal of a repeat means.
    Always,
    /// A repeat may do the same again or be refused because the first request was carried out, and no look would tell.
    WhenNotCarriedOut,
}
