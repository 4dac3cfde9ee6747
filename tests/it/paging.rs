//! Paginators: concurrent pages, in order and within bounds; malformed pages; errors; and resuming.

mod resuming;

use std::collections::HashSet;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
use alibabacloud_kms::pagination::{Pages, Paginator, ResumeToken};
use alibabacloud_kms::rate_limit::RateLimits;
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::secrets::{Filter, ListSecretVersionIdsRequest, ListSecretsRequest};
use alibabacloud_kms::tags::{ListTagResourcesRequest, ResourceType};
use alibabacloud_kms::transport::{HttpRequest, HttpResponse, HttpTransport, TransportFuture};
use alibabacloud_kms::{ErrorKind, KmsClient};
use futures_util::{FutureExt as _, StreamExt, TryStreamExt};
use proptest::prelude::*;
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::transports::Parameters;

const MILLISECOND: Duration = Duration::from_millis(1);

/// A list of names behind a transport that takes its time and counts.
struct Service {
    names: Mutex<Vec<String>>,
    /// The total that it reports, if not the true one.
    reported_total: Option<u32>,
    /// The lengths of pages, in order, each at most the requested size; empty for full pages.
    lengths: Vec<usize>,
    /// The delay of the response for a page.
    delay: Box<dyn Fn(u32) -> Duration + Send + Sync>,
    /// Pages that fail the next time they are requested, with the status.
    failures: Mutex<Vec<(u32, u16)>>,
    /// Pages that are another page the next time they are requested.
    misnumbered: Mutex<Vec<(u32, u32)>>,
    requested: Mutex<Vec<u32>>,
    in_flight: AtomicUsize,
    max_in_flight: AtomicUsize,
}

impl Service {
    fn with_names(count: usize) -> Self {
        Self {
            names: Mutex::new((0..count).map(|n| n.to_string()).collect()),
            reported_total: None,
            lengths: Vec::new(),
            delay: Box::new(|_| 20 * MILLISECOND),
            failures: Mutex::default(),
            misnumbered: Mutex::default(),
            requested: Mutex::default(),
            in_flight: AtomicUsize::new(0),
            max_in_flight: AtomicUsize::new(0),
        }
    }

    fn with_delay(mut self, delay: impl Fn(u32) -> Duration + Send + Sync + 'static) -> Self {
        self.delay = Box::new(delay);
        self
    }

    fn reporting_total(mut self, total: u32) -> Self {
        self.reported_total = Some(total);
        self
    }

    fn with_page_lengths(mut self, lengths: impl Into<Vec<usize>>) -> Self {
        self.lengths = lengths.into();
        self
    }

    /// Makes the service respond with page `received` the next time that `requested` is requested.
    fn misnumbering(self, requested: u32, received: u32) -> Self {
        self.misnumbered.lock().unwrap().push((requested, received));
        self
    }

    fn failing(self, pages: impl IntoIterator<Item = u32>, status: u16) -> Self {
        self.failures.lock().unwrap().extend(pages.into_iter().map(|page| (page, status)));
        self
    }

    /// Returns the service, and a client of it that does not retry.
    fn start(self) -> (Arc<Self>, KmsClient) {
        let service = Arc::new(self);
        let client = KmsClient::builder()
            .region("cn-hangzhou")
            .credentials(Credentials::new("fake-id", "fake-secret"))
            .retry_policy(RetryPolicy::disabled())
            .rate_limits(RateLimits::unlimited())
            .transport(Connection(Arc::clone(&service)))
            .build()
            .unwrap();
        (service, client)
    }

    fn requested(&self) -> Vec<u32> {
        self.requested.lock().unwrap().clone()
    }

    fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::SeqCst)
    }

    fn max_in_flight(&self) -> usize {
        self.max_in_flight.load(Ordering::SeqCst)
    }

    async fn respond(&self, parameters: Parameters) -> HttpResponse {
        let number = parameters.number("PageNumber");
        self.requested.lock().unwrap().push(number);
        let _flight = Flight::start(self);
        sleep((self.delay)(number)).await;
        let mut failures = self.failures.lock().unwrap();
        if let Some(failure) = failures.iter().position(|(page, _)| *page == number) {
            return HttpResponse::new(failures.remove(failure).1, r#"{"Code":"SomeCode"}"#);
        }
        let mut misnumbered = self.misnumbered.lock().unwrap();
        let other = misnumbered.iter().position(|(requested, _)| *requested == number);
        let number = other.map_or(number, |index| misnumbered.remove(index).1);
        self.page(number, parameters.number("PageSize") as usize)
    }

    fn page(&self, number: u32, size: usize) -> HttpResponse {
        let length = |page: u32| match self.lengths.len() {
            0 => size,
            count => self.lengths[(page as usize - 1) % count].min(size),
        };
        let names = self.names.lock().unwrap();
        let before: usize = (1..number).map(length).sum();
        let secrets = names.iter().skip(before).take(length(number));
        let secrets: Vec<_> = secrets.map(|name| json!({ "SecretName": name })).collect();
        let body = json!({
            "SecretList": { "Secret": secrets },
            "PageNumber": number,
            "PageSize": size,
            "TotalCount": self.reported_total.unwrap_or(names.len() as u32),
        });
        HttpResponse::new(200, body.to_string())
    }
}

/// A request in flight, until its response or its end.
struct Flight<'s>(&'s Service);

impl<'s> Flight<'s> {
    fn start(service: &'s Service) -> Self {
        let now = service.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        service.max_in_flight.fetch_max(now, Ordering::SeqCst);
        Self(service)
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::SeqCst);
    }
}

struct Connection(Arc<Service>);

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connection")
    }
}

impl HttpTransport for Connection {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        let parameters = Parameters::of(&request);
        self.0.respond(parameters).map(Ok).boxed()
    }
}

fn listing(client: &KmsClient, size: u32) -> Paginator<ListSecretsRequest> {
    client.list_secrets_paginator(ListSecretsRequest::new().page_size(size))
}

async fn names(paginator: Paginator<ListSecretsRequest>) -> Vec<String> {
    paginator.items().map_ok(|secret| secret.secret_name).try_collect().await.unwrap()
}

/// Returns the number of secrets on the next page.
async fn next_page(pages: &mut Pages<ListSecretsRequest>) -> usize {
    pages.next().await.unwrap().unwrap().secrets.len()
}

fn numbers(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|n| n.to_string()).collect()
}

/// Runs on a paused clock, which advances when nothing else is left to do.
fn in_paused_time<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(work)
}

