//! Writes secrets to files and keeps them current, as a sidecar does for a program that reads its
//! credentials from files.
//!
//! A file is readable by its owner only (mode 0600), and is replaced in one step, so that a reader
//! finds the old value or the new one and never a part. Binary values are written as bytes.
//!
//! `cargo run --example secret_files -- --emulator --once --directory /tmp/secrets prod/db` needs
//! no account.

#[path = "../command_line/account.rs"]
mod account;
#[path = "../command_line/exit.rs"]
mod exit;
mod files;
#[cfg(test)]
mod tests;
#[path = "../command_line/usage.rs"]
mod usage;

use std::error::Error;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use alibabacloud_kms::cache::{CachedSecret, SecretCache};
use alibabacloud_kms::emulator::EmulatedSecret;
use clap::Parser;
use futures_util::StreamExt as _;
use futures_util::stream::select_all;

use account::Account;

#[derive(Parser)]
#[command(about = "Writes secrets of Alibaba Cloud KMS to files, and again with each new version")]
struct Arguments {
    #[command(flatten)]
    account: Account,
    /// The directory of the files; each is named after its secret, with directories for the slashes
    /// in the name
    #[arg(long, value_name = "PATH")]
    directory: PathBuf,
    /// Write each file once, and end
    #[arg(long)]
    once: bool,
    /// The names of the secrets
    #[arg(required = true)]
    names: Vec<String>,
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
    let samples = arguments.names.iter().map(EmulatedSecret::new);
    let emulator = arguments.account.emulator(samples).await?;
    let client = arguments.account.builder(emulator.as_ref()).build()?;
    let cache = SecretCache::builder(client).build()?;
    write_all(&cache, arguments).await?;
    if !arguments.once {
        follow(&cache, arguments).await;
    }
    Ok(())
}

/// Writes every secret. Fails with the first one that cannot be read or written, so that no program
/// starts without it.
async fn write_all(cache: &SecretCache, arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    for (_, secret) in cache.warm_up(&arguments.names).await {
        write(arguments, secret?.as_ref())?;
    }
    Ok(())
}

/// Writes each new version. What fails leaves the file of the version before, and the other secrets
/// alone.
async fn follow(cache: &SecretCache, arguments: &Arguments) {
    let mut versions = select_all(arguments.names.iter().map(|name| cache.watch(name)));
    while let Some(secret) = versions.next().await {
        if let Err(error) = write(arguments, &secret) {
            let _ = writeln!(io::stderr(), "cannot write {}: {error}", secret.secret_name);
        }
    }
}

fn write(arguments: &Arguments, secret: &CachedSecret) -> Result<(), Box<dyn Error>> {
    let path = files::path(&arguments.directory, secret.key().secret_name())?;
    let written = files::replace(&path, secret.value.to_bytes()?.expose_secret());
    if written.map_err(|error| format!("{}: {error}", path.display()))? {
        // The file is what matters, whether or not anyone reads the output.
        let _ = writeln!(io::stdout(), "{}: version {}", path.display(), secret.version_id);
    }
    Ok(())
}
