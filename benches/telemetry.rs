//! The cost of spans and of an observer, as ratios of the processor time of a listing with one to
//! that of the same listing without.
//!
//! `cargo bench --bench telemetry` prints a line for each, and one for a second client without
//! either, which shows how exact the others are. The transport returns a page that lies ready, so
//! that a network does not hide the cost. The observer counts what it receives, and the subscriber
//! of the spans accepts every span and does nothing with it: what a real one does with them is its
//! own cost.
//!
//! A listing takes up to a tenth more or less than the next one, since other programs use the same
//! caches: short listings take turns, and the lower quartiles of many are compared. A process takes
//! up to 2 % more or less for the same than the next process, since its memory has other addresses:
//! many processes compare, and the median of them counts.

#[path = "listing/measure.rs"]
#[allow(dead_code, reason = "the other bench measures memory as well")]
mod measure;

use std::env;
use std::error::Error;
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use alibabacloud_kms::KmsClient;
use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::rate_limit::RateLimits;
use alibabacloud_kms::secrets::ListSecretsRequest;
use alibabacloud_kms::telemetry::{AttemptEvent, CallEvent, CallObserver};
use alibabacloud_kms::transport::{HttpRequest, HttpResponse, HttpTransport, TransportFuture};
use futures_util::TryStreamExt as _;
use serde_json::json;
use tokio::runtime::{Builder, Runtime};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Metadata, Subscriber};

use measure::processor_time;

const PAGES: u32 = 10;
const PAGE_SIZE: u32 = 100;
/// The listings of each kind whose lower quartiles are compared.
const TURNS: usize = 200;
/// The processes that compare, of which the median counts.
const PROCESSES: usize = 25;
/// The argument of such a process.
const COMPARE: &str = "compare";
const BOUND: f64 = 1.02;

/// Responds to every request with the page that it asks for. The last one is empty: it proves the
/// end of the listing.
#[derive(Debug)]
struct Pages(Vec<Vec<u8>>);

impl Pages {
    fn new() -> Self {
        let page = |number: u32| {
            let secrets: Vec<_> = (0..if number > PAGES { 0 } else { PAGE_SIZE })
                .map(|secret| {
                    json!({
                        "SecretName": format!("prod/service-{number:03}/secret-{secret:03}"),
                        "SecretType": "Generic",
                        "CreateTime": "2026-11-24T06:00:00Z",
                        "UpdateTime": "2026-11-24T06:00:00Z",
                        "Tags": {"Tag": [{"TagKey": "team", "TagValue": "core"}]},
                    })
                })
                .collect();
            let page = json!({
                "RequestId": "6f9e2b3a-0000-4000-8000-000000000000",
                "PageNumber": number, "PageSize": PAGE_SIZE, "TotalCount": PAGES * PAGE_SIZE,
                "SecretList": {"Secret": secrets},
            });
            page.to_string().into_bytes()
        };
        Self((1..=PAGES + 1).map(page).collect())
    }
}

impl HttpTransport for Pages {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        let number = request.parameter("PageNumber").and_then(|number| number.parse().ok());
        let page = &self.0[number.unwrap_or(1_usize) - 1];
        let response = HttpResponse::new(200, page.as_slice());
        Box::pin(std::future::ready(Ok(response)))
    }
}

#[derive(Debug, Default)]
struct Counting {
    calls: AtomicU64,
    nanoseconds: AtomicU64,
}

impl CallObserver for Counting {
    fn on_call(&self, _call: &CallEvent<'_>) {
        self.calls.fetch_add(1, Ordering::Relaxed);
    }

    fn on_attempt(&self, attempt: &AttemptEvent<'_>) {
        let nanoseconds = attempt.duration.subsec_nanos();
        self.nanoseconds.fetch_add(nanoseconds.into(), Ordering::Relaxed);
    }
}

/// Accepts every span and event, or none.
#[derive(Default)]
struct Accepting {
    is_on: AtomicBool,
    spans: AtomicU64,
}

/// The subscriber of [`Accepting`]. It stays while listings take turns: one that comes and goes
/// changes all places that make spans.
struct Subscribed(Arc<Accepting>);

impl Subscriber for Subscribed {
    /// Asks `enabled` each time.
    fn register_callsite(&self, _metadata: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, _metadata: &Metadata<'_>) -> bool {
        self.0.is_on.load(Ordering::Relaxed)
    }