#[tokio::test(start_paused = true)]
async fn complete_listing_has_four_pages_in_flight_by_default() {
    let (service, client) = Service::with_names(200).start();
    let listing = client.list_all_secrets(ListSecretsRequest::new().page_size(10)).await.unwrap();
    assert_eq!(listing.secrets.len(), 200);
    assert_eq!(service.max_in_flight(), 4);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn pages_come_in_order_and_within_the_concurrency(
        count in 0_usize..300,
        size in 1_u32..=40,
        concurrency in 1_usize..=9,
        delays in prop::collection::vec(0_u64..100, 1..20),
        total in prop::option::of(prop_oneof![Just(0), 0_u32..600, Just(u32::MAX)]),
    ) {
        let delay = move |page: u32| Duration::from_millis(delays[page as usize % delays.len()]);
        let mut service = Service::with_names(count).with_delay(delay);
        service.reported_total = total;
        in_paused_time(async {
            let (service, client) = service.start();
            let mut pages = listing(&client, size).concurrency(concurrency).pages();
            let mut listed = Vec::new();
            let mut yielded = 0;
            while let Some(page) = pages.next().await {
                prop_assert!(service.requested().len() - yielded <= concurrency);
                yielded += 1;
                listed.extend(page.unwrap().secrets.into_iter().map(|secret| secret.secret_name));
            }
            prop_assert_eq!(listed, numbers(0..count));
            prop_assert!(service.max_in_flight() <= concurrency);
            prop_assert!(service.requested().len() < yielded + concurrency, "{:?}", service.requested());
            Ok(())
        })?;
    }

    #[test]
    fn short_and_capped_pages_do_not_end_a_listing(
        count in 0_usize..300,
        size in 1_u32..=40,
        lengths in prop::collection::vec(1_usize..=40, 1..8),
        first in 1_u32..4,
        concurrency in 1_usize..=9,
    ) {
        in_paused_time(async {
            let before = (1..first).map(|page| lengths[(page as usize - 1) % lengths.len()].min(size as usize));
            let before = before.sum::<usize>().min(count);
            let (_, client) = Service::with_names(count).with_page_lengths(lengths).start();
            let request = ListSecretsRequest::new().page_size(size).page_number(first);
            let listing = client.list_secrets_paginator(request).concurrency(concurrency);
            let listed = names(listing).await;
            prop_assert_eq!(listed, numbers(before..count));
            Ok(())
        })?;
    }

    #[test]
    fn misnumbered_pages_are_errors_and_lose_nothing(
        count in 1_usize..200,
        size in 1_u32..=40,
        misnumbered in prop::collection::vec((1_u32..8, 1_u32..9), 0..8),
        concurrency in 1_usize..=9,
    ) {
        in_paused_time(async {
            let service = Service::with_names(count);
            let service = misnumbered.iter().fold(service, |service, (requested, received)| {
                service.misnumbering(*requested, if received < requested { *received } else { received + 1 })
            });
            let (_, client) = service.start();
            let mut items = listing(&client, size).concurrency(concurrency).items();
            let (mut listed, mut errors) = (Vec::new(), 0);
            while let Some(item) = items.next().await {
                match item {
                    Ok(secret) => listed.push(secret.secret_name),
                    Err(error) => {
                        prop_assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Pagination, true));
                        errors += 1;
                    }
                }
            }
            prop_assert_eq!(listed, numbers(0..count));
            prop_assert!(errors <= misnumbered.len());
            Ok(())
        })?;
    }

    #[test]
    fn resumed_listing_is_complete_if_up_to_a_page_has_moved(
        count in 0_usize..120,
        size in 1_u32..=12,
        taken in 0_usize..120,
        moves in prop::collection::vec((any::<bool>(), any::<prop::sample::Index>()), 0..12),
        concurrency in 1_usize..=4,
    ) {
        in_paused_time(async {
            let (service, client) = Service::with_names(count).start();
            let mut items = listing(&client, size).concurrency(concurrency).items();
            let before: Vec<_> = items.by_ref().take(taken).map_ok(|secret| secret.secret_name).try_collect().await.unwrap();
            let Some(token) = items.resume_token() else { return Ok(()) };

            for (number, (added, place)) in moves.into_iter().take(size as usize).enumerate() {
                let mut names = service.names.lock().unwrap();
                if added {
                    let place = place.index(names.len() + 1);
                    names.insert(place, format!("new-{number}"));
                } else if !names.is_empty() {
                    let place = place.index(names.len());
                    names.remove(place);
                }
            }

            let after = names(listing(&client, size).concurrency(concurrency).resume(token)).await;
            let listed: HashSet<_> = before.iter().chain(&after).collect();
            prop_assert_eq!(listed.len(), before.len() + after.len(), "repeated: {:?} {:?}", before, after);
            for name in service.names.lock().unwrap().iter().filter(|name| !name.starts_with("new")) {
                prop_assert!(listed.contains(name), "{} is missing", name);
            }
            Ok(())
        })?;
    }
}

#[tokio::test(start_paused = true)]
async fn list_of_one_page_costs_one_request() {
    for count in [0, 1, 99] {
        let (service, client) = Service::with_names(count).start();
        assert_eq!(names(listing(&client, 100)).await.len(), count);
        assert_eq!(service.requested(), [1]);
    }
}

#[tokio::test(start_paused = true)]
async fn first_page_is_requested_alone_and_then_as_many_as_allowed() {
    let (service, client) = Service::with_names(95).start();
    let mut items = listing(&client, 10).items();
    assert_eq!(service.requested(), [] as [u32; 0]);
    let first: Vec<_> = items.by_ref().take(10).try_collect().await.unwrap();
    assert_eq!((first.len(), service.requested()), (10, vec![1]));
    items.next().await;
    assert_eq!(service.requested(), [1, 2, 3, 4, 5]);
    assert_eq!(items.count().await, 84);
    assert_eq!(service.max_in_flight(), 4);
}

