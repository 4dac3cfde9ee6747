//! [`Line`]: the requests of a group, first come first served.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex as Turn;
use tokio::time::{Instant, sleep};

use super::window::SlidingWindow;
use super::{Quota, QuotaGroup};

/// Where the requests of one group stand in line until they may leave.
///
/// A request records its leaving when it leaves, not when it lines up: one that is given up costs nobody anything, and
/// throttling holds up all that still wait.
pub(crate) struct Line {
    pub(super) group: QuotaGroup,
    pub(super) quota: Quota,
    window: Mutex<SlidingWindow>,
    /// Held by the head of the line; tokio hands it on in the order of asking.
    turn: Turn<()>,
    waiting: AtomicUsize,
}

impl Line {
    pub(super) fn new(group: QuotaGroup, quota: Quota) -> Self {
        Self {
            group,
            quota,
            window: Mutex::new(SlidingWindow::new(quota)),
            turn: Turn::new(()),
            waiting: AtomicUsize::new(0),
        }
    }

    /// How long a request would wait that lined up now.
    pub(crate) fn expected_wait(&self, now: Instant) -> Duration {
        self.window().wait(now, self.waiting.load(Ordering::Relaxed))
    }

    /// Stands in line, waits, and gives the time at which the request leaves.
    pub(crate) async fn depart(&self, clock: impl Fn() -> Instant + Send + Sync) -> Instant {
        let _waiting = Waiting::new(&self.waiting);
        let _turn = self.turn.lock().await;
        loop {
            let now = clock();
            let departed = self.window().depart(now);
            match departed {
                Ok(()) => return now,
                Err(wait) => sleep(wait).await,
            }
        }
    }

    /// Takes note that the request which left at `departed` was throttled.
    pub(crate) fn throttled(&self, departed: Instant, now: Instant) {
        self.window().throttled(departed, now);
    }

    /// The group and its figure, as an error tells them.
    pub(crate) fn describe(&self, now: Instant) -> String {
        let Self { group, quota: Quota { requests, per }, .. } = self;
        let limit = format!("{group:?}: {requests} in {} s", per.as_secs_f64());
        match self.window().allowed(now) {
            allowed if allowed < *requests => format!("{limit}, after throttling {allowed}"),
            _ => limit,
        }
    }

    fn window(&self) -> MutexGuard<'_, SlidingWindow> {
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
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

/// Counts a request as long as it stands in line, whether it leaves or is given up.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

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
        assert_eq!(line.waiting.load(Ordering::Relaxed), 0);
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
}
