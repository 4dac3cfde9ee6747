//! When the next request may leave. Pure: the time is an argument.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::Quota;

/// Added to a quota's time, so that requests which take longer to arrive than those behind them are no more than the quota
/// for the service either.
const MARGIN: Duration = Duration::from_millis(50);

/// What throttling leaves of the figure: seven tenths.
const LEFT: (u32, u32) = (7, 10);

/// After a window at a lowered figure one fortieth of the quota is taken back with each that passes: all is back after 13.
const STEPS: u32 = 40;

/// Lets no more requests leave in any stretch of its time than a quota allows, and fewer after throttling.
///
/// It remembers when the latest requests left, at most as many as the quota allows: one may leave when the one that many
/// before it has left the window. So a few requests never wait, a burst waits for the next window, and a stream has the
/// quota's pace.
#[derive(Debug)]
pub(super) struct SlidingWindow {
    quota: Quota,
    /// Oldest first.
    departures: VecDeque<Instant>,
    cut: Option<Cut>,
}

/// The latest throttling.
#[derive(Clone, Copy, Debug)]
struct Cut {
    at: Instant,
    /// The figure that it left.
    to: u32,
}

impl SlidingWindow {
    pub(super) fn new(quota: Quota) -> Self {
        Self { quota, departures: VecDeque::new(), cut: None }
    }

    fn length(&self) -> Duration {
        self.quota.per.saturating_add(MARGIN)
    }

    /// How many requests may leave within a window: the quota, or less for a while after throttling.
    pub(super) fn allowed(&self, now: Instant) -> u32 {
        let Quota { requests, .. } = self.quota;
        let Some(cut) = self.cut else { return requests };
        let windows = now.saturating_duration_since(cut.at).as_nanos() / self.length().as_nanos();
        let windows = u32::try_from(windows).unwrap_or(u32::MAX).saturating_sub(1);
        requests.min(cut.to.saturating_add(windows.saturating_mul(requests.div_ceil(STEPS))))
    }

    /// How long a request has to wait that `ahead` others stand before.
    pub(super) fn wait(&self, now: Instant, ahead: usize) -> Duration {
        let allowed = self.allowed(now) as usize;
        let (full_windows, place) = (ahead / allowed, ahead % allowed);
        let first_window = match (self.departures.len() + place).checked_sub(allowed) {
            Some(makes_room) => {
                (self.departures[makes_room] + self.length()).saturating_duration_since(now)
            }
            None => Duration::ZERO,
        };
        let full_windows = u32::try_from(full_windows).unwrap_or(u32::MAX);
        first_window.saturating_add(self.length().saturating_mul(full_windows))
    }

    /// Lets a request leave, or says how long it has to wait.
    pub(super) fn depart(&mut self, now: Instant) -> Result<(), Duration> {
        let wait = self.wait(now, 0);
        if !wait.is_zero() {
            return Err(wait);
        }
        if self.departures.len() == self.quota.requests as usize {
            self.departures.pop_front();
        }
        self.departures.push_back(now);
        Ok(())
    }

