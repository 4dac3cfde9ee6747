//! [`WaitQueue`]: the permits of one quota group, first come, first served.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

use super::quota::{Quota, QuotaGroup};
use super::window::SlidingWindow;

/// A waiter that is still queued this long after its permit was due is skipped: its future is not
/// being polled, for example because its task is busy with another call, which may be in the same
/// queue.
const SKIP_AFTER: Duration = Duration::from_millis(100);

/// Hands out the permits of one quota group in order of arrival.
///
/// A permit counts when the request is sent, not when it is queued, so a dropped waiter costs the
/// others nothing, and throttling delays everyone still queued. A waiter holds nothing that others
/// need: it knows when its permit is due from the waiters before it, and computes that again when
/// it reaches the head of the queue.
pub(crate) struct WaitQueue {
    pub(super) group: QuotaGroup,
    pub(super) quota: Quota,
    state: Mutex<State>,
}

struct State {
    window: SlidingWindow,
    /// In order of arrival.
    waiters: VecDeque<Waiter>,
    next_ticket: u64,
}

/// A queued request.
struct Waiter {
    /// Arrival number, unique and increasing.
    ticket: u64,
    /// When its permit is due, as last computed.
    due: Instant,
    /// Notified when this waiter reaches the head of the queue.
    head: Arc<Notify>,
}

impl WaitQueue {
    pub(super) fn new(group: QuotaGroup, quota: Quota) -> Self {
        let window = SlidingWindow::new(quota);
        let state = Mutex::new(State { window, waiters: VecDeque::new(), next_ticket: 0 });
        Self { group, quota, state }
    }

    /// Returns how long a request would wait that was queued now.
    pub(crate) fn expected_wait(&self, now: Instant) -> Duration {
        let state = self.state();
        state.window.wait(now, state.waiters_before(state.waiters.len(), now))
    }

    /// Queues a request, waits for its permit, and returns when the request is sent.
    pub(crate) async fn acquire(&self, clock: impl Fn() -> Instant + Send + Sync) -> Instant {
        let position = QueuePosition::last(self, clock());
        loop {
            let now = clock();
            let acquired = self.state().try_acquire(position.ticket, now);
            match acquired {
                Ok(()) => return now,
                // The waiters before it may be served earlier than computed, or give up.
                Err(wait) => _ = timeout(wait, position.head.notified()).await,
            }
        }
    }

    /// Lowers the pace because the request sent at `sent` was throttled.
    pub(crate) fn on_throttled(&self, sent: Instant, now: Instant) {
        self.state().window.on_throttled(sent, now);
    }

    /// Returns the group and its figure, for errors.
    pub(crate) fn describe(&self, now: Instant) -> String {
        let Self { group, quota: Quota { requests, period }, .. } = self;
        let limit = format!("{group:?}: {requests} in {} s", period.as_secs_f64());
        match self.state().window.allowed(now) {
            allowed if allowed < *requests => format!("{limit}, after throttling {allowed}"),
            _ => limit,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Records that the waiter's request is sent now, or returns how long the waiter has to wait.
    fn try_acquire(&mut self, ticket: u64, now: Instant) -> Result<(), Duration> {
        let index = self.index(ticket);
        let wait = self.window.wait(now, self.waiters_before(index, now));
        if wait.is_zero() {
            return self.window.try_acquire(now);
        }
        self.waiters[index].due = now + wait;
        Err(wait)
    }

    /// Counts the waiters before `index` that are not skipped.
    fn waiters_before(&self, index: usize, now: Instant) -> usize {
        self.waiters.range(..index).filter(|waiter| !waiter.is_skipped(now)).count()
    }

    /// Removes a waiter that was served or gave up, and wakes the new head.
    fn remove(&mut self, ticket: u64) {
        self.waiters.remove(self.index(ticket));
        if let Some(waiter) = self.waiters.front() {
            waiter.head.notify_one();
        }
    }

    fn index(&self, ticket: u64) -> usize {
        self.waiters.partition_point(|waiter| waiter.ticket < ticket)
    }
}

impl Waiter {
    fn is_skipped(&self, now: Instant) -> bool {
        self.due + SKIP_AFTER < now
    }
}

impl fmt::Debug for WaitQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitQueue")
            .field("group", &self.group)
            .field("quota", &self.quota)
            .finish_non_exhaustive()
    }
}

/// Holds a position in the queue until it is dropped, when the request is sent or given up.
struct QueuePosition<'q> {
    queue: &'q WaitQueue,
    ticket: u64,
    head: Arc<Notify>,
}

impl<'q> QueuePosition<'q> {
    /// Takes the last position.
    fn last(queue: &'q WaitQueue, now: Instant) -> Self {
        let head = Arc::new(Notify::new());
        let mut state = queue.state();
        let ticket = state.next_ticket;
        state.next_ticket += 1;
        state.waiters.push_back(Waiter { ticket, due: now, head: Arc::clone(&head) });
        Self { queue, ticket, head }
    }
}

