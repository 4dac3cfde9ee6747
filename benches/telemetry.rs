//! The cost of spans and of an observer, as ratios of the processor time of a listing with one to
//! that of the same listing without.
//!
//! `cargo bench --bench telemetry` prints a line for each. The transport returns a page that lies
//! ready, so that a network does not hide the cost. The observer counts what it receives, and the
//! subscriber of the spans accepts every span and does nothing with it: what a real one does with
//! them is its own cost.

#[path = "listing/measure.rs"]
#[allow(dead_code, reason = "the other bench measures memory as well")]
mod measure;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
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
use tracing::{Event, Metadata, Subscriber};

use measure::{Ratio, in_turns, processor_time};

const PAGES: u32 = 1_000;
const PAGE_SIZE: u32 = 100;
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

/// Accepts every span and event.
struct Accepting(AtomicU64);

impl Subscriber for Accepting {
    fn enabled(&self, _metadata: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _span: &Attributes<'_>) -> Id {
        Id::from_u64(self.0.fetch_add(1, Ordering::Relaxed) + 1)
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

fn print(name: &str, ratio: &Ratio) {
    let verdict = if ratio.median() <= BOUND { "met" } else { "MISSED" };
    println!("{name}: {ratio}, at most {BOUND}: {verdict}");
}

fn run() -> Result<(), Box<dyn Error>> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let pages = Arc::new(Pages::new());
    let plain = client(&pages, None)?;

    let observer = Arc::new(Counting::default());
    let observed = client(&pages, Some(Arc::clone(&observer)))?;
    let ratio = in_turns(|| list(&runtime, &observed), || list(&runtime, &plain))?;
    print("observer", &ratio);
    if observer.calls.load(Ordering::Relaxed) == 0 {
        return Err("the observer received no call".into());
    }

    let spans = tracing::Dispatch::new(Accepting(AtomicU64::new(0)));
    let ratio = in_turns(
        || tracing::dispatcher::with_default(&spans, || list(&runtime, &plain)),
        || list(&runtime, &plain),
    )?;
    print("spans", &ratio);
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
