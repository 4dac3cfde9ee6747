//! [`SlowStart`]: how many requests a client sends before it knows what the service grants. Pure.

use std::time::Duration;

use tokio::time::Instant;

/// Requests in flight at first, as in TCP (<https://www.rfc-editor.org/rfc/rfc6928>).
const INITIAL_LIMIT: usize = 10;

/// A client that has not had a response for so long starts again.
const IDLE: Duration = Duration::from_secs(10);

/// Limits the requests in flight of a client that has not been throttled: ten at first, twice as
/// many each time that as many were granted (<https://www.rfc-editor.org/rfc/rfc5681#section-3.1>).
///
/// If others use up the quota, a large burst costs a few rejections, not one for each request.
#[derive(Debug)]
pub(super) struct SlowStart {
    limit: usize,
    granted: usize,
    last_response: Option<Instant>,
}

impl SlowStart {
    pub(super) fn new() -> Self {
        Self { limit: INITIAL_LIMIT, granted: 0, last_response: None }
    }

    /// Returns how many requests may be in flight.
    pub(super) fn limit(&self, now: Instant) -> usize {
        let is_idle = self.last_response.is_some_and(|last| now >= last + IDLE);
        if is_idle { INITIAL_LIMIT } else { self.limit }
    }

    /// Records that a request was granted.
    pub(super) fn on_granted(&mut self, now: Instant) {
        let limit = self.limit(now);
        if limit < self.limit {
            *self = Self::new();
        }
        self.last_response = Some(now);
        self.granted += 1;
        if self.granted >= self.limit {
            self.limit = self.limit.saturating_mul(2);
            self.granted = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(slow_start: &mut SlowStart, requests: usize, now: Instant) {
        (0..requests).for_each(|_| slow_start.on_granted(now));
    }

    #[test]
    fn limit_doubles_when_as_many_were_granted() {
        let now = Instant::now();
        let mut slow_start = SlowStart::new();
        let mut limits = Vec::new();
        for requests in [9, 1, 19, 1, 40] {
            grant(&mut slow_start, requests, now);
            limits.push(slow_start.limit(now));
        }
        assert_eq!(limits, [10, 20, 20, 40, 80]);
    }

    #[test]
    fn idle_client_starts_again() {
        let start = Instant::now();
        let mut slow_start = SlowStart::new();
        grant(&mut slow_start, 70, start);
        assert_eq!(slow_start.limit(start + IDLE - Duration::from_millis(1)), 80);
        assert_eq!(slow_start.limit(start + IDLE), 10);
        grant(&mut slow_start, 10, start + IDLE);
        assert_eq!(slow_start.limit(start + IDLE), 20);
    }
}
