//! [`WaitQueue`]: the permits of one quota group, first come, first served.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use super::quota::{Quota, QuotaGroup};
use super::schedule::{Schedule, Sent};

/// A waiter that is still queued this long after its permit was due is skipped: its future is not
/// being polled, for example because its task is busy with another call, which may be in the same
/// queue.
const SKIP_AFTER: Duration = Duration::from_millis(100);

/// Waiters that may check in the same millisecond whether those before them are still polled.
/// Thousands have permits that are due at once, when a window ends, and if the processor is late
/// for them, their checks must not make it later.
const CHECKS_PER_MILLISECOND: usize = 16;

/// Hands out the permits of one quota group in order of arrival.
///
/// A permit counts when the request is sent, not when it is queued, so a dropped waiter costs the
/// others nothing, and throttling delays everyone still queued. A waiter holds nothing that others
/// need: the head of the queue takes a permit when there is one, and each other waiter checks when
/// its own permit is due whether those before it are still polled.
pub(crate) struct WaitQueue {
    pub(super) group: QuotaGroup,
    pub(super) quota: Quota,
    next_ticket: AtomicU64,
    state: Mutex<State>,
}

struct State {
    schedule: Schedule,
    /// By their tickets, and so in order of arrival. Skipped waiters are not in it.
    waiters: BTreeMap<Ticket, Waiter>,
}

/// A queued request.
struct Waiter {
    /// When its permit is due, as last computed.
    due: Instant,
    /// Notified when this waiter is the head of the queue and a permit may be due.
    head: Arc<Notify>,
}

/// Arrival number, unique and increasing. A request that is sent again has the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket(u64);

/// The permission to send one request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Permit(Sent);

impl Permit {
    /// Returns when the request was sent.
    pub(crate) fn sent_at(&self) -> Instant {
        self.0.at
    }
}

impl WaitQueue {
    pub(super) fn new(group: QuotaGroup, quota: Quota) -> Self {
        let schedule = Schedule::new(quota);
        let state = Mutex::new(State { schedule, waiters: BTreeMap::new() });
        Self { group, quota, next_ticket: AtomicU64::new(0), state }
    }

    /// Returns a position after all others.
    pub(crate) fn new_ticket(&self) -> Ticket {
        Ticket(self.next_ticket.fetch_add(1, Ordering::Relaxed))
    }

    /// Queues a request at the position of its `ticket` until it may be sent: at `now`, if it does
    /// not have to wait. If it has to, `waiting` receives how long that is expected to take.
    ///
    /// # Errors
    ///
    /// Returns how long the request would have to wait, as soon as that is longer than `until`.
    pub(crate) async fn acquire(
        &self,
        ticket: Ticket,
        now: Instant,
        until: Instant,
        clock: impl Fn() -> Instant + Send + Sync,
        waiting: impl FnOnce(Duration) + Send + Sync,
    ) -> Result<Permit, Duration> {
        let position = QueuePosition { queue: self, ticket, head: Arc::default() };
        let (mut now, mut waiting) = (now, Some(waiting));
        loop {
            let acquired = self.state().try_acquire(&position, now);
            let (check_after, expected) = match acquired {
                Ok(permit) => return Ok(permit),
                Err(Wait { check_after, expected }) => (check_after, expected),
            };
            if now >= until || now + expected > until {
                return Err(expected);
            }
            if !expected.is_zero()
                && let Some(waiting) = waiting.take()
            {
                waiting(expected);
            }
            let check_at = now + check_after.min(until.saturating_duration_since(now));
            // The waiters before it may be served earlier than expected, or give up.
            _ = timeout_at(check_at, position.head.notified()).await;
            now = clock();
        }
    }

    /// Records that the request ended without showing whether the service counted it, for example
    /// because the service was not available.
    pub(crate) fn on_ended(&self, permit: Permit, now: Instant) {
        let mut state = self.state();
        state.schedule.on_ended(permit.0, now);
        state.notify_head();
    }

    /// Records that the service executed the request, or rejected it for another reason than too
    /// many requests.
    pub(crate) fn on_granted(&self, permit: Permit, now: Instant) {
        let mut state = self.state();
        state.schedule.on_granted(permit.0, now);
        state.notify_head();
    }

