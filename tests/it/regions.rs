//! Several regions: clients that share what can be shared, and concurrent listings with an outcome
//! each.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::emulator::{EmulatedRegions, EmulatedSecret, Fault};
use alibabacloud_kms::inventory::{RegionInventories, RegionOutcome};
use alibabacloud_kms::rate_limit::{Quota, QuotaGroup, RateLimits};
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::secrets::ListSecretsRequest;
use alibabacloud_kms::transport::{HttpRequest, HttpResponse, HttpTransport, TransportFuture};
use alibabacloud_kms::{ErrorKind, KmsClient, KmsClientBuilder};
use futures_util::{FutureExt as _, Stream as _, StreamExt as _};
use tokio::time::{Instant, sleep};

use crate::transports::page;

const DELAY: Duration = Duration::from_millis(100);

/// The services of all regions: `down` fails, the others have one secret, named after their host.
#[derive(Clone, Default)]
struct World {
    in_flight: Arc<AtomicUsize>,
    most_in_flight: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("World")
    }
}

/// A request in flight, until its response or its end.
struct Flight<'w>(&'w World);

impl<'w> Flight<'w> {
    fn start(world: &'w World) -> Self {
        world.requests.fetch_add(1, Ordering::SeqCst);
        let now = world.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        world.most_in_flight.fetch_max(now, Ordering::SeqCst);
        Self(world)
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::SeqCst);
    }
}

impl HttpTransport for World {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        async move {
            let _flight = Flight::start(self);
            sleep(DELAY).await;
            let url = url::Url::parse(&request.url).unwrap();
            Ok(match url.host_str().unwrap() {
                "kms.down.aliyuncs.com" => {
                    HttpResponse::new(503, r#"{"Code":"ServiceUnavailable"}"#)
                }
                host => page([host], None),
            })
        }
        .boxed()
    }
}

impl World {
    fn builder(&self) -> KmsClientBuilder {
        KmsClient::builder()
            .region("cn-hangzhou")
            .credentials(Credentials::new("fake-id", "fake-secret"))
            .transport(self.clone())
    }

    fn client(&self) -> KmsClient {
        self.builder().build().unwrap()
    }

    /// Returns the listing of the regions `r-0` and so on.
    fn inventories(&self, count: usize) -> RegionInventories {
        let regions = (0..count).map(|n| format!("r-{n}"));
        self.client().list_secrets_in_regions(regions, ListSecretsRequest::new())
    }
}

#[tokio::test(start_paused = true)]
async fn in_region_keeps_transport_and_network() {
    let world = World::default();
    let client = world.client().in_region("eu-central-1").unwrap();
    let listed = client.list_secrets(ListSecretsRequest::new()).await.unwrap();
    assert_eq!(listed.secrets[0].secret_name, "kms.eu-central-1.aliyuncs.com");

    let vpc = KmsClient::builder().region("cn-hangzhou").vpc().build().unwrap();
    assert_eq!(vpc.in_region("cn-beijing").unwrap().host(), "kms-vpc.cn-beijing.aliyuncs.com");
}

