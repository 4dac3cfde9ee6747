//! [`Pace`]: how fast a client sends after it was throttled. Pure: time and randomness are
//! arguments.

mod growth;

use std::time::Duration;

use tokio::time::Instant;

use self::growth::{CUT, Growth, MEASURABLE_RATE};
use super::quota::Quota;
use super::recent_grants::RecentGrants;

/// The longest window that the service is assumed to count in. The end of a longer period of a
/// quota is not waited for, since the service may have throttled for another limit.
const MAX_WINDOW: Duration = Duration::from_secs(1);

/// Requests a second after the first rejection, if less than [`KNOWN_GRANTS`] were granted.
const INITIAL_RATE: f64 = 1.0;

/// So many grants in the window before the first rejection show what the service grants.
const KNOWN_GRANTS: u32 = 3;

/// The lowest pace: a call makes several attempts within its timeout, however many clients compete.
const MIN_RATE: f64 = 1.0 / 16.0;

/// The part that a rejection leaves at least of a pace far above what was granted, before the cut.
const MAX_CORRECTION: f64 = 0.7;

/// A timer may be late by so much without a later request being delayed.
const LATENESS: Duration = Duration::from_millis(10);

/// A rejection is remembered for this time.
const MEMORY: Duration = Duration::from_secs(60);

/// Spaces the requests of a throttled client by what the service grants.
///
/// The service does not report how much of a quota others use, so the pace is learned from which
/// requests it grants. A rejection lowers the pace, a grant raises it:
///
/// - The first rejection lowers it to what was granted in the last window.
/// - Later ones lower it by a tenth each, and a pace that is far above what was granted by more.
/// - [`Growth`] says how much a grant adds.
///
/// A client has no pace until it is throttled, and again when it was not throttled for a while.
#[derive(Debug)]
pub(super) struct Pace {
    window: Duration,
    max_rate: f64,
    grants: RecentGrants,
    throttled: Option<Throttled>,
}

/// The knowledge of a throttled client. Rates are requests a second.
#[derive(Debug)]
struct Throttled {
    rate: f64,
    growth: Growth,
    /// When the last request was due.
    last: Instant,
    /// Before this time nothing is sent, since the window of the service may be full.
    held_until: Instant,
    lowered_at: Instant,
    rejected_at: Instant,
    /// Grants since the last rejection.
    granted_in_a_row: u32,
    /// Rejections since the last grant.
    rejected_in_a_row: u32,
    /// True if a request was granted that was sent since the pace was lowered.
    is_confirmed: bool,
}

impl Pace {
    pub(super) fn new(quota: Quota) -> Self {
        let window = quota.period.min(MAX_WINDOW);
        Self {
            window,
            max_rate: (f64::from(quota.requests) / quota.period.as_secs_f64()).max(INITIAL_RATE),
            grants: RecentGrants::new(window),
            throttled: None,
        }
    }

    /// Returns the pace in requests a second; `None` if there is none.
    pub(super) fn rate(&self, now: Instant) -> Option<f64> {
        self.remembered(now).map(|throttled| throttled.rate)
    }

    /// Returns how long a request waits behind `ahead` others; `None` if there is no pace.
    pub(super) fn wait(&self, now: Instant, ahead: usize) -> Option<Duration> {
        let throttled = self.remembered(now)?;
        let next = throttled.next().saturating_duration_since(now);
        Some(next.saturating_add(seconds(ahead as f64 / throttled.rate)))
    }

    /// Records a request that is sent now.
    pub(super) fn send(&mut self, now: Instant) {
        if self.remembered(now).is_none() {
            self.throttled = None;
        }
        if let Some(throttled) = &mut self.throttled {
            let due = throttled.last + seconds(1.0 / throttled.rate);
            throttled.last = due.max(now.checked_sub(LATENESS).unwrap_or(now));
        }
    }

