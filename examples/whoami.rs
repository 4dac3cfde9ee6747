//! Shows which credential provider would be used here, and why the ones before it would not. It
//! prints no secret.
//!
//! `cargo run --example whoami` really calls each provider: STS and the ECS metadata service as
//! well, if it gets to them.

#[path = "command_line/exit.rs"]
mod exit;

use std::io::{self, Write as _};
use std::process::ExitCode;

use alibabacloud_kms::credentials::{DefaultProviderChain, ProviderStatus};
use clap::Parser;

#[derive(Parser)]
#[command(about = "Shows where credentials for Alibaba Cloud come from on this system")]
struct Arguments {
    /// The region whose STS is called, unless the environment says otherwise
    #[arg(long, env = "ALIBABA_CLOUD_REGION_ID")]
    region: Option<String>,
    /// The profile of the CLI configuration, or the section of the credentials file
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

    let reports = chain.diagnose().await;
    let mut out = io::stdout().lock();
    for report in &reports {
        writeln!(out, "{:<18} {}", report.provider, report.status)?;
    }
    writeln!(out)?;
    let is_selected = |status: &ProviderStatus| matches!(status, ProviderStatus::Selected { .. });
    match reports.iter().find(|report| is_selected(&report.status)) {
        Some(report) => {
            writeln!(out, "Requests are signed with the credentials of: {}", report.provider)?;
            Ok(ExitCode::SUCCESS)
        }
        None => {
            writeln!(out, "There are no credentials to sign requests with.")?;
            Ok(ExitCode::FAILURE)
        }
    }
}
