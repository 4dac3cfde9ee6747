//! [`RetryBudget`]: how many retries all calls of a client may make together, and [`RetryTokens`],
//! which count them.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::error::ValidationError;

/// A higher figure does not limit anything.
const MAX_RETRIES: u32 = 1_000_000;

/// Each call that succeeds earns a fifth of a retry.
const SUCCESSES_PER_RETRY: u32 = 5;

/// Bounds the retries that all calls of a client make together, so that retries do not make an
/// outage worse.
///
/// Each retry spends one, and five calls that succeed earn one. While everything fails, the client
/// sends at most [`initial_retries`](Self::initial_retries), or what it has saved, more than
/// without retries; then calls fail with their first error, which says that the budget is used up.
/// Raise [`max_retries`](Self::max_retries) if many calls run concurrently and the service often
/// fails for a moment.
///
/// ```
/// use alibabacloud_kms::KmsClient;
/// use alibabacloud_kms::retry::RetryBudget;
///
/// # fn main() -> alibabacloud_kms::Result<()> {
/// let budget = RetryBudget::new(1_000);
/// let client = KmsClient::builder().region("cn-hangzhou").retry_budget(budget).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct RetryBudget {
    /// Retries that can be saved up, 0 to 1,000,000, default 100. With 0 nothing is retried.
    pub max_retries: u32,
    /// Retries that a new client has, 0 to [`max_retries`](Self::max_retries), default a tenth of
    /// them: enough to retry the first calls, few enough for an outage that exists from the start.
    pub initial_retries: u32,
}

impl RetryBudget {
    /// Returns a budget of at most `max_retries`, of which a new client has a tenth.
    pub const fn new(max_retries: u32) -> Self {
        Self { max_retries, initial_retries: max_retries / 10 }
    }

    /// Sets [`initial_retries`](Self::initial_retries).
    pub const fn initial_retries(mut self, retries: u32) -> Self {
        self.initial_retries = retries;
        self
    }

    pub(crate) fn validate(self) -> Result<(), ValidationError> {
        if self.max_retries > MAX_RETRIES {
            let field = "retry_budget.max_retries";
            return Err(ValidationError::new(field, self.max_retries, "0 to 1,000,000"));
        }
        if self.initial_retries > self.max_retries {
            let field = "retry_budget.initial_retries";
            return Err(ValidationError::new(field, self.initial_retries, "0 to `max_retries`"));
        }
        Ok(())
    }
}

impl Default for RetryBudget {
    /// Returns the default budget: at most 100 retries, of which a new client has 10.
    fn default() -> Self {
        Self::new(100)
    }
}

/// The retries of a [`RetryBudget`] that are left: a token bucket that only successful calls fill.
#[derive(Debug)]
pub(crate) struct RetryTokens {
    budget: RetryBudget,
    /// In parts of a retry: each success earns one, each retry spends [`SUCCESSES_PER_RETRY`].
    tokens: AtomicU32,
}

impl RetryTokens {
    pub(crate) fn new(budget: RetryBudget) -> Self {
        Self { budget, tokens: AtomicU32::new(budget.initial_retries * SUCCESSES_PER_RETRY) }
    }

    /// Returns the tokens of a new client with the same budget.
    pub(crate) fn new_like(&self) -> Self {
        Self::new(self.budget)
    }

    /// Records a call that succeeded.
    pub(crate) fn earn(&self) {
        let full = self.budget.max_retries * SUCCESSES_PER_RETRY;
        self.update(|tokens| Some((tokens + 1).min(full)));
    }

    /// Takes one retry, and returns whether there was one.
    pub(crate) fn spend(&self) -> bool {
        self.update(|tokens| tokens.checked_sub(SUCCESSES_PER_RETRY))
    }

    fn update(&self, change: impl Fn(u32) -> Option<u32>) -> bool {
        // It does not guard other memory, so no order is needed.
        self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change).is_ok()
    }
}

impl Default for RetryTokens {
    fn default() -> Self {
        Self::new(RetryBudget::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spend_all(tokens: &RetryTokens) -> u32 {
        (0..).take_while(|_| tokens.spend()).count().try_into().unwrap()
    }

    #[test]
    fn new_client_has_ten_retries_until_calls_succeed() {
        let tokens = RetryTokens::default();
        assert_eq!(spend_all(&tokens), 10);
        assert!(!tokens.spend());
    }

    #[test]
    fn five_successes_earn_a_retry_up_to_the_maximum() {
        let tokens = RetryTokens::default();
        spend_all(&tokens);
        for _ in 0..5 {
            assert!(!tokens.spend());
            tokens.earn();
        }
        assert!(tokens.spend());
        for _ in 0..10_000 {
            tokens.earn();
        }
        assert_eq!(spend_all(&tokens), 100);
    }

    #[test]
    fn budget_of_another_size_starts_with_a_tenth_or_as_set() {
        let tokens = RetryTokens::new(RetryBudget::new(1_000));
        assert_eq!(spend_all(&tokens), 100);
        assert_eq!(spend_all(&tokens.new_like()), 100);
        assert_eq!(spend_all(&RetryTokens::new(RetryBudget::new(1_000).initial_retries(7))), 7);
    }

    #[test]
    fn empty_budget_stays_empty() {
        let tokens = RetryTokens::new(RetryBudget::new(0));
        tokens.earn();
        assert!(!tokens.spend());
    }

    #[test]
    fn budgets_outside_their_bounds_are_rejected() {
        let most = RetryBudget::new(1_000_000);
        assert!(most.initial_retries(1_000_000).validate().is_ok());
        for (budget, field, value) in [
            (RetryBudget::new(1_000_001), "retry_budget.max_retries", "1000001"),
            (RetryBudget::new(5).initial_retries(6), "retry_budget.initial_retries", "6"),
        ] {
            let error = budget.validate().unwrap_err().to_string();
            assert!(error.contains(field) && error.contains(value), "{error}");
        }
    }
}
