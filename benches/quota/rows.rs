//! The lines that are printed, one function each.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use alibabacloud_kms::KmsClient;
use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::rate_limit::{Quota as ClientQuota, QuotaGroup, RateLimits};
use alibabacloud_kms::secrets::ListSecretsRequest;
use alibabacloud_kms::transport::{HttpRequest, HttpResponse, HttpTransport, TransportFuture};
use futures_util::TryStreamExt as _;
use rustix::time::{ClockId, clock_gettime};
use tokio::runtime::Builder;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use crate::account::{Account, Quota};
use crate::{Line, Outcome};

const SECOND: Duration = Duration::from_secs(1);

const RUNS: u64 = 20;

fn client(transport: impl HttpTransport) -> alibabacloud_kms::Result<KmsClient> {
    KmsClient::builder()
        .region("cn-hangzhou")
        .credentials(Credentials::new("fake-bench-id", "fake-bench-secret"))
        .transport(transport)
        .build()
}

/// Runs in paused time: only waiting passes it.
fn simulate<T>(simulation: impl Future<Output = T>) -> std::io::Result<T> {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build()?;
    Ok(runtime.block_on(simulation))
}

/// Lists all pages once, so many of them at once.
async fn list(client: &KmsClient, at_once: usize) -> alibabacloud_kms::Result<()> {
    let listing = client.list_secrets_paginator(ListSecretsRequest::new());
    listing.concurrency(at_once).pages().try_for_each(async |_| Ok(())).await
}

/// Makes so many separate calls at once, and returns how many failed.
async fn read(client: &KmsClient, calls: usize) -> usize {
    let mut reads = JoinSet::new();
    for _ in 0..calls {
        let client = client.clone();
        reads.spawn(async move { client.get_secret_value("fake").await.is_ok() });
    }
    reads.join_all().await.into_iter().filter(|succeeded| !succeeded).count()
}

/// The work of one client under a lower limit.
#[derive(Clone, Copy)]
enum Work {
    /// 100 pages, so many of them at once.
    Pages(usize),
    /// 300 values at once.
    Values,
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pages(at_once) => write!(f, "100 pages, {at_once} at once"),
            Self::Values => f.write_str("300 `get_secret_value` at once"),
        }
    }
}

/// A default client in an account that has only a few requests a second left.
pub(crate) fn lower_limits() -> Outcome {
    let pages = [1, 4, 16].map(Work::Pages);
    let all = [&pages[..], &[Work::Values]].concat();
    let mut lines = Vec::new();
    for (rate, works) in [(10.0, &all[..]), (25.0, &all[..]), (3.0, &pages[..])] {
        for work in works {
            lines.push(lower_limit(rate, *work)?);
        }
    }
    Ok(lines)
}

fn lower_limit(rate: f64, work: Work) -> Result<Line, Box<dyn Error>> {
    let (mut finished, mut longest, mut most_rejected) = (0, 0.0_f64, 0.0_f64);
    for seed in 0..RUNS {
        let account = Account::new(Quota::bucket(rate, 5.0), 100, seed);
        let client = client(account.transport(Duration::ZERO))?;
        let (succeeded, took) = simulate(async {
            let started = Instant::now();
            let succeeded = match work {
                Work::Pages(at_once) => list(&client, at_once).await.is_ok(),
                Work::Values => read(&client, 300).await == 0,
            };
            (succeeded, started.elapsed())
        })?;
        finished += u64::from(succeeded);
        // What the service allows, and what one page after the other takes of 50 ms each.
        let bound = match work {
            Work::Pages(at_once) => (100.0 / rate).max(100.0 * 0.050 / at_once as f64),
            Work::Values => 300.0 / rate,
        };
        longest = longest.max(took.as_secs_f64() / bound);
        most_rejected = most_rejected.max(account.rejected_part());
    }
    Ok(Line {
        what: format!("{rate} requests a second left, burst 5; {work}"),
        figure: format!(
            "{finished} of {RUNS} runs, at most {longest:.2} of the bound, at most {:.0} % rejected",
            most_rejected * 100.0
        ),
        met: Some(finished == RUNS && longest <= 1.2 && most_rejected <= 0.2),
    })
}

