//! The lines that are printed, one function each.

use std::error::Error;
use std::fmt;
use std::hint::black_box;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use alibabacloud_kms::KmsClient;
use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault};
use alibabacloud_kms::inventory::RegionOutcome;
use alibabacloud_kms::pagination::Paginator;
use alibabacloud_kms::rate_limit::RateLimits;
use alibabacloud_kms::secrets::{ListSecretsRequest, ListSecretsResponse};
use alibabacloud_kms::transport::{
    HttpRequest, HttpResponse, HttpTransport, TransportError, TransportErrorKind, TransportFuture,
};
use by_hand::Lister;
use futures_util::{StreamExt as _, TryStreamExt as _};
use tokio::runtime::Runtime;

use crate::measure::{Ratio, in_turns, peak_memory, processor_time};
use crate::stub::{self, Stub};

type Outcome = Result<Line, Box<dyn Error>>;

/// A name to choose a line by, and what measures it.
type Row = (&'static str, fn() -> Outcome);

pub(crate) const ALL: &[Row] = &[
    ("cpu", cpu_of_a_sequential_listing),
    ("sign", parameters_to_signed_url),
    ("decode", decoding_a_page),
    ("width", wall_time_of_eight_in_flight),
    ("quota", speed_of_the_quota),
    ("regions", concurrent_regions),
    ("memory", peak_memory_of_a_stream),
    ("connections", connections_of_a_sequential_listing),
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
    KmsClient::builder()
        .endpoint(endpoint)
        .credentials(Credentials::new(KEY.0, KEY.1))
        .rate_limits(RateLimits::unlimited())
        .build()
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

/// The client's processor time for 20,000 secrets on 200 pages, one after the other.
fn cpu_of_a_sequential_listing() -> Outcome {
    let stub = Stub::start(SECRETS, Duration::ZERO)?;
    let runtime = runtime()?;
    let client = client(stub.endpoint())?;
    let lister = Lister::new(stub.endpoint(), KEY.0, KEY.1)?;
    let ratio = in_turns(
        || processor_time(|| runtime.block_on(list(listing(&client).concurrency(1), SECRETS))),
        || processor_time(|| runtime.block_on(list_by_hand(&lister, SECRETS))),
    )?;
    Ok(Line::of_ratio(&ratio, 1.05, "at most 1.05 of the loop by hand"))
}

/// Notes the URLs that it is given and when, and answers with an empty page.
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

/// From the request's parameters to the URL that a transport is given: signing is no part of the public API, so what a call
/// does beside it (its span, its checks, asking for credentials, the timers) is in the figure as well.
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
    let text = signed_text(&signed()?.1)?;
    let hmac = || -> Result<Duration, Box<dyn Error>> {
        let started = Instant::now();
        for _ in 0..CALLS {
            black_box(by_hand::hmac_sha1(black_box(KEY.1), black_box(&text)));
        }
        Ok(started.elapsed())
    };
    let ratio =
        in_turns(|| (0..CALLS).try_fold(Duration::ZERO, |sum, _| Ok(sum + signed()?.0)), hmac)?;
    Ok(Line::of_ratio(&ratio, 6.0, "at most 6 times one HMAC-SHA1 over the same text"))
}

/// What was signed to make this URL, verified by its signature.
fn signed_text(url: &str) -> Result<String, Box<dyn Error>> {
    use base64::Engine as _;

    let (_, query) = url.split_once('?').ok_or("a URL without a query")?;
    let (unsigned, signature) =
        query.split_once("&Signature=").ok_or("a URL without a signature")?;
    let text = by_hand::string_to_sign(unsigned);
    let expected =
        base64::engine::general_purpose::STANDARD.encode(by_hand::hmac_sha1(KEY.1, &text));
    let signature = percent_encoding::percent_decode_str(signature).decode_utf8()?;
    if signature == expected { Ok(text) } else { Err("the bench signs something else".into()) }
}

/// A page of 100 secrets from its bytes, against the same fields as owned text.
fn decoding_a_page() -> Outcome {
    const PAGES: u32 = 200;
    let body = stub::page(1, SECRETS);
    let ratio = in_turns(
        || {
            processor_time(|| {
                (0..PAGES).try_for_each(|_| {
                    serde_json::from_slice::<ListSecretsResponse>(black_box(&body))
                        .map(|page| drop(black_box(page)))
                })
            })
        },
        || {
            processor_time(|| {
                (0..PAGES).try_for_each(|_| {
                    serde_json::from_slice::<by_hand::Page>(black_box(&body))
                        .map(|page| drop(black_box(page)))
                })
            })
        },
    )?;
    Ok(Line::of_ratio(&ratio, 1.1, "at most 1.1 times serde_json into owned text"))
}

/// Eight pages in flight against one, from a server that takes 20 ms for each. One turn of 200 pages is long enough.
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

/// A client with its defaults, against an emulator that keeps to the service's quota and takes 100 ms for a request.
fn speed_of_the_quota() -> Outcome {
    const QUOTA: u32 = 40;
    let secrets = (0..SECRETS).map(|n| {
        EmulatedSecret::new(format!("prod/service-{n:07}/db"))
            .tag("team", "core")
            .tag("env", "prod")
    });
    let runtime = Runtime::new()?;
    runtime.block_on(async {
        let emulator = Emulator::builder().enforce_quotas().secrets(secrets).start().await?;
        emulator.inject(Fault::Delay(Duration::from_millis(100)).always());
        let client = KmsClient::builder()
            .endpoint(emulator.endpoint())
            .credentials(emulator.credentials())
            .build()?;
        let started = Instant::now();
        list(listing(&client), SECRETS).await?;
        let took = started.elapsed();

        let pages = SECRETS / stub::PAGE_SIZE;
        let bound = Duration::from_secs(pages as u64) / QUOTA;
        let ratio = took.as_secs_f64() / bound.as_secs_f64();
        let throttled = emulator.requests().iter().filter(|r| r.status == Some(429)).count();
        Ok(Line {
            figure: format!("{ratio:.3} ({took:.2?} against {bound:.2?}), {throttled} throttled"),
            bound: "at most 1.10 of 40 pages a second and none throttled",
            met: ratio <= 1.10 && throttled == 0,
        })
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

/// Complete listings of 33 regions concurrently, against the one that takes longest when each is listed alone. The regions are
/// one server that takes 50 ms for each request.
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

/// The peak of a process that streams 1,000,000 secrets, less that of one that streams 20,000.
fn peak_memory_of_a_stream() -> Outcome {
    let peaks = [SECRETS, 1_000_000].map(|secrets| -> Result<u64, Box<dyn Error>> {
        let stub = Stub::start(secrets, Duration::ZERO)?;
        let output = Command::new(std::env::current_exe()?)
            .args(["peak-memory", stub.endpoint()])
            .output()?;
        Ok(String::from_utf8(output.stdout)?.trim().parse()?)
    });
    let [few, many] = peaks;
    let (few, many) = (few?, many?);
    let difference = many.abs_diff(few);
    Ok(Line {
        figure: format!("{difference} KiB between {few} and {many}"),
        bound: "at most 1024",
        met: difference <= 1024,
    })
}

pub(crate) fn stream_and_print_peak_memory(endpoint: &str) -> Result<(), Box<dyn Error>> {
    let client = client(endpoint)?;
    runtime()?.block_on(async { listing(&client).items().try_for_each(async |_| Ok(())).await })?;
    println!("{}", peak_memory().ok_or("the system does not tell the peak")?);
    Ok(())
}

fn connections_of_a_sequential_listing() -> Outcome {
    let stub = Stub::start(SECRETS, Duration::ZERO)?;
    let client = client(stub.endpoint())?;
    runtime()?.block_on(list(listing(&client).concurrency(1), SECRETS))?;
    let connections = stub.stop()?;
    Ok(Line { figure: connections.to_string(), bound: "exactly 1", met: connections == 1 })
}
