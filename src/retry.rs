//! Whether a failed attempt is worth another, and when: a table and arithmetic, without clock, randomness or I/O.

pub(crate) mod backoff;
pub(crate) mod budget;
mod policy;
pub(crate) mod server_wait;
mod verdict;

pub use policy::{RetryDecision, RetryPolicy};
pub(crate) use verdict::{Repair, Stage, Verdict, judge, leaves_outcome_open};

/// What a repeat of an operation can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryClass {
    /// A repeat does no harm, whatever became of the first request: the operation reads, sets absolute values, tells requests
    /// apart by a version id, or refuses a repeat in a way that can be looked into.
    Always,
    /// A repeat might do the same once more, and no look would tell.
    WhenNotCarriedOut,
}
