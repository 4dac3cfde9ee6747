//! Lists secrets page by page, and prints the token to continue a listing that failed.
//!
//! `cargo run --example paginate -- --emulator` needs no account: it lists the secrets of an
//! embedded emulator.

#[path = "command_line/account.rs"]
mod account;
#[path = "command_line/exit.rs"]
mod exit;
#[path = "command_line/usage.rs"]
mod usage;

use std::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;

use alibabacloud_kms::emulator::EmulatedSecret;
use alibabacloud_kms::pagination::ResumeToken;
use alibabacloud_kms::secrets::ListSecretsRequest;
use clap::Parser;
use futures_util::StreamExt as _;

use account::Account;

#[derive(Parser)]
#[command(about = "Lists the secrets of Alibaba Cloud KMS page by page")]
struct Arguments {
    #[command(flatten)]
    account: Account,
    /// Continue where an earlier run failed, which printed this token
    token: Option<ResumeToken>,
    /// Secrets on a page, 1 to 100
    #[arg(long, default_value_t = 50)]
    page_size: u32,
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
    let samples = (1..=120).map(|number| EmulatedSecret::new(format!("prod/db-{number:03}")));
    let emulator = arguments.account.emulator(samples).await?;
    let client = arguments.account.builder(emulator.as_ref()).build()?;

    let request = ListSecretsRequest::new().page_size(arguments.page_size);
    let mut listing = client.list_secrets_paginator(request);
    if let Some(token) = &arguments.token {
        listing = listing.resume(token.clone());
    }
    let mut pages = listing.pages();
    while let Some(page) = pages.next().await {
        match page {
            Ok(page) => {
                let (number, secrets) = (page.page_number, page.secrets.len());
                writeln!(io::stdout(), "page {number}: {secrets} of {}", page.total_count)?;
            }
            // The same page may succeed: now, by polling again, or later in another run.
            Err(error) if error.is_retryable() => {
                if let Some(token) = pages.resume_token() {
                    writeln!(io::stderr(), "To continue later: {token}")?;
                }
                return Err(error.into());
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