impl Drop for QueuePosition<'_> {
    fn drop(&mut self) {
        self.queue.state().remove(self.ticket);
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    const WINDOW: Duration = Duration::from_millis(1_050);

    fn queue(requests: u32) -> Arc<WaitQueue> {
        Arc::new(WaitQueue::new(QuotaGroup::Manage, Quota::per_second(requests)))
    }

    /// Queues a request once the runtime polls it, in the order of spawning.
    fn spawn(queue: &Arc<WaitQueue>) -> tokio::task::JoinHandle<Instant> {
        let queue = Arc::clone(queue);
        tokio::spawn(async move { queue.acquire(Instant::now).await })
    }

    #[tokio::test(start_paused = true)]
    async fn permits_are_granted_in_order_of_arrival() {
        let queue = queue(2);
        let start = Instant::now();
        let waiting: Vec<_> = (0..5).map(|_| spawn(&queue)).collect();
        tokio::task::yield_now().await;
        assert_eq!(queue.expected_wait(start), 2 * WINDOW);
        let mut sent = Vec::new();
        for request in waiting {
            sent.push(request.await.unwrap() - start);
        }
        assert_eq!(sent, [Duration::ZERO, Duration::ZERO, WINDOW, WINDOW, 2 * WINDOW]);
        assert!(queue.state().waiters.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_dropped_waiter_costs_the_others_nothing() {
        let queue = queue(1);
        let start = Instant::now();
        let waiting: Vec<_> = (0..4).map(|_| spawn(&queue)).collect();
        tokio::task::yield_now().await;
        waiting[1].abort();
        waiting[2].abort();
        tokio::task::yield_now().await;
        assert_eq!(queue.expected_wait(start), 2 * WINDOW);
        assert_eq!(waiting.into_iter().last().unwrap().await.unwrap() - start, WINDOW);
    }

    #[tokio::test(start_paused = true)]
    async fn throttling_delays_those_already_queued() {
        let queue = queue(10);
        let start = Instant::now();
        let waiting: Vec<_> = (0..20).map(|_| spawn(&queue)).collect();
        tokio::task::yield_now().await;
        queue.on_throttled(start, start);
        let mut sent = Vec::new();
        for request in waiting {
            sent.push(request.await.unwrap() - start);
        }
        // Ten were sent; then seven may be in a window.
        let sent_at = |time| sent.iter().filter(|sent| **sent == time).count();
        assert_eq!([sent_at(Duration::ZERO), sent_at(WINDOW), sent_at(2 * WINDOW)], [10, 7, 3]);
    }

    /// Polls a future as a task does that then works on another.
    fn poll_once(future: Pin<&mut impl Future<Output = Instant>>) -> Poll<Instant> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[tokio::test(start_paused = true)]
    async fn an_unpolled_waiter_is_skipped_and_served_when_polled() {
        let queue = queue(2);
        let start = Instant::now();
        let acquire = || queue.acquire(Instant::now);
        assert_eq!((acquire().await, acquire().await), (start, start));
        let mut idle = [(); 4].map(|()| Box::pin(acquire()));
        for future in &mut idle {
            assert!(poll_once(future.as_mut()).is_pending());
        }
        // Four are before it, and two are served in a window.
        assert_eq!(queue.expected_wait(start), 3 * WINDOW);
        assert_eq!(acquire().await - start, 3 * WINDOW);
        assert_eq!(acquire().await - start, 3 * WINDOW);
        // Its permit was due long ago, but a window has no more than two.
        let [first, ..] = idle;
        assert_eq!(first.await - start, 4 * WINDOW);
    }

    #[tokio::test(start_paused = true)]
    async fn a_skipped_waiter_keeps_its_position() {
        let queue = queue(1);
        let start = Instant::now();
        queue.acquire(Instant::now).await;
        let mut idle = Box::pin(queue.acquire(Instant::now));
        assert!(poll_once(idle.as_mut()).is_pending());
        let later: Vec<_> = (0..3).map(|_| spawn(&queue)).collect();
        let late = WINDOW + 2 * SKIP_AFTER;
        tokio::time::sleep(late).await;
        assert_eq!(idle.await - start, late);
        for (request, windows) in later.into_iter().zip(1..) {
            assert_eq!(request.await.unwrap() - start, late + windows * WINDOW);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn those_already_queued_gain_by_a_recovery() {
        let queue = queue(40);
        while queue.state().window.allowed(Instant::now()) > 1 {
            queue.on_throttled(Instant::now(), Instant::now());
            tokio::time::sleep(WINDOW).await;
        }
        let started = Instant::now();
        let waiting: Vec<_> = (0..50).map(|_| spawn(&queue)).collect();
        tokio::task::yield_now().await;
        assert_eq!(queue.expected_wait(started), 50 * WINDOW);
        for request in waiting {
            request.await.unwrap();
        }
        // One in the first window, two in the next, and so on.
        assert_eq!(started.elapsed(), 9 * WINDOW);
    }
}
