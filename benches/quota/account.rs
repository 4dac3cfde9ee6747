//! [`Account`]: one quota that all clients of a simulation share, as transports.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use alibabacloud_kms::transport::{HttpRequest, HttpResponse, HttpTransport, TransportFuture};
use tokio::time::{Instant, sleep};

const SECOND: Duration = Duration::from_secs(1);

/// The rule by which the service counts. Requests that it rejects do not count.
#[derive(Debug)]
pub(crate) enum Quota {
    /// So many requests in any second, as the service documents.
    Window { requests: usize, granted: VecDeque<Instant> },
    /// Tokens that are added at a rate, up to a burst.
    Bucket { rate: f64, burst: f64, tokens: f64, at: Option<Instant> },
}

impl Quota {
    pub(crate) fn window(requests: usize) -> Self {
        Self::Window { requests, granted: VecDeque::new() }
    }

    pub(crate) fn bucket(rate: f64, burst: f64) -> Self {
        Self::Bucket { rate, burst, tokens: burst, at: None }
    }

    fn grants(&mut self, now: Instant) -> bool {
        match self {
            Self::Window { requests, granted } => {
                while granted.front().is_some_and(|at| now >= *at + SECOND) {
                    granted.pop_front();
                }
                let grants = granted.len() < *requests;
                granted.extend(grants.then_some(now));
                grants
            }
            Self::Bucket { rate, burst, tokens, at } => {
                let passed = at.replace(now).map_or(0.0, |at| (now - at).as_secs_f64());
                *tokens = burst.min(*tokens + passed * *rate);
                let grants = *tokens >= 1.0;
                *tokens -= if grants { 1.0 } else { 0.0 };
                grants
            }
        }
    }
}

/// An account in a region, with one quota for the operations that a simulation calls.
#[derive(Debug)]
pub(crate) struct Account {
    quota: Mutex<Quota>,
    random: Mutex<u64>,
    /// The bodies of the pages of a listing.
    pages: Vec<String>,
    /// When each request was granted.
    granted: Mutex<Vec<Instant>>,
    rejected: AtomicU32,
}

impl Account {
    /// An account with `pages` pages of secrets, whose latencies are drawn by `seed`.
    pub(crate) fn new(quota: Quota, pages: usize, seed: u64) -> Arc<Self> {
        Arc::new(Self {
            quota: Mutex::new(quota),
            random: Mutex::new(seed),
            // The empty page after the last one proves the end of the listing.
            pages: (1..=pages + 1).map(|number| page(number, pages)).collect(),
            granted: Mutex::default(),
            rejected: AtomicU32::new(0),
        })
    }

    /// A transport with a connection pool of its own, which takes `connect` to make a connection.
    pub(crate) fn transport(self: &Arc<Self>, connect: Duration) -> Transport {
        Transport { account: Arc::clone(self), connect, idle: Arc::default() }
    }

    /// Changes the rate of a bucket.
    pub(crate) fn set_rate(&self, new_rate: f64) {
        if let Quota::Bucket { rate, .. } = &mut *lock(&self.quota) {
            *rate = new_rate;
        }
    }

    pub(crate) fn granted(&self) -> Vec<Instant> {
        lock(&self.granted).clone()
    }

    /// The part of all requests that was rejected.
    pub(crate) fn rejected_part(&self) -> f64 {
        let rejected = f64::from(self.rejected.load(Ordering::Relaxed));
        rejected / (rejected + lock(&self.granted).len() as f64)
    }

    /// Half of a latency of 30 to 70 ms.
    fn way(&self) -> Duration {
        // SplitMix64.
        let mut random = lock(&self.random);
        *random = random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = *random;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Duration::from_micros(15_000 + (bits ^ (bits >> 31)) % 20_000)
    }

    fn respond(&self, request: &HttpRequest) -> HttpResponse {
        let now = Instant::now();
        if !lock(&self.quota).grants(now) {
            self.rejected.fetch_add(1, Ordering::Relaxed);
            return HttpResponse::new(400, THROTTLED);
        }
        lock(&self.granted).push(now);
        match page_number(&request.url) {
            Some(number) => {
                HttpResponse::new(200, self.pages[(number - 1).min(self.pages.len() - 1)].clone())
            }
            None => HttpResponse::new(200, VALUE),
        }
    }
}

const THROTTLED: &str = r#"{"Code":"Throttling.User","Message":"Request was denied due to user flow control.","RequestId":"fake-request-id"}"#;

const VALUE: &str = r#"{"SecretName":"fake","SecretData":"fake-value","SecretDataType":"text","VersionId":"v1","VersionStages":{"VersionStage":["ACSCurrent"]},"CreateTime":"2024-07-17T07:59:05Z","SecretType":"Generic","RequestId":"fake-request-id"}"#;

/// The body of a page of 100 secrets, or of none after the last page.
fn page(number: usize, pages: usize) -> String {
    let secrets: Vec<_> = (0..if number <= pages { 100 } else { 0 })
        .map(|secret| {
            serde_json::json!({
                "SecretName": format!("page-{number:03}/secret-{secret:02}"),
                "SecretType": "Generic",
                "CreateTime": "2024-07-17T07:59:05Z",
                "UpdateTime": "2024-07-17T07:59:05Z",
            })
        })
        .collect();
    let page = serde_json::json!({
        "SecretList": { "Secret": secrets },
        "PageNumber": number,
        "PageSize": 100,
        "TotalCount": pages * 100,
        "RequestId": "fake-request-id",
    });
    page.to_string()
}

fn page_number(url: &str) -> Option<usize> {
    let (_, rest) = url.split_once("PageNumber=")?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The connections of one client.
#[derive(Clone)]
pub(crate) struct Transport {
    account: Arc<Account>,
    connect: Duration,
    idle: Arc<AtomicUsize>,
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").finish_non_exhaustive()
    }
}

impl HttpTransport for Transport {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        Box::pin(async move {
            let take = |idle: usize| idle.checked_sub(1);
            if self.idle.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_err() {
                sleep(self.connect).await;
            }
            let way = self.account.way();
            sleep(way).await;
            let response = self.account.respond(&request);
            sleep(way).await;
            self.idle.fetch_add(1, Ordering::Relaxed);
            Ok(response)
        })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
