//! Calls that keep to the quota, against a service that counts, in paused time.

use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::*;
use crate::rate_limit::{Quota, QuotaGroup};
use crate::retry::{RetryBudget, RetryTokens};

const SECOND: Duration = Duration::from_secs(1);

/// The time of a request and its response, the service included.
const SERVICE_TIME: Duration = Duration::from_millis(100);

/// Executes that many requests in any second and rejects the rest. Some take up to 50 ms longer to
/// arrive than others.
#[derive(Debug)]
struct Service {
    allows: usize,
    requests: AtomicU32,
    executed: Mutex<VecDeque<Instant>>,
    rejected: AtomicU32,
}

impl Service {
    fn new(allows: usize) -> Arc<Self> {
        Arc::new(Self {
            allows,
            requests: AtomicU32::new(0),
            executed: Mutex::default(),
            rejected: AtomicU32::new(0),
        })
    }

    fn allows_one_more(&self) -> bool {
        let now = Instant::now();
        let mut executed = self.executed.lock().unwrap();
        executed.retain(|at| now - *at < SECOND);
        let allows = executed.len() < self.allows;
        if allows {
            executed.push_back(now);
        }
        allows
    }

    fn rejected(&self) -> u32 {
        self.rejected.load(Ordering::Relaxed)
    }
}

impl HttpTransport for Service {
    fn send(&self, _request: HttpRequest) -> TransportFuture<'_> {
        Box::pin(async {
            let request = self.requests.fetch_add(1, Ordering::Relaxed);
            let way = Duration::from_millis(u64::from(request * 29 % 50));
            sleep(way).await;
            let allowed = self.allows_one_more();
            sleep(SERVICE_TIME - way).await;
            if allowed {
                response(200, EMPTY_PAGE)
            } else {
                self.rejected.fetch_add(1, Ordering::Relaxed);
                response(429, THROTTLED)
            }
        })
    }
}

/// A client with the default policy and limits.
fn client_of(service: &Arc<Service>) -> CallContext {
    let (mut context, _) = retrying([]);
    context.transport = Arc::clone(service) as Arc<dyn HttpTransport>;
    context.rate_limits = RateLimits::service_defaults();
    context
}

/// Lists so often, with so many calls at once; the time that it takes.
async fn list_often(contexts: &[CallContext], calls: usize, at_once: usize) -> Duration {
    let started = Instant::now();
    let calls = contexts.iter().cycle().take(calls).map(list);
    let listed: Result<Vec<_>, _> =
        stream::iter(calls).buffer_unordered(at_once).try_collect().await;
    listed.unwrap();
    started.elapsed()
}

#[tokio::test(start_paused = true)]
async fn calls_at_full_speed_fill_the_quota_without_throttling() {
    // 200 pages at 40 a second are 5 s.
    for at_once in [4, 8, 16, 200] {
        let service = Service::new(40);
        let took = list_often(&[client_of(&service)], 200, at_once).await;
        assert!(took < SECOND.mul_f64(5.0 * 1.10), "{at_once} at once: {took:?}");
        assert_eq!(service.rejected(), 0, "{at_once} at once");
    }
}

#[tokio::test(start_paused = true)]
async fn ten_calls_wait_for_nothing_and_forty_for_two_others() {
    let took = list_often(&[client_of(&Service::new(40))], 10, 10).await;
    assert_eq!(took, SERVICE_TIME);
    // Ten, twenty, and the last ten.
    let took = list_often(&[client_of(&Service::new(40))], 40, 40).await;
    assert_eq!(took, 3 * SERVICE_TIME);
}

