//! Whether a failed attempt is worth another, and when: a table and arithmetic, without clock, randomness or I/O.

pub(crate) mod backoff;
pub(crate) mod budget;
mod policy;
pub(crate) mod server_wait;
mod verdict;

pub use policy::{RetryDecision, RetryPolicy};
pub(crate) use verdict::{Repair, Stage, Verdict, judge, leaves_outcome_open};
