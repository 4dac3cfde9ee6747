//! [`SlidingWindow`]: how many requests the service still counts. Pure: the time is an argument.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::in_flight::InFlight;
use super::quota::Quota;

/// Added to a quota's period, so that a request that takes longer to arrive than those behind it
/// does not exceed the quota as the service counts it.
const MARGIN: Duration = Duration::from_millis(50);

/// A request without a response has arrived, or is lost, after this time.
const MAX_TRANSIT: Duration = Duration::from_secs(1);

/// The shortest latency is that of the last 10 to 20 seconds.
const LATENCY_MEMORY: Duration = Duration::from_secs(10);

/// Permits no more requests in any stretch of a period than a quota allows, as the service counts
/// them.
///
/// The service counts a request when it arrives, at some time between sending it and its response.
/// A request whose connection is still being made arrives late, together with requests that are
/// sent after it. So a request counts until a period after its latest possible arrival: as much
/// later than it was sent as its latency exceeds the shortest one.
///
/// A few requests never wait, a burst continues in the next window, and a stream has the quota's
/// pace.
#[derive(Debug)]
pub(super) struct SlidingWindow {
    quota: Quota,
    in_flight: InFlight,
    /// Requests that have arrived, by when they stop to count.
    arrived: VecDeque<Arrived>,
    shortest_latency: ShortestLatency,
}

#[derive(Clone, Copy, Debug)]
struct Arrived {
    sent: Instant,
    latency: Duration,
    counts_until: Instant,
}

impl SlidingWindow {
    pub(super) fn new(quota: Quota) -> Self {
        Self {
            quota,
            in_flight: InFlight::default(),
            arrived: VecDeque::new(),
            shortest_latency: ShortestLatency::default(),
        }
    }

    /// Returns how long a request waits behind `ahead` others.
    pub(super) fn wait(&mut self, now: Instant, ahead: usize) -> Duration {
        self.advance(now);
        let quota = self.quota.requests as usize;
        let (full_windows, position) = (ahead / quota, ahead % quota);
        let counted = self.arrived.len() + self.in_flight.len();
        let leaving = (counted + position).checked_sub(quota);
        let free_at = leaving.and_then(|index| self.counts_until(index));
        let first_window = free_at.map_or(Duration::ZERO, |at| at.saturating_duration_since(now));
        let full_windows = u32::try_from(full_windows).unwrap_or(u32::MAX);
        first_window.saturating_add(self.length().saturating_mul(full_windows))
    }

    /// Returns when the request at `index` stops to count, in the order in which they do. For a
    /// request in flight that is the earliest time.
    fn counts_until(&self, index: usize) -> Option<Instant> {
        match self.arrived.get(index) {
            Some(request) => Some(request.counts_until),
            None => {
                let sent = self.in_flight.sent(index - self.arrived.len())?;
                Some(sent + self.length())
            }
        }
    }

    /// Records a request that is sent now, and returns its number.
    pub(super) fn send(&mut self, now: Instant) -> u64 {
        self.in_flight.push(now)
    }

    /// Records that the response to a request was received.
    pub(super) fn receive(&mut self, number: u64, now: Instant) {
        let Some(sent) = self.in_flight.remove(number) else { return };
        let latency = now.saturating_duration_since(sent);
        if self.shortest_latency.record(latency, now) {
            self.recompute();
        }
        self.insert(sent, latency);
    }

    /// Records that a request ended without a response. It may have arrived until now, and its
    /// duration is not a latency.
    pub(super) fn end(&mut self, number: u64, now: Instant) {
        let Some(sent) = self.in_flight.remove(number) else { return };
        self.insert(sent, now.saturating_duration_since(sent));
    }

    /// Returns how many requests are in flight and may not have arrived.
    pub(super) fn in_flight(&mut self, now: Instant) -> usize {
        self.advance(now);
        self.in_flight.len()
    }

    /// Returns when the oldest request in flight must have arrived.
    pub(super) fn next_arrival(&self) -> Option<Instant> {
        self.in_flight.oldest().map(|sent| sent + MAX_TRANSIT)
    }

    /// Drops what does not count any more.
    fn advance(&mut self, now: Instant) {
        while let Some(sent) = self.in_flight.oldest().filter(|sent| *sent + MAX_TRANSIT <= now) {
            self.in_flight.remove_oldest();
            self.insert(sent, MAX_TRANSIT);
        }
        while self.arrived.front().is_some_and(|request| request.counts_until <= now) {
            self.arrived.pop_front();
        }
    }

    fn insert(&mut self, sent: Instant, latency: Duration) {
        let counts_until = sent + self.counted_for(latency);
        // Few stop to count later than one that has just arrived.
        let later = |other: &&Arrived| other.counts_until > counts_until;
        let later = self.arrived.iter().rev().take_while(later).count();
        let index = self.arrived.len() - later;
        self.arrived.insert(index, Arrived { sent, latency, counts_until });
    }