#[tokio::test(start_paused = true)]
async fn clones_and_clients_given_the_same_limits_share_them() {
    let service = Service::new(40);
    let limits = RateLimits::service_defaults();
    let mut clients = [(); 4].map(|()| client_of(&service));
    for client in &mut clients {
        client.rate_limits = limits.clone();
    }
    list_often(&clients, 200, 200).await;
    assert_eq!(service.rejected(), 0);

    let apart = [(); 4].map(|()| client_of(&service));
    stream::iter(apart.iter().cycle().take(80).map(list)).buffer_unordered(80).count().await;
    assert_ne!(service.rejected(), 0, "limits that nobody shared");
}

#[tokio::test(start_paused = true)]
async fn where_the_service_allows_half_the_pace_settles_there() {
    let service = Service::new(20);
    let took = list_often(&[client_of(&service)], 1_000, 8).await;
    assert!(took < SECOND.mul_f64(1_000.0 / 20.0 * 1.15), "{took:?}");
    assert!(service.rejected() < 60, "{} rejected", service.rejected());
}

#[tokio::test(start_paused = true)]
async fn call_whose_turn_comes_too_late_fails_before_sending() {
    let (mut context, script) = retrying([response(200, EMPTY_PAGE), response(200, EMPTY_PAGE)]);
    context.rate_limits =
        RateLimits::unlimited().limit(QuotaGroup::Manage, Quota::new(1, 100 * SECOND));
    list(&context).await.unwrap();
    let started = Instant::now();
    let error = list(&context).await.unwrap_err();
    assert_eq!(started.elapsed(), Duration::ZERO);
    assert_eq!((error.kind(), error.attempts(), error.code()), (ErrorKind::Throttled, 0, None));
    assert_eq!(
        error.to_string(),
        "ListSecrets failed: the client's own rate limit (Manage: 1 in 100 s) would delay the request by 100.0 s, \
         and the call has 60.0 s left (host kms.cn-hangzhou.aliyuncs.com); make fewer calls at once, raise call_timeout, or \
         set other rate_limits"
    );
    assert_eq!(script.urls.lock().unwrap().len(), 1);

    context.limits.call_timeout = 200 * SECOND;
    list(&context).await.unwrap();
    assert_eq!(started.elapsed(), 100 * SECOND + Duration::from_millis(50));
}

#[tokio::test(start_paused = true)]
async fn calls_that_throttling_makes_late_fail_before_their_timeout() {
    let (mut context, script) = retrying([]);
    context.rate_limits = RateLimits::service_defaults();
    let queue = context.rate_limits.queue(QuotaGroup::Manage).unwrap();
    let started = Instant::now();
    let mut permits = Vec::new();
    for _ in 0..10 {
        let ticket = queue.new_ticket();
        permits.push(queue.acquire(ticket, started, started, Instant::now, drop).await.unwrap());
    }
    let waiting: Vec<_> = (0..100)
        .map(|_| {
            let context = context.clone();
            tokio::spawn(async move { list(&context).await })
        })
        .collect();
    tokio::task::yield_now().await;
    queue.on_throttled(permits[0], started, 0.0);
    let last = waiting.into_iter().last().unwrap().await.unwrap().unwrap_err();
    assert_eq!((last.kind(), last.attempts()), (ErrorKind::Throttled, 0), "{last}");
    assert!(
        last.to_string().contains("(Manage: 40 in 1 s, after throttling 1.0 a second)"),
        "{last}"
    );
    assert!(started.elapsed() < 5 * SECOND, "{:?}", started.elapsed());
    assert!(script.urls.lock().unwrap().len() < 10);
}

