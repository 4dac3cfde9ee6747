//! How many repeats all calls of a client may make together, so that an outage is not made worse.

use std::sync::atomic::{AtomicU32, Ordering};

/// A repeat spends ten tenths, a success earns two.
const REPEAT: u32 = 10;
const SUCCESS: u32 = 2;

/// What a client starts with: enough for the first calls to be repeated, little enough for an outage from the start.
const INITIAL: u32 = 10 * REPEAT;

/// What a busy client can save up: enough for many calls at once to meet a blip.
const FULL: u32 = 100 * REPEAT;

/// A token bucket that only successes fill. While everything fails the requests grow by what was saved and no more.
#[derive(Debug)]
pub(crate) struct RetryBudget {
    tenths: AtomicU32,
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self { tenths: AtomicU32::new(INITIAL) }
    }
}

impl RetryBudget {
    /// Takes note of a call that succeeded.
    pub(crate) fn earn(&self) {
        self.update(|tenths| Some((tenths + SUCCESS).min(FULL)));
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
}