    /// Computes again when requests stop to count, after the shortest latency has changed.
    fn recompute(&mut self) {
        let requests = std::mem::take(&mut self.arrived);
        for Arrived { sent, latency, .. } in requests {
            self.insert(sent, latency);
        }
    }

    fn counted_for(&self, latency: Duration) -> Duration {
        let late = latency.saturating_sub(self.shortest_latency.get().unwrap_or_default());
        self.quota.period + late.max(MARGIN)
    }

    fn length(&self) -> Duration {
        self.quota.period + MARGIN
    }
}

/// The shortest time between a request and its response.
#[derive(Debug, Default)]
struct ShortestLatency {
    current: Option<Duration>,
    previous: Option<Duration>,
    /// When `current` began.
    since: Option<Instant>,
}

impl ShortestLatency {
    /// Records a latency, and returns whether it is the shortest.
    fn record(&mut self, latency: Duration, now: Instant) -> bool {
        if self.since.is_none_or(|since| now >= since + LATENCY_MEMORY) {
            self.previous = self.current.take();
            self.since = Some(now);
        }
        let is_shortest = self.get().is_none_or(|shortest| latency < shortest);
        self.current = Some(self.current.map_or(latency, |shortest| shortest.min(latency)));
        is_shortest
    }

    fn get(&self) -> Option<Duration> {
        self.current.into_iter().chain(self.previous).min()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const WINDOW: Duration = Duration::from_millis(1_050);
    const MS: Duration = Duration::from_millis(1);

    fn window(requests: u32) -> SlidingWindow {
        SlidingWindow::new(Quota::per_second(requests))
    }

    /// Sends a request as soon as it may be sent, and returns when.
    fn send(window: &mut SlidingWindow, mut now: Instant) -> (u64, Instant) {
        loop {
            match window.wait(now, 0) {
                Duration::ZERO => return (window.send(now), now),
                wait => now += wait,
            }
        }
    }

    /// Sends requests that are executed immediately, and returns when each was sent that was queued
    /// at one of `arrivals`, in milliseconds from the start.
    fn send_times(window: &mut SlidingWindow, start: Instant, arrivals: &[u64]) -> Vec<Instant> {
        let mut head = start;
        arrivals
            .iter()
            .map(|arrival| {
                let (number, at) = send(window, head.max(start + *arrival as u32 * MS));
                window.receive(number, at);
                head = at;
                at
            })
            .collect()
    }

    #[test]
    fn burst_over_the_quota_continues_in_the_next_window() {
        let start = Instant::now();
        let sent = send_times(&mut window(40), start, &[0; 90]);
        assert!(sent[..40].iter().all(|at| *at == start));
        assert!(sent[40..80].iter().all(|at| *at == start + WINDOW));
        assert!(sent[80..].iter().all(|at| *at == start + 2 * WINDOW));
    }

    #[test]
    fn stream_slower_than_the_quota_does_not_wait() {
        let start = Instant::now();
        let arrivals: Vec<u64> = (0..200).map(|n| n * 27).collect();
        let sent = send_times(&mut window(40), start, &arrivals);
        for (sent_at, arrived) in sent.iter().zip(arrivals) {
            assert_eq!(*sent_at, start + arrived as u32 * MS);
        }
    }

    #[test]
    fn hourly_quota_holds_in_any_hour() {
        let hour = Duration::from_secs(3_600);
        let start = Instant::now();
        let mut window = SlidingWindow::new(Quota::per_hour(50));
        let minutes: Vec<u64> = (0..50).map(|n| n * 60_000).collect();
        send_times(&mut window, start, &minutes);
        let after_50_minutes = start + Duration::from_secs(50 * 60);
        assert_eq!(window.wait(after_50_minutes, 0), Duration::from_secs(10 * 60) + MARGIN);
        assert_eq!(window.wait(after_50_minutes, 1), Duration::from_secs(11 * 60) + MARGIN);
        let after_an_hour = start + hour + MARGIN;
        assert_eq!(window.wait(after_an_hour, 0), Duration::ZERO);
        window.send(after_an_hour);
        assert_eq!(window.wait(after_an_hour, 0), Duration::from_secs(60));
    }

    #[test]
    fn request_counts_from_its_latest_arrival() {
        let start = Instant::now();
        let mut window = window(2);
        let [warm, cold] = [0, 1].map(|_| window.send(start));
        window.receive(warm, start + 30 * MS);
        window.receive(cold, start + 330 * MS);
        let now = start + 330 * MS;
        assert_eq!(now + window.wait(now, 0), start + WINDOW);
        assert_eq!(now + window.wait(now, 1), start + 300 * MS + SECOND);
    }

    #[test]
    fn shorter_latency_counts_for_earlier_requests_too() {
        let start = Instant::now();
        let mut window = window(2);
        let cold = window.send(start);
        window.receive(cold, start + 330 * MS);
        let now = start + 400 * MS;
        let warm = window.send(now);
        assert_eq!(now + window.wait(now, 0), start + WINDOW);
        window.receive(warm, now + 30 * MS);
        assert_eq!(now + window.wait(now, 0), start + 300 * MS + SECOND);
    }

    #[test]
    fn request_without_a_response_counts_for_a_limited_time() {
        let start = Instant::now();
        let mut window = window(1);
        let lost = window.send(start);
        assert_eq!(window.in_flight(start + MAX_TRANSIT - MS), 1);
        assert_eq!(window.next_arrival(), Some(start + MAX_TRANSIT));
        assert_eq!(window.in_flight(start + MAX_TRANSIT), 0);
        assert_eq!(window.wait(start + MAX_TRANSIT, 0), SECOND);
        window.receive(lost, start + 2 * MAX_TRANSIT);
        assert_eq!(window.wait(start + MAX_TRANSIT + SECOND, 0), Duration::ZERO);
    }

    #[test]
    fn shortest_latency_is_forgotten() {
        let start = Instant::now();
        let mut shortest = ShortestLatency::default();
        assert!(shortest.record(30 * MS, start));
        assert!(!shortest.record(80 * MS, start + LATENCY_MEMORY));
        assert_eq!(shortest.get(), Some(30 * MS));
        shortest.record(90 * MS, start + 2 * LATENCY_MEMORY);
        assert_eq!(shortest.get(), Some(80 * MS));
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

    /// Delays of requests on their way, in milliseconds.
    fn delays() -> impl Strategy<Value = Vec<u32>> {
        prop::collection::vec(prop_oneof![2 => Just(0), 1 => 0_u32..900], 120)
    }

    proptest! {
        #[test]
        fn no_window_exceeds_the_quota(requests in 1_u32..50, arrivals in arrivals()) {
            let start = Instant::now();
            let mut window = window(requests);
            let sent = send_times(&mut window, start, &arrivals);
            for (earlier, later) in sent.iter().zip(sent.iter().skip(requests as usize)) {
                prop_assert!(*later >= *earlier + WINDOW);
            }
            prop_assert!(window.arrived.len() <= requests as usize, "memory is bounded");
        }

        #[test]
        fn no_window_exceeds_the_quota_where_requests_arrive(
            requests in 2_u32..20,
            delays in delays(),
        ) {
            let start = Instant::now();
            let mut window = window(requests);
            let number = window.send(start);
            window.receive(number, start + 20 * MS);
            let mut arrived = Vec::new();
            let mut responses = BTreeMap::<Instant, Vec<u64>>::new();
            let mut now = start + 20 * MS;
            for delay in delays {
                loop {
                    let wait = window.wait(now, 0);
                    if wait.is_zero() {
                        break;
                    }
                    let next_response = responses.keys().next().copied();
                    now = next_response.map_or(now + wait, |at| at.min(now + wait));
                    for number in responses.remove(&now).unwrap_or_default() {
                        window.receive(number, now);
                    }
                }
                let arrival = now + (10 + delay) * MS;
                arrived.push(arrival);
                let response = arrival + 10 * MS;
                responses.entry(response).or_default().push(window.send(now));
            }
            arrived.sort();
            for (earlier, later) in arrived.iter().zip(arrived.iter().skip(requests as usize)) {
                prop_assert!(*later >= *earlier + SECOND);
            }
        }

        #[test]
        fn no_request_waits_longer_than_those_before_it_take(
            requests in 1_u32..50,
            arrivals in arrivals(),
        ) {
            let start = Instant::now();
            let sent = send_times(&mut window(requests), start, &arrivals);
            prop_assert!(sent.is_sorted());
            for (position, (sent_at, arrived)) in sent.iter().zip(&arrivals).enumerate() {
                let arrived = start + *arrived as u32 * MS;
                let ahead = sent[..position].iter().filter(|earlier| **earlier > arrived).count();
                let windows = u32::try_from(ahead).unwrap() / requests + 1;
                prop_assert!(*sent_at <= arrived + windows * WINDOW);
            }
        }

        #[test]
        fn returned_wait_is_the_actual_wait(
            requests in 1_u32..50,
            arrivals in arrivals(),
            ahead in 0_usize..200,
        ) {
            let start = Instant::now();
            let mut window = window(requests);
            let now = *send_times(&mut window, start, &arrivals).last().unwrap();
            let expected = window.wait(now, ahead);
            let mut last = now;
            for _ in 0..=ahead {
                let (number, at) = send(&mut window, last);
                window.receive(number, at);
                last = at;
            }
            prop_assert_eq!(last - now, expected);
        }
    }
}
