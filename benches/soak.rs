//! A long run of calls through mixed faults: no call fails, and the memory stays flat.
//!
//! `cargo bench --bench soak` makes 200,000 calls from 64 tasks on four threads. The client has a
//! rate limit, and the emulator a lower one, so that it throttles; 4 % of the requests meet another
//! fault. The emulator is a process of its own, so the memory is that of the client. Calls have 6
//! attempts: the default of 3 is used up by one call in ten thousand at this rate of faults.
//!
//! It ends with an error if a call fails, or if the memory grows after the first tenth.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use alibabacloud_kms::KmsClient;
use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault};
use alibabacloud_kms::rate_limit::{Quota, QuotaGroup, RateLimits};
use alibabacloud_kms::retry::{RetryBudget, RetryPolicy};
use alibabacloud_kms::secrets::ListSecretsRequest;
use tokio::task::JoinSet;

const CALLS: u32 = 200_000;
const TASKS: u32 = 64;
const SERVE: &str = "serve";
const KEY: (&str, &str) = ("fake-soak-id", "fake-soak-secret");

/// The limit of the emulator, and that of the client.
const GRANTED: Quota = Quota::per_second(3_000);
const LIMIT: Quota = Quota::per_second(4_000);

/// The growth of the memory that is allowed after the first tenth of the calls, in KiB.
const MAX_GROWTH: u64 = 2_048;

fn main() -> ExitCode {
    let serving = std::env::args().any(|argument| argument == SERVE);
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .map_err(Into::into)
        .and_then(|runtime| {
            runtime.block_on(async { if serving { serve().await } else { soak().await } })
        });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// The emulator's side: prints its endpoint, and ends with its standard input.
async fn serve() -> Result<(), Box<dyn Error>> {
    let secrets = (0..10).map(|n| EmulatedSecret::new(format!("secret-{n}")));
    let emulator = Emulator::builder()
        .access_key(KEY.0, KEY.1)
        .secrets(secrets)
        .quota(QuotaGroup::Manage, GRANTED)
        .start()
        .await?;
    let faults = [
        Fault::error(500, "InternalFailure"),
        Fault::error(503, "ServiceUnavailableTemporary"),
        Fault::html_page(),
        Fault::empty_response(),
        Fault::TruncatedBody,
        Fault::ResetBeforeResponse,
        Fault::ResetInBody,
        Fault::CloseAfterResponse,
    ];
    for (seed, fault) in (1..).zip(faults) {
        emulator.inject(fault.at_rate(0.005, seed));
    }
    println!("{}", emulator.endpoint());
    std::io::stdout().flush()?;
    // Blocks a thread of its own until the other side closes the pipe.
    tokio::task::spawn_blocking(|| std::io::stdin().lines().count()).await?;
    let requests = emulator.request_count() as f64;
    let throttled = emulator.requests().iter().filter(|it| it.status == Some(429)).count();
    eprintln!("requests a call: {:.4}", requests / f64::from(CALLS));
    eprintln!("throttled: {throttled} of the last {} requests", emulator.requests().len());
    Ok(())
}

async fn soak() -> Result<(), Box<dyn Error>> {
    let mut server = Command::new(std::env::current_exe()?)
        .arg(SERVE)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let stdout = server.stdout.take().ok_or("the emulator has no output")?;
    let mut endpoint = String::new();
    BufReader::new(stdout).read_line(&mut endpoint)?;
    let client = KmsClient::builder()
        .endpoint(endpoint.trim())
        .credentials(Credentials::new(KEY.0, KEY.1))
        .rate_limits(RateLimits::unlimited().limit(QuotaGroup::Manage, LIMIT))
        .retry_policy(RetryPolicy::new().max_attempts(6).base_delay(Duration::from_millis(5)))
        .retry_budget(RetryBudget::new(1_000))
        .build()?;

    let done = Arc::new(AtomicU32::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        tasks.spawn(make_calls(client.clone(), CALLS / TASKS, Arc::clone(&done)));
    }
    let mut early = None;
    let mut failed = 0;
    loop {
        tokio::select! {
            finished = tasks.join_next() => match finished {
                Some(finished) => failed += finished?,
                None => break,
            },
            () = tokio::time::sleep(Duration::from_millis(100)) => {
                if early.is_none() && done.load(Ordering::Relaxed) >= CALLS / 10 {
                    early = Some(peak_memory()?);
                }
            }
        }
    }
    drop(server.stdin.take());
    server.wait()?;
    let (early, late) = (early.ok_or("the run was too short")?, peak_memory()?);
    let growth = late.saturating_sub(early);
    println!(
        "peak memory: {early} KiB after a tenth, {late} KiB after {} calls",
        done.load(Ordering::Relaxed)
    );
    println!("failed: {failed}");
    if failed > 0 {
        return Err("calls failed".into());
    }
    if growth > MAX_GROWTH {
        return Err(format!("the memory grew by {growth} KiB, {MAX_GROWTH} are allowed").into());
    }
    Ok(())
}

/// Makes one call after the other, and returns how many failed.
async fn make_calls(client: KmsClient, calls: u32, done: Arc<AtomicU32>) -> u32 {
    let mut failed = 0;
    for _ in 0..calls {
        match client.list_secrets(ListSecretsRequest::new()).await {
            Ok(page) if page.secrets.len() == 10 => {}
            Ok(page) => {
                failed += 1;
                eprintln!("{} of 10 secrets", page.secrets.len());
            }
            Err(error) => {
                failed += 1;
                eprintln!("{error}");
            }
        }
        done.fetch_add(1, Ordering::Relaxed);
    }
    failed
}

/// Returns the peak memory of this process in KiB, as Linux reports it.
fn peak_memory() -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.and_then(|peak| peak.trim().strip_suffix(" kB"));
    Ok(peak.ok_or("the system does not report the peak")?.trim().parse()?)
}
