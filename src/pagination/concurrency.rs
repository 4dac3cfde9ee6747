//! The number of requests that a stream keeps in flight.

use crate::error::ValidationError;

pub(crate) const DEFAULT_CONCURRENCY: usize = 4;
const MAX_CONCURRENCY: usize = 64;

/// Checks that a stream may keep this many requests in flight.
pub(crate) fn validate_concurrency(concurrency: usize) -> Result<(), ValidationError> {
    if (1..=MAX_CONCURRENCY).contains(&concurrency) {
        Ok(())
    } else {
        Err(ValidationError::new("concurrency", concurrency, "1 to 64"))
    }
}
