//! The wait between attempts. Pure: the random draw is an argument.

use std::time::Duration;

/// Returns the longest wait after `attempts` attempts (1 or more): `base`, doubled with each
/// further attempt, up to `max`.
pub(super) fn ceiling(base: Duration, max: Duration, attempts: u32) -> Duration {
    let doublings = attempts.saturating_sub(1).min(31);
    base.saturating_mul(1 << doublings).min(max)
}

/// Returns a wait between 0 and `ceiling` (full jitter), by a `draw` from 0 to 1, so that clients
/// that failed together spread out.
/// <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>
pub(crate) fn jittered(ceiling: Duration, draw: f64) -> Duration {
    ceiling.mul_f64(draw.clamp(0.0, 1.0))
}

/// Returns a wait that a response asked for, and up to a quarter more, by a `draw` from 0 to 1, so
/// that clients that were asked for the same spread out.
pub(super) fn spread(wait: Duration, draw: f64) -> Duration {
    wait.mul_f64(1.0 + draw.clamp(0.0, 1.0) / 4.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ceiling_doubles_up_to_its_maximum() {
        let ms = Duration::from_millis;
        let ceilings: Vec<_> =
            (1..=9).map(|attempts| ceiling(ms(200), ms(20_000), attempts)).collect();
        assert_eq!(ceilings, [200, 400, 800, 1_600, 3_200, 6_400, 12_800, 20_000, 20_000].map(ms));
    }

    #[test]
    fn draws_span_the_whole_wait() {
        let ceiling = Duration::from_millis(200);
        assert_eq!(jittered(ceiling, 0.0), Duration::ZERO);
        assert_eq!(jittered(ceiling, 0.5), Duration::from_millis(100));
        assert_eq!(jittered(ceiling, 1.0), ceiling);
    }

    #[test]
    fn requested_wait_is_prolonged_by_up_to_a_quarter() {
        let wait = Duration::from_millis(400);
        let waits = [0.0, 0.5, 1.0].map(|draw| spread(wait, draw).as_millis());
        assert_eq!(waits, [400, 450, 500]);
    }

    proptest! {
        #[test]
        fn wait_stays_within_its_bounds(base in 0_u64..10_000_000, max in 0_u64..10_000_000, attempts: u32, draw in 0.0..1.0_f64) {
            let (base, max) = (Duration::from_millis(base), Duration::from_millis(max));
            let ceiling = ceiling(base, max, attempts);
            prop_assert!(ceiling <= max);
            prop_assert!(jittered(ceiling, draw) <= ceiling);
        }
    }
}
