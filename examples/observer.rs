//! Counts the calls of a program by an observer, and prints latencies, throttled requests and waits
//! as a table.
//!
//! `cargo run --example observer -- --emulator` needs no account: an embedded emulator throttles
//! some of the requests.

#[path = "command_line/account.rs"]
mod account;
#[path = "command_line/exit.rs"]
mod exit;
#[path = "command_line/usage.rs"]
mod usage;

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use alibabacloud_kms::emulator::{EmulatedSecret, Fault};
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::secrets::{DescribeSecretRequest, ListSecretsRequest};
use alibabacloud_kms::telemetry::{
    AttemptEvent, CallEvent, CallObserver, CallOutcome, ThrottleEvent, WaitEvent,
};
use clap::Parser;
use comfy_table::Table;
use futures_util::{StreamExt as _, TryStreamExt as _};

use account::Account;

#[derive(Parser)]
#[command(about = "Lists and describes secrets of Alibaba Cloud KMS, and prints what that took")]
struct Arguments {
    #[command(flatten)]
    account: Account,
    /// The number of secrets to describe
    #[arg(long, value_name = "N", default_value_t = 20)]
    secrets: usize,
}

/// The figures of each operation.
#[derive(Debug, Default)]
struct Metrics(Mutex<BTreeMap<String, Figures>>);

#[derive(Debug, Default)]
struct Figures {
    calls: u32,
    failed: u32,
    /// The duration of each request, without waits.
    latencies: Vec<Duration>,
    throttled: u32,
    waited: Duration,
}

impl Metrics {
    fn change(&self, operation: &str, change: impl FnOnce(&mut Figures)) {
        let mut figures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(figures.entry(operation.to_owned()).or_default());
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        table.set_header(["operation", "calls", "failed", "p50", "p99", "throttled", "waited"]);
        for (operation, figures) in &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            figures.latencies.sort_unstable();
            let percentile = |percent: usize| {
                let last = figures.latencies.len().saturating_sub(1);
                milliseconds(figures.latencies.get(last * percent / 100).copied())
            };
            table.add_row([
                operation.clone(),
                figures.calls.to_string(),
                figures.failed.to_string(),
                percentile(50),
                percentile(99),
                figures.throttled.to_string(),
                milliseconds(Some(figures.waited)),
            ]);
        }
        table
    }
}

impl CallObserver for Metrics {
    fn on_call(&self, call: &CallEvent<'_>) {
        self.change(call.operation, |figures| {
            figures.calls += 1;
            figures.failed += u32::from(matches!(call.outcome, CallOutcome::Failure(_)));
        });
    }

    fn on_attempt(&self, attempt: &AttemptEvent<'_>) {
        self.change(attempt.operation, |figures| figures.latencies.push(attempt.duration));
    }

    fn on_throttle(&self, throttled: &ThrottleEvent<'_>) {
        self.change(throttled.operation, |figures| figures.throttled += 1);
    }

    fn on_wait(&self, wait: &WaitEvent<'_>) {
        self.change(wait.operation, |figures| figures.waited += wait.duration);
    }
}

fn milliseconds(duration: Option<Duration>) -> String {
    duration.map_or_else(String::new, |time| format!("{:.2} ms", time.as_secs_f64() * 1_000.0))
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Arguments = match usage::arguments() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => exit::failure(error.as_ref(), arguments.account.hint(error.as_ref())),
    }
}

async fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let samples = (0..arguments.secrets).map(|n| EmulatedSecret::new(format!("secret-{n}")));
    let emulator = arguments.account.emulator(samples).await?;
    if let Some(emulator) = &emulator {
        emulator.inject(Fault::throttled().at_rate(0.2, 1));
    }
    let metrics = Arc::new(Metrics::default());
    let builder = arguments.account.builder(emulator.as_ref());
    // Enough attempts for a service that throttles every fifth request.
    let builder = builder.retry_policy(RetryPolicy::new().max_attempts(8));
    let client = builder.call_observer(Arc::clone(&metrics)).build()?;

    let secrets = client.list_secrets_paginator(ListSecretsRequest::new()).items();
    let secrets: Vec<_> = secrets.try_collect().await?;
    let requests = secrets.into_iter().map(|secret| DescribeSecretRequest::new(secret.secret_name));
    let mut described = client.describe_secrets(requests.take(arguments.secrets));
    while let Some((_, outcome)) = described.next().await {
        outcome?;
    }
    writeln!(io::stdout(), "{}", metrics.table())?;
    Ok(())
}
