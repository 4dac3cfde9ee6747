//! Rotates a secret that KMS manages, and waits until the new version is the current one. No value
//! is printed.
//!
//! `cargo run --example rotate -- --emulator` needs no account: it rotates a secret of an embedded
//! emulator.
//!
//! The exit code is 0 if the new version is current, 3 if it may still become so, 2 for wrong
//! input, and 1 if the rotation failed.

#[path = "command_line/account.rs"]
mod account;
#[path = "command_line/exit.rs"]
mod exit;
#[path = "command_line/usage.rs"]
mod usage;

use std::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use alibabacloud_kms::ErrorKind;
use alibabacloud_kms::emulator::EmulatedSecret;
use alibabacloud_kms::secrets::RotateSecretRequest;
use chrono::Utc;
use clap::Parser;

use account::Account;

/// The secret that the emulator has.
const SAMPLE: &str = "prod/rds";

#[derive(Parser)]
#[command(about = "Rotates a secret that Alibaba Cloud KMS manages, and waits for the new version")]
struct Arguments {
    /// The name or ARN of the secret, of any type but Generic [default with --emulator: prod/rds]
    #[arg(required_unless_present = "emulator")]
    name: Option<String>,
    #[command(flatten)]
    account: Account,
    /// The id of the new version; with that of an earlier rotation, only wait for it [default: the
    /// time]
    #[arg(long, value_name = "ID")]
    version_id: Option<String>,
    /// Seconds to wait for the new version
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    timeout: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Arguments = match usage::arguments() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let time = || Utc::now().format("%Y%m%dT%H%M%SZ").to_string();
    let version_id = arguments.version_id.clone().unwrap_or_else(time);
    let Err(error) = run(&arguments, &version_id).await else { return ExitCode::SUCCESS };
    if may_succeed_later(error.as_ref()) {
        let retry = format!("to wait for the same rotation: --version-id {version_id}");
        exit::failure(error.as_ref(), Some(&retry));
        return ExitCode::from(3);
    }
    exit::failure(error.as_ref(), arguments.account.hint(error.as_ref()))
}

/// Returns whether KMS may still execute the rotation, although the call failed: also if only the
/// new version could not be read.
fn may_succeed_later(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<alibabacloud_kms::Error>().is_some_and(|error| {
        error.kind() == ErrorKind::Timeout
            || error.is_outcome_unknown()
            || error.operation() == Some("GetSecretValue")
    })
}

async fn run(arguments: &Arguments, version_id: &str) -> Result<(), Box<dyn Error>> {
    let sample = EmulatedSecret::new(SAMPLE).secret_type("Rds");
    let emulator = arguments.account.emulator([sample]).await?;
    let client = arguments.account.builder(emulator.as_ref()).build()?;
    let name = arguments.name.as_deref().unwrap_or(SAMPLE);
    let timeout = Duration::from_secs(arguments.timeout);

    let request = RotateSecretRequest::new(name).version_id(version_id);
    let current = client.rotate_secret_and_wait(request, timeout).await?;

    let mut out = io::stdout();
    writeln!(out, "{name}: version {} is current", current.version_id)?;
    if let Some(next) = current.next_rotation_date {
        writeln!(out, "{name}: KMS rotates it again at {next}")?;
    }
    Ok(())
}