    fn new_span(&self, _span: &Attributes<'_>) -> Id {
        Id::from_u64(self.0.spans.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _span: &Id, _values: &Record<'_>) {}
    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}
    fn event(&self, _event: &Event<'_>) {}
    fn enter(&self, _span: &Id) {}
    fn exit(&self, _span: &Id) {}
}

fn client(
    pages: &Arc<Pages>,
    observer: Option<Arc<Counting>>,
) -> alibabacloud_kms::Result<KmsClient> {
    let mut builder = KmsClient::builder()
        .region("cn-hangzhou")
        .credentials(Credentials::new("fake-bench-key-id", "fake-bench-key-secret"))
        .rate_limits(RateLimits::unlimited())
        .transport(Arc::clone(pages));
    if let Some(observer) = observer {
        builder = builder.call_observer(observer);
    }
    builder.build()
}

fn list(runtime: &Runtime, client: &KmsClient) -> Result<Duration, Box<dyn Error>> {
    processor_time(|| {
        let listing = client.list_secrets_paginator(ListSecretsRequest::new()).concurrency(1);
        let secrets = runtime.block_on(async {
            listing
                .pages()
                .try_fold(0, |sum, page| async move { Ok(sum + page.secrets.len()) })
                .await
        })?;
        if secrets == (PAGES * PAGE_SIZE) as usize {
            Ok(())
        } else {
            Err(format!("the listing has {secrets} secrets").into())
        }
    })
}

/// Returns the processor time of `ours` by that of `theirs`.
fn ratio(
    mut ours: impl FnMut() -> Result<Duration, Box<dyn Error>>,
    mut theirs: impl FnMut() -> Result<Duration, Box<dyn Error>>,
) -> Result<f64, Box<dyn Error>> {
    let (mut our_times, mut their_times) = (Vec::new(), Vec::new());
    for turn in 0..TURNS {
        // Neither is always the first.
        if turn % 2 == 0 {
            our_times.push(ours()?);
            their_times.push(theirs()?);
        } else {
            their_times.push(theirs()?);
            our_times.push(ours()?);
        }
    }
    Ok(lower_quartile(our_times) / lower_quartile(their_times))
}

fn lower_quartile(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 4].as_secs_f64()
}

/// Returns the ratios of listings with neither, with an observer and with spans.
fn compare() -> Result<[f64; 3], Box<dyn Error>> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let pages = Arc::new(Pages::new());
    let (plain, second) = (client(&pages, None)?, client(&pages, None)?);
    let list_plain = || list(&runtime, &plain);
    let neither = ratio(|| list(&runtime, &second), list_plain)?;

    let observer = Arc::new(Counting::default());
    let observed = client(&pages, Some(Arc::clone(&observer)))?;
    let with_observer = ratio(|| list(&runtime, &observed), list_plain)?;

    let subscriber = Arc::new(Accepting::default());
    tracing::subscriber::set_global_default(Subscribed(Arc::clone(&subscriber)))?;
    let list_with_spans = || {
        subscriber.is_on.store(true, Ordering::Relaxed);
        let time = list(&runtime, &second);
        subscriber.is_on.store(false, Ordering::Relaxed);
        time
    };
    let with_spans = ratio(list_with_spans, list_plain)?;

    for counted in [&observer.calls, &subscriber.spans] {
        if counted.load(Ordering::Relaxed) == 0 {
            return Err("the observer received no call, or the subscriber no span".into());
        }
    }
    Ok([neither, with_observer, with_spans])
}

/// Returns the ratios of another process, which prints them.
fn compare_elsewhere() -> Result<[f64; 3], Box<dyn Error>> {
    let output =
        Command::new(env::current_exe()?).arg(COMPARE).stderr(Stdio::inherit()).output()?;
    let ratios = String::from_utf8(output.stdout)?;
    let ratios = ratios.split_whitespace().map(str::parse).collect::<Result<Vec<_>, _>>()?;
    ratios.try_into().map_err(|_| "a process compared nothing".into())
}

fn run() -> Result<(), Box<dyn Error>> {
    if env::args().any(|argument| argument == COMPARE) {
        let [neither, with_observer, with_spans] = compare()?;
        println!("{neither} {with_observer} {with_spans}");
        return Ok(());
    }
    let mut processes = Vec::with_capacity(PROCESSES);
    for _ in 0..PROCESSES {
        processes.push(compare_elsewhere()?);
    }
    for (index, name) in ["neither", "observer", "spans"].into_iter().enumerate() {
        let mut ratios: Vec<f64> = processes.iter().map(|ratios| ratios[index]).collect();
        ratios.sort_by(f64::total_cmp);
        let [low, median, high] = [1, 2, 3].map(|quarter| ratios[PROCESSES * quarter / 4]);
        let verdict = if median <= BOUND { "met" } else { "MISSED" };
        println!(
            "{name}: {median:.4} (half of {PROCESSES} processes between {low:.4} and {high:.4}), \
             at most {BOUND}: {verdict}"
        );
    }
    Ok(())
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
