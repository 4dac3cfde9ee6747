//! Retries: which failures are retried, how often, and after how long.
//!
//! A [`RetryPolicy`] decides for each call; a [`RetryBudget`] bounds the retries of all calls of a
//! client together, so that an outage does not multiply its traffic. Both are set on the client's
//! builder, and [`with_retry_policy`](crate::KmsClient::with_retry_policy) gives another policy to
//! one handle.
//!
//! ```
//! use std::time::Duration;
//!
//! use alibabacloud_kms::KmsClient;
//! use alibabacloud_kms::retry::{RetryBudget, RetryPolicy};
//!
//! # fn main() -> alibabacloud_kms::Result<()> {
//! let patient = RetryPolicy::new().max_attempts(6).base_delay(Duration::from_millis(500));
//! let client = KmsClient::builder()
//!     .region("cn-hangzhou")
//!     .retry_policy(patient)
//!     .retry_budget(RetryBudget::new(1_000))
//!     .build()?;
//! let impatient = client.with_retry_policy(RetryPolicy::disabled());
//! # Ok(())
//! # }
//! ```

pub(crate) mod backoff;
mod budget;
mod classify;
mod decide;
mod policy;
pub(crate) mod server_wait;

pub use budget::RetryBudget;
pub(crate) use budget::RetryTokens;
pub use classify::RetryClass;
pub(crate) use classify::{Remedy, Stage, is_outcome_unknown};
pub(crate) use decide::{Decision, FailedAttempt, Progress, decide};
pub use policy::{RetryDecision, RetryPolicy};
