//! Lists the secrets of all regions concurrently as a table, CSV or JSON, with the outcome of each
//! region.
//!
//! `cargo run --example inventory -- --emulator` needs no account: it lists emulated regions, some
//! of which fail.
//!
//! With `--unrotated-days 90` only secrets are listed that KMS does not rotate and that nobody has
//! changed for 90 days.
//!
//! Every region has a row, even if it has no secrets or could not be listed. The exit code is 0 if
//! all secrets are known, 3 if the inventory has gaps, 2 for wrong input, and 1 if there is none.

#[path = "command_line/exit.rs"]
mod exit;
#[path = "command_line/rows.rs"]
mod rows;
#[path = "command_line/usage.rs"]
mod usage;
#[path = "command_line/without_account.rs"]
mod without_account;

use std::collections::{BTreeMap, HashSet};
use std::convert::Infallible;
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use alibabacloud_kms::emulator::{EmulatedRegions, EmulatedSecret, Fault};
use alibabacloud_kms::inventory::{RegionOutcome, SecretInventory};
use alibabacloud_kms::keys::DescribeRegionsRequest;
use alibabacloud_kms::secrets::{
    DescribeSecretRequest, ListSecretsRequest, RotationState, SecretSummary,
};
use alibabacloud_kms::{ErrorKind, KmsClient};
use chrono::{DateTime, TimeDelta, Utc};
use clap::Parser;
use futures_util::{Stream as _, StreamExt as _};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use rows::{Format, count};
use without_account::WITHOUT_ACCOUNT;

#[derive(Parser)]
#[command(about = "Lists the secrets of all regions of Alibaba Cloud KMS, never their values")]
struct Arguments {
    /// Only this region, such as cn-hangzhou; may be repeated
    #[arg(long = "region", value_name = "REGION")]
    regions: Vec<String>,
    /// The region that is asked for the list of regions
    #[arg(long, env = "ALIBABA_CLOUD_REGION_ID", default_value = HOME, value_parser = home)]
    home: String,
    /// Call the regions' VPC hosts
    #[arg(long)]
    vpc: bool,
    /// Number of regions to list concurrently
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..))]
    concurrency: u16,
    /// Only secrets without automatic rotation whose last change is at least so many days ago
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(..=36_500))]
    unrotated_days: Option<u32>,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Write to this file, which is replaced as a whole or not at all
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// List some emulated regions
    #[arg(long)]
    emulator: bool,
}

/// The region that is asked if none is named.
const HOME: &str = "cn-hangzhou";

/// Reads the region that is asked. An empty variable counts as unset.
fn home(text: &str) -> Result<String, Infallible> {
    let region = text.trim();
    Ok(if region.is_empty() { HOME } else { region }.to_owned())
}

/// The exit code for an inventory that does not contain all secrets.
const GAPS: u8 = 3;

type Inventory = BTreeMap<String, RegionOutcome>;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Arguments = match usage::arguments() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let outcome = tokio::select! {
        outcome = run(&arguments) => outcome,
        _ = tokio::signal::ctrl_c() => Err("interrupted, and nothing written".into()),
    };
    outcome.unwrap_or_else(|error| {
        let kind = error.downcast_ref().map(alibabacloud_kms::Error::kind);
        let lacks_credentials = kind == Some(ErrorKind::Credentials);
        exit::failure(error.as_ref(), lacks_credentials.then_some(WITHOUT_ACCOUNT))
    })
}

async fn run(arguments: &Arguments) -> Result<ExitCode, Box<dyn Error>> {
    // They run until they are dropped.
    let emulated = if arguments.emulator { Some(emulated_regions().await?) } else { None };
    let home = match &emulated {
        Some(regions) => regions.client_builder(),
        None => KmsClient::builder().region(&arguments.home),
    };
    let home = if arguments.vpc { home.vpc() } else { home }.build()?;
    let regions = regions(&home, &arguments.regions).await?;
    let mut inventory = take_inventory(&home, regions, arguments.concurrency.into()).await;
    let mut unknown = 0;
    if let Some(days) = arguments.unrotated_days {
        let changed_before = Utc::now() - TimeDelta::days(days.into());
        for (region, outcome) in &mut inventory {
            unknown += keep_unrotated(&home, region, outcome, changed_before).await?;
        }
    }
    let text = match arguments.format {
        Format::Table => rows::table(&columns(), rows(&inventory)),
        Format::Csv => rows::csv(&columns(), rows(&inventory))?,
        Format::Json => json(&inventory)?,
    };
    match &arguments.output {
        Some(path) => replace(path, &text)?,
        None => io::stdout().write_all(text.as_bytes())?,
    }
    Ok(summarize(&inventory, unknown)?)
}

