//! Tells which source of credentials would be used here, and why those before it are not. No secret is printed.
//!
//! `cargo run --example whoami` asks every source for real: STS and the ECS metadata service too, if it comes to them.

use std::process::ExitCode;

use alibabacloud_kms::{DefaultCredentials, StepOutcome};
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
    let Arguments { region, profile } = Arguments::parse();
    let mut chain = DefaultCredentials::new();
    if let Some(region) = region {
        chain = chain.region(region);
    }
    if let Some(profile) = profile {
        chain = chain.profile(profile);
    }

    let mut used = None;
    for step in chain.explain().await {
        println!("{:<18} {}", step.source, step.outcome);
        if let StepOutcome::Found(keys) = step.outcome {
            used = Some((step.source, keys));
        }
    }
    println!();
    let Some((source, keys)) = used else {
        println!("No request can be signed.");
        return ExitCode::FAILURE;
    };
    println!("Requests are signed with the keys of: {source}");
    match keys.expiration() {
        Some(expiration) => println!("They live until {expiration} and are renewed before."),
        None => println!("When they end is not known; they are used until they are refused."),
    }
    ExitCode::SUCCESS
}