    /// Lowers the pace because the service rejected the request as one too many. `draw` is random,
    /// from 0 to 1.
    pub(crate) fn on_throttled(&self, permit: Permit, now: Instant, draw: f64) {
        let mut state = self.state();
        state.schedule.on_throttled(permit.0, now, draw);
        state.notify_head();
    }

    /// Returns the group and its figures, for errors.
    pub(crate) fn describe(&self, now: Instant) -> String {
        let Self { group, quota: Quota { requests, period }, .. } = self;
        let limit = format!("{group:?}: {requests} in {} s", period.as_secs_f64());
        match self.state().schedule.pace(now) {
            Some(pace) => format!("{limit}, after throttling {pace:.1} a second"),
            None => limit,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The time that a waiter has to wait.
struct Wait {
    expected: Duration,
    /// When to check again without a notification.
    check_after: Duration,
}

impl State {
    /// Returns a permit if the waiter is the first that is polled and there is one.
    fn try_acquire(&mut self, position: &QueuePosition<'_>, now: Instant) -> Result<Permit, Wait> {
        let ticket = position.ticket;
        let ahead = self.skip_to(ticket, now);
        if ahead == 0 {
            let check_after = match self.schedule.try_send(now) {
                Ok(sent) => {
                    self.remove(ticket);
                    return Ok(Permit(sent));
                }
                Err(wait) => wait,
            };
            self.insert(position, now + check_after);
            return Err(Wait { expected: self.schedule.expected_wait(now, 0), check_after });
        }
        let expected = self.schedule.expected_wait(now, ahead);
        self.insert(position, now + expected);
        let spread = Duration::from_millis((ahead / CHECKS_PER_MILLISECOND) as u64);
        let check_after = expected.saturating_add(SKIP_AFTER).saturating_add(spread);
        Err(Wait { expected, check_after })
    }

    /// Skips those at the head of the queue that are not polled, and returns how many waiters are
    /// before a ticket, at most.
    fn skip_to(&mut self, ticket: Ticket, now: Instant) -> usize {
        while let Some(head) = self.waiters.first_entry() {
            if *head.key() >= ticket {
                return 0;
            }
            if now <= head.get().due + SKIP_AFTER {
                let tickets = usize::try_from(ticket.0 - head.key().0).unwrap_or(usize::MAX);
                let others = self.waiters.len() - usize::from(self.waiters.contains_key(&ticket));
                return tickets.min(others);
            }
            head.remove();
        }
        0
    }

    fn insert(&mut self, position: &QueuePosition<'_>, due: Instant) {
        let waiter = self.waiters.entry(position.ticket);
        waiter.or_insert_with(|| Waiter { due, head: Arc::clone(&position.head) }).due = due;
    }

    /// Removes a waiter that was served or gave up.
    fn remove(&mut self, ticket: Ticket) {
        if self.waiters.remove(&ticket).is_some() {
            self.notify_head();
        }
    }

    fn notify_head(&self) {
        if let Some((_, waiter)) = self.waiters.first_key_value() {
            waiter.head.notify_one();
        }
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
    ticket: Ticket,
    head: Arc<Notify>,
}

impl Drop for QueuePosition<'_> {
    fn drop(&mut self) {
        self.queue.state().remove(self.ticket);
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::{Pin, pin};
    use std::task::{Context, Poll, Waker};

    use tokio::task::{JoinHandle, yield_now};
    use tokio::time::sleep;

    use super::*;

    const MS: Duration = Duration::from_millis(1);
    const WINDOW: Duration = Duration::from_millis(1_050);

    fn queue(requests: u32) -> Arc<WaitQueue> {
        Arc::new(WaitQueue::new(QuotaGroup::Manage, Quota::per_second(requests)))
    }

    fn later() -> Instant {
        Instant::now() + Duration::from_secs(1_000)
    }

    /// Returns how long a request is expected to wait that is queued now.
    fn expected_wait(queue: &WaitQueue, now: Instant) -> Duration {
        let mut state = queue.state();
        let ahead = state.waiters.len();
        state.schedule.expected_wait(now, ahead)
    }

    async fn acquire(queue: &WaitQueue, until: Instant) -> Result<Permit, Duration> {
        queue.acquire(queue.new_ticket(), Instant::now(), until, Instant::now, drop).await
    }

    /// Sends a request that is granted immediately, and returns when.
    async fn send(queue: &WaitQueue) -> Instant {
        let permit = acquire(queue, later()).await.unwrap();
        queue.on_granted(permit, Instant::now());
        permit.sent_at()
    }

    /// Queues a request once the runtime polls it, in the order of spawning.
    fn spawn(queue: &Arc<WaitQueue>) -> JoinHandle<Instant> {
        let queue = Arc::clone(queue);
        tokio::spawn(async move { send(&queue).await })
    }

    /// Polls a future as a task does that then works on another.
    fn poll_once<T>(future: Pin<&mut impl Future<Output = T>>) -> Poll<T> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[tokio::test(start_paused = true)]
    async fn permits_are_granted_in_order_of_arrival() {
        let queue = queue(2);
        let start = Instant::now();
        let waiting: Vec<_> = (0..5).map(|_| spawn(&queue)).collect();
        yield_now().await;
        assert_eq!(expected_wait(&queue, start), 2 * WINDOW);
        let mut sent = Vec::new();
        for request in waiting {
            sent.push(request.await.unwrap() - start);
        }
        assert_eq!(sent, [Duration::ZERO, Duration::ZERO, WINDOW, WINDOW, 2 * WINDOW]);
        assert!(queue.state().waiters.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn dropped_waiter_costs_the_others_nothing() {
        let queue = queue(1);
        let start = Instant::now();
        let waiting: Vec<_> = (0..4).map(|_| spawn(&queue)).collect();
        yield_now().await;
        waiting[1].abort();
        waiting[2].abort();
        yield_now().await;
        assert_eq!(expected_wait(&queue, start), 2 * WINDOW);
        assert_eq!(waiting.into_iter().last().unwrap().await.unwrap() - start, WINDOW);
    }

    /// At first a permit is expected immediately, behind another waiter.
    #[tokio::test(start_paused = true)]
    async fn wait_that_throttling_causes_is_reported() {
        let queue = queue(3);
        let in_flight = acquire(&queue, later()).await.unwrap();
        send(&queue).await;
        send(&queue).await;
        let mut first = pin!(acquire(&queue, later()));
        assert!(poll_once(first.as_mut()).is_pending());
        sleep(WINDOW).await;
        let reported = Mutex::new(Vec::new());
        let waiting = |wait| reported.lock().unwrap().push(wait);
        let ticket = queue.new_ticket();
        let second = queue.acquire(ticket, Instant::now(), later(), Instant::now, waiting);
        let mut second = pin!(second);
        assert!(poll_once(second.as_mut()).is_pending());
        assert_eq!(*reported.lock().unwrap(), [], "no wait is expected");
        queue.on_throttled(in_flight, Instant::now(), 0.5);
        let (_, permit) = tokio::join!(first, second);
        permit.unwrap();
        assert_eq!(reported.lock().unwrap().len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn request_waits_until_its_time_is_over() {
        let queue = queue(1);
        let start = Instant::now();
        send(&queue).await;
        let error = acquire(&queue, start + WINDOW - MS).await.unwrap_err();
        assert_eq!((error, Instant::now()), (WINDOW, start), "it fails immediately");
        let permit = acquire(&queue, start + WINDOW).await.unwrap();
        assert_eq!(permit.sent_at(), start + WINDOW);
    }

    #[tokio::test(start_paused = true)]
    async fn request_that_throttling_makes_late_gives_up() {
        let queue = queue(1);
        let start = Instant::now();
        let permit = acquire(&queue, later()).await.unwrap();
        let mut waiting = pin!(acquire(&queue, start + WINDOW));
        assert!(poll_once(waiting.as_mut()).is_pending());
        queue.on_throttled(permit, Instant::now(), 0.5);
        assert_eq!(waiting.await.unwrap_err(), WINDOW.max(1_500 * MS));
        assert_eq!(Instant::now(), start);
        assert!(queue.state().waiters.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn throttling_delays_those_already_queued() {
        let queue = queue(10);
        let start = Instant::now();
        let mut permits = Vec::new();
        for _ in 0..10 {
            permits.push(acquire(&queue, later()).await.unwrap());
        }
        let waiting: Vec<_> = (0..3).map(|_| spawn(&queue)).collect();
        yield_now().await;
        for permit in permits {
            queue.on_throttled(permit, start, 1.0);
        }
        assert_eq!(queue.describe(start), "Manage: 10 in 1 s, after throttling 1.0 a second");
        let mut last = start + WINDOW;
        for request in waiting {
            let sent = request.await.unwrap();
            assert!(sent > last + 900 * MS, "{:?} after {:?}", sent - start, last - start);
            last = sent;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn rejected_request_returns_to_its_position() {
        let queue = queue(1);
        let ticket = queue.new_ticket();
        let permit =
            queue.acquire(ticket, Instant::now(), later(), Instant::now, drop).await.unwrap();
        let waiting = spawn(&queue);
        yield_now().await;
        queue.on_throttled(permit, Instant::now(), 0.5);
        let again =
            queue.acquire(ticket, Instant::now(), later(), Instant::now, drop).await.unwrap();
        queue.on_granted(again, Instant::now());
        assert!(again.sent_at() < waiting.await.unwrap());
    }

    #[tokio::test(start_paused = true)]
    async fn response_wakes_the_head_of_the_queue() {
        let queue = queue(40);
        let start = Instant::now();
        let mut permits = Vec::new();
        for _ in 0..10 {
            permits.push(acquire(&queue, later()).await.unwrap());
        }
        // Ten are in flight, as many as at first may be.
        let waiting = spawn(&queue);
        sleep(30 * MS).await;
        queue.on_granted(permits[0], Instant::now());
        assert_eq!(waiting.await.unwrap() - start, 30 * MS);
    }

    #[tokio::test(start_paused = true)]
    async fn unpolled_waiter_is_skipped_and_served_when_polled() {
        let queue = queue(2);
        let start = Instant::now();
        assert_eq!((send(&queue).await, send(&queue).await), (start, start));
        let mut idle = [(); 4].map(|()| Box::pin(send(&queue)));
        for future in &mut idle {
            assert!(poll_once(future.as_mut()).is_pending());
        }
        // Four are before it, and two are served in a window.
        assert_eq!(expected_wait(&queue, start), 3 * WINDOW);
        let checked = start + 3 * WINDOW + SKIP_AFTER;
        assert_eq!((send(&queue).await, send(&queue).await), (checked, checked));
        // Its permit was due long ago, but a window has no more than two.
        let [first, ..] = idle;
        assert_eq!(first.await, checked + WINDOW);
    }

    #[tokio::test(start_paused = true)]
    async fn waiter_is_skipped_when_its_permit_was_due_for_long() {
        let queue = queue(1);
        let start = send(&queue).await;
        let mut idle = Box::pin(send(&queue));
        assert!(poll_once(idle.as_mut()).is_pending());
        let mut next = Box::pin(send(&queue));
        for (late, is_served) in [(SKIP_AFTER, false), (SKIP_AFTER + MS, true)] {
            tokio::time::sleep_until(start + WINDOW + late).await;
            assert_eq!(poll_once(next.as_mut()).is_ready(), is_served, "{late:?}");
            next = Box::pin(send(&queue));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn skipped_waiter_keeps_its_position() {
        let queue = queue(1);
        let start = send(&queue).await;
        let mut idle = Box::pin(send(&queue));
        assert!(poll_once(idle.as_mut()).is_pending());
        let later: Vec<_> = (0..3).map(|_| spawn(&queue)).collect();
        let late = WINDOW + 2 * SKIP_AFTER;
        sleep(late).await;
        assert_eq!(idle.await - start, late);
        for (request, windows) in later.into_iter().zip(1..) {
            assert_eq!(request.await.unwrap() - start, late + windows * WINDOW);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn skipped_waiters_keep_their_order() {
        let queue = queue(1);
        send(&queue).await;
        let (mut first, mut second) = (Box::pin(send(&queue)), Box::pin(send(&queue)));
        assert!(poll_once(first.as_mut()).is_pending() && poll_once(second.as_mut()).is_pending());
        spawn(&queue).await.unwrap();
        assert!(poll_once(first.as_mut()).is_pending());
        sleep(WINDOW).await;
        assert!(poll_once(second.as_mut()).is_pending());
        assert!(poll_once(first.as_mut()).is_ready());
    }
}