#[tokio::test(start_paused = true)]
async fn pages_after_the_total_are_requested_one_at_a_time() {
    for total in [0, 1, 40] {
        let (service, client) = Service::with_names(80).reporting_total(total).start();
        assert_eq!(names(listing(&client, 10).concurrency(8)).await, numbers(0..80));
        assert_eq!(service.requested(), Vec::from_iter(1..=9));
        assert!(service.max_in_flight() <= 3, "total {total}: {}", service.max_in_flight());
    }
}

#[tokio::test(start_paused = true)]
async fn too_large_total_costs_a_few_requests() {
    let (service, client) = Service::with_names(25).reporting_total(1_000).start();
    assert_eq!(names(listing(&client, 10)).await, numbers(0..25));
    sleep(MILLISECOND).await;
    assert_eq!(service.requested(), [1, 2, 3, 4, 5]);
    assert_eq!(service.in_flight(), 0, "requests after the end are cancelled");
}

#[tokio::test(start_paused = true)]
async fn short_page_in_the_middle_does_not_end_the_listing() {
    let lengths = [100, 60, 100];
    let (service, client) = Service::with_names(260).with_page_lengths(lengths).start();
    assert_eq!(names(listing(&client, 100)).await, numbers(0..260));
    assert_eq!(service.requested(), [1, 2, 3, 4], "page 3 is full, so page 4 may exist");
}

#[tokio::test(start_paused = true)]
async fn pages_capped_by_the_service_do_not_end_the_listing() {
    for concurrency in [1, 4] {
        let (service, client) = Service::with_names(35).with_page_lengths([10]).start();
        assert_eq!(names(listing(&client, 100).concurrency(concurrency)).await, numbers(0..35));
        assert_eq!(service.requested(), [1, 2, 3, 4]);
    }
}

