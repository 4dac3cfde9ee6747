//! The lines that are printed, one function each.

use std::error::Error;
use std::fmt;
use std::hint::black_box;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault};
use alibabacloud_kms::inventory::RegionOutcome;
use alibabacloud_kms::pagination::Paginator;
use alibabacloud_kms::rate_limit::RateLimits;
use alibabacloud_kms::secrets::ListSecretsRequest;
use alibabacloud_kms::transport::{
    HttpRequest, HttpResponse, HttpTransport, TransportError, TransportErrorKind, TransportFuture,
};
use alibabacloud_kms::{KmsClient, KmsClientBuilder};
use by_hand::{Buffers, Lister};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::runtime::Runtime;

use crate::measure::{
    Awake, Ratio, in_long_turns, in_short_turns, in_turns, peak_memory, processor_time,
};
use crate::stub::{self, Stub};

type Outcome = Result<Line, Box<dyn Error>>;

/// A name to choose a line by, and what measures it.
type Row = (&'static str, fn() -> Outcome);

pub(crate) const ALL: &[Row] = &[
    ("cpu", cpu_of_a_sequential_listing),
    ("call", cpu_of_one_call),
    ("sign", parameters_to_signed_url),
    ("decode", decoding_a_page),
    ("width", wall_time_of_eight_in_flight),
    ("quota", speed_of_the_quota),
    ("regions", concurrent_regions),
    ("memory", peak_memory_of_a_stream),
    ("inventory", peak_memory_of_an_inventory),
    ("connections", connections_of_a_sequential_listing),
    ("build", processor_time_of_a_second_client),
    ("scaling", growth_with_secrets_and_calls),
];

/// A figure beside what it has to reach.
pub(crate) struct Line {
    figure: String,
    bound: &'static str,
    met: bool,
}

impl Line {
    fn of_ratio(ratio: &Ratio, most: f64, bound: &'static str) -> Self {
        Self { figure: ratio.to_string(), bound, met: ratio.median() <= most }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}: {}", self.figure, self.bound, if self.met { "met" } else { "MISSED" })
    }
}

const SECRETS: usize = 20_000;
const KEY: (&str, &str) = ("fake-bench-key-id", "fake-bench-key-secret");

fn runtime() -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

/// A client that leaves the speed to the server.
fn client(endpoint: &str) -> alibabacloud_kms::Result<KmsClient> {
    client_builder(endpoint).build()
}

fn client_builder(endpoint: &str) -> KmsClientBuilder {
    KmsClient::builder()
        .endpoint(endpoint)
        .credentials(Credentials::new(KEY.0, KEY.1))
        .rate_limits(RateLimits::unlimited())
}

fn listing(client: &KmsClient) -> Paginator<ListSecretsRequest> {
    client.list_secrets_paginator(ListSecretsRequest::new().fetch_tags(true))
}

/// Streams all secrets and makes sure that all of them came.
async fn list(
    listing: Paginator<ListSecretsRequest>,
    secrets: usize,
) -> Result<(), Box<dyn Error>> {
    let mut listing = listing.items();
    let mut listed = 0;
    while let Some(secret) = listing.try_next().await? {
        black_box(secret);
        listed += 1;
    }
    all_came(listed, secrets)
}

async fn list_by_hand(lister: &Lister, secrets: usize) -> Result<(), Box<dyn Error>> {
    let mut listed = 0;
    let count = |secret| {
        black_box(secret);
        listed += 1;
    };
    lister.list(count).await?;
    all_came(listed, secrets)
}

fn all_came(listed: usize, secrets: usize) -> Result<(), Box<dyn Error>> {
    if listed == secrets {
        Ok(())
    } else {
        Err(format!("{listed} of {secrets} secrets came").into())
    }
}

/// The client's processor time for 2,000 secrets on 20 pages, one after the other.
fn cpu_of_a_sequential_listing() -> Outcome {
    const SECRETS: usize = 2_000;
    let _awake = Awake::start()?;
    let stub = Stub::start(SECRETS, Duration::ZERO)?;
    let runtime = runtime()?;
    let client = client(stub.endpoint())?;
    let lister = Lister::new(stub.endpoint(), KEY.0, KEY.1)?;
    let ratio = in_short_turns(
        || processor_time(|| runtime.block_on(list(listing(&client).concurrency(1), SECRETS))),
        || processor_time(|| runtime.block_on(list_by_hand(&lister, SECRETS))),
    )?;
    Ok(Line::of_ratio(&ratio, 1.0, "at most 1.00 of the loop by hand"))
}