#[test]
fn in_region_rejects_endpoint_clients_and_malformed_names() {
    let endpoint = KmsClient::builder().endpoint("https://kms.internal").build().unwrap();
    let region = KmsClient::builder().region("cn-hangzhou").build().unwrap();
    for (rejected, words) in [
        (endpoint.in_region("cn-beijing"), "`endpoint` must be the host of a region"),
        (region.in_region("evil.example"), "`region` must be 1 to 63 characters"),
    ] {
        let error = rejected.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().starts_with(words), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn outage_of_one_region_leaves_the_retry_budget_of_others() {
    let world = World::default();
    let first = world.client();
    let down = first.in_region("down").unwrap();
    let retries = async |client: &KmsClient| {
        let before = world.requests.load(Ordering::SeqCst);
        client.list_secrets(ListSecretsRequest::new()).await.unwrap_err();
        world.requests.load(Ordering::SeqCst) - before - 1
    };
    while retries(&down).await > 0 {}
    assert!(retries(&first.in_region("down").unwrap()).await > 0, "the budget was shared");
}

#[tokio::test(start_paused = true)]
async fn rate_limits_are_counted_for_each_region() {
    let limits =
        RateLimits::unlimited().limit(QuotaGroup::Manage, Quota::new(1, Duration::from_secs(10)));
    let first = World::default().builder().rate_limits(limits).build().unwrap();
    let second = first.in_region("cn-beijing").unwrap();
    let took = async |client: &KmsClient| {
        let started = Instant::now();
        client.list_secrets(ListSecretsRequest::new()).await.unwrap();
        started.elapsed()
    };
    assert!(took(&first).await < 2 * DELAY);
    assert!(took(&second).await < 2 * DELAY, "the limits were shared");
    assert!(took(&second).await > Duration::from_secs(9));
}

#[tokio::test]
async fn each_region_has_an_outcome_and_failed_ones_are_not_empty() {
    let names = ["full", "empty", "new", "foreign", "debt"];
    let regions = EmulatedRegions::start(names).await.unwrap();
    for (region, code) in [
        ("new", "Forbidden.KmsServiceNotEnabled"),
        ("foreign", "Forbidden.NoPermission"),
        ("debt", "Forbidden.InDebt"),
    ] {
        regions[region].inject(Fault::error(403, code).always());
    }
    regions["full"].add_secret(EmulatedSecret::new("prod/db"));
    let client = regions.client_builder().retry_policy(RetryPolicy::disabled()).build().unwrap();

    let all = names.into_iter().chain(["unreachable", "not a region"]);
    let outcomes = client.list_secrets_in_regions(all, ListSecretsRequest::new());
    let outcomes = outcomes.map(|(region, outcome)| {
        let text = match outcome {
            RegionOutcome::Listed(inventory) => format!("{} secrets", inventory.secrets.len()),
            RegionOutcome::NotActivated(_) => "not activated".to_owned(),
            RegionOutcome::Forbidden(_) => "forbidden".to_owned(),
            failed => format!("{:?}", failed.error().unwrap().kind()),
        };
        (region, text)
    });
    let mut outcomes: Vec<_> = outcomes.collect().await;
    outcomes.sort();
    let expected = [
        ("debt", "AccountState"),
        ("empty", "0 secrets"),
        ("foreign", "forbidden"),
        ("full", "1 secrets"),
        ("new", "not activated"),
        ("not a region", "Configuration"),
        ("unreachable", "Network"),
    ];
    assert_eq!(outcomes, expected.map(|(region, text)| (region.to_owned(), text.to_owned())));
}

#[tokio::test(start_paused = true)]
async fn no_more_regions_than_allowed_are_listed_concurrently() {
    for (concurrency, rounds) in [(1, 33), (8, 5), (33, 1)] {
        let world = World::default();
        let started = Instant::now();
        let outcomes = world.inventories(33).concurrency(concurrency);
        let mut regions: Vec<_> = outcomes.map(|(region, _)| region).collect().await;
        regions.sort();
        regions.dedup();
        assert_eq!(regions.len(), 33);
        assert_eq!(world.most_in_flight.load(Ordering::SeqCst), concurrency);
        let took = started.elapsed();
        assert!(took >= DELAY * rounds && took < DELAY * rounds + DELAY / 2, "{took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn default_concurrency_is_64_regions() {
    let world = World::default();
    assert_eq!(world.inventories(100).count().await, 100);
    assert_eq!(world.most_in_flight.load(Ordering::SeqCst), 64);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_before_the_first_poll_and_drop_cancels() {
    let world = World::default();
    let mut outcomes = world.inventories(3);
    assert_eq!(outcomes.size_hint(), (3, Some(3)));
    sleep(DELAY).await;
    assert_eq!(world.requests.load(Ordering::SeqCst), 0);
    assert!(outcomes.next().now_or_never().is_none());
    sleep(DELAY / 2).await;
    assert_eq!(world.in_flight.load(Ordering::SeqCst), 3);
    drop(outcomes);
    sleep(DELAY / 4).await;
    assert_eq!(world.in_flight.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn settings_outside_their_limits_fail_each_region_unsent() {
    let world = World::default();
    for (inventories, problem) in [
        (world.inventories(2).concurrency(0), "`concurrency` must be at least 1, got 0"),
        (
            world.inventories(2).max_scans(65),
            "ListSecrets failed: `max_scans` must be 1 to 64, got 65",
        ),
    ] {
        let outcomes: Vec<_> = inventories.collect().await;
        assert_eq!(outcomes.len(), 2);
        for (_, outcome) in outcomes {
            let RegionOutcome::Failed(error) = outcome else { panic!("{outcome:?}") };
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert_eq!(error.to_string(), problem);
        }
    }
    assert_eq!(world.requests.load(Ordering::SeqCst), 0);
}
