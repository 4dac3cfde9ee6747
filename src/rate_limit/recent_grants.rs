//! [`RecentGrants`]: how many requests were granted lately.

use std::time::Duration;

use tokio::time::Instant;

const PARTS: usize = 16;

/// Counts the requests that were granted in the last window, in parts of it.
#[derive(Debug)]
pub(super) struct RecentGrants {
    part: Duration,
    counts: [u32; PARTS],
    /// When the part that is counted now began.
    since: Option<Instant>,
    current: usize,
}

impl RecentGrants {
    pub(super) fn new(window: Duration) -> Self {
        Self { part: window / PARTS as u32, counts: [0; PARTS], since: None, current: 0 }
    }

    pub(super) fn record(&mut self, now: Instant) {
        self.advance(now);
        self.counts[self.current] += 1;
    }

    /// Returns how many requests were granted in the window before `now`.
    pub(super) fn count(&mut self, now: Instant) -> u32 {
        self.advance(now);
        self.counts.iter().sum()
    }

    fn advance(&mut self, now: Instant) {
        let since = *self.since.get_or_insert(now);
        let passed = now.saturating_duration_since(since).as_nanos() / self.part.as_nanos().max(1);
        let passed = u32::try_from(passed).unwrap_or(u32::MAX);
        for _ in 0..passed.min(PARTS as u32) {
            self.current = (self.current + 1) % PARTS;
            self.counts[self.current] = 0;
        }
        self.since = Some(since + self.part.saturating_mul(passed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grants_are_forgotten_after_a_window() {
        let start = Instant::now();
        let ms = Duration::from_millis;
        let mut grants = RecentGrants::new(ms(1_600));
        for at in [0, 50, 800] {
            grants.record(start + ms(at));
        }
        assert_eq!(grants.count(start + ms(1_599)), 3);
        assert_eq!(grants.count(start + ms(1_600)), 1);
        assert_eq!(grants.count(start + ms(2_399)), 1);
        assert_eq!(grants.count(start + ms(2_400)), 0);
        grants.record(start + ms(100_000));
        assert_eq!(grants.count(start + ms(100_000)), 1);
    }
}
