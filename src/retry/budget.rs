//! How many repeats all calls of a client may make together, so that an outage is not made worse.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::error::ValidationError;

/// A repeat spends ten tenths, a success earns two.
const REPEAT: u32 = 10;
const SUCCESS: u32 = 2;

/// A client starts with a tenth of what it can save up: enough for the first calls to be repeated, little enough for an outage
/// from the start.
const INITIAL_PART: u32 = 10;

/// What a busy client can save up: enough for many calls at once to meet a blip.
const REPEATS: u32 = 100;

/// More is no bound.
const MOST_REPEATS: u32 = 1_000_000;

/// A token bucket that only successes fill. While everything fails the requests grow by what was saved and no more.
#[derive(Debug)]
pub(crate) struct RetryBudget {
    tenths: AtomicU32,
    full: u32,
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self::of_tenths(REPEATS * REPEAT)
    }
}

impl RetryBudget {
    /// A budget of so many repeats at most.
    pub(crate) fn new(repeats: u32) -> Result<Self, ValidationError> {
        if repeats > MOST_REPEATS {
            return Err(ValidationError::new("retry_budget", repeats, "0 to 1,000,000"));
        }
        Ok(Self::of_tenths(repeats * REPEAT))
    }

    /// One as large, as it is at first.
    pub(crate) fn anew(&self) -> Self {
        Self::of_tenths(self.full)
    }

    fn of_tenths(full: u32) -> Self {
        Self { tenths: AtomicU32::new(full / INITIAL_PART), full }
    }

    /// Takes note of a call that succeeded.
    pub(crate) fn earn(&self) {
        self.update(|tenths| Some((tenths + SUCCESS).min(self.full)));
    }

    /// Takes one repeat out, if there is one.
    pub(crate) fn spend(&self) -> bool {
        self.update(|tenths| tenths.checked_sub(REPEAT))
    }

    fn update(&self, change: impl Fn(u32) -> Option<u32>) -> bool {
        // It guards nothing but itself, so no order with other memory is needed.
        self.tenths.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spend_all(budget: &RetryBudget) -> u32 {
        (0..).take_while(|_| budget.spend()).count().try_into().unwrap()
    }

    #[test]
    fn a_new_budget_has_ten_repeats_and_no_more_come_without_a_success() {
        let budget = RetryBudget::default();
        assert_eq!(spend_all(&budget), 10);
        assert!(!budget.spend());
    }

    #[test]
    fn five_successes_earn_a_repeat_and_savings_have_an_end() {
        let budget = RetryBudget::default();
        spend_all(&budget);
        for _ in 0..5 {
            assert!(!budget.spend());
            budget.earn();
        }
        assert!(budget.spend());
        for _ in 0..10_000 {
            budget.earn();
        }
        assert_eq!(spend_all(&budget), 100);
    }

    #[test]
    fn a_budget_of_another_size_starts_with_a_tenth_and_one_of_none_stays_empty() {
        let budget = RetryBudget::new(1_000).unwrap();
        assert_eq!(spend_all(&budget), 100);
        assert_eq!(spend_all(&budget.anew()), 100);
        let none = RetryBudget::new(0).unwrap();
        none.earn();
        assert!(!none.spend());
        assert_eq!(
            RetryBudget::new(1_000_001).unwrap_err().to_string(),
            "retry_budget is 1000001, allowed are 0 to 1,000,000"
        );
    }
}
