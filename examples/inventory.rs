//! Lists the secrets of all regions side by side into a table, CSV or JSON, with what became of each region.
//!
//! `cargo run --example inventory -- --emulator` needs no account: it lists emulated regions, not all of which answer well.
//!
//! No region is left out: one that has no secrets, or could not be listed, has a row that says so. The exit code is 0 when
//! all secrets are known, 2 when the inventory has gaps, and 1 when there is none.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault};
use alibabacloud_kms::{
    DescribeRegionsRequest, KmsClient, ListSecretsRequest, Listing, RegionOutcome, SecretSummary,
    list_regions,
};
use clap::{Parser, ValueEnum};
use comfy_table::{Table, presets};
use futures_util::{Stream as _, StreamExt as _};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

#[derive(Parser)]
#[command(about = "Lists the secrets of all regions of Alibaba Cloud KMS, never their values")]
struct Arguments {
    /// Only this region, such as cn-hangzhou; may be repeated
    #[arg(long = "region", value_name = "REGION")]
    regions: Vec<String>,
    /// The region that is asked which ones there are
    #[arg(long, env = "ALIBABA_CLOUD_REGION_ID", default_value = "cn-hangzhou")]
    home: String,
    /// Call the regions' VPC hosts
    #[arg(long)]
    vpc: bool,
    /// How many regions to list at once
    #[arg(long, default_value_t = 64)]
    concurrency: usize,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Write to this file, which is replaced as a whole or not at all
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// List some emulated regions
    #[arg(long, conflicts_with_all = ["regions", "vpc"])]
    emulator: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Table,
    Csv,
    Json,
}

type Inventory = BTreeMap<String, RegionOutcome>;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = tokio::select! {
        outcome = run(&arguments) => outcome,
        _ = tokio::signal::ctrl_c() => Err("interrupted, and nothing written".into()),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("{error}");
        ExitCode::FAILURE
    })
}

async fn run(arguments: &Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let emulated = if arguments.emulator { emulated_regions().await? } else { Vec::new() };
    let clients =
        if arguments.emulator { clients_of(&emulated)? } else { clients(arguments).await? };
    let inventory = take_inventory(clients, arguments.concurrency).await;
    let text = match arguments.format {
        Format::Table => table(&inventory),
        Format::Csv => csv(&inventory)?,
        Format::Json => json(&inventory)?,
    };
    match &arguments.output {
        Some(path) => replace(path, &text)?,
        None => io::stdout().write_all(text.as_bytes())?,
    }
    Ok(summarize(&inventory))
}

/// A client for each region. One is built, the others share its connections and keys.
async fn clients(arguments: &Arguments) -> alibabacloud_kms::Result<Vec<(String, KmsClient)>> {
    let builder = KmsClient::builder().region(&arguments.home);
    let home = if arguments.vpc { builder.vpc() } else { builder }.build()?;
    let regions = if arguments.regions.is_empty() {
        let answer = home.describe_regions(DescribeRegionsRequest::new()).await?;
        answer.regions.into_iter().map(|region| region.region_id).collect()
    } else {
        arguments.regions.clone()
    };
    let client = |region: String| home.in_region(&region).map(|client| (region, client));
    regions.into_iter().map(client).collect()
}

async fn take_inventory(clients: Vec<(String, KmsClient)>, concurrency: usize) -> Inventory {
    let list = |client: KmsClient| client.list_all(ListSecretsRequest::new().fetch_tags(true));
    let listings = clients.into_iter().map(|(region, client)| (region, list(client)));
    let mut outcomes = list_regions(listings).concurrency(concurrency);
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

/// A bar on the standard error, if that is a terminal.
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
        RegionOutcome::Listed(Listing { complete: false, .. }) => "incomplete",
        RegionOutcome::Listed(listing) if listing.secrets.is_empty() => "no secrets",
        RegionOutcome::Listed(_) => "listed",
        RegionOutcome::NotActivated(_) => "not activated",
        RegionOutcome::Forbidden(_) => "forbidden",
        RegionOutcome::Failed(_) => "failed",
    }
}

fn secrets(outcome: &RegionOutcome) -> &[SecretSummary] {
    match outcome {
        RegionOutcome::Listed(listing) => &listing.secrets,
        _ => &[],
    }
}

/// Tells on the standard error what is not known, and with the exit code whether there is any such thing.
fn summarize(inventory: &Inventory) -> ExitCode {
    let mut gaps = 0;
    for (region, outcome) in inventory {
        match outcome {
            RegionOutcome::Listed(listing) if listing.complete => {}
            RegionOutcome::NotActivated(_) => {}
            RegionOutcome::Listed(listing) => {
                eprintln!("{region}: secrets came and went through {} passes", listing.passes);
                gaps += 1;
            }
            RegionOutcome::Forbidden(error) | RegionOutcome::Failed(error) => {
                eprintln!("{region}: {error}");
                gaps += 1;
            }
        }
    }
    let count: usize = inventory.values().map(|outcome| secrets(outcome).len()).sum();
    eprintln!("{count} secrets in {} regions; not fully known: {gaps}", inventory.len());
    if gaps == 0 { ExitCode::SUCCESS } else { ExitCode::from(2) }
}

