//! [`Line`]: the requests of a group, first come first served.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

use super::window::SlidingWindow;
use super::{Quota, QuotaGroup};

/// So long after its turn came a request is passed over that has not left. Its future is not polled, perhaps because the task
/// that has it works on something else, which may be waiting in the same line.
const PASSED_OVER_AFTER: Duration = Duration::from_millis(100);

/// Where the requests of one group stand in line until they may leave.
///
/// A request records its leaving when it leaves, not when it lines up: one that is given up costs nobody anything, and
/// throttling holds up all that still wait. None holds anything while it waits that others need: each knows when its turn
/// comes by what stands before it, and reckons that anew when it has become the first.
pub(crate) struct Line {
    pub(super) group: QuotaGroup,
    pub(super) quota: Quota,
    queue: Mutex<Queue>,
}

struct Queue {
    window: SlidingWindow,
    /// In the order in which they came.
    places: VecDeque<Place>,
    came: u64,
}

/// Where a request stands.
struct Place {
    /// The how many-th it is that came.
    number: u64,
    /// When its turn comes, as was known when it looked last.
    due: Instant,
    /// Told when nobody stands before it any more.
    first: Arc<Notify>,
}

impl Line {
    pub(super) fn new(group: QuotaGroup, quota: Quota) -> Self {
        let window = SlidingWindow::new(quota);
        let queue = Mutex::new(Queue { window, places: VecDeque::new(), came: 0 });
        Self { group, quota, queue }
    }

    /// How long a request would wait that lined up now.
    pub(crate) fn expected_wait(&self, now: Instant) -> Duration {
        let queue = self.queue();
        queue.window.wait(now, queue.ahead_of(queue.places.len(), now))
    }

    /// Stands in line, waits, and gives the time at which the request leaves.
    pub(crate) async fn depart(&self, clock: impl Fn() -> Instant + Send + Sync) -> Instant {
        let standing = Standing::at_the_end(self, clock());
        loop {
            let now = clock();
            let departed = self.queue().depart(standing.number, now);
            match departed {
                Ok(()) => return now,
                // What stood before it may leave sooner than was reckoned, or be given up.
                Err(wait) => _ = timeout(wait, standing.first.notified()).await,
            }
        }
    }

    /// Takes note that the request which left at `departed` was throttled.
    pub(crate) fn throttled(&self, departed: Instant, now: Instant) {
        self.queue().window.throttled(departed, now);
    }