/// Keeps the secrets of a region that were last changed before a time and that KMS does not rotate.
/// One that cannot be described is kept; returns how many these are.
async fn keep_unrotated(
    home: &KmsClient,
    region: &str,
    outcome: &mut RegionOutcome,
    changed_before: DateTime<Utc>,
) -> Result<usize, Box<dyn Error>> {
    let RegionOutcome::Listed(listing) = outcome else { return Ok(0) };
    listing.secrets.retain(|secret| {
        let changed = secret.update_time.or(secret.create_time);
        changed.is_none_or(|changed| changed <= changed_before)
    });
    let names: Vec<_> = listing.secrets.iter().map(|secret| secret.secret_name.clone()).collect();
    let requests = names.into_iter().map(DescribeSecretRequest::new);
    let mut described = home.in_region(region)?.describe_secrets(requests);
    let (mut rotated, mut unknown) = (HashSet::new(), 0);
    while let Some((request, outcome)) = described.next().await {
        match outcome {
            Ok(secret) if secret.automatic_rotation == Some(RotationState::Enabled) => {
                rotated.insert(request.secret_name);
            }
            Ok(_) => {}
            Err(error) => {
                writeln!(io::stderr(), "{region}: {error}")?;
                unknown += 1;
            }
        }
    }
    listing.secrets.retain(|secret| !rotated.contains(&secret.secret_name));
    Ok(unknown)
}

/// Returns the regions to list: the given ones, or else all that exist.
async fn regions(home: &KmsClient, given: &[String]) -> alibabacloud_kms::Result<Vec<String>> {
    if !given.is_empty() {
        given.iter().try_for_each(|region| home.in_region(region).map(drop))?;
        return Ok(given.to_vec());
    }
    let response = home.describe_regions(DescribeRegionsRequest::new()).await?;
    Ok(response.regions.into_iter().map(|region| region.region_id).collect())
}

async fn take_inventory(home: &KmsClient, regions: Vec<String>, concurrency: usize) -> Inventory {
    let request = ListSecretsRequest::new().fetch_tags(true);
    let mut outcomes = home.list_secrets_in_regions(regions, request).concurrency(concurrency);
    let progress = progress_bar(outcomes.size_hint().0);
    let mut inventory = Inventory::new();
    while let Some((region, outcome)) = outcomes.next().await {
        progress.set_message(format!("{region}: {}", in_words(&outcome)));
        progress.inc(1);
        inventory.insert(region, outcome);
    }
    progress.finish_and_clear();
    inventory
}