/// The client's processor time for one call whose response is a page of one secret, more than by
/// hand.
fn cpu_of_one_call() -> Outcome {
    const CALLS: u32 = 100;
    let _awake = Awake::start()?;
    let stub = Stub::start(1, Duration::ZERO)?;
    let runtime = runtime()?;
    let client = client(stub.endpoint())?;
    let lister = Lister::new(stub.endpoint(), KEY.0, KEY.1)?;
    let request = ListSecretsRequest::new().fetch_tags(true).page_size(100);
    let ours = || -> Result<(), Box<dyn Error>> {
        runtime.block_on(async {
            for _ in 0..CALLS {
                black_box(client.list_secrets(request.clone()).await?);
            }
            Ok(())
        })
    };
    let theirs = || -> Result<(), Box<dyn Error>> {
        let mut buffers = Buffers::default();
        runtime.block_on(async {
            for _ in 0..CALLS {
                black_box(lister.page(1, &mut buffers).await?);
            }
            Ok(())
        })
    };
    let ratio = in_short_turns(|| processor_time(ours), || processor_time(theirs))?;
    let more = ratio.difference().as_secs_f64() * 1e6 / f64::from(CALLS);
    Ok(Line {
        figure: format!("{more:.1} us more a call; {ratio} for {CALLS}"),
        bound: "at most 8 us more than by hand",
        met: more <= 8.0,
    })
}

/// Notes the URLs that it is given and when, and responds with an empty page.
#[derive(Clone, Debug, Default)]
struct Noting(Arc<Mutex<Option<(Instant, String)>>>);

impl Noting {
    fn take(&self) -> Result<(Instant, String), &'static str> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().ok_or("nothing was sent")
    }
}

