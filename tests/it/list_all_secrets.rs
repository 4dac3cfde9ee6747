//! Complete listings, while secrets are created and deleted between and during their pages.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault, ListOrder};
use alibabacloud_kms::inventory::{ListingProgress, SecretInventory};
use alibabacloud_kms::rate_limit::RateLimits;
use alibabacloud_kms::secrets::ListSecretsRequest;
use alibabacloud_kms::transport::{
    HttpRequest, HttpResponse, HttpTransport, TransportError, TransportErrorKind, TransportFuture,
};
use alibabacloud_kms::{ErrorKind, KmsClient};
use chrono::DateTime;
use futures_util::{FutureExt as _, TryStreamExt};
use proptest::prelude::*;
use proptest::sample::select;

const ORDERS: [ListOrder; 3] = [ListOrder::Name, ListOrder::Creation, ListOrder::NewestFirst];

/// A secret whose name and time of creation sort by its number.
fn secret(number: u32) -> EmulatedSecret {
    let created = DateTime::from_timestamp(1_700_000_000 + i64::from(number), 0).unwrap();
    EmulatedSecret::new(name(number)).create_time(created)
}

fn name(number: u32) -> String {
    format!("secret-{number:05}")
}

async fn emulator_with(count: u32, order: ListOrder) -> Arc<Emulator> {
    let builder = Emulator::builder().list_order(order).secrets((0..count).map(secret));
    Arc::new(builder.start().await.unwrap())
}

fn client_of(emulator: &Emulator) -> KmsClient {
    KmsClient::builder()
        .endpoint(emulator.endpoint())
        .credentials(emulator.credentials())
        .rate_limits(RateLimits::unlimited())
        .build()
        .unwrap()
}

/// Changes the emulator before each request reaches it.
struct Meanwhile<F> {
    emulator: Arc<Emulator>,
    http: reqwest::Client,
    requests: AtomicU32,
    /// Called with the number of requests before this one.
    change: F,
}

impl<F> fmt::Debug for Meanwhile<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Meanwhile")
    }
}

impl<F: Fn(&Emulator, u32) + Send + Sync + 'static> HttpTransport for Meanwhile<F> {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        async move {
            (self.change)(&self.emulator, self.requests.fetch_add(1, Ordering::SeqCst));
            let response = async {
                let response =
                    self.http.get(request.url.as_str()).headers(request.headers).send().await?;
                let status = response.status().as_u16();
                Ok(HttpResponse::new(status, response.bytes().await?))
            };
            response.await.map_err(|error: reqwest::Error| {
                TransportError::new(TransportErrorKind::Interrupted, "broken").with_source(error)
            })
        }
        .boxed()
    }
}

/// A client of the emulator, which is changed before each request.
fn client_while(
    emulator: &Arc<Emulator>,
    change: impl Fn(&Emulator, u32) + Send + Sync + 'static,
) -> KmsClient {
    KmsClient::builder()
        .endpoint(emulator.endpoint())
        .credentials(emulator.credentials())
        .rate_limits(RateLimits::unlimited())
        .rate_limits(RateLimits::unlimited())
        .transport(Meanwhile {
            emulator: Arc::clone(emulator),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            requests: AtomicU32::new(0),
            change,
        })
        .build()
        .unwrap()
}

fn names(listing: &SecretInventory) -> Vec<&str> {
    listing.secrets.iter().map(|secret| secret.secret_name.as_str()).collect()
}

#[tokio::test]
async fn resting_list_takes_the_documented_number_of_scans() {
    for (count, concurrency, scans, requests) in
        [(0, 4, 1, 1), (99, 4, 1, 1), (100, 4, 3, 6), (250, 4, 3, 9), (250, 1, 2, 6)]
    {
        let emulator = emulator_with(count, ListOrder::NewestFirst).await;
        let listing = client_of(&emulator)
            .list_all_secrets(ListSecretsRequest::new())
            .concurrency(concurrency)
            .await
            .unwrap();
        assert_eq!(names(&listing), emulator.secret_names());
        assert!(listing.complete);
        assert_eq!((listing.scans, emulator.request_count()), (scans, requests), "{count}");
    }
}

/// Deletes the first and the last secret of 30 after one page was read.
fn delete_two_of_30(emulator: &Emulator, requests: u32) {
    if requests == 1 {
        emulator.remove_secret(&name(0));
        emulator.remove_secret(&name(29));
    }
}

#[tokio::test]
async fn complete_listing_contains_what_a_single_scan_misses() {
    let request = ListSecretsRequest::new().page_size(10);
    for order in ORDERS {
        let emulator = emulator_with(30, order).await;
        let client = client_while(&emulator, delete_two_of_30);
        let paginator = client.list_secrets_paginator(request.clone()).concurrency(1);
        let read: Vec<_> = paginator.items().try_collect().await.unwrap();
        let missed = |name: &String| read.iter().all(|secret| secret.secret_name != *name);
        assert!(emulator.secret_names().iter().any(missed), "{order:?}");

        for concurrency in [1, 3] {
            let emulator = emulator_with(30, order).await;
            let client = client_while(&emulator, delete_two_of_30);
            let listing =
                client.list_all_secrets(request.clone()).concurrency(concurrency).await.unwrap();
            assert!(listing.complete);
            assert_eq!(names(&listing), emulator.secret_names(), "{order:?}");
        }
    }
}