#[tokio::test(start_paused = true)]
async fn misnumbered_page_is_an_error_and_can_be_requested_again() {
    let (service, client) = Service::with_names(30).misnumbering(2, 1).start();
    let mut pages = listing(&client, 10).concurrency(1).pages();
    next_page(&mut pages).await;
    let error = pages.next().await.unwrap().unwrap_err();
    assert_eq!(
        error.to_string(),
        "ListSecrets failed: page 2 was requested, and the response is page 1 (host \
         kms.cn-hangzhou.aliyuncs.com); list again; if it happens again, check whether the endpoint \
         is KMS"
    );
    assert!(error.is_retryable());
    assert_eq!((next_page(&mut pages).await, next_page(&mut pages).await), (10, 10));
    assert_eq!(service.requested(), [1, 2, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn concurrency_outside_1_to_64_is_rejected_unsent() {
    for concurrency in [0, 65, usize::MAX] {
        let (service, client) = Service::with_names(5).start();
        let mut pages = listing(&client, 10).concurrency(concurrency).pages();
        let error = pages.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let expected =
            format!("ListSecrets failed: `concurrency` must be 1 to 64, got {concurrency}");
        assert_eq!(error.to_string(), expected);
        assert!(pages.next().await.is_none());
        assert_eq!(service.requested(), [] as [u32; 0]);
    }
    let (_, client) = Service::with_names(5).start();
    assert_eq!(names(listing(&client, 10).concurrency(64)).await.len(), 5);
}

#[tokio::test(start_paused = true)]
async fn failed_page_is_requested_again_and_later_ones_are_kept() {
    let (service, client) = Service::with_names(95).failing([3], 503).start();
    let mut pages = listing(&client, 10).pages();
    assert_eq!((next_page(&mut pages).await, next_page(&mut pages).await), (10, 10));
    assert!(pages.next().await.unwrap().unwrap_err().is_retryable());
    sleep(100 * MILLISECOND).await;
    assert_eq!(service.requested(), [1, 2, 3, 4, 5, 6]);

    let start = Instant::now();
    for _ in 3..=6 {
        next_page(&mut pages).await;
    }
    assert_eq!(start.elapsed().as_millis() / 20, 1, "only page 3 was requested again");
    assert_eq!(pages.count().await, 4);
    let requested = service.requested();
    assert_eq!(requested.iter().filter(|page| **page == 3).count(), 2);
    assert_eq!(requested.len(), 11, "{requested:?}");
}

#[tokio::test(start_paused = true)]
async fn outage_of_all_pages_in_flight_is_reported_once() {
    let (service, client) = Service::with_names(95).failing([2, 3, 4, 5], 503).start();
    let mut pages = listing(&client, 10).pages();
    next_page(&mut pages).await;
    assert!(pages.next().await.unwrap().is_err());
    let rest: Vec<_> = pages.try_collect().await.unwrap();
    assert_eq!(rest.iter().map(|page| page.secrets.len()).sum::<usize>(), 85);
    assert_eq!(service.requested().len(), 10 + 4);
}

#[tokio::test(start_paused = true)]
async fn permanent_error_ends_the_listing_at_its_turn() {
    let service = Service::with_names(95).failing([3], 403);
    let (service, client) = service.with_delay(|page| page * page * 10 * MILLISECOND).start();
    let mut pages = listing(&client, 10).pages();
    assert_eq!((next_page(&mut pages).await, next_page(&mut pages).await), (10, 10));
    assert!(pages.next().await.unwrap().unwrap_err().is_access_denied());
    assert!(pages.next().await.is_none());
    sleep(MILLISECOND).await;
    assert_eq!(service.in_flight(), 0);

    let token = pages.resume_token().unwrap();
    let rest: Vec<_> = listing(&client, 10).resume(token).pages().try_collect().await.unwrap();
    assert_eq!(rest[0].secrets[0].secret_name, "20");
    assert_eq!(rest.iter().map(|page| page.secrets.len()).sum::<usize>(), 75);
}

#[tokio::test(start_paused = true)]
async fn dropped_stream_cancels_its_requests() {
    let (service, client) = Service::with_names(95).start();
    let mut pages = listing(&client, 10).concurrency(8).pages();
    next_page(&mut pages).await;
    assert!(pages.next().now_or_never().is_none());
    sleep(MILLISECOND).await;
    assert_eq!(service.in_flight(), 8);
    drop(pages);
    sleep(MILLISECOND).await;
    assert_eq!(service.in_flight(), 0);
    assert_eq!(service.requested().len(), 9);
}

#[tokio::test(start_paused = true)]
async fn prefetched_pages_do_not_time_out_while_the_caller_is_busy() {
    let (service, client) = Service::with_names(95).start();
    let mut pages = listing(&client, 10).pages();
    let mut count = 0;
    while let Some(page) = pages.next().await {
        page.unwrap();
        count += 1;
        sleep(Duration::from_secs(600)).await;
    }
    assert_eq!((count, service.requested().len()), (10, 10));
}

#[tokio::test(start_paused = true)]
async fn stream_outlives_the_runtime_of_its_requests() {
    let (service, client) = Service::with_names(45).start();
    let mut pages = listing(&client, 10).pages();
    let elsewhere = async move {
        next_page(&mut pages).await;
        assert!(pages.next().now_or_never().is_none());
        pages
    };
    let pages = tokio::task::spawn_blocking(|| in_paused_time(elsewhere)).await.unwrap();
    assert_eq!(pages.try_collect::<Vec<_>>().await.unwrap().len(), 4);
    assert!(service.requested().len() >= 5);
}

#[tokio::test(start_paused = true)]
async fn shrinking_list_ends_at_its_new_end() {
    let (service, client) = Service::with_names(95).start();
    let mut items = listing(&client, 10).items();
    let before: Vec<_> = items.by_ref().take(20).try_collect().await.unwrap();
    assert_eq!(before.len(), 20);
    service.names.lock().unwrap().truncate(35);
    let mut after = items.map(|item| item.unwrap().secret_name).collect::<Vec<_>>().await;
    after.truncate(15);
    assert_eq!(after, numbers(20..35));
}

#[tokio::test(start_paused = true)]
async fn growing_list_is_read_to_its_new_end_without_repeats() {
    let (service, client) = Service::with_names(40).start();
    let mut items = listing(&client, 10).items();
    let before: Vec<_> = items.by_ref().take(10).try_collect().await.unwrap();
    assert_eq!(before.len(), 10);
    service.names.lock().unwrap().splice(0..0, (0..7).map(|n| format!("new-{n}")));
    let after = items.map(|item| item.unwrap().secret_name).collect::<Vec<_>>().await;
    assert_eq!(after, numbers(10..40));
    assert_eq!(service.requested(), [1, 2, 3, 4, 5]);
}

#[tokio::test(start_paused = true)]
async fn eight_concurrent_pages_take_less_than_a_sixth_of_the_time() {
    let mut elapsed = Vec::new();
    for concurrency in [1, 8] {
        let (service, client) = Service::with_names(20_000).start();
        let start = Instant::now();
        assert_eq!(names(listing(&client, 100).concurrency(concurrency)).await.len(), 20_000);
        assert_eq!(service.requested().len(), 201, "the page after the last full one ends it");
        assert_eq!(service.max_in_flight(), concurrency);
        elapsed.push(start.elapsed().as_secs_f64());
    }
    let ratio = elapsed[1] / elapsed[0];
    assert!(ratio <= 0.15, "{ratio}");
}

/// An emulator whose 300 secrets have one tag each, on two pages of 200 rows at most.
async fn tagged() -> (Emulator, Paginator<ListTagResourcesRequest>) {
    let secrets = (0..300).map(|n| EmulatedSecret::new(format!("s-{n:03}")).tag("team", "core"));
    let emulator = Emulator::builder().secrets(secrets).start().await.unwrap();
    let client = emulator.client_builder().build().unwrap();
    let request = ListTagResourcesRequest::new(ResourceType::Secret).region("cn-hangzhou");
    (emulator, client.list_tag_resources_paginator(request))
}

#[tokio::test]
async fn listing_with_tokens_has_pages_and_items() {
    let (emulator, listing) = tagged().await;
    let pages: Vec<_> = listing.clone().concurrency(8).pages().try_collect().await.unwrap();
    let rows: Vec<_> = pages.iter().map(|page| page.tag_resources.len()).collect();
    assert_eq!((rows, emulator.request_count()), (vec![200, 100], 2));
    assert_eq!(listing.clone().items().count().await, 300);
    let error = listing.concurrency(65).pages().next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(emulator.request_count(), 4);
}

#[tokio::test]
async fn listing_with_tokens_resumes_in_the_middle_of_a_page() {
    let (emulator, listing) = tagged().await;
    for taken in [0, 1, 199, 200, 201, 299] {
        let mut rows = listing.clone().items();
        let mut read: Vec<_> = rows.by_ref().take(taken).try_collect().await.unwrap();
        let stored = serde_json::to_string(&rows.resume_token()).unwrap();
        drop(rows);

        // A row before the position is gone, and one is new there.
        emulator.remove_secret("s-000");
        emulator.add_secret(EmulatedSecret::new("s-000-new").tag("team", "core"));
        let token: Option<ResumeToken> = serde_json::from_str(&stored).unwrap();
        let rest = listing.clone().resume(token.unwrap()).items();
        read.extend(rest.try_collect::<Vec<_>>().await.unwrap());
        let ids = read.iter().map(|row| row.resource_id.as_str());
        let mut ids: Vec<_> = ids.filter(|id| !id.starts_with("s-000")).collect();
        ids.sort_unstable();
        let expected: Vec<_> = (1..300).map(|n| format!("s-{n:03}")).collect();
        assert_eq!(ids, expected, "{taken} taken");

        emulator.remove_secret("s-000-new");
        emulator.add_secret(EmulatedSecret::new("s-000").tag("team", "core"));
    }
    let mut rows = listing.items();
    while rows.next().await.is_some() {}
    assert_eq!(rows.resume_token(), None);
}