impl HttpTransport for Noting {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        let noted = (Instant::now(), request.url.to_string());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(noted);
        Box::pin(std::future::ready(Ok(HttpResponse::new(200, br#"{"TotalCount":0}"#))))
    }
}

/// From the request's parameters to the URL that a transport receives, against the same by hand
/// with a prepared key. Signing is not part of the public API, so the figure includes what a call
/// does before it sends: its span, its checks, its credentials, its permit and its timers.
fn parameters_to_signed_url() -> Outcome {
    const CALLS: u32 = 500;
    let noting = Noting::default();
    let client = KmsClient::builder()
        .region("cn-hangzhou")
        .credentials(Credentials::new(KEY.0, KEY.1))
        .transport(noting.clone())
        .rate_limits(RateLimits::unlimited())
        .build()?;
    let runtime = runtime()?;
    let request = ListSecretsRequest::new().fetch_tags(true).page_size(100);
    let signed = || -> Result<(Duration, String), Box<dyn Error>> {
        let request = request.clone();
        let started = Instant::now();
        runtime.block_on(client.list_secrets(request))?;
        let (noted, url) = noting.take()?;
        Ok((noted - started, url))
    };
    let lister = Lister::new("https://kms.cn-hangzhou.aliyuncs.com", KEY.0, KEY.1)?;
    let mut buffers = Buffers::default();
    let names = |url: &str| -> Vec<String> {
        let pairs = url.split(['?', '&']).skip(1);
        let mut names: Vec<_> =
            pairs.filter_map(|pair| Some(pair.split_once('=')?.0.to_owned())).collect();
        names.sort_unstable();
        names
    };
    if names(&signed()?.1) != names(lister.signed_url(1, &mut buffers)) {
        return Err("the two sign different parameters".into());
    }
    let by_hand = || -> Result<Duration, Box<dyn Error>> {
        let started = Instant::now();
        for _ in 0..CALLS {
            black_box(lister.signed_url(black_box(1), &mut buffers));
        }
        Ok(started.elapsed())
    };
    let ours = || (0..CALLS).try_fold(Duration::ZERO, |sum, _| Ok(sum + signed()?.0));
    let ratio = in_turns(ours, by_hand)?;
    Ok(Line::of_ratio(&ratio, 3.0, "at most 3 times signing the same by hand"))
}

/// Responds with a body that is ready.
#[derive(Debug)]
struct Ready(Vec<u8>);

impl HttpTransport for Ready {
    fn send(&self, _request: HttpRequest) -> TransportFuture<'_> {
        Box::pin(std::future::ready(Ok(HttpResponse::new(200, self.0.clone()))))
    }
}

/// The time that a page of 100 secrets adds to a call, against decoding the same fields by hand.
fn decoding_a_page() -> Outcome {
    const PAGES: u32 = 200;
    let body = stub::page(1, SECRETS);
    let runtime = runtime()?;
    let calls = |body: &[u8]| -> Result<Duration, Box<dyn Error>> {
        let client = KmsClient::builder()
            .region("cn-hangzhou")
            .credentials(Credentials::new(KEY.0, KEY.1))
            .transport(Ready(body.to_vec()))
            .rate_limits(RateLimits::unlimited())
            .build()?;
        let request = ListSecretsRequest::new().fetch_tags(true).page_size(100);
        processor_time(|| {
            runtime.block_on(async {
                for _ in 0..PAGES {
                    black_box(client.list_secrets(request.clone()).await?);
                }
                Ok(())
            })
        })
    };
    let ratio = in_turns(
        || Ok(calls(&body)?.saturating_sub(calls(br#"{"TotalCount":0}"#)?)),
        || -> Result<Duration, Box<dyn Error>> {
            processor_time(|| {
                for _ in 0..PAGES {
                    // A transport gives its body away, so the body of each page is another one.
                    let body = black_box(&body).clone();
                    black_box(serde_json::from_slice::<by_hand::Page>(&body)?);
                }
                Ok(())
            })
        },
    )?;
    Ok(Line::of_ratio(&ratio, 1.1, "at most 1.1 times serde_json into owned text"))
}

/// Eight pages in flight against one, from a server that takes 20 ms for each. One turn of 200
/// pages is long enough.
fn wall_time_of_eight_in_flight() -> Outcome {
    let stub = Stub::start(SECRETS, Duration::from_millis(20))?;
    let runtime = runtime()?;
    let client = client(stub.endpoint())?;
    let wall = |concurrency| -> Result<Duration, Box<dyn Error>> {
        let started = Instant::now();
        runtime.block_on(list(listing(&client).concurrency(concurrency), SECRETS))?;
        Ok(started.elapsed())
    };
    let (wide, sequential) = (wall(8)?, wall(1)?);
    let ratio = wide.as_secs_f64() / sequential.as_secs_f64();
    Ok(Line {
        figure: format!("{ratio:.3} ({wide:.2?} against {sequential:.2?})"),
        bound: "at most 0.15 of one after the other",
        met: ratio <= 0.15,
    })
}

/// The processor time of a secret in a listing of 1,000,000, against one in listings of 10,000 that
/// have as many together; and the calls in a second by the number in flight, from a server that
/// takes 20 ms for each.
fn growth_with_secrets_and_calls() -> Outcome {
    let runtime = runtime()?;
    let mut figures = Vec::new();
    let listing_of = |secrets: usize| -> Result<_, Box<dyn Error>> {
        let stub = Stub::start(secrets, Duration::ZERO)?;
        let client = client(stub.endpoint())?;
        let runtime = &runtime;
        Ok(move || {
            let _of_this_stub = &stub;
            runtime.block_on(list(listing(&client).concurrency(1), secrets))
        })
    };
    for secrets in [1_000, 10_000, 100_000, 1_000_000] {
        let list = listing_of(secrets)?;
        list()?;
        figures.push(format!("{secrets} secrets {:.2?}", processor_time(list)?));
    }
    let (long, short) = (listing_of(1_000_000)?, listing_of(10_000)?);
    let growth = in_long_turns(
        || processor_time(&long),
        || processor_time(|| (0..100).try_for_each(|_| short())),
    )?;
    let stub = Stub::start(1, Duration::from_millis(20))?;
    for in_flight in [1, 10, 100, 1_000] {
        let calls = 50 * in_flight;
        let client = client_builder(stub.endpoint()).max_connections(in_flight).build()?;
        let requests =
            stream::iter(0..calls).map(|_| client.list_secrets(ListSecretsRequest::new()));
        let started = Instant::now();
        let took = processor_time(|| {
            runtime.block_on(requests.buffer_unordered(in_flight).try_for_each(async |page| {
                black_box(page);
                Ok(())
            }))
        })?;
        let (rate, each) = (calls as f64 / started.elapsed().as_secs_f64(), took / calls as u32);
        figures.push(format!("{in_flight} in flight {rate:.0} calls a second, {each:.1?} each"));
    }
    Ok(Line {
        figure: format!("{}; a secret of 1,000,000 by one of 10,000: {growth}", figures.join("; ")),
        bound: "at most 1.2",
        met: growth.median() <= 1.2,
    })
}

/// Clients with their defaults, each against an emulator of its own that keeps to the quota of the
/// service and takes 100 ms for a request.
fn speed_of_the_quota() -> Outcome {
    const QUOTA: u32 = 40;
    let bound = Duration::from_secs((SECRETS / stub::PAGE_SIZE) as u64) / QUOTA;
    let runtime = Runtime::new()?;
    let mut throttled = 0;
    let listing_of_all = || {
        runtime.block_on(async {
            let secrets = (0..SECRETS).map(|n| {
                EmulatedSecret::new(format!("prod/service-{n:07}/db"))
                    .tag("team", "core")
                    .tag("env", "prod")
            });
            let emulator = Emulator::builder().enforce_quotas().secrets(secrets).start().await?;
            emulator.inject(Fault::Delay(Duration::from_millis(100)).always());
            let client = KmsClient::builder()
                .endpoint(emulator.endpoint())
                .credentials(emulator.credentials())
                .build()?;
            let started = Instant::now();
            list(listing(&client), SECRETS).await?;
            let took = started.elapsed();
            throttled += emulator.requests().iter().filter(|r| r.status == Some(429)).count();
            Ok::<_, Box<dyn Error>>(took)
        })
    };
    let ratio = in_long_turns(listing_of_all, || Ok(bound))?;
    Ok(Line {
        figure: format!("{ratio}, {throttled} throttled"),
        bound: "at most 1.10 of 40 pages a second and none throttled",
        met: ratio.median() <= 1.10 && throttled == 0,
    })
}

/// Sends what is for the host of any region to the stub.
#[derive(Debug)]
struct StubOfEveryRegion {
    endpoint: String,
    http: reqwest::Client,
}

impl HttpTransport for StubOfEveryRegion {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        let query = request.url.split_once('?').map_or("", |(_, query)| query);
        let get = self.http.get(format!("{}/?{query}", self.endpoint)).headers(request.headers);
        Box::pin(async move {
            let response = async {
                let response = get.send().await?;
                let status = response.status().as_u16();
                Ok(HttpResponse::new(status, response.bytes().await?))
            };
            response.await.map_err(|error: reqwest::Error| {
                TransportError::new(TransportErrorKind::Interrupted, "broken").with_source(error)
            })
        })
    }
}

/// Complete listings of 33 regions concurrently, against the one that takes longest when each is
/// listed alone. The regions are one server that takes 50 ms for each request.
fn concurrent_regions() -> Outcome {
    const SECRETS: usize = 1_000;
    let stub = Stub::start(SECRETS, Duration::from_millis(50))?;
    let client = KmsClient::builder()
        .region("cn-hangzhou")
        .credentials(Credentials::new(KEY.0, KEY.1))
        .rate_limits(RateLimits::unlimited())
        .transport(StubOfEveryRegion {
            endpoint: stub.endpoint().to_owned(),
            http: reqwest::Client::builder().no_proxy().build()?,
        })
        .build()?;
    let regions: Vec<String> = (0..33).map(|n| format!("region-{n}")).collect();
    let request = ListSecretsRequest::new().fetch_tags(true);
    runtime()?.block_on(async {
        let mut slowest = Duration::ZERO;
        for region in &regions {
            let listing = client.in_region(region)?.list_all_secrets(request.clone());
            let started = Instant::now();
            all_came(listing.await?.secrets.len(), SECRETS)?;
            slowest = slowest.max(started.elapsed());
        }
        let started = Instant::now();
        let mut outcomes = client.list_secrets_in_regions(regions, request);
        while let Some((region, outcome)) = outcomes.next().await {
            match outcome {
                RegionOutcome::Listed(listing) => all_came(listing.secrets.len(), SECRETS)?,
                failed => return Err(format!("{region}: {failed:?}").into()),
            }
        }
        let took = started.elapsed();
        let ratio = took.as_secs_f64() / slowest.as_secs_f64();
        Ok(Line {
            figure: format!("{ratio:.2} ({took:.2?} against {slowest:.2?})"),
            bound: "at most 2 times the slowest region alone",
            met: ratio <= 2.0,
        })
    })
}

/// Returns the peak memory of a process that does `what` with so many secrets, in KiB.
fn peak_memory_of(what: &str, secrets: usize) -> Result<u64, Box<dyn Error>> {
    let stub = Stub::start(secrets, Duration::ZERO)?;
    let output = Command::new(std::env::current_exe()?)
        .args(["peak-memory", what, stub.endpoint()])
        .output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// The peak of a process that streams 1,000,000 secrets, less that of one that streams 20,000.
fn peak_memory_of_a_stream() -> Outcome {
    let few = peak_memory_of("stream", SECRETS)?;
    let many = peak_memory_of("stream", 1_000_000)?;
    let difference = many.abs_diff(few);
    Ok(Line {
        figure: format!("{difference} KiB between {few} and {many}"),
        bound: "at most 1024",
        met: difference <= 1024,
    })
}

/// The peak of a process that takes the inventory of 1,000,000 secrets, against one that collects
/// the stream of them.
fn peak_memory_of_an_inventory() -> Outcome {
    let collected = peak_memory_of("collect", 1_000_000)?;
    let inventory = peak_memory_of("inventory", 1_000_000)?;
    let ratio = inventory as f64 / collected as f64;
    Ok(Line {
        figure: format!("{ratio:.2} ({} MB against {} MB)", inventory / 1_024, collected / 1_024),
        bound: "at most 1.3 times collecting the stream",
        met: ratio <= 1.3,
    })
}

pub(crate) fn print_peak_memory(what: &str, endpoint: &str) -> Result<(), Box<dyn Error>> {
    let client = client(endpoint)?;
    runtime()?.block_on(async {
        match what {
            "collect" => {
                black_box(listing(&client).items().try_collect::<Vec<_>>().await?);
            }
            "inventory" => {
                let request = ListSecretsRequest::new().fetch_tags(true);
                black_box(client.list_all_secrets(request).await?);
            }
            _ => listing(&client).items().try_for_each(async |_| Ok(())).await?,
        }
        Ok::<_, Box<dyn Error>>(())
    })?;
    println!("{}", peak_memory().ok_or("the system does not report the peak")?);
    Ok(())
}

/// The processor time of building a client for `https` after another one.
fn processor_time_of_a_second_client() -> Outcome {
    const CLIENTS: u32 = 50;
    let build = || -> Result<(), Box<dyn Error>> {
        let client = KmsClient::builder()
            .region("cn-hangzhou")
            .credentials(Credentials::new(KEY.0, KEY.1))
            .build()?;
        black_box(client);
        Ok(())
    };
    let first = processor_time(build)?;
    let second = processor_time(|| (0..CLIENTS).try_for_each(|_| build()))? / CLIENTS;
    Ok(Line {
        figure: format!("{second:.1?} after {first:.1?} for the first"),
        bound: "at most 0.2 ms",
        met: second <= Duration::from_micros(200),
    })
}

fn connections_of_a_sequential_listing() -> Outcome {
    let stub = Stub::start(SECRETS, Duration::ZERO)?;
    let client = client(stub.endpoint())?;
    runtime()?.block_on(list(listing(&client).concurrency(1), SECRETS))?;
    let connections = stub.stop()?;
    Ok(Line { figure: connections.to_string(), bound: "exactly 1", met: connections == 1 })
}