    /// Takes note that the request which left at `departed` was throttled.
    ///
    /// The figure is lowered once a window at most, and not for what left before it was lowered last: that tells nothing of
    /// the new figure.
    pub(super) fn throttled(&mut self, departed: Instant, now: Instant) {
        let known = self.cut.is_some_and(|cut| departed < cut.at || now < cut.at + self.length());
        if !known {
            let (left, of) = LEFT;
            let to = u64::from(self.allowed(now)) * u64::from(left) / u64::from(of);
            self.cut = Some(Cut { at: now, to: u32::try_from(to).unwrap_or(u32::MAX).max(1) });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const WINDOW: Duration = Duration::from_millis(1_050);

    fn window(requests: u32, per: Duration) -> SlidingWindow {
        SlidingWindow::new(Quota { requests, per })
    }

    /// Lets a request leave as soon as it may, and gives the time of it.
    fn leave(window: &mut SlidingWindow, mut now: Instant) -> Instant {
        while let Err(wait) = window.depart(now) {
            now += wait;
        }
        now
    }

    /// When each request left that came to the line at one of `arrivals`, in milliseconds from the start.
    fn departures(window: &mut SlidingWindow, start: Instant, arrivals: &[u64]) -> Vec<Instant> {
        let mut head = start;
        arrivals
            .iter()
            .map(|arrival| {
                head = leave(window, head.max(start + Duration::from_millis(*arrival)));
                head
            })
            .collect()
    }

    #[test]
    fn a_burst_up_to_the_quota_waits_for_nothing_and_the_rest_for_the_next_window() {
        let start = Instant::now();
        let departures = departures(&mut window(40, SECOND), start, &[0; 90]);
        assert!(departures[..40].iter().all(|at| *at == start));
        assert!(departures[40..80].iter().all(|at| *at == start + WINDOW));
        assert!(departures[80..].iter().all(|at| *at == start + 2 * WINDOW));
    }

    #[test]
    fn a_stream_slower_than_the_quota_is_not_held_up() {
        let start = Instant::now();
        let arrivals: Vec<u64> = (0..200).map(|n| n * 27).collect();
        let departures = departures(&mut window(40, SECOND), start, &arrivals);
        for (departed, arrived) in departures.iter().zip(arrivals) {
            assert_eq!(*departed, start + Duration::from_millis(arrived));
        }
    }

    #[test]
    fn fifty_an_hour_are_fifty_in_any_hour() {
        let hour = Duration::from_secs(3_600);
        let start = Instant::now();
        let mut window = window(50, hour);
        let minutes: Vec<u64> = (0..50).map(|n| n * 60_000).collect();
        departures(&mut window, start, &minutes);
        let after_50_minutes = start + Duration::from_secs(50 * 60);
        assert_eq!(window.wait(after_50_minutes, 0), Duration::from_secs(10 * 60) + MARGIN);
        assert_eq!(window.wait(after_50_minutes, 1), Duration::from_secs(11 * 60) + MARGIN);
        let after_an_hour = start + hour + MARGIN;
        assert_eq!(window.depart(after_an_hour), Ok(()));
        assert_eq!(window.depart(after_an_hour), Err(Duration::from_secs(60)));
    }

    #[test]
    fn throttling_lowers_the_figure_once_a_window_down_to_one_and_time_restores_it() {
        let start = Instant::now();
        let mut window = window(40, SECOND);
        window.throttled(start, start);
        assert_eq!(window.allowed(start), 28);
        window.throttled(start, start + SECOND);
        assert_eq!(window.allowed(start + SECOND), 28, "once a window");
        window.throttled(start - SECOND, start + WINDOW);
        assert_eq!(window.allowed(start + WINDOW), 28, "what left before tells nothing new");
        window.throttled(start + SECOND, start + WINDOW);
        assert_eq!(window.allowed(start + WINDOW), 19);
        for windows in 1..=22 {
            assert_eq!(window.allowed(start + WINDOW + windows * WINDOW), 18 + windows);
        }
        assert_eq!(window.allowed(start + 1_000 * WINDOW), 40);

        let throttled_for_ever = |windows: u32| {
            let at = start + (1_000 + windows) * WINDOW;
            window.throttled(at, at);
            window.allowed(at)
        };
        assert_eq!((0..100).map(throttled_for_ever).min(), Some(1));
    }

    #[test]
    fn a_lowered_figure_counts_what_left_before_it_was() {
        let start = Instant::now();
        let mut window = window(40, SECOND);
        departures(&mut window, start, &(0..40).map(|n| n * 10).collect::<Vec<_>>());
        let now = start + Duration::from_millis(390);
        window.throttled(now, now);
        // 28 may be in a window: the thirteenth of the forty has to be out of it.
        assert_eq!(
            window.wait(now, 0),
            Duration::from_millis(120) + WINDOW - Duration::from_millis(390)
        );
    }

    #[test]
    fn large_groups_recover_in_as_many_windows_as_small_ones() {
        let start = Instant::now();
        let mut window = window(450, SECOND);
        window.throttled(start, start);
        assert_eq!(window.allowed(start), 315);
        assert_eq!(window.allowed(start + 2 * WINDOW), 327);
        assert_eq!(window.allowed(start + 13 * WINDOW), 450);
    }

    /// What comes to a line: any pattern of gaps, bursts among them.
    fn arrivals() -> impl Strategy<Value = Vec<u64>> {
        let gap = prop_oneof![3 => Just(0), 2 => 0_u64..40, 1 => 0_u64..3_000];
        prop::collection::vec(gap, 1..300).prop_map(|gaps| {
            gaps.into_iter()
                .scan(0, |at, gap| {
                    *at += gap;
                    Some(*at)
                })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn no_window_has_more_than_the_quota_whatever_comes(requests in 1_u32..50, arrivals in arrivals()) {
            let start = Instant::now();
            let mut window = window(requests, SECOND);
            let departures = departures(&mut window, start, &arrivals);
            for (earlier, later) in departures.iter().zip(departures.iter().skip(requests as usize)) {
                prop_assert!(*later >= *earlier + WINDOW);
            }
            prop_assert!(window.departures.len() <= requests as usize, "memory is bounded");
        }

        #[test]
        fn nobody_waits_longer_than_what_is_before_it_takes(requests in 1_u32..50, arrivals in arrivals()) {
            let start = Instant::now();
            let departures = departures(&mut window(requests, SECOND), start, &arrivals);
            prop_assert!(departures.is_sorted());
            for (place, (departed, arrived)) in departures.iter().zip(&arrivals).enumerate() {
                let arrived = start + Duration::from_millis(*arrived);
                let ahead = departures[..place].iter().filter(|earlier| **earlier > arrived).count();
                let windows = u32::try_from(ahead).unwrap() / requests + 1;
                prop_assert!(*departed <= arrived + windows * WINDOW);
            }
        }

        #[test]
        fn the_wait_that_is_told_is_the_wait_that_is_had(requests in 1_u32..50, arrivals in arrivals(), ahead in 0_usize..200, throttled: bool) {
            let start = Instant::now();
            let mut window = window(requests, SECOND);
            let now = *departures(&mut window, start, &arrivals).last().unwrap();
            if throttled {
                window.throttled(now, now);
            }
            let told = window.wait(now, ahead);
            let had = (0..=ahead).fold(now, |at, _| leave(&mut window, at)) - now;
            // While the figure recovers, the line moves faster than was told.
            let holds = if throttled { had <= told } else { had == told };
            prop_assert!(holds, "{had:?} had, {told:?} told");
        }
    }
}
