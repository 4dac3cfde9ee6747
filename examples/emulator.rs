//! Runs the emulator by itself, for programs in any language: `cargo run --example emulator -- --port 8080`.
//!
//! The first line it prints is its endpoint. It runs until Ctrl-C.

use std::error::Error;
use std::fs;
use std::io::{Write as _, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
use clap::Parser;

/// Answers on a loopback port as the secrets of Alibaba Cloud KMS do.
#[derive(Parser)]
struct Options {
    /// Port of 127.0.0.1 to listen on; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Id of the access key that it accepts [default: a made-up key, printed]
    #[arg(long, requires = "access_key_secret")]
    access_key_id: Option<String>,
    /// Secret of that access key
    #[arg(long, requires = "access_key_id")]
    access_key_secret: Option<String>,
    /// JSON file with an array of secrets: SecretName, SecretType, Description, CreateTime, Tags, Versions, ...
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,
}

/// Made up, so it may be shown.
const DEFAULT_KEY: (&str, &str) = ("fake-key-id", "fake-key-secret");

#[tokio::main]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let secrets = options.seed.as_deref().map(read_seed).transpose()?.unwrap_or_default();
    let key = options.access_key_id.zip(options.access_key_secret);
    let shown_secret = if key.is_some() { "(the one you gave)" } else { DEFAULT_KEY.1 };
    let (id, secret) = key.unwrap_or_else(|| (DEFAULT_KEY.0.into(), DEFAULT_KEY.1.into()));

    let emulator = Emulator::builder()
        .port(options.port)
        .access_key(&id, secret)
        .secrets(secrets)
        .start()
        .await?;

    let endpoint = emulator.endpoint();
    println!("{endpoint}");
    println!(
        "{} secrets; signatures 1.0 and ACS3-HMAC-SHA256; Ctrl-C stops it. To use it:",
        emulator.secret_names().len()
    );
    println!("  export ALIBABA_CLOUD_ACCESS_KEY_ID={id}");
    println!("  export ALIBABA_CLOUD_ACCESS_KEY_SECRET={shown_secret}");
    println!("  cargo run --example list_secrets -- --endpoint {endpoint}");
    // Whoever reads the endpoint through a pipe waits for it.
    stdout().flush()?;

    tokio::signal::ctrl_c().await?;
    Ok(())
}

fn read_seed(path: &Path) -> Result<Vec<EmulatedSecret>, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}
