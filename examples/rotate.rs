//! Rotates a secret that KMS manages, and waits until the new version is the current one. No value is printed.
//!
//! `cargo run --example rotate -- --emulator` needs no account: it rotates a secret of an embedded emulator.
//!
//! The exit code is 0 when the new version is there, 3 when it may yet come, and 1 when the rotation failed.

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
use alibabacloud_kms::{ErrorKind, KmsClient, RotateSecretRequest};
use chrono::Utc;
use clap::Parser;

/// The secret that the emulator has.
const SAMPLE: &str = "prod/rds";

#[derive(Parser)]
#[command(about = "Rotates a secret that Alibaba Cloud KMS manages, and waits for the new version")]
struct Arguments {
    /// The name or ARN of the secret, of any type but Generic [default with --emulator: prod/rds]
    #[arg(required_unless_present = "emulator")]
    name: Option<String>,
    /// The region, such as cn-hangzhou
    #[arg(long, env = "ALIBABA_CLOUD_REGION_ID")]
    region: Option<String>,
    /// A URL to call in place of the region's public host
    #[arg(long)]
    endpoint: Option<String>,
    /// The id of the new version; with that of a rotation that was begun, only wait for it [default: the time]
    #[arg(long, value_name = "ID")]
    version_id: Option<String>,
    /// How many seconds to wait for the new version
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    timeout: u64,
    /// Rotate a secret of an embedded emulator
    #[arg(long, conflicts_with = "endpoint")]
    emulator: bool,
}

impl Arguments {
    fn client(&self) -> alibabacloud_kms::Result<KmsClient> {
        let mut builder = KmsClient::builder();
        if let Some(region) = &self.region {
            builder = builder.region(region);
        }
        if let Some(endpoint) = &self.endpoint {
            builder = builder.endpoint(endpoint);
        }
        builder.build()
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let time = || Utc::now().format("%Y%m%dT%H%M%SZ").to_string();
    let version_id = arguments.version_id.clone().unwrap_or_else(time);
    match run(&arguments, &version_id).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            advise(error.as_ref(), &version_id)
        }
    }
}

/// Tells what to do next, and with the exit code what became of the rotation.
fn advise(error: &(dyn Error + 'static), version_id: &str) -> ExitCode {
    let Some(error) = error.downcast_ref::<alibabacloud_kms::Error>() else {
        return ExitCode::FAILURE;
    };
    match error.kind() {
        ErrorKind::Credentials | ErrorKind::Configuration => {
            eprintln!("Without an account, try the embedded emulator: --emulator");
            ExitCode::FAILURE
        }
        kind if kind == ErrorKind::Timeout || error.may_have_been_carried_out() => {
            eprintln!("To go on with the same rotation: --version-id {version_id}");
            ExitCode::from(3)
        }
        _ => ExitCode::FAILURE,
    }
}

async fn run(arguments: &Arguments, version_id: &str) -> Result<(), Box<dyn Error>> {
    let name = arguments.name.as_deref().unwrap_or(SAMPLE);
    let timeout = Duration::from_secs(arguments.timeout);
    if arguments.emulator {
        let secret = EmulatedSecret::new(SAMPLE).secret_type("Rds");
        let emulator = Emulator::builder().secrets([secret]).start().await?;
        Ok(rotate(&emulator.client()?, name, version_id, timeout).await?)
    } else {
        Ok(rotate(&arguments.client()?, name, version_id, timeout).await?)
    }
}

async fn rotate(
    client: &KmsClient,
    name: &str,
    version_id: &str,
    timeout: Duration,
) -> alibabacloud_kms::Result<()> {
    println!("{name}: rotating to version {version_id}");
    let request = RotateSecretRequest::new(name, version_id);
    let current = client.rotate_and_wait(request, timeout).await?;
    println!("{name}: version {} is current", current.version_id);
    if let Some(next) = current.next_rotation_date {
        println!("{name}: KMS rotates it again at {}", next.format("%Y-%m-%d %H:%M"));
    }
    Ok(())
}