    /// The group and its figure, as an error tells them.
    pub(crate) fn describe(&self, now: Instant) -> String {
        let Self { group, quota: Quota { requests, per }, .. } = self;
        let limit = format!("{group:?}: {requests} in {} s", per.as_secs_f64());
        match self.queue().window.allowed(now) {
            allowed if allowed < *requests => format!("{limit}, after throttling {allowed}"),
            _ => limit,
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    /// Lets a request leave, or says how long it has to wait.
    fn depart(&mut self, number: u64, now: Instant) -> Result<(), Duration> {
        let index = self.index(number);
        let wait = self.window.wait(now, self.ahead_of(index, now));
        if wait.is_zero() {
            return self.window.depart(now);
        }
        self.places[index].due = now + wait;
        Err(wait)
    }

    /// How many stand before a place and are not to be passed over.
    fn ahead_of(&self, index: usize, now: Instant) -> usize {
        self.places.range(..index).filter(|place| !place.is_passed_over(now)).count()
    }

    /// Takes a request out that left or was given up. The one that is the first then reckons anew.
    fn leave(&mut self, number: u64) {
        self.places.remove(self.index(number));
        if let Some(place) = self.places.front() {
            place.first.notify_one();
        }
    }

    fn index(&self, number: u64) -> usize {
        self.places.partition_point(|place| place.number < number)
    }
}

impl Place {
    fn is_passed_over(&self, now: Instant) -> bool {
        self.due + PASSED_OVER_AFTER < now
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line")
            .field("group", &self.group)
            .field("quota", &self.quota)
            .finish_non_exhaustive()
    }
}

/// Keeps a request in line, until it leaves or is given up.
struct Standing<'l> {
    line: &'l Line,
    number: u64,
    first: Arc<Notify>,
}

impl<'l> Standing<'l> {
    fn at_the_end(line: &'l Line, now: Instant) -> Self {
        let first = Arc::new(Notify::new());
        let mut queue = line.queue();
        let number = queue.came;
        queue.came += 1;
        queue.places.push_back(Place { number, due: now, first: Arc::clone(&first) });
        Self { line, number, first }
    }
}

impl Drop for Standing<'_> {
    fn drop(&mut self) {
        self.line.queue().leave(self.number);
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    const WINDOW: Duration = Duration::from_millis(1_050);

    fn line(requests: u32) -> Arc<Line> {
        Arc::new(Line::new(QuotaGroup::Manage, Quota { requests, per: Duration::from_secs(1) }))
    }

    /// Lines up once the runtime polls it, in the order of spawning.
    fn spawn(line: &Arc<Line>) -> tokio::task::JoinHandle<Instant> {
        let line = Arc::clone(line);
        tokio::spawn(async move { line.depart(Instant::now).await })
    }

    #[tokio::test(start_paused = true)]
    async fn who_comes_first_leaves_first_and_the_line_tells_its_length_in_time() {
        let line = line(2);
        let start = Instant::now();
        let waiting: Vec<_> = (0..5).map(|_| spawn(&line)).collect();
        tokio::task::yield_now().await;
        assert_eq!(line.expected_wait(start), 2 * WINDOW);
        let mut departures = Vec::new();
        for request in waiting {
            departures.push(request.await.unwrap() - start);
        }
        assert_eq!(departures, [Duration::ZERO, Duration::ZERO, WINDOW, WINDOW, 2 * WINDOW]);
        assert!(line.queue().places.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn who_leaves_the_line_costs_nobody_anything() {
        let line = line(1);
        let start = Instant::now();
        let waiting: Vec<_> = (0..4).map(|_| spawn(&line)).collect();
        tokio::task::yield_now().await;
        waiting[1].abort();
        waiting[2].abort();
        tokio::task::yield_now().await;
        assert_eq!(line.expected_wait(start), 2 * WINDOW);
        assert_eq!(waiting.into_iter().last().unwrap().await.unwrap() - start, WINDOW);
    }

    #[tokio::test(start_paused = true)]
    async fn throttling_holds_up_those_who_wait_already() {
        let line = line(10);
        let start = Instant::now();
        let waiting: Vec<_> = (0..20).map(|_| spawn(&line)).collect();
        tokio::task::yield_now().await;
        line.throttled(start, start);
        let mut departures = Vec::new();
        for request in waiting {
            departures.push(request.await.unwrap() - start);
        }
        // Ten had left; then seven may be in a window.
        let left_at = |at| departures.iter().filter(|departed| **departed == at).count();
        assert_eq!([left_at(Duration::ZERO), left_at(WINDOW), left_at(2 * WINDOW)], [10, 7, 3]);
    }

    /// As a future that stands beside the one its task is at.
    fn poll_once(future: Pin<&mut impl Future<Output = Instant>>) -> Poll<Instant> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_not_polled_holds_up_nobody_and_leaves_once_it_is_polled_again() {
        let line = line(2);
        let start = Instant::now();
        let depart = || line.depart(Instant::now);
        assert_eq!((depart().await, depart().await), (start, start));
        let mut idle = [(); 4].map(|()| Box::pin(depart()));
        for future in &mut idle {
            assert!(poll_once(future.as_mut()).is_pending());
        }
        // Four are before it, of whom two leave in a window.
        assert_eq!(line.expected_wait(start), 3 * WINDOW);
        assert_eq!(depart().await - start, 3 * WINDOW);
        assert_eq!(depart().await - start, 3 * WINDOW);
        // Its turn came long ago, yet a window has no more than two.
        let [first, ..] = idle;
        assert_eq!(first.await - start, 4 * WINDOW);
    }

    #[tokio::test(start_paused = true)]
    async fn who_was_passed_over_keeps_its_place_before_those_who_came_later() {
        let line = line(1);
        let start = Instant::now();
        line.depart(Instant::now).await;
        let mut idle = Box::pin(line.depart(Instant::now));
        assert!(poll_once(idle.as_mut()).is_pending());
        let later: Vec<_> = (0..3).map(|_| spawn(&line)).collect();
        let late = WINDOW + 2 * PASSED_OVER_AFTER;
        tokio::time::sleep(late).await;
        assert_eq!(idle.await - start, late);
        for (request, windows) in later.into_iter().zip(1..) {
            assert_eq!(request.await.unwrap() - start, late + windows * WINDOW);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn when_the_service_recovers_those_who_wait_already_gain_by_it() {
        let line = line(40);
        while line.queue().window.allowed(Instant::now()) > 1 {
            line.throttled(Instant::now(), Instant::now());
            tokio::time::sleep(WINDOW).await;
        }
        let started = Instant::now();
        let waiting: Vec<_> = (0..50).map(|_| spawn(&line)).collect();
        tokio::task::yield_now().await;
        assert_eq!(line.expected_wait(started), 50 * WINDOW);
        for request in waiting {
            request.await.unwrap();
        }
        // One in the first window, two in the next, and so on.
        assert_eq!(started.elapsed(), 9 * WINDOW);
    }
}
