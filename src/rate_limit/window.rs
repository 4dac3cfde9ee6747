//! [`SlidingWindow`]: when the next request may be sent. Pure: the time is an argument.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::quota::Quota;

/// Added to a quota's period, so that a request that takes longer to arrive than those behind it
/// does not exceed the quota as the service counts it.
const MARGIN: Duration = Duration::from_millis(50);

/// The part of the figure that remains after throttling: seven tenths.
const REMAINING: (u32, u32) = (7, 10);

/// After one window at a lowered figure, each further window adds a fortieth of the quota: the
/// whole is back after 13.
const RECOVERY_STEPS: u32 = 40;

/// Permits no more requests in any stretch of a period than a quota allows, and fewer after
/// throttling.
///
/// It remembers when the latest requests were sent, at most as many as the quota allows: a request
/// may be sent when the one that many before it is out of the window. So a few requests never wait,
/// a burst continues in the next window, and a stream has the quota's pace.
#[derive(Debug)]
pub(super) struct SlidingWindow {
    quota: Quota,
    /// When the latest requests were sent, oldest first.
    sent: VecDeque<Instant>,
    cut: Option<Cut>,
}

/// The latest throttling.
#[derive(Clone, Copy, Debug)]
struct Cut {
    at: Instant,
    /// The figure after it.
    to: u32,
}

impl SlidingWindow {
    pub(super) fn new(quota: Quota) -> Self {
        Self { quota, sent: VecDeque::new(), cut: None }
    }

    fn length(&self) -> Duration {
        self.quota.period.saturating_add(MARGIN)
    }

    /// Returns the figure of one window: the quota, or less for a while after throttling.
    pub(super) fn allowed(&self, now: Instant) -> u32 {
        let Quota { requests, .. } = self.quota;
        let Some(cut) = self.cut else { return requests };
        let windows = now.saturating_duration_since(cut.at).as_nanos() / self.length().as_nanos();
        let windows = u32::try_from(windows).unwrap_or(u32::MAX).saturating_sub(1);
        requests
            .min(cut.to.saturating_add(windows.saturating_mul(requests.div_ceil(RECOVERY_STEPS))))
    }

    /// Returns how long a request waits behind `ahead` others.
    pub(super) fn wait(&self, now: Instant, ahead: usize) -> Duration {
        let allowed = self.allowed(now) as usize;
        let (full_windows, position) = (ahead / allowed, ahead % allowed);
        let first_window = match (self.sent.len() + position).checked_sub(allowed) {
            Some(leaves_window) => {
                (self.sent[leaves_window] + self.length()).saturating_duration_since(now)
            }
            None => Duration::ZERO,
        };
        let full_windows = u32::try_from(full_windows).unwrap_or(u32::MAX);
        first_window.saturating_add(self.length().saturating_mul(full_windows))
    }

    /// Records a request that is sent now, or returns how long it has to wait.
    pub(super) fn try_acquire(&mut self, now: Instant) -> Result<(), Duration> {
        let wait = self.wait(now, 0);
        if !wait.is_zero() {
            return Err(wait);
        }
        if self.sent.len() == self.quota.requests as usize {
            self.sent.pop_front();
        }
        self.sent.push_back(now);
        Ok(())
    }