#[tokio::test(start_paused = true)]
async fn unpolled_calls_do_not_delay_another_call() {
    let (mut context, _) = retrying((0..12).map(|_| response(200, EMPTY_PAGE)));
    context.rate_limits = RateLimits::unlimited().limit(QuotaGroup::Manage, Quota::per_second(2));
    let started = Instant::now();
    let mut listed = stream::iter((0..6).map(|_| list(&context))).buffered(4);
    while let Some(outcome) = listed.next().await {
        outcome.unwrap();
        list(&context).await.unwrap();
    }
    // Twelve at two a second, and the places that were lost.
    assert!(started.elapsed() < 12 * SECOND, "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn retry_waits_for_a_permit_without_cost_to_the_budget() {
    let (mut context, _) = retrying([response(503, UNAVAILABLE), response(200, EMPTY_PAGE)]);
    context.rate_limits = RateLimits::unlimited().limit(QuotaGroup::Manage, Quota::per_second(1));
    context.retry_tokens = Arc::default();
    let started = Instant::now();
    list(&context).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_millis(1_050));
    // Ten at first, less one for the retry, and a fifth for the success.
    let left = (0..).take_while(|_| context.retry_tokens.spend()).count();
    assert_eq!(left, 9);
}

#[tokio::test(start_paused = true)]
async fn keys_are_asked_for_again_after_a_wait() {
    let (mut context, script) = retrying([response(200, EMPTY_PAGE), response(200, EMPTY_PAGE)]);
    context.credentials = Arc::new(Renewing::default());
    context.rate_limits = RateLimits::unlimited().limit(QuotaGroup::Manage, Quota::per_second(1));
    list(&context).await.unwrap();
    list(&context).await.unwrap();
    assert_eq!(script.key_ids(), ["fake-id-1", "fake-id-3"]);
}

/// In real time, in which no two readings of a clock are equal.
#[tokio::test]
async fn keys_are_asked_for_once_without_a_wait() {
    let (mut context, script) = retrying([response(200, EMPTY_PAGE), response(200, EMPTY_PAGE)]);
    context.credentials = Arc::new(Renewing::default());
    context.rate_limits = RateLimits::service_defaults();
    list(&context).await.unwrap();
    list(&context).await.unwrap();
    assert_eq!(script.key_ids(), ["fake-id-1", "fake-id-2"]);
}

#[tokio::test(start_paused = true)]
async fn operations_of_other_groups_are_not_held_up() {
    let (mut context, _) = retrying([response(200, EMPTY_PAGE), response(200, EMPTY_PAGE)]);
    context.rate_limits =
        RateLimits::service_defaults().limit(QuotaGroup::Read, Quota::new(1, 100 * SECOND));
    let started = Instant::now();
    list(&context).await.unwrap();
    list(&context).await.unwrap();
    assert_eq!(started.elapsed(), Duration::ZERO);
}

/// Grants 10 requests a second after a burst of 5, and rejects the rest by its gateway.
#[derive(Debug, Default)]
struct BusyAccount {
    tokens: Mutex<Option<(f64, Instant)>>,
    granted: AtomicU32,
    rejected: AtomicU32,
}

impl BusyAccount {
    fn grants(&self) -> bool {
        let mut tokens = self.tokens.lock().unwrap();
        let (left, at) = tokens.unwrap_or((5.0, Instant::now()));
        let left = f64::min(5.0, left + at.elapsed().as_secs_f64() * 10.0);
        let grants = left >= 1.0;
        *tokens = Some((if grants { left - 1.0 } else { left }, Instant::now()));
        grants
    }
}

impl HttpTransport for BusyAccount {
    fn send(&self, _request: HttpRequest) -> TransportFuture<'_> {
        Box::pin(async {
            sleep(SERVICE_TIME / 2).await;
            let grants = self.grants();
            sleep(SERVICE_TIME / 2).await;
            let count = if grants { &self.granted } else { &self.rejected };
            count.fetch_add(1, Ordering::Relaxed);
            if grants {
                response(200, EMPTY_PAGE)
            } else {
                response(400, r#"{"Code":"Throttling.User","Message":"busy","RequestId":"r-1"}"#)
            }
        })
    }
}