#[tokio::test]
async fn list_that_never_rests_is_incomplete_with_all_that_was_found() {
    for concurrency in [1, 4] {
        let emulator = emulator_with(30, ListOrder::NewestFirst).await;
        let client = client_while(&emulator, |emulator, requests| {
            emulator.add_secret(secret(1_000 + requests));
            emulator.remove_secret(&name(999 + requests));
        });
        let request = ListSecretsRequest::new().page_size(10);
        let listing =
            client.list_all_secrets(request).concurrency(concurrency).max_scans(3).await.unwrap();
        assert!(!listing.complete);
        assert_eq!(listing.scans, 3);
        assert!(names(&listing).is_sorted_by(|a, b| a < b));
        assert_eq!(names(&listing)[..30], (0..30).map(name).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn list_that_never_rests_is_scanned_8_times_by_default() {
    let emulator = emulator_with(3, ListOrder::NewestFirst).await;
    let client = client_while(&emulator, |emulator, requests| {
        emulator.add_secret(secret(1_000 + requests));
        emulator.remove_secret(&name(999 + requests));
    });
    let request = ListSecretsRequest::new().page_size(2);
    let listing = client.list_all_secrets(request).await.unwrap();
    assert_eq!((listing.complete, listing.scans), (false, 8));
}

/// A change of a secret before a request: it exists from then on, recreated if necessary, or it
/// does not.
#[derive(Clone, Debug)]
struct Change {
    before_request: u32,
    number: u32,
    exists: bool,
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    // Even numbers are unchanged.
    let change =
        (0_u32..30, 0_u32..20, any::<bool>()).prop_map(|(before_request, half, exists)| Change {
            before_request,
            number: 2 * half + 1,
            exists,
        });
    prop::collection::vec(change, 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn complete_listing_has_each_untouched_secret_once(
        changes in changes(),
        count in 0_u32..40,
        page_size in 1_u32..12,
        concurrency in 1_usize..5,
        order in select(ORDERS.to_vec()),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let listing = runtime.block_on(async {
            let emulator = emulator_with(count, order).await;
            let client = client_while(&emulator, move |emulator, requests| {
                for change in changes.iter().filter(|change| change.before_request == requests) {
                    emulator.remove_secret(&name(change.number));
                    if change.exists {
                        let created = DateTime::from_timestamp(1_800_000_000 + i64::from(requests), 0);
                        emulator.add_secret(secret(change.number).create_time(created.unwrap()));
                    }
                }
            });
            let request = ListSecretsRequest::new().page_size(page_size);
            client.list_all_secrets(request).concurrency(concurrency).max_scans(20).await.unwrap()
        });
        prop_assert!(listing.complete, "nothing changes after the 30th request");
        let names = names(&listing);
        prop_assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
        for untouched in (0..count).step_by(2).map(name) {
            prop_assert!(names.contains(&untouched.as_str()), "{untouched} is not in {names:?}");
        }
    }
}

#[tokio::test]
async fn failed_page_of_any_scan_fails_the_listing() {
    for page in [0, 1, 4, 8] {
        let emulator = emulator_with(250, ListOrder::Name).await;
        let client = client_while(&emulator, move |emulator, requests| {
            if requests == page {
                emulator.inject(Fault::error(403, "Forbidden.NoPermission"));
            }
        });
        let error = client.list_all_secrets(ListSecretsRequest::new()).await.unwrap_err();
        assert!(error.is_access_denied(), "{error}");
    }
}

#[tokio::test]
async fn settings_outside_their_limits_are_rejected_unsent() {
    let emulator = Emulator::start().await.unwrap();
    let all = |request| client_of(&emulator).list_all_secrets(request);
    let request = ListSecretsRequest::new;
    for (listing, words) in [
        (
            all(request().page_number(2)),
            "`page_number` must be 1 or unset to list all secrets, got 2",
        ),
        (all(request()).max_scans(0), "`max_scans` must be 1 to 64, got 0"),
        (all(request()).max_scans(65), "`max_scans` must be 1 to 64, got 65"),
        (all(request()).concurrency(0), "`concurrency` must be 1 to 64, got 0"),
        (all(request().page_size(101)), "`page_size` must be 1 to 100, got 101"),
    ] {
        let error = listing.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!(error.to_string(), format!("ListSecrets failed: {words}"));
    }
    assert!(all(request().page_number(1)).await.unwrap().complete);
    assert_eq!(emulator.request_count(), 1);
}

#[tokio::test]
async fn progress_is_reported_after_each_page() {
    let emulator = emulator_with(250, ListOrder::Name).await;
    let reports = Arc::new(Mutex::new(Vec::new()));
    let listing = client_of(&emulator).list_all_secrets(ListSecretsRequest::new()).concurrency(1);
    let reported = Arc::clone(&reports);
    let listing = listing.on_progress(move |progress| {
        let ListingProgress { scan, pages, secrets, total_count, .. } = progress;
        reported.lock().unwrap().push((scan, pages, secrets, total_count));
    });
    assert!(listing.await.unwrap().complete);
    let scan = |scan| [(scan, 1, 100, 250), (scan, 2, 200, 250), (scan, 3, 250, 250)];
    assert_eq!(*reports.lock().unwrap(), [scan(1), scan(2)].concat());
}