    /// Lowers the figure because the request sent at `sent` was throttled.
    ///
    /// The figure is lowered at most once in a window, and not for a request that was sent before
    /// it was lowered last: that one does not say anything about the new figure.
    pub(super) fn on_throttled(&mut self, sent: Instant, now: Instant) {
        let is_known = self.cut.is_some_and(|cut| sent < cut.at || now < cut.at + self.length());
        if !is_known {
            let (part, of) = REMAINING;
            let to = u64::from(self.allowed(now)) * u64::from(part) / u64::from(of);
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

    fn window(requests: u32, period: Duration) -> SlidingWindow {
        SlidingWindow::new(Quota::new(requests, period))
    }

    /// Sends a request as soon as it may be sent, and returns when.
    fn send(window: &mut SlidingWindow, mut now: Instant) -> Instant {
        while let Err(wait) = window.try_acquire(now) {
            now += wait;
        }
        now
    }

    /// Returns when each request was sent that was queued at one of `arrivals`, in milliseconds
    /// from the start.
    fn send_times(window: &mut SlidingWindow, start: Instant, arrivals: &[u64]) -> Vec<Instant> {
        let mut head = start;
        arrivals
            .iter()
            .map(|arrival| {
                head = send(window, head.max(start + Duration::from_millis(*arrival)));
                head
            })
            .collect()
    }

    #[test]
    fn a_burst_over_the_quota_continues_in_the_next_window() {
        let start = Instant::now();
        let sent = send_times(&mut window(40, SECOND), start, &[0; 90]);
        assert!(sent[..40].iter().all(|at| *at == start));
        assert!(sent[40..80].iter().all(|at| *at == start + WINDOW));
        assert!(sent[80..].iter().all(|at| *at == start + 2 * WINDOW));
    }

    #[test]
    fn a_stream_slower_than_the_quota_does_not_wait() {
        let start = Instant::now();
        let arrivals: Vec<u64> = (0..200).map(|n| n * 27).collect();
        let sent = send_times(&mut window(40, SECOND), start, &arrivals);
        for (sent_at, arrived) in sent.iter().zip(arrivals) {
            assert_eq!(*sent_at, start + Duration::from_millis(arrived));
        }
    }

    #[test]
    fn an_hourly_quota_holds_in_any_hour() {
        let hour = Duration::from_secs(3_600);
        let start = Instant::now();
        let mut window = window(50, hour);
        let minutes: Vec<u64> = (0..50).map(|n| n * 60_000).collect();
        send_times(&mut window, start, &minutes);
        let after_50_minutes = start + Duration::from_secs(50 * 60);
        assert_eq!(window.wait(after_50_minutes, 0), Duration::from_secs(10 * 60) + MARGIN);
        assert_eq!(window.wait(after_50_minutes, 1), Duration::from_secs(11 * 60) + MARGIN);
        let after_an_hour = start + hour + MARGIN;
        assert_eq!(window.try_acquire(after_an_hour), Ok(()));
        assert_eq!(window.try_acquire(after_an_hour), Err(Duration::from_secs(60)));
    }

    #[test]
    fn throttling_lowers_the_figure_and_time_restores_it() {
        let start = Instant::now();
        let mut window = window(40, SECOND);
        window.on_throttled(start, start);
        assert_eq!(window.allowed(start), 28);
        window.on_throttled(start, start + SECOND);
        assert_eq!(window.allowed(start + SECOND), 28, "once a window");
        window.on_throttled(start - SECOND, start + WINDOW);
        assert_eq!(
            window.allowed(start + WINDOW),
            28,
            "a request sent before the cut does not count"
        );
        window.on_throttled(start + SECOND, start + WINDOW);
        assert_eq!(window.allowed(start + WINDOW), 19);
        for windows in 1..=22 {
            assert_eq!(window.allowed(start + WINDOW + windows * WINDOW), 18 + windows);
        }
        assert_eq!(window.allowed(start + 1_000 * WINDOW), 40);

        let throttled_for_ever = |windows: u32| {
            let at = start + (1_000 + windows) * WINDOW;
            window.on_throttled(at, at);
            window.allowed(at)
        };
        assert_eq!((0..100).map(throttled_for_ever).min(), Some(1));
    }

    #[test]
    fn a_lowered_figure_counts_requests_sent_before() {
        let start = Instant::now();
        let mut window = window(40, SECOND);
        send_times(&mut window, start, &(0..40).map(|n| n * 10).collect::<Vec<_>>());
        let now = start + Duration::from_millis(390);
        window.on_throttled(now, now);
        // 28 may be in a window: the thirteenth of the forty has to be out of it.
        assert_eq!(
            window.wait(now, 0),
            Duration::from_millis(120) + WINDOW - Duration::from_millis(390)
        );
    }

    #[test]
    fn large_quotas_recover_in_as_many_windows_as_small_ones() {
        let start = Instant::now();
        let mut window = window(450, SECOND);
        window.on_throttled(start, start);
        assert_eq!(window.allowed(start), 315);
        assert_eq!(window.allowed(start + 2 * WINDOW), 327);
        assert_eq!(window.allowed(start + 13 * WINDOW), 450);
    }

    /// Arrivals in any pattern of gaps, bursts included.
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
        fn no_window_exceeds_the_quota(requests in 1_u32..50, arrivals in arrivals()) {
            let start = Instant::now();
            let mut window = window(requests, SECOND);
            let sent = send_times(&mut window, start, &arrivals);
            for (earlier, later) in sent.iter().zip(sent.iter().skip(requests as usize)) {
                prop_assert!(*later >= *earlier + WINDOW);
            }
            prop_assert!(window.sent.len() <= requests as usize, "memory is bounded");
        }

        #[test]
        fn no_request_waits_longer_than_those_before_it_take(requests in 1_u32..50, arrivals in arrivals()) {
            let start = Instant::now();
            let sent = send_times(&mut window(requests, SECOND), start, &arrivals);
            prop_assert!(sent.is_sorted());
            for (position, (sent_at, arrived)) in sent.iter().zip(&arrivals).enumerate() {
                let arrived = start + Duration::from_millis(*arrived);
                let ahead = sent[..position].iter().filter(|earlier| **earlier > arrived).count();
                let windows = u32::try_from(ahead).unwrap() / requests + 1;
                prop_assert!(*sent_at <= arrived + windows * WINDOW);
            }
        }

        #[test]
        fn the_returned_wait_is_the_actual_wait(requests in 1_u32..50, arrivals in arrivals(), ahead in 0_usize..200, throttled: bool) {
            let start = Instant::now();
            let mut window = window(requests, SECOND);
            let now = *send_times(&mut window, start, &arrivals).last().unwrap();
            if throttled {
                window.on_throttled(now, now);
            }
            let expected = window.wait(now, ahead);
            let actual = (0..=ahead).fold(now, |at, _| send(&mut window, at)) - now;
            // While the figure recovers, the queue moves faster than expected.
            let holds = if throttled { actual <= expected } else { actual == expected };
            prop_assert!(holds, "{actual:?} instead of {expected:?}");
        }
    }
}