const COLUMNS: [&str; 8] =
    ["Region", "Outcome", "Secret", "Type", "Created", "Updated", "Deletion", "Tags"];

/// A row for each secret, and one for each region without any.
fn rows(inventory: &Inventory) -> impl Iterator<Item = [String; 8]> {
    inventory.iter().flat_map(|(region, outcome)| {
        let secrets = secrets(outcome);
        let none = secrets.is_empty().then_some(None);
        secrets.iter().map(Some).chain(none).map(|secret| row(region, outcome, secret))
    })
}

fn row(region: &str, outcome: &RegionOutcome, secret: Option<&SecretSummary>) -> [String; 8] {
    let time = |time: Option<chrono::DateTime<chrono::Utc>>| {
        time.map(|time| time.format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
    };
    let tags = secret.iter().flat_map(|secret| secret.tags.iter().flatten());
    let tags: Vec<_> = tags.map(|tag| format!("{}={}", tag.key, tag.value)).collect();
    [
        region.to_owned(),
        in_words(outcome).to_owned(),
        secret.map(|secret| secret.name.clone()).unwrap_or_default(),
        secret
            .and_then(|secret| secret.secret_type.as_ref())
            .map(ToString::to_string)
            .unwrap_or_default(),
        time(secret.and_then(|secret| secret.create_time)),
        time(secret.and_then(|secret| secret.update_time)),
        time(secret.and_then(|secret| secret.planned_delete_time)),
        tags.join(", "),
    ]
}

fn table(inventory: &Inventory) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY).set_header(COLUMNS);
    table.add_rows(rows(inventory));
    format!("{table}\n")
}

fn csv(inventory: &Inventory) -> Result<String, Box<dyn Error>> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(COLUMNS)?;
    for row in rows(inventory) {
        out.write_record(row)?;
    }
    Ok(String::from_utf8(out.into_inner()?)?)
}

fn json(inventory: &Inventory) -> serde_json::Result<String> {
    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Entry<'a> {
        region: &'a str,
        outcome: &'static str,
        #[serde(flatten)]
        listing: Option<&'a Listing>,
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<String>,
    }
    let entries = inventory.iter().map(|(region, outcome)| {
        let (listing, error) = match outcome {
            RegionOutcome::Listed(listing) => (Some(listing), None),
            RegionOutcome::NotActivated(error)
            | RegionOutcome::Forbidden(error)
            | RegionOutcome::Failed(error) => (None, Some(error.to_string())),
        };
        Entry { region, outcome: in_words(outcome), listing, error }
    });
    let text = serde_json::to_string_pretty(&entries.collect::<Vec<_>>())?;
    Ok(text + "\n")
}

/// Writes beside the file and puts the result in its place, so that there is never half of one.
fn replace(path: &Path, text: &str) -> Result<(), String> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.part", std::process::id()));
    let written = write_whole(Path::new(&beside), text).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // It may not be there at all; what is told is the first error.
        let _ = fs::remove_file(&beside);
    }
    written.map_err(|error| format!("{}: {error}", path.display()))
}

fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// They answer as long as they are kept.
async fn emulated_regions() -> io::Result<Vec<(&'static str, Emulator)>> {
    let samples = [
        EmulatedSecret::new("prod/db").secret_type("Rds").tag("team", "core").tag("env", "prod"),
        EmulatedSecret::new("prod/cache").secret_type("Redis").tag("team", "core"),
        EmulatedSecret::new("prod/payment-api-key").tag("team", "payments"),
    ];
    let mut regions = Vec::new();
    for (region, samples, refusal) in [
        ("cn-hangzhou", &samples[..], None),
        ("cn-beijing", &samples[..1], None),
        ("us-west-1", &[], None),
        ("ap-southeast-1", &[], Some("Forbidden.KmsServiceNotEnabled")),
        ("eu-central-1", &[], Some("Forbidden.NoPermission")),
    ] {
        let emulator = Emulator::builder().secrets(samples.iter().cloned()).start().await?;
        if let Some(code) = refusal {
            emulator.inject(Fault::error(403, code).always());
        }
        regions.push((region, emulator));
    }
    Ok(regions)
}

fn clients_of(
    emulated: &[(&'static str, Emulator)],
) -> alibabacloud_kms::Result<Vec<(String, KmsClient)>> {
    let clients = emulated.iter().map(|(region, emulator)| {
        let builder = KmsClient::builder().endpoint(emulator.endpoint());
        let client = builder.credentials(emulator.credentials()).build()?;
        Ok(((*region).to_owned(), client))
    });
    clients.collect()
}