#[tokio::test(start_paused = true)]
async fn calls_of_a_busy_account_succeed_at_what_is_left_to_it() {
    for at_once in [1, 4, 16] {
        let service = Arc::new(BusyAccount::default());
        let (mut context, _) = retrying([]);
        context.transport = Arc::clone(&service) as Arc<dyn HttpTransport>;
        context.rate_limits = RateLimits::service_defaults();
        let took = list_often(&[context.clone()], 100, at_once).await;
        assert!(took < SECOND.mul_f64(1.2 * 10.0), "{at_once} at once: {took:?}");
        let rejected = service.rejected.load(Ordering::Relaxed);
        assert!(rejected <= 25, "{at_once} at once: {rejected} of {} requests", 100 + rejected);
    }
}

#[tokio::test(start_paused = true)]
async fn throttled_requests_do_not_spend_the_retry_budget() {
    let (mut context, _) = retrying([]);
    context.transport = Arc::new(BusyAccount::default());
    context.rate_limits = RateLimits::service_defaults();
    context.retry_tokens = Arc::new(RetryTokens::new(RetryBudget::new(0)));
    list_often(&[context.clone()], 50, 50).await;
}

#[tokio::test(start_paused = true)]
async fn call_that_is_throttled_for_ever_ends_at_its_timeout() {
    let throttled = || response(400, r#"{"Code":"Throttling.User","RequestId":"r-1"}"#);
    let (mut context, _) = retrying((0..1_000).map(|_| throttled()));
    context.rate_limits = RateLimits::service_defaults();
    let started = Instant::now();
    let error = list(&context).await.unwrap_err();
    assert!(started.elapsed() > 45 * SECOND, "{:?}", started.elapsed());
    assert!(started.elapsed() <= 60 * SECOND, "{:?}", started.elapsed());
    assert_eq!((error.kind(), error.code()), (ErrorKind::Throttled, Some("Throttling.User")));
    assert!((10..60).contains(&error.attempts()), "{}", error.attempts());
    let rejections = format!("the service rejected {} requests of this call", error.attempts());
    let text = error.to_string();
    assert!(text.contains(&rejections) && text.contains("after throttling 0."), "{text}");
    assert!(text.contains("not retried: too little of call_timeout is left"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn throttled_write_keeps_the_unknown_outcome_of_a_later_attempt() {
    let (mut context, _) = retrying([response(429, THROTTLED), response(503, UNAVAILABLE)]);
    context.rate_limits =
        RateLimits::unlimited().limit(QuotaGroup::Manage, Quota::new(2, 100 * SECOND));
    let error = call(Arc::new(context), UpdateSecretRequest::new("fake")).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Throttled, 2), "{error}");
    assert!(error.is_outcome_unknown(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn absurd_wait_ends_the_call_immediately() {
    let absurd = || response_with(429, THROTTLED, &[("x-acs-retry-after", "86400000")]);
    let (mut context, _) = retrying([absurd(), response(200, EMPTY_PAGE)]);
    context.rate_limits = RateLimits::service_defaults();
    let started = Instant::now();
    let error = list(&context).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Throttled, 1));
    assert_eq!(started.elapsed(), Duration::ZERO);
    list(&context).await.unwrap();
    assert!(started.elapsed() <= 2 * SECOND, "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn last_rejection_is_counted_too() {
    let absurd = response_with(429, THROTTLED, &[("x-acs-retry-after", "86400000")]);
    let (mut context, _) = retrying([response(429, THROTTLED), absurd]);
    context.rate_limits = RateLimits::service_defaults();
    let error = list(&context).await.unwrap_err().to_string();
    assert!(error.contains("the service rejected 2 requests of this call"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn wait_of_the_response_delays_a_requeued_request() {
    let throttled = response_with(429, THROTTLED, &[("x-acs-retry-after", "5000")]);
    let (mut context, _) = retrying([throttled, response(200, EMPTY_PAGE)]);
    context.rate_limits = RateLimits::service_defaults();
    let started = Instant::now();
    list(&context).await.unwrap();
    // The draw is 0.5, and up to a quarter is added.
    assert_eq!(started.elapsed(), Duration::from_millis(5_625));
}
