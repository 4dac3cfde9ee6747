//! Calls that keep to the quota, against a service that counts, in paused time.

use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::*;
use crate::rate_limit::{Quota, QuotaGroup};

const SECOND: Duration = Duration::from_secs(1);

/// What a request takes on both ways and in the service.
const SERVICE_TIME: Duration = Duration::from_millis(100);

/// Carries out so many requests in any second and refuses the rest. Some are up to 50 ms longer on the way than others.
#[derive(Debug)]
struct Service {
    allows: usize,
    requests: AtomicU32,
    carried_out: Mutex<VecDeque<Instant>>,
    refused: AtomicU32,
}

impl Service {
    fn new(allows: usize) -> Arc<Self> {
        Arc::new(Self {
            allows,
            requests: AtomicU32::new(0),
            carried_out: Mutex::default(),
            refused: AtomicU32::new(0),
        })
    }

    fn allows_one_more(&self) -> bool {
        let now = Instant::now();
        let mut carried_out = self.carried_out.lock().unwrap();
        carried_out.retain(|at| now - *at < SECOND);
        let allows = carried_out.len() < self.allows;
        if allows {
            carried_out.push_back(now);
        }
        allows
    }

    fn refused(&self) -> u32 {
        self.refused.load(Ordering::Relaxed)
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
                answer(200, EMPTY_PAGE)
            } else {
                self.refused.fetch_add(1, Ordering::Relaxed);
                answer(429, THROTTLED)
            }
        })
    }
}

/// A client with the default policy and limits.
fn client_of(service: &Arc<Service>) -> CallContext {
    let (mut context, _) = repeating([]);
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
async fn calls_at_full_speed_take_the_quotas_own_time_and_none_is_throttled() {
    // 200 pages at 40 a second are 5 s.
    for at_once in [4, 8, 16, 200] {
        let service = Service::new(40);
        let took = list_often(&[client_of(&service)], 200, at_once).await;
        assert!(took < SECOND.mul_f64(5.0 * 1.10), "{at_once} at once: {took:?}");
        assert_eq!(service.refused(), 0, "{at_once} at once");
    }
}

#[tokio::test(start_paused = true)]
async fn a_few_calls_wait_for_nothing() {
    let took = list_often(&[client_of(&Service::new(40))], 40, 40).await;
    assert_eq!(took, SERVICE_TIME);
}

#[tokio::test(start_paused = true)]
async fn clones_share_a_limit_and_so_do_clients_that_were_given_the_same() {
    let service = Service::new(40);
    let limits = RateLimits::service_defaults();
    let mut clients = [(); 4].map(|()| client_of(&service));
    for client in &mut clients {
        client.rate_limits = limits.clone();
    }
    list_often(&clients, 200, 200).await;
    assert_eq!(service.refused(), 0);

    let apart = [(); 4].map(|()| client_of(&service));
    stream::iter(apart.iter().cycle().take(80).map(list)).buffer_unordered(80).count().await;
    assert_ne!(service.refused(), 0, "limits that nobody shared");
}

#[tokio::test(start_paused = true)]
async fn where_the_service_allows_half_the_pace_settles_there() {
    let service = Service::new(20);
    let took = list_often(&[client_of(&service)], 1_000, 8).await;
    assert!(took < SECOND.mul_f64(1_000.0 / 20.0 * 1.25), "{took:?}");
    assert!(service.refused() < 40, "{} refused", service.refused());
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_turn_would_come_too_late_fails_at_once_and_nothing_is_sent() {
    let (mut context, script) = repeating([answer(200, EMPTY_PAGE), answer(200, EMPTY_PAGE)]);
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
async fn a_call_that_the_line_became_too_slow_for_ends_in_its_time() {
    let (mut context, script) = repeating([]);
    context.rate_limits =
        RateLimits::unlimited().limit(QuotaGroup::Manage, Quota::new(10, 20 * SECOND));
    let queue = context.rate_limits.queue(QuotaGroup::Manage).unwrap();
    for _ in 0..10 {
        queue.acquire(Instant::now).await;
    }
    let waiting: Vec<_> = (0..20)
        .map(|_| {
            let context = context.clone();
            tokio::spawn(async move { list(&context).await })
        })
        .collect();
    tokio::task::yield_now().await;
    let departed = Instant::now();
    sleep(SECOND).await;
    queue.on_throttled(departed, Instant::now());
    let last = waiting.into_iter().last().unwrap().await.unwrap().unwrap_err();
    assert_eq!((last.kind(), last.attempts()), (ErrorKind::Throttled, 0), "{last}");
    assert!(last.to_string().contains("(Manage: 10 in 20 s, after throttling 8)"), "{last}");
    assert_eq!(departed.elapsed(), 60 * SECOND);
    assert!(script.urls.lock().unwrap().len() < 20);
}

#[tokio::test(start_paused = true)]
async fn calls_that_stand_still_while_their_caller_makes_another_do_not_hold_it_up() {
    let (mut context, _) = repeating((0..12).map(|_| answer(200, EMPTY_PAGE)));
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
async fn a_repeat_stands_in_line_as_well_and_its_wait_costs_no_budget() {
    let (mut context, _) = repeating([answer(503, UNAVAILABLE), answer(200, EMPTY_PAGE)]);
    context.rate_limits = RateLimits::unlimited().limit(QuotaGroup::Manage, Quota::per_second(1));
    context.retry_tokens = Arc::default();
    let started = Instant::now();
    list(&context).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_millis(1_050));
    // Ten at first, of which one was spent for the repeat and a fifth earned.
    let left = (0..).take_while(|_| context.retry_tokens.spend()).count();
    assert_eq!(left, 9);
}

#[tokio::test(start_paused = true)]
async fn keys_are_asked_for_again_after_a_wait() {
    let (mut context, script) = repeating([answer(200, EMPTY_PAGE), answer(200, EMPTY_PAGE)]);
    context.credentials = Arc::new(Renewing::default());
    context.rate_limits = RateLimits::unlimited().limit(QuotaGroup::Manage, Quota::per_second(1));
    list(&context).await.unwrap();
    list(&context).await.unwrap();
    let keys: Vec<_> =
        script.urls.lock().unwrap().iter().map(|url| parameter(url, "AccessKeyId")).collect();
    assert_eq!(keys, ["fake-id-1", "fake-id-3"]);
}

#[tokio::test(start_paused = true)]
async fn operations_of_other_groups_are_not_held_up() {
    let (mut context, _) = repeating([answer(200, EMPTY_PAGE), answer(200, EMPTY_PAGE)]);
    context.rate_limits =
        RateLimits::service_defaults().limit(QuotaGroup::Read, Quota::new(1, 100 * SECOND));
    let started = Instant::now();
    list(&context).await.unwrap();
    list(&context).await.unwrap();
    assert_eq!(started.elapsed(), Duration::ZERO);
}