/// A listing whose limit falls from 40 to 10 requests a second after 20 s and rises again after 40
/// s.
pub(crate) fn changing_limit() -> Outcome {
    let (mut least, mut slowest, mut most_rejected) = (usize::MAX, usize::MAX, 0.0_f64);
    for seed in 0..RUNS {
        let account = Account::new(Quota::bucket(40.0, 5.0), 100, seed);
        let client = client(account.transport(Duration::ZERO))?;
        let granted = simulate(async {
            let started = Instant::now();
            let listing = tokio::spawn(async move {
                loop {
                    list(&client, 8).await?;
                }
                #[expect(unreachable_code, reason = "the type of the loop")]
                Ok::<(), alibabacloud_kms::Error>(())
            });
            for (until, rate) in [(20, 10.0), (40, 40.0), (60, 40.0)] {
                sleep_until(started + until * SECOND).await;
                account.set_rate(rate);
            }
            listing.abort();
            let granted = account.granted();
            let within = move |from: u32, to: u32| {
                let stretch = started + from * SECOND..started + to * SECOND;
                granted.iter().filter(|at| stretch.contains(at)).count()
            };
            (within(22, 40), within(45, 60))
        })?;
        least = least.min(granted.0);
        slowest = slowest.min(granted.1);
        most_rejected = most_rejected.max(account.rejected_part());
    }
    let (low, high) = (least as f64 / 18.0, slowest as f64 / 15.0);
    Ok(vec![Line {
        what: "a listing, 40 requests a second, then 10, then 40, 20 s each".to_owned(),
        figure: format!(
            "at least {low:.1} a second two windows after the fall, {high:.1} five seconds after the \
             rise, at most {:.0} % rejected",
            most_rejected * 100.0
        ),
        // The margin of the client's own window leaves 38 of 40.
        met: Some(low >= 9.0 && high >= 37.0 && most_rejected <= 0.2),
    }])
}

/// 1,000 calls at once under the documented quota, where new connections are slower.
pub(crate) fn slow_connections() -> Outcome {
    [0, 50, 100, 200, 300].into_iter().map(slow_connection).collect()
}

fn slow_connection(milliseconds: u64) -> Result<Line, Box<dyn Error>> {
    let (mut failures, mut longest, mut most_rejected) = (0, Duration::ZERO, 0.0_f64);
    for seed in 0..RUNS {
        let account = Account::new(Quota::window(450), 1, seed);
        let client = client(account.transport(Duration::from_millis(milliseconds)))?;
        let (failed, took) = simulate(async {
            let started = Instant::now();
            (read(&client, 1_000).await, started.elapsed())
        })?;
        failures += failed;
        longest = longest.max(took);
        most_rejected = most_rejected.max(account.rejected_part());
    }
    Ok(Line {
        what: format!("1,000 `get_secret_value` at once, new connections {milliseconds} ms slower"),
        figure: format!(
            "{failures} failures in {RUNS} runs, at most {longest:.2?}, at most {:.1} % rejected",
            most_rejected * 100.0
        ),
        met: Some(failures == 0),
    })
}

/// Clients of one account that start together and read 5 values each.
pub(crate) fn herds() -> Outcome {
    let window = || Quota::window(450);
    let mut lines = [10, 500, 1_000]
        .into_iter()
        .map(|clients| herd(clients, window(), "any second"))
        .collect::<Result<Vec<_>, _>>()?;
    lines.push(herd(500, Quota::bucket(450.0, 5.0), "a bucket with a burst of 5")?);
    lines.push(herd(500, Quota::bucket(450.0, 450.0), "a bucket with a burst of 450")?);
    // Only the quota that the service documents has a bound.
    lines.iter_mut().skip(3).for_each(|line| line.met = None);
    Ok(lines)
}

