//! Tells which source of credentials would be used here, and why those before it are not. No secret is printed.
//!
//! `cargo run --example whoami` asks every source for real: STS and the ECS metadata service too, if it comes to them.

#[path = "command_line/exit.rs"]
mod exit;

use std::io::{self, Write as _};
use std::process::ExitCode;

use alibabacloud_kms::credentials::{DefaultProviderChain, ProviderStatus};
use clap::Parser;

#[derive(Parser)]
#[command(about = "Tells where credentials for Alibaba Cloud come from on this machine")]
struct Arguments {
    /// The region of the client, whose STS is asked unless the environment says otherwise
    #[arg(long, env = "ALIBABA_CLOUD_REGION_ID")]
    region: Option<String>,
    /// The profile of the CLI's configuration, or the section of the credentials file
    #[arg(long)]
    profile: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    report(Arguments::parse()).await.unwrap_or_else(|error| exit::failure(&error, None))
}

async fn report(Arguments { region, profile }: Arguments) -> io::Result<ExitCode> {
    let mut chain = DefaultProviderChain::new();
    if let Some(region) = region {
        chain = chain.region(region);
    }
    if let Some(profile) = profile {
        chain = chain.profile(profile);
    }

    let steps = chain.diagnose().await;
    let mut out = io::stdout().lock();
    let mut used = None;
    for step in steps {
        writeln!(out, "{:<18} {}", step.source, step.outcome)?;
        if let ProviderStatus::Found(keys) = step.outcome {
            used = Some((step.source, keys));
        }
    }
    writeln!(out)?;
    let Some((source, keys)) = used else {
        writeln!(out, "No request can be signed.")?;
        return Ok(ExitCode::FAILURE);
    };
    writeln!(out, "Requests are signed with the keys of: {source}")?;
    match keys.expiration() {
        Some(expiration) => writeln!(out, "They live until {expiration} and are renewed before.")?,
        None => writeln!(out, "When they end is not known; they are used until they are refused.")?,
    }
    Ok(ExitCode::SUCCESS)
}
