//! Lists the secrets of a region, all pages, as a table, JSON or CSV.
//!
//! `cargo run --example list_secrets -- --emulator` needs no account: it lists the sample secrets of an embedded emulator.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
use alibabacloud_kms::{
    ErrorKind, Filter, KmsClient, ListSecretsRequest, SecretSummary, SecretType,
};
use clap::{Parser, ValueEnum};
use comfy_table::{Table, presets};
use futures_util::TryStreamExt;

#[derive(Parser)]
#[command(about = "Lists the secrets of Alibaba Cloud KMS, never their values")]
struct Arguments {
    /// The region, such as cn-hangzhou
    #[arg(long, env = "ALIBABA_CLOUD_REGION_ID")]
    region: Option<String>,
    /// A URL to call in place of the region's public host
    #[arg(long)]
    endpoint: Option<String>,
    /// Only secrets of this name; may be repeated
    #[arg(long)]
    name: Vec<String>,
    /// Only secrets with a tag of this key; may be repeated
    #[arg(long)]
    tag_key: Vec<String>,
    /// Only secrets of this type, such as Rds; may be repeated
    #[arg(long = "type")]
    secret_type: Vec<String>,
    /// Get the tags as well
    #[arg(long)]
    fetch_tags: bool,
    /// Secrets a page, 1 to 100
    #[arg(long, default_value_t = 100)]
    page_size: u32,
    #[arg(long, value_enum, default_value_t = Output::Table)]
    output: Output,
    /// List the sample secrets of an embedded emulator
    #[arg(long, conflicts_with = "endpoint")]
    emulator: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Output {
    Table,
    Json,
    Csv,
}

impl Arguments {
    fn request(&self) -> ListSecretsRequest {
        let mut request =
            ListSecretsRequest::new().fetch_tags(self.fetch_tags).page_size(self.page_size);
        if !self.name.is_empty() {
            request = request.filter(Filter::secret_name(&self.name));
        }
        if !self.tag_key.is_empty() {
            request = request.filter(Filter::tag_key(&self.tag_key));
        }
        if !self.secret_type.is_empty() {
            let types = self.secret_type.iter().map(|name| SecretType::from(name.as_str()));
            request = request.filter(Filter::secret_type(types));
        }
        request
    }

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
    match run(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            if needs_credentials(error.as_ref()) {
                eprintln!("Without an account, try the embedded emulator: --emulator");
            }
            ExitCode::FAILURE
        }
    }
}

fn needs_credentials(error: &(dyn Error + 'static)) -> bool {
    let kind = error.downcast_ref().map(alibabacloud_kms::Error::kind);
    matches!(kind, Some(ErrorKind::Credentials | ErrorKind::Configuration))
}

async fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let secrets = if arguments.emulator {
        let emulator = Emulator::builder().secrets(samples()).start().await?;
        list(&emulator.client()?, arguments.request()).await?
    } else {
        list(&arguments.client()?, arguments.request()).await?
    };
    match arguments.output {
        Output::Table => write_table(&secrets, arguments.fetch_tags)?,
        Output::Json => write_json(&secrets)?,
        Output::Csv => write_csv(&secrets)?,
    }
    Ok(())
}

async fn list(
    client: &KmsClient,
    request: ListSecretsRequest,
) -> alibabacloud_kms::Result<Vec<SecretSummary>> {
    client.list_secrets_paginator(request).items().try_collect().await
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

const COLUMNS: [&str; 6] = ["Name", "Type", "Created", "Updated", "Deletion", "Tags"];

fn row(secret: &SecretSummary) -> [String; 6] {
    let time = |time: &Option<chrono::DateTime<chrono::Utc>>| {
        time.map(|time| time.format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
    };
    let tags = secret.tags.iter().flatten().map(|tag| format!("{}={}", tag.key, tag.value));
    [
        secret.name.clone(),
        secret.secret_type.as_ref().map(ToString::to_string).unwrap_or_default(),
        time(&secret.create_time),
        time(&secret.update_time),
        time(&secret.planned_delete_time),
        tags.collect::<Vec<_>>().join(", "),
    ]
}

fn write_table(secrets: &[SecretSummary], with_tags: bool) -> io::Result<()> {
    let columns = if with_tags { COLUMNS.len() } else { COLUMNS.len() - 1 };
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY).set_header(&COLUMNS[..columns]);
    table.add_rows(secrets.iter().map(|secret| row(secret).into_iter().take(columns)));
    let mut out = io::stdout().lock();
    writeln!(out, "{table}")?;
    writeln!(out, "{} secrets", secrets.len())
}

fn write_json(secrets: &[SecretSummary]) -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, secrets)?;
    Ok(writeln!(out)?)
}

fn write_csv(secrets: &[SecretSummary]) -> Result<(), Box<dyn Error>> {
    let mut out = csv::Writer::from_writer(io::stdout().lock());
    out.write_record(COLUMNS)?;
    for secret in secrets {
        out.write_record(row(secret))?;
    }
    Ok(out.flush()?)
}
