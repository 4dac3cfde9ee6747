//! Several regions: clients of each that share what can be shared, and listings side by side with an outcome each.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault};
use alibabacloud_kms::inventory::{ListAllSecrets, RegionOutcome, list_secrets_in_regions};
use alibabacloud_kms::rate_limit::{Quota, QuotaGroup, RateLimits};
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::secrets::ListSecretsRequest;
use alibabacloud_kms::transport::{HttpRequest, HttpResponse, HttpTransport, TransportFuture};
use alibabacloud_kms::{ErrorKind, KmsClient, KmsClientBuilder};
use futures_util::{FutureExt as _, Stream as _, StreamExt as _};
use tokio::time::{Instant, sleep};

use crate::transports::page;

const DELAY: Duration = Duration::from_millis(100);

/// Every region's service at once: `down` fails, the others have one secret, named after their host.
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

/// A request on its way, until it is answered or given up.
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

    /// The regions `r-0` and on, each with a listing.
    fn listings(&self, count: usize) -> Vec<(String, ListAllSecrets)> {
        let client = self.client();
        let regions = (0..count).map(|n| format!("r-{n}"));
        let listing = |region: String| {
            let listing =
                client.in_region(&region).unwrap().list_all_secrets(ListSecretsRequest::new());
            (region, listing)
        };
        regions.map(listing).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_of_another_region_shares_the_transport_and_keeps_the_network() {
    let world = World::default();
    let client = world.client().in_region("eu-central-1").unwrap();
    let listed = client.list_secrets(ListSecretsRequest::new()).await.unwrap();
    assert_eq!(listed.secrets[0].secret_name, "kms.eu-central-1.aliyuncs.com");

    let vpc = KmsClient::builder().region("cn-hangzhou").vpc().build().unwrap();
    assert_eq!(vpc.in_region("cn-beijing").unwrap().host(), "kms-vpc.cn-beijing.aliyuncs.com");
}

#[test]
fn there_is_no_other_region_of_an_endpoint_and_none_of_a_name_that_cannot_be() {
    let endpoint = KmsClient::builder().endpoint("https://kms.internal").build().unwrap();
    let region = KmsClient::builder().region("cn-hangzhou").build().unwrap();
    for (refused, words) in [
        (
            endpoint.in_region("cn-beijing"),
            "endpoint is \"kms.internal\", allowed are the hosts of regions",
        ),
        (region.in_region("evil.example"), "region is \"evil.example\", allowed are"),
    ] {
        let error = refused.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().starts_with(words), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_region_that_is_down_does_not_use_up_the_repeats_of_another() {
    let world = World::default();
    let first = world.client();
    let down = first.in_region("down").unwrap();
    let repeats = async |client: &KmsClient| {
        let before = world.requests.load(Ordering::SeqCst);
        client.list_secrets(ListSecretsRequest::new()).await.unwrap_err();
        world.requests.load(Ordering::SeqCst) - before - 1
    };
    while repeats(&down).await > 0 {}
    assert!(repeats(&first.in_region("down").unwrap()).await > 0, "the budget was shared");
}

#[tokio::test(start_paused = true)]
async fn what_a_region_allows_is_counted_for_each_at_the_same_figures() {
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
async fn each_region_has_an_outcome_and_none_that_failed_is_empty() {
    let emulators: BTreeMap<_, _> = futures_util::stream::iter([
        ("full", None),
        ("empty", None),
        ("new", Some("Forbidden.KmsServiceNotEnabled")),
        ("foreign", Some("Forbidden.NoPermission")),
        ("in debt", Some("Forbidden.InDebt")),
    ])
    .then(async |(region, code)| {
        let emulator = Emulator::start().await.unwrap();
        if let Some(code) = code {
            emulator.inject(Fault::error(403, code).always());
        }
        (region, emulator)
    })
    .collect()
    .await;
    emulators["full"].add_secret(EmulatedSecret::new("prod/db"));
    let client = |endpoint: &str| {
        let builder = KmsClient::builder().retry_policy(RetryPolicy::disabled()).endpoint(endpoint);
        builder.credentials(emulators["full"].credentials()).build().unwrap()
    };
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    let clients = emulators
        .iter()
        .map(|(region, emulator)| (*region, client(emulator.endpoint())))
        .chain([("unreachable", client(&format!("http://{closed}")))]);

    let listings =
        clients.map(|(region, c)| (region, c.list_all_secrets(ListSecretsRequest::new())));
    let outcomes = list_secrets_in_regions(listings).map(|(region, outcome)| {
        let text = match outcome {
            RegionOutcome::Listed(listing) => format!("{} secrets", listing.secrets.len()),
            RegionOutcome::NotActivated(_) => "not activated".to_owned(),
            RegionOutcome::Forbidden(_) => "forbidden".to_owned(),
            failed => format!("{:?}", failed.error().unwrap().kind()),
        };
        (region, text)
    });
    let mut outcomes: Vec<_> = outcomes.collect().await;
    outcomes.sort();
    let expected = [
        ("empty", "0 secrets"),
        ("foreign", "forbidden"),
        ("full", "1 secrets"),
        ("in debt", "AccountState"),
        ("new", "not activated"),
        ("unreachable", "Network"),
    ];
    assert_eq!(outcomes, expected.map(|(region, outcome)| (region, outcome.to_owned())));
}

#[tokio::test(start_paused = true)]
async fn regions_are_listed_side_by_side_and_no_more_at_once_than_allowed() {
    for (concurrency, rounds) in [(1, 33), (8, 5), (33, 1)] {
        let world = World::default();
        let started = Instant::now();
        let outcomes = list_secrets_in_regions(world.listings(33)).concurrency(concurrency);
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
async fn nothing_is_sent_before_the_stream_is_polled_and_dropping_it_gives_up_what_is_under_way() {
    let world = World::default();
    let mut outcomes = list_secrets_in_regions(world.listings(3));
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
async fn no_region_at_a_time_is_refused_for_each() {
    let world = World::default();
    let outcomes: Vec<_> =
        list_secrets_in_regions(world.listings(2)).concurrency(0).collect().await;
    assert_eq!(outcomes.len(), 2);
    for (_, outcome) in outcomes {
        let RegionOutcome::Failed(error) = outcome else { panic!("{outcome:?}") };
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!(error.to_string(), "concurrency is 0, allowed are 1 and more");
    }
    assert_eq!(world.requests.load(Ordering::SeqCst), 0);
}
