//! A long run of calls through mixed faults: nothing may be lost and the memory stays flat. Calls
//! have 6 attempts: at this rate one call in ten thousand uses up the default of 3, which is a
//! reported error and not a loss.
//!
//! `cargo bench --bench soak` makes 200,000 calls, 32 in flight, of which 5 % meet a fault, against
//! an emulator in a process of its own, so that the memory that is printed is only the client's.
//! It exits with an error when a call is lost.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use alibabacloud_kms::KmsClient;
use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault};
use alibabacloud_kms::rate_limit::RateLimits;
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::secrets::ListSecretsRequest;
use futures_util::StreamExt as _;

const CALLS: u64 = 200_000;
const IN_FLIGHT: usize = 32;
const SERVE: &str = "serve";
const KEY: (&str, &str) = ("fake-soak-id", "fake-soak-secret");

#[tokio::main]
async fn main() -> ExitCode {
    let serving = std::env::args().any(|argument| argument == SERVE);
    let outcome = if serving { serve().await } else { soak().await };
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
    let emulator = Emulator::builder().access_key(KEY.0, KEY.1).secrets(secrets).start().await?;
    let faults = [
        Fault::throttled(),
        Fault::throttled_by_gateway(),
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
    eprintln!("requests: {} for {CALLS} calls", emulator.request_count());
    eprintln!("requests a call: {:.4}", emulator.request_count() as f64 / CALLS as f64);
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
        .rate_limits(RateLimits::unlimited())
        .retry_policy(RetryPolicy::new().max_attempts(6).base_delay(Duration::from_millis(5)))
        .build()?;

    let calls = futures_util::stream::iter(0..CALLS).map(|number| {
        let client = client.clone();
        async move { (number, client.list_secrets(ListSecretsRequest::new()).await) }
    });
    let mut calls = calls.buffer_unordered(IN_FLIGHT);
    let (mut done, mut lost) = (0, 0);
    while let Some((number, outcome)) = calls.next().await {
        match outcome {
            Ok(page) if page.secrets.len() == 10 => {}
            Ok(page) => {
                return Err(
                    format!("call {number} gave {} of 10 secrets", page.secrets.len()).into()
                );
            }
            Err(error) => {
                lost += 1;
                eprintln!("lost: {error}");
            }
        }
        done += 1;
        if done == CALLS / 10 || done == CALLS {
            println!("after {done} calls: peak memory {}", peak_memory());
        }
    }
    drop(server.stdin.take());
    server.wait()?;
    println!("lost: {lost} of {CALLS}");
    if lost == 0 { Ok(()) } else { Err("calls were lost".into()) }
}

/// The most memory that this process has had, as Linux tells it.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.map_or_else(|| "unknown".to_owned(), |peak| peak.trim().to_owned())
}