fn herd(clients: usize, quota: Quota, counted: &str) -> Result<Line, Box<dyn Error>> {
    let account = Account::new(quota, 1, 1);
    let (failures, took) = simulate(async {
        let started = Instant::now();
        let mut starting = JoinSet::new();
        for _ in 0..clients {
            let client = client(account.transport(Duration::from_millis(50)))?;
            starting.spawn(async move { read(&client, 5).await });
        }
        let failures: usize = starting.join_all().await.into_iter().sum();
        Ok::<_, alibabacloud_kms::Error>((failures, started.elapsed()))
    })??;
    let bound = SECOND.mul_f64((clients * 5) as f64 / 450.0);
    let ratio = took.as_secs_f64() / bound.as_secs_f64();
    Ok(Line {
        what: format!(
            "{clients} clients that start together and read 5 values each, 450 in {counted}"
        ),
        figure: format!(
            "{failures} failures, {took:.1?} of {bound:.1?} ({ratio:.2}), {:.0} % rejected",
            account.rejected_part() * 100.0
        ),
        met: (clients == 500).then_some(failures == 0 && ratio <= 2.0),
    })
}

/// Clients of one account that list without end.
pub(crate) fn fleets() -> Outcome {
    [10, 50, 1_000].into_iter().map(fleet).collect()
}

fn fleet(clients: usize) -> Result<Line, Box<dyn Error>> {
    let account = Account::new(Quota::window(40), 100, 1);
    let (pages, failures) = simulate(async {
        let mut listings = JoinSet::new();
        for _ in 0..clients {
            let client = client(account.transport(Duration::from_millis(50)))?;
            listings.spawn(list_for_a_minute(client));
        }
        let (pages, failures) = listings.join_all().await.into_iter().unzip();
        Ok::<(Vec<usize>, Vec<usize>), alibabacloud_kms::Error>((pages, failures))
    })??;
    let (all, failures): (usize, usize) = (pages.iter().sum(), failures.iter().sum());
    let share = all as f64 / 2_400.0;
    let fair = all as f64 / clients as f64;
    let (least, most) = (pages.iter().min(), pages.iter().max());
    let part = |pages: Option<&usize>| pages.map_or(0.0, |pages| *pages as f64 / fair);
    let rejected = account.rejected_part();
    Ok(Line {
        what: format!("{clients} clients that list without end, for a minute"),
        figure: format!(
            "{:.0} % of 40 pages a second, {:.0} % rejected, {:.2} to {:.2} of a fair share, \
             {failures} calls failed",
            share * 100.0,
            rejected * 100.0,
            part(least),
            part(most)
        ),
        met: (clients == 50).then_some(share >= 0.85 && rejected <= 0.2 && part(least) > 1.0 / 3.0),
    })
}

/// Returns how many pages a client listed, and how many of its calls failed.
async fn list_for_a_minute(client: KmsClient) -> (usize, usize) {
    let (mut pages, mut failures) = (0, 0);
    let end = Instant::now() + 60 * SECOND;
    let listing = async {
        for number in (1..=100).cycle() {
            match client.list_secrets(ListSecretsRequest::new().page_number(number)).await {
                Ok(_) => pages += 1,
                Err(_) => failures += 1,
            }
        }
    };
    tokio::select! {
        () = listing => {}
        () = sleep_until(end) => {}
    }
    (pages, failures)
}

/// Responds immediately.
#[derive(Debug)]
struct Immediate;

impl HttpTransport for Immediate {
    fn send(&self, _request: HttpRequest) -> TransportFuture<'_> {
        let body =
            r#"{"SecretName":"fake","SecretData":"fake-value","RequestId":"fake-request-id"}"#;
        Box::pin(std::future::ready(Ok(HttpResponse::new(200, body))))
    }
}

