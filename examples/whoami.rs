//! Shows which credential provider would be used here, and why the ones before it would not, and
//! the region of a client that is given none. It prints no secret.
//!
//! `cargo run --example whoami` really calls each provider: STS and the ECS metadata service as
//! well, if it gets to them.

#[path = "command_line/exit.rs"]
mod exit;
#[path = "command_line/usage.rs"]
mod usage;

use std::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;

use alibabacloud_kms::credentials::{DefaultProviderChain, ProviderStatus};
use alibabacloud_kms::{KmsClient, KmsClientBuilder};
use clap::Parser;

#[derive(Parser)]
#[command(about = "Shows where credentials and the region come from on this system")]
struct Arguments {
    /// The region to call, and whose STS is called unless the environment says otherwise [default:
    /// ALIBABA_CLOUD_REGION_ID, the profile of the aliyun CLI, the ECS metadata service]
    #[arg(long)]
    region: Option<String>,
    /// The profile of the CLI configuration, or the section of the credentials file
    #[arg(long)]
    profile: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Arguments = match usage::arguments() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    report(arguments).await.unwrap_or_else(|error| exit::failure(error.as_ref(), None))
}

async fn report(arguments: Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let mut chain = DefaultProviderChain::new();
    if let Some(profile) = arguments.profile {
        chain = chain.profile(profile);
    }
    // A client of the same chain, which assumes roles in the client's region.
    let builder = KmsClient::builder().credentials_provider(chain.clone());
    let client = match arguments.region {
        Some(region) => Ok(builder.region(region).build()?),
        None => builder.region_from_metadata().await.and_then(KmsClientBuilder::build),
    };

    let reports = chain.diagnose().await;
    let mut out = io::stdout().lock();
    for report in &reports {
        writeln!(out, "{:<18} {}", report.provider, report.status)?;
    }
    writeln!(out)?;
    match client.as_ref().map(|client| (client.region(), client.region_source())) {
        Ok((Some(region), Some(source))) => writeln!(out, "Region: {region}, from {source}")?,
        Ok(_) => {}
        Err(error) => writeln!(out, "Region: {error}")?,
    }
    let is_selected = |status: &ProviderStatus| matches!(status, ProviderStatus::Selected { .. });
    let Some(selected) = reports.iter().find(|report| is_selected(&report.status)) else {
        writeln!(out, "There are no credentials to sign requests with.")?;
        return Ok(ExitCode::FAILURE);
    };
    writeln!(out, "Requests are signed with the credentials of: {}", selected.provider)?;
    Ok(if client.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
