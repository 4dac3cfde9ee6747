//! A program without async that reads secrets through the cache, from several threads.
//!
//! `cargo run --example without_async -- --emulator` needs no account.

#[path = "command_line/account.rs"]
mod account;
#[path = "command_line/exit.rs"]
mod exit;
#[path = "command_line/usage.rs"]
mod usage;

use std::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::LazyLock;
use std::thread;

use alibabacloud_kms::cache::SecretCache;
use alibabacloud_kms::emulator::EmulatedSecret;
use clap::Parser;
use tokio::runtime::{Builder, Runtime};

use account::Account;

/// The runtime of the whole program. Its thread refreshes secrets and keeps connections while
/// nobody waits.
#[expect(clippy::expect_used, reason = "without a thread the program cannot do anything")]
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(1).enable_all().build().expect("the system gives a thread")
});

/// Waits for a future, on any thread that is not within an async function.
fn wait<F: Future>(future: F) -> F::Output {
    RUNTIME.block_on(future)
}

#[derive(Parser)]
#[command(
    about = "Reads secrets of Alibaba Cloud KMS from several threads, each from the service once"
)]
struct Arguments {
    #[command(flatten)]
    account: Account,
    /// The names or ARNs of the secrets
    #[arg(default_value = "prod/db")]
    names: Vec<String>,
}

fn main() -> ExitCode {
    let arguments: Arguments = match usage::arguments() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => exit::failure(error.as_ref(), arguments.account.hint(error.as_ref())),
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let samples = arguments.names.iter().map(EmulatedSecret::new);
    let emulator = wait(arguments.account.emulator(samples))?;
    let client = arguments.account.builder(emulator.as_ref()).build()?;
    let cache = SecretCache::builder(client).build()?;

    thread::scope(|threads| {
        let readers: Vec<_> =
            (0..4).map(|_| threads.spawn(|| read(&cache, &arguments.names))).collect();
        readers.into_iter().try_for_each(|reader| reader.join().unwrap_or(Ok(())))
    })?;
    let (requests, hits) = (cache.stats().refreshes, cache.stats().hits);
    Ok(writeln!(io::stdout(), "requests: {requests}, reads from memory: {hits}")?)
}

fn read(cache: &SecretCache, names: &[String]) -> alibabacloud_kms::Result<()> {
    for name in names.iter().cycle().take(1_000) {
        wait(cache.get(name))?;
    }
    Ok(())
}
