//! Reads a secret: tells what was read on the standard error, and only with `--show` the value itself, alone on the standard
//! output.
//!
//! `cargo run --example get_secret_value -- --emulator --show` needs no account: it reads from an embedded emulator.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
use alibabacloud_kms::{
    ErrorKind, GetSecretValueRequest, GetSecretValueResponse, KmsClient, SecretValue,
};
use clap::Parser;

/// The secret that the emulator has.
const SAMPLE: &str = "prod/db";

#[derive(Parser)]
#[command(about = "Reads a secret of Alibaba Cloud KMS, and shows its value only when asked to")]
struct Arguments {
    /// The name or ARN of the secret [default with --emulator: prod/db]
    #[arg(required_unless_present = "emulator")]
    name: Option<String>,
    /// The region, such as cn-hangzhou
    #[arg(long, env = "ALIBABA_CLOUD_REGION_ID")]
    region: Option<String>,
    /// A URL to call in place of the region's public host
    #[arg(long)]
    endpoint: Option<String>,
    /// The version with this label in place of the current one, such as ACSPrevious
    #[arg(long, value_name = "LABEL", conflicts_with = "version_id")]
    stage: Option<String>,
    /// The version with this id in place of the current one
    #[arg(long, value_name = "ID")]
    version_id: Option<String>,
    /// Print the value
    #[arg(long)]
    show: bool,
    /// Read from an embedded emulator, which has two versions of prod/db
    #[arg(long, conflicts_with = "endpoint")]
    emulator: bool,
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
    let secret = if arguments.emulator {
        let emulator = emulator().await?;
        emulator.client()?.get_secret_value(arguments.request()).await?
    } else {
        arguments.client()?.get_secret_value(arguments.request()).await?
    };
    describe(&secret);
    if arguments.show {
        show(&secret.value)?;
    }
    Ok(())
}

async fn emulator() -> io::Result<Emulator> {
    let values = ["fake-first", "fake-second"];
    let login = |password| format!(r#"{{"user":"app","password":"{password}"}}"#);
    let values = values.map(|password| SecretValue::text(login(password)));
    let secret = values.into_iter().fold(EmulatedSecret::new(SAMPLE), EmulatedSecret::value);
    Emulator::builder().secrets([secret]).start().await
}

fn describe(secret: &GetSecretValueResponse) {
    let stages: Vec<_> = secret.version_stages.iter().map(ToString::to_string).collect();
    eprintln!("secret    {}", secret.secret_name);
    eprintln!("version   {} ({})", secret.version_id, stages.join(", "));
    if let Some(secret_type) = &secret.secret_type {
        eprintln!("type      {secret_type}");
    }
    if let Some(time) = secret.create_time {
        eprintln!("created   {}", time.format("%Y-%m-%d %H:%M"));
    }
    if let Some(time) = secret.last_rotation_date {
        eprintln!("rotated   {}", time.format("%Y-%m-%d %H:%M"));
    }
    eprintln!("value     {}, {} bytes", secret.value.data_type(), secret.value.expose().len());
}

/// The text as it is; a line feed follows on a terminal alone, so that a file gets the value and nothing else.
fn show(value: &SecretValue) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(value.expose().as_bytes())?;
    if io::IsTerminal::is_terminal(&out) {
        writeln!(out)?;
    }
    out.flush()
}
