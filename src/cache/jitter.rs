//! Random spreads of times. The draw, from 0 to 1, is an argument.

use std::time::Duration;

/// Returns a duration between `from` and `to`.
pub(super) fn between(from: Duration, to: Duration, draw: f64) -> Duration {
    from + to.saturating_sub(from).mul_f64(draw.clamp(0.0, 1.0))
}

/// Returns a pause after so many failures in a row: half to all of `first`, doubled with each
/// further failure up to `max`.
pub(super) fn pause(first: Duration, max: Duration, failures: u32, draw: f64) -> Duration {
    let doublings = failures.saturating_sub(1).min(20);
    let longest = first.saturating_mul(1 << doublings).min(max);
    between(longest / 2, longest, draw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_their_maximum() {
        let (first, max) = (Duration::from_millis(200), Duration::from_secs(30));
        let pauses: Vec<_> = (1..=9).map(|failures| pause(first, max, failures, 1.0)).collect();
        let expected = [200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000];
        assert_eq!(pauses, expected.map(Duration::from_millis));
        assert_eq!(pause(first, max, 1, 0.0), Duration::from_millis(100));
        assert_eq!(pause(first, max, u32::MAX, 1.0), max);
    }
}