    /// Records that the service granted a request sent at `sent`.
    pub(super) fn on_granted(&mut self, sent: Instant, now: Instant) {
        self.grants.record(now);
        let Some(throttled) = &mut self.throttled else { return };
        throttled.rejected_in_a_row = 0;
        if sent >= throttled.lowered_at {
            let granted = f64::from(self.grants.count(now)) / self.window.as_secs_f64();
            throttled.is_confirmed = true;
            throttled.granted_in_a_row += 1;
            let raised =
                throttled.growth.raise(throttled.rate, granted, throttled.granted_in_a_row);
            throttled.rate = raised.max(throttled.rate).min(self.max_rate);
        }
    }

    /// Records that the service rejected a request sent at `sent`. `draw` is random, from 0 to 1.
    pub(super) fn on_throttled(&mut self, sent: Instant, now: Instant, draw: f64) {
        let window = self.window.as_secs_f64();
        let grants = self.grants.count(now);
        let granted = f64::from(grants) / window;
        if self.remembered(now).is_none() {
            let rate = granted.max(INITIAL_RATE).min(CUT * self.max_rate);
            let is_known = grants >= KNOWN_GRANTS;
            let hold = if is_known { (0.5 + draw / 2.0) / rate } else { window * (1.0 + draw) };
            let growth = if is_known { Growth::Search } else { Growth::settled_at(rate) };
            self.throttled = Some(Throttled::new(rate, growth, now, seconds(hold)));
            return;
        }
        let Some(throttled) = &mut self.throttled else { return };
        // A request sent before the pace was lowered does not say anything about the new pace.
        if sent < throttled.lowered_at {
            return;
        }
        throttled.rejected_in_a_row += 1;
        throttled.granted_in_a_row = 0;
        throttled.rejected_at = now;
        // Rejections without a grant in between are of one full window.
        if throttled.is_confirmed || now >= throttled.lowered_at + self.window {
            throttled.lower(granted, now);
        }
        throttled.hold(window, now, draw);
    }

    /// Returns what is known, unless the last rejection is long ago and the pace has recovered or
    /// was not used.
    fn remembered(&self, now: Instant) -> Option<&Throttled> {
        self.throttled.as_ref().filter(|throttled| {
            let has_recovered = throttled.rate >= self.max_rate || now >= throttled.last + MEMORY;
            now < throttled.rejected_at + MEMORY || !has_recovered
        })
    }
}

impl Throttled {
    fn new(rate: f64, growth: Growth, now: Instant, hold: Duration) -> Self {
        Self {
            rate,
            growth,
            last: now,
            held_until: now + hold,
            lowered_at: now,
            rejected_at: now,
            granted_in_a_row: 0,
            rejected_in_a_row: 1,
            is_confirmed: false,
        }
    }

    fn next(&self) -> Instant {
        self.held_until.max(self.last + seconds(1.0 / self.rate))
    }

    /// Lowers the pace, with `granted` requests a second in the last window.
    fn lower(&mut self, granted: f64, now: Instant) {
        if let Growth::Probe { before } = self.growth {
            self.rate = before;
        }
        let is_measured = self.rate >= MEASURABLE_RATE || matches!(self.growth, Growth::Search);
        let correction = if is_measured && self.is_confirmed {
            (granted / self.rate).clamp(MAX_CORRECTION, 1.0)
        } else {
            1.0
        };
        let limit = self.rate * correction;
        self.growth = Growth::settled_at(limit);
        self.rate = (limit * CUT).max(MIN_RATE);
        self.lowered_at = now;
        self.is_confirmed = false;
    }

    /// Holds the next request back, for longer with each rejection in a row, up to a window.
    fn hold(&mut self, window: f64, now: Instant, draw: f64) {
        let gap = 1.0 / self.rate;
        let doublings = self.rejected_in_a_row.saturating_sub(1).min(16);
        let longest = gap.max(window.min(gap * f64::from(1_u32 << doublings)));
        self.held_until = self.held_until.max(now + seconds(longest * (0.5 + draw / 2.0)));
    }
}

fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests {
    use super::growth::SURPRISING_GRANTS;
    use super::*;

    const MS: Duration = Duration::from_millis(1);
    const SECOND: Duration = Duration::from_secs(1);

    /// A pace after `grants` grants and one rejection, with a draw of 0.5.
    fn throttled_after(grants: u32, start: Instant) -> Pace {
        let mut pace = Pace::new(Quota::per_second(40));
        (0..grants).for_each(|_| pace.on_granted(start, start));
        pace.on_throttled(start, start, 0.5);
        pace
    }

    fn rate(pace: &Pace, now: Instant) -> f64 {
        (pace.rate(now).unwrap() * 100.0).round() / 100.0
    }

    #[test]
    fn client_has_no_pace_until_it_is_throttled() {
        let start = Instant::now();
        let mut pace = Pace::new(Quota::per_second(40));
        pace.send(start);
        pace.on_granted(start, start);
        assert_eq!((pace.rate(start), pace.wait(start, 9)), (None, None));
    }

    #[test]
    fn first_rejection_lowers_the_pace_to_what_was_granted() {
        let start = Instant::now();
        let rates: Vec<_> =
            [0, 2, 3, 12, 39].map(|grants| rate(&throttled_after(grants, start), start)).into();
        assert_eq!(rates, [1.0, 2.0, 3.0, 12.0, 36.0]);
    }

    #[test]
    fn client_without_grants_waits_for_one_to_two_windows() {
        let start = Instant::now();
        for (draw, wait) in [(0.0, SECOND), (1.0, 2 * SECOND)] {
            let mut pace = Pace::new(Quota::per_second(40));
            pace.on_throttled(start, start, draw);
            assert_eq!(pace.wait(start, 0), Some(wait));
            assert_eq!(pace.wait(start, 3), Some(wait + 3 * SECOND));
        }
    }

    #[test]
    fn client_with_grants_continues_at_their_pace() {
        let start = Instant::now();
        let mut pace = throttled_after(10, start);
        assert_eq!(pace.wait(start, 0), Some(100 * MS));
        let mut now = start + 100 * MS;
        pace.send(now);
        assert_eq!(pace.wait(now, 0), Some(100 * MS));
        now += 105 * MS;
        pace.send(now);
        assert_eq!(pace.wait(now, 0), Some(95 * MS), "a late request does not delay the next");
        now += 500 * MS;
        pace.send(now);
        assert_eq!(pace.wait(now, 0), Some(90 * MS), "a pause does not permit a burst");
    }

    #[test]
    fn search_grows_by_a_quarter_up_to_twice_what_it_finds() {
        let start = Instant::now();
        let mut pace = throttled_after(10, start);
        let mut rates = Vec::new();
        for grant in 1..=5 {
            let now = start + grant * 100 * MS;
            pace.on_granted(now, now);
            rates.push(rate(&pace, now));
        }
        assert_eq!(rates, [12.5, 15.63, 19.53, 24.41, 30.52]);
        let now = start + 3 * SECOND;
        pace.on_granted(now, now);
        assert_eq!(rate(&pace, now), 30.52, "one grant in the last window");
    }

    #[test]
    fn requests_sent_before_the_pace_was_lowered_do_not_count() {
        let start = Instant::now();
        let mut pace = throttled_after(10, start + 50 * MS);
        pace.on_throttled(start, start + 60 * MS, 0.5);
        pace.on_granted(start, start + 60 * MS);
        assert_eq!(rate(&pace, start + 60 * MS), 10.0);
    }

    #[test]
    fn rejections_of_one_full_window_lower_the_pace_once() {
        let start = Instant::now();
        let mut pace = throttled_after(10, start);
        let mut waits = Vec::new();
        for at in [100, 300, 600] {
            let now = start + at * MS;
            pace.on_throttled(now, now, 1.0);
            waits.push(pace.wait(now, 0).unwrap());
        }
        assert_eq!(waits, [200 * MS, 400 * MS, 800 * MS], "it probes less and less often");
        assert_eq!(rate(&pace, start + 600 * MS), 10.0);
        let now = start + SECOND;
        pace.on_throttled(now, now, 1.0);
        assert_eq!(rate(&pace, now), 9.0);
        assert_eq!(pace.wait(now, 0), Some(SECOND), "a window at most");
    }

    #[test]
    fn pace_far_above_what_is_granted_is_corrected() {
        let start = Instant::now();
        let mut pace = throttled_after(39, start);
        let now = start + 2 * SECOND;
        for _ in 0..10 {
            pace.on_granted(now, now);
        }
        pace.on_throttled(now, now, 0.5);
        assert_eq!(rate(&pace, now), 22.68, "36 a second, by 0.7 and 0.9");
    }

    #[test]
    fn fast_client_levels_off_at_its_last_limit() {
        let start = Instant::now();
        let mut pace = throttled_after(20, start);
        let mut now = start + 10 * MS;
        pace.on_granted(now, now);
        pace.on_throttled(now, now, 0.5);
        let limit = rate(&pace, now) / CUT;
        let mut rates = Vec::new();
        for _ in 0..130 {
            now += seconds(1.0 / pace.rate(now).unwrap());
            pace.on_granted(now, now);
            if let Growth::Settled { seconds, .. } = pace.throttled.as_ref().unwrap().growth {
                rates.push((seconds, rate(&pace, now) / limit));
            }
        }
        let at = |time: f64| rates.iter().find(|(seconds, _)| *seconds >= time).map(|it| it.1);
        assert!(at(0.6).is_some_and(|part| (0.96..0.998).contains(&part)), "{:?}", at(0.6));
        assert!(at(1.2).is_some_and(|part| (0.99..1.01).contains(&part)), "{:?}", at(1.2));
    }

    #[test]
    fn many_grants_in_a_row_start_a_probe_that_a_rejection_undoes() {
        let start = Instant::now();
        let mut pace = throttled_after(0, start);
        let mut now = start;
        let mut grant = |pace: &mut Pace| {
            now += SECOND;
            pace.on_granted(now, now);
            rate(pace, now)
        };
        let settled = (0..SURPRISING_GRANTS).map(|_| grant(&mut pace)).last().unwrap();
        assert!(settled < 1.4, "{settled}");
        let probed = (0..8).map(|_| grant(&mut pace)).last().unwrap();
        assert!(probed > 1.6 * settled, "{probed}");
        pace.on_throttled(now, now, 0.5);
        assert!(rate(&pace, now) <= settled);
    }

    #[test]
    fn pace_stays_within_its_bounds() {
        let start = Instant::now();
        let mut pace = throttled_after(0, start);
        for second in 1..200 {
            let now = start + second * SECOND;
            pace.on_throttled(now, now, 1.0);
            assert!(pace.wait(now, 0).unwrap() <= 16 * SECOND);
        }
        let mut now = start + 200 * SECOND;
        assert_eq!(pace.rate(now), Some(MIN_RATE));
        for _ in 0..500 {
            now += 20 * MS;
            pace.on_granted(now, now);
        }
        assert_eq!(pace.rate(now), Some(40.0));
    }

    #[test]
    fn recovered_or_unused_pace_is_forgotten_after_a_minute() {
        let start = Instant::now();
        let mut pace = throttled_after(39, start);
        assert_eq!(rate(&pace, start + MEMORY - MS), 36.0);
        assert_eq!(pace.rate(start + MEMORY), None, "it was not used");
        pace.send(start + MEMORY - MS);
        assert_eq!(rate(&pace, start + MEMORY), 36.0, "it has not recovered");
        pace.on_granted(start + MEMORY, start + MEMORY);
        pace.on_granted(start + MEMORY, start + MEMORY);
        assert!(pace.rate(start + MEMORY).is_some());
    }

    #[test]
    fn long_period_is_not_waited_for() {
        let start = Instant::now();
        let mut pace = Pace::new(Quota::per_hour(50));
        pace.on_throttled(start, start, 1.0);
        assert_eq!(pace.wait(start, 0), Some(2 * SECOND));
    }
}
