//! Reads a secret. It describes what was read on standard error, and prints the value on standard
//! output, only with `--show` and nothing else beside it.
//!
//! `cargo run --example get_secret_value -- --emulator --show` needs no account: it reads from an
//! embedded emulator.

#[path = "command_line/account.rs"]
mod account;
#[path = "command_line/exit.rs"]
mod exit;
#[path = "command_line/usage.rs"]
mod usage;

use std::error::Error;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use alibabacloud_kms::emulator::EmulatedSecret;
use alibabacloud_kms::secrets::{GetSecretValueRequest, GetSecretValueResponse, SecretValue};
use clap::Parser;

use account::Account;

/// The secret of the emulator.
const SAMPLE: &str = "prod/db";

#[derive(Parser)]
#[command(about = "Reads a secret of Alibaba Cloud KMS, and shows its value only when asked to")]
struct Arguments {
    /// The name or ARN of the secret [default with --emulator: prod/db]
    #[arg(required_unless_present = "emulator")]
    name: Option<String>,
    #[command(flatten)]
    account: Account,
    /// Read the version at this stage, such as ACSPrevious, in place of the current one
    #[arg(long, value_name = "STAGE", conflicts_with = "version_id")]
    stage: Option<String>,
    /// Read the version with this id in place of the current one
    #[arg(long, value_name = "ID")]
    version_id: Option<String>,
    /// Print the value, decoded if it is binary
    #[arg(long)]
    show: bool,
}

impl Arguments {
    fn request(&self) -> GetSecretValueRequest {
        let mut request = GetSecretValueRequest::new(self.name.as_deref().unwrap_or(SAMPLE));
        if let Some(stage) = &self.stage {
            request = request.version_stage(stage.as_str());
        }
        if let Some(version_id) = &self.version_id {
            request = request.version_id(version_id);
        }
        request
    }
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
    let emulator = arguments.account.emulator([sample()]).await?;
    let client = arguments.account.builder(emulator.as_ref()).build()?;

    let secret = client.get_secret_value(arguments.request()).await?;

    io::stderr().write_all(description(&secret).as_bytes())?;
    if arguments.show {
        show(&secret.value)?;
    }
    Ok(())
}

/// Returns a secret with two versions.
fn sample() -> EmulatedSecret {
    let values = ["fake-first", "fake-second"];
    let login = |password| format!(r#"{{"user":"app","password":"{password}"}}"#);
    let values = values.map(|password| SecretValue::text(login(password)));
    values.into_iter().fold(EmulatedSecret::new(SAMPLE), EmulatedSecret::value)
}

fn description(secret: &GetSecretValueResponse) -> String {
    let stages: Vec<_> = secret.version_stages.iter().map(ToString::to_string).collect();
    let size = secret.value.expose_secret().len();
    let lines = [
        ("secret", Some(secret.secret_name.clone())),
        ("version", Some(format!("{} ({})", secret.version_id, stages.join(", ")))),
        ("type", secret.secret_type.as_ref().map(ToString::to_string)),
        ("created", secret.create_time.map(|time| time.to_string())),
        ("rotated", secret.last_rotation_date.map(|time| time.to_string())),
        ("value", Some(format!("{}, {size} bytes", secret.value.data_type()))),
    ];
    let known = lines.into_iter().filter_map(|(name, text)| text.map(|text| (name, text)));
    known.map(|(name, text)| format!("{name:<9} {text}\n")).collect()
}

/// Prints the bytes of the value. A line feed follows only on a terminal, so that a file gets
/// exactly the value.
fn show(value: &SecretValue) -> Result<(), Box<dyn Error>> {
    let bytes = value.to_bytes()?;
    let mut out = io::stdout().lock();
    out.write_all(bytes.expose_secret())?;
    if out.is_terminal() {
        writeln!(out)?;
    }
    Ok(out.flush()?)
}