/// 100,000 calls that wait for the same quota, in real time, against as many that do not wait.
///
/// The bound is for a runtime of one thread. Threads that sleep between the permits, and are woken
/// for them, cost several times as much, whatever wakes them.
pub(crate) fn waiting_calls() -> Outcome {
    let (each, _) = cost_of_waiting(Builder::new_current_thread)?;
    let (on_two_threads, heartbeat) = cost_of_waiting(|| {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(2);
        builder
    })?;
    Ok(vec![Line {
        what: "100,000 calls that wait, 20,000 a second".to_owned(),
        figure: format!(
            "{each:.2?} of the processor each for waiting on one thread, {on_two_threads:.2?} on \
             two; longest heartbeat there {heartbeat:.1?}"
        ),
        met: Some(each <= Duration::from_micros(3) && heartbeat <= Duration::from_millis(50)),
    }])
}

/// Returns the processor time of a call for waiting, the median of the turns, and how late a timer
/// was at most.
fn cost_of_waiting(runtime: impl Fn() -> Builder) -> Result<(Duration, Duration), Box<dyn Error>> {
    const CALLS: u32 = 100_000;
    const TURNS: usize = 5;
    let quota = ClientQuota::per_second(20_000);
    let limited = RateLimits::unlimited().limit(QuotaGroup::Read, quota);
    let (mut costs, mut longest_heartbeat) = (Vec::new(), Duration::ZERO);
    for _ in 0..TURNS {
        let with = make_calls(&runtime, CALLS, &limited, Duration::ZERO)?;
        // The heartbeat, which both have, takes processor time too, so it beats as long.
        let without = make_calls(&runtime, CALLS, &RateLimits::unlimited(), with.took)?;
        costs.push(with.processor_time.saturating_sub(without.processor_time) / CALLS);
        longest_heartbeat = longest_heartbeat.max(with.longest_heartbeat);
    }
    costs.sort_unstable();
    Ok((costs[TURNS / 2], longest_heartbeat))
}

/// The cost of many calls at once.
struct CallsMade {
    processor_time: Duration,
    took: Duration,
    /// The longest time that a timer was late.
    longest_heartbeat: Duration,
}

/// Makes calls at once, and watches a heartbeat until they end, at least for `at_least`.
fn make_calls(
    runtime: impl Fn() -> Builder,
    calls: u32,
    limits: &RateLimits,
    at_least: Duration,
) -> Result<CallsMade, Box<dyn Error>> {
    let runtime = runtime().enable_time().build()?;
    let client = KmsClient::builder()
        .region("cn-hangzhou")
        .credentials(Credentials::new("fake-bench-id", "fake-bench-secret"))
        .transport(Immediate)
        .rate_limits(limits.clone())
        .call_timeout(600 * SECOND)
        .build()?;
    let (before, started) = (processor_time(), std::time::Instant::now());
    let longest_heartbeat = runtime.block_on(async {
        let done = Arc::new(tokio::sync::Notify::new());
        let watched = Arc::clone(&done);
        let watch = tokio::spawn(async move {
            let mut longest = Duration::ZERO;
            loop {
                let due = Instant::now() + Duration::from_millis(1);
                tokio::select! {
                    () = watched.notified() => return longest,
                    () = sleep(Duration::from_millis(1)) => longest = longest.max(due.elapsed()),
                }
            }
        });
        let mut reads = JoinSet::new();
        for _ in 0..calls {
            let client = client.clone();
            reads.spawn(async move { client.get_secret_value("fake").await });
        }
        while let Some(read) = reads.join_next().await {
            read??;
        }
        sleep(at_least.saturating_sub(started.elapsed())).await;
        done.notify_one();
        Ok::<_, Box<dyn Error + Send + Sync>>(watch.await?)
    });
    let longest_heartbeat = longest_heartbeat.map_err(|error| error.to_string())?;
    Ok(CallsMade {
        processor_time: processor_time() - before,
        took: started.elapsed(),
        longest_heartbeat,
    })
}

/// The processor time of this process, user and system.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}
