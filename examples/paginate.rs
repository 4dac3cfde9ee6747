//! Walks a listing page by page, and tells where one that failed can go on.
//!
//! `cargo run --example paginate -- --emulator` needs no account: it walks the secrets of an embedded emulator.

#[path = "command_line/account.rs"]
mod account;
#[path = "command_line/exit.rs"]
mod exit;

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
#[command(about = "Walks the secrets of Alibaba Cloud KMS page by page")]
struct Arguments {
    #[command(flatten)]
    account: Account,
    /// Go on where an earlier run failed, which told this token
    #[arg(value_parser = token)]
    token: Option<ResumeToken>,
    /// Secrets a page, 1 to 100
    #[arg(long, default_value_t = 50)]
    page_size: u32,
}

fn token(text: &str) -> serde_json::Result<ResumeToken> {
    serde_json::from_str(text)
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => exit::failure(error.as_ref(), arguments.account.hint(error.as_ref())),
    }
}

async fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let samples = (1..=120).map(|number| EmulatedSecret::new(format!("prod/db-{number:03}")));
    let emulator = arguments.account.emulator(samples).await?;
    let client = arguments.account.client(emulator.as_ref())?;

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
            // Who asks for the same page again may get it: by polling on, or later in another run.
            Err(error) if error.is_retryable() => {
                let token = serde_json::to_string(&pages.resume_token())?;
                writeln!(io::stderr(), "To go on later: '{token}'")?;
                return Err(error.into());
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
