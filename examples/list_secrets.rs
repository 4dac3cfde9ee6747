//! Lists all secrets of a region as a table, JSON or CSV.
//!
//! `cargo run --example list_secrets -- --emulator` needs no account: it lists the sample secrets
//! of an embedded emulator.
//!
//! The exit code is 0 if the list is complete, 1 if it could not be read, 2 for wrong input, and 3
//! if secrets may be missing because the list changed during each reading.

#[path = "command_line/account.rs"]
mod account;
#[path = "command_line/exit.rs"]
mod exit;
#[path = "command_line/rows.rs"]
mod rows;
#[path = "command_line/usage.rs"]
mod usage;

use std::error::Error;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use alibabacloud_kms::emulator::EmulatedSecret;
use alibabacloud_kms::inventory::{ListingProgress, SecretInventory};
use alibabacloud_kms::secrets::{Filter, ListSecretsRequest, SecretType};
use clap::Parser;

use account::Account;
use rows::Format;

#[derive(Parser)]
#[command(about = "Lists the secrets of Alibaba Cloud KMS, never their values")]
struct Arguments {
    #[command(flatten)]
    account: Account,
    /// Only secrets of this name; may be repeated
    #[arg(long)]
    name: Vec<String>,
    /// Only secrets with a tag of this key; may be repeated
    #[arg(long)]
    tag_key: Vec<String>,
    /// Only secrets of this type, such as Rds; may be repeated
    #[arg(long = "type", value_name = "TYPE", value_parser = secret_type)]
    types: Vec<SecretType>,
    /// Fetch the tags as well
    #[arg(long)]
    fetch_tags: bool,
    /// Number of secrets in a page, 1 to 100
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100))]
    page_size: u32,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// Rejects an unknown type, for which the service would list no secrets without an error.
fn secret_type(name: &str) -> Result<SecretType, &'static str> {
    match SecretType::from(name) {
        SecretType::Unknown(_) => {
            Err("types are Generic, Rds, Redis, RAMCredentials, ECS and PolarDB")
        }
        known => Ok(known),
    }
}

impl Arguments {
    fn request(&self) -> ListSecretsRequest {
        let names = (!self.name.is_empty()).then(|| Filter::secret_name(&self.name));
        let tag_keys = (!self.tag_key.is_empty()).then(|| Filter::tag_key(&self.tag_key));
        let types = self.types.iter().cloned();
        let types = (!self.types.is_empty()).then(|| Filter::secret_type(types));
        ListSecretsRequest::new()
            .filters([names, tag_keys, types].into_iter().flatten())
            .fetch_tags(self.fetch_tags)
            .page_size(self.page_size)
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Arguments = match usage::arguments() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    run(&arguments).await.unwrap_or_else(|error| {
        exit::failure(error.as_ref(), arguments.account.hint(error.as_ref()))
    })
}

async fn run(arguments: &Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let emulator = arguments.account.emulator(samples()).await?;
    let client = arguments.account.builder(emulator.as_ref()).build()?;

    let listing = client.list_all_secrets(arguments.request()).on_progress(show_progress);
    let SecretInventory { secrets, complete, .. } = listing.await?;

    let columns = if arguments.fetch_tags { &rows::COLUMNS[..] } else { &rows::COLUMNS[..5] };
    let rows = secrets.iter().map(|secret| rows::row(secret)[..columns.len()].to_vec());
    let text = match arguments.format {
        Format::Table => rows::table(columns, rows),
        Format::Csv => rows::csv(columns, rows)?,
        Format::Json => serde_json::to_string_pretty(&secrets)? + "\n",
    };
    io::stdout().write_all(text.as_bytes())?;
    writeln!(io::stderr(), "{}", rows::count(secrets.len(), "secret"))?;
    if complete {
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(io::stderr(), "others may be missing: the list changed whenever it was read")?;
    Ok(ExitCode::from(3))
}

/// Writes the number of secrets read so far over itself, if the standard error is a terminal.
fn show_progress(progress: ListingProgress) {
    let mut err = io::stderr();
    if err.is_terminal() {
        let ListingProgress { scan, secrets, total_count, .. } = progress;
        let _ = write!(err, "scan {scan}: {secrets} of {total_count} secrets\r");
    }
}

fn samples() -> [EmulatedSecret; 5] {
    [
        EmulatedSecret::new("prod/db").secret_type("Rds").tag("team", "core").tag("env", "prod"),
        EmulatedSecret::new("prod/cache").secret_type("Redis").tag("team", "core"),
        EmulatedSecret::new("prod/payment-api-key").tag("team", "payments"),
        EmulatedSecret::new("staging/db").secret_type("Rds"),
        EmulatedSecret::new("acs/ecs/build-host").secret_type("ECS"),
    ]
}