/// Returns a bar on the standard error, visible if that is a terminal.
fn progress_bar(regions: usize) -> ProgressBar {
    let bar = ProgressBar::new(regions as u64);
    bar.enable_steady_tick(Duration::from_millis(100));
    match ProgressStyle::with_template("{bar:30} {pos} of {len} regions in {elapsed}  {wide_msg}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn in_words(outcome: &RegionOutcome) -> &'static str {
    match outcome {
        RegionOutcome::Listed(SecretInventory { complete: false, .. }) => "incomplete",
        RegionOutcome::Listed(listing) if listing.secrets.is_empty() => "no secrets",
        RegionOutcome::Listed(_) => "listed",
        RegionOutcome::NotActivated(_) => "not activated",
        RegionOutcome::Forbidden(_) => "forbidden",
        _ => "failed",
    }
}

fn secrets(outcome: &RegionOutcome) -> &[SecretSummary] {
    match outcome {
        RegionOutcome::Listed(listing) => &listing.secrets,
        _ => &[],
    }
}

/// Writes what is unknown to the standard error, and returns the exit code.
fn summarize(inventory: &Inventory, unknown: usize) -> io::Result<ExitCode> {
    let mut gaps = unknown;
    let mut lacks_credentials = false;
    let mut err = io::stderr();
    for (region, outcome) in inventory {
        match outcome {
            RegionOutcome::Listed(listing) if listing.complete => {}
            RegionOutcome::NotActivated(_) => {}
            RegionOutcome::Listed(listing) => {
                writeln!(
                    err,
                    "{region}: secrets were created or deleted during all {} scans",
                    listing.scans
                )?;
                gaps += 1;
            }
            failed => {
                if let Some(error) = failed.error() {
                    writeln!(err, "{region}: {error}")?;
                    lacks_credentials |= error.kind() == ErrorKind::Credentials;
                }
                gaps += 1;
            }
        }
    }
    let secrets = inventory.values().map(|outcome| secrets(outcome).len()).sum();
    let (secrets, regions) = (count(secrets, "secret"), count(inventory.len(), "region"));
    writeln!(err, "{secrets} in {regions}; not fully known: {gaps}")?;
    if lacks_credentials {
        writeln!(err, "{WITHOUT_ACCOUNT}")?;
    }
    Ok(if gaps == 0 { ExitCode::SUCCESS } else { ExitCode::from(GAPS) })
}

fn columns() -> Vec<&'static str> {
    ["Region", "Outcome"].into_iter().chain(rows::COLUMNS).collect()
}

/// Returns a row for each secret, and one for each region without any.
fn rows(inventory: &Inventory) -> impl Iterator<Item = Vec<String>> {
    inventory.iter().flat_map(|(region, outcome)| {
        let secrets: Vec<_> = secrets(outcome).iter().map(rows::row).collect();
        let none = secrets.is_empty().then(Default::default);
        let row = |secret: [String; 6]| {
            let region = [region.clone(), in_words(outcome).to_owned()];
            region.into_iter().chain(secret).collect()
        };
        secrets.into_iter().chain(none).map(row).collect::<Vec<_>>()
    })
}

fn json(inventory: &Inventory) -> serde_json::Result<String> {
    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Entry<'a> {
        region: &'a str,
        outcome: &'static str,
        #[serde(flatten)]
        listing: Option<&'a SecretInventory>,
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<String>,
    }
    let entries = inventory.iter().map(|(region, outcome)| {
        let listing = match outcome {
            RegionOutcome::Listed(listing) => Some(listing),
            _ => None,
        };
        let error = outcome.error().map(ToString::to_string);
        Entry { region, outcome: in_words(outcome), listing, error }
    });
    let text = serde_json::to_string_pretty(&entries.collect::<Vec<_>>())?;
    Ok(text + "\n")
}

/// Writes a temporary file and renames it, so that the file is never written in part.
fn replace(path: &Path, text: &str) -> Result<(), String> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.part", std::process::id()));
    let written = write_whole(Path::new(&beside), text).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // It may not exist; the error to report is the first one.
        let _ = fs::remove_file(&beside);
    }
    written.map_err(|error| format!("{}: {error}", path.display()))
}

fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

async fn emulated_regions() -> io::Result<EmulatedRegions> {
    let week = TimeDelta::days(7);
    let rotated = EmulatedSecret::new("prod/db")
        .automatic_rotation(Duration::from_secs(7 * 24 * 60 * 60), Utc::now() + week);
    let samples = [
        rotated.secret_type("Rds").tag("team", "core").tag("env", "prod"),
        EmulatedSecret::new("prod/cache").secret_type("Redis").tag("team", "core"),
        EmulatedSecret::new("prod/payment-api-key").tag("team", "payments"),
    ];
    let names = ["cn-hangzhou", "cn-beijing", "us-west-1", "ap-southeast-1", "eu-central-1"];
    let regions = EmulatedRegions::start(names).await?;
    for (region, samples) in [("cn-hangzhou", &samples[..]), ("cn-beijing", &samples[..1])] {
        samples.iter().cloned().for_each(|secret| regions[region].add_secret(secret));
    }
    for (region, code) in [
        ("ap-southeast-1", "Forbidden.KmsServiceNotEnabled"),
        ("eu-central-1", "Forbidden.NoPermission"),
    ] {
        regions[region].inject(Fault::error(403, code).always());
    }
    Ok(regions)
}
