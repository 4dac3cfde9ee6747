//! Runs the emulator by itself, for programs in any language: `cargo run --example emulator -- --port 8080`.
//!
//! The first line on the standard output is its endpoint. Each request has a line on the standard error: the HTTP status, the
//! operation, the secret's name, the service's code and the request's id, and never a value. It runs until Ctrl-C.

use std::error::Error;
use std::fs;
use std::io::{Write as _, stderr, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault, RequestRecord};
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
    /// Refuse what goes beyond the service's quotas, such as 40 ListSecrets a second
    #[arg(long)]
    enforce_quotas: bool,
    /// Let a share of the requests go wrong, such as throttled=0.1; may be repeated. FAULT is throttled, unavailable (503),
    /// reset (before anything was done), lost-answer (after it was done) or hang
    #[arg(long = "fault", value_name = "FAULT=RATE", value_parser = fault_and_rate)]
    faults: Vec<(Fault, f64)>,
    /// Which requests --fault hits is drawn from this number
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    fault_seed: u64,
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

    let builder = Emulator::builder().port(options.port).access_key(&id, secret).secrets(secrets);
    let builder = if options.enforce_quotas { builder.enforce_quotas() } else { builder };
    let emulator = builder.on_request(log).start().await?;
    for ((fault, rate), seed) in options.faults.into_iter().zip(options.fault_seed..) {
        emulator.inject(fault.at_rate(rate, seed));
    }

    let endpoint = emulator.endpoint();
    let count = emulator.secret_names().len();
    let told = format!(
        "{endpoint}\n\
         Secrets: {count}; signatures 1.0 and ACS3-HMAC-SHA256; Ctrl-C stops it. To use it:\n  \
         export ALIBABA_CLOUD_ACCESS_KEY_ID={id}\n  \
         export ALIBABA_CLOUD_ACCESS_KEY_SECRET={shown_secret}\n  \
         cargo run --example list_secrets -- --endpoint {endpoint}\n"
    );
    // At once, since who only wants the endpoint reads no further; and it answers also where nobody reads that.
    let _ = stdout().write_all(told.as_bytes());

    tokio::signal::ctrl_c().await?;
    Ok(())
}

fn log(request: &RequestRecord) {
    let RequestRecord { action, secret_name, status, code, request_id, .. } = request;
    let status = status.map_or("no answer".to_owned(), |status| status.to_string());
    let secret = secret_name.as_ref().map_or("-".to_owned(), |name| format!("{name:?}"));
    let code = code.as_deref().unwrap_or("-");
    let injected = if request.faulty { " (injected)" } else { "" };
    // Nobody may be reading it.
    let _ = writeln!(stderr(), "{status} {action} {secret} {code} {request_id}{injected}");
}

fn fault_and_rate(text: &str) -> Result<(Fault, f64), String> {
    let (fault, rate) = text.split_once('=').ok_or("a fault and its rate are FAULT=RATE")?;
    let fault = match fault {
        "throttled" => Fault::throttled(),
        "unavailable" => Fault::error(503, "ServiceUnavailableTemporary"),
        "reset" => Fault::ResetBeforeResponse,
        "lost-answer" => Fault::LostResponse,
        "hang" => Fault::Hang,
        _ => return Err("known are throttled, unavailable, reset, lost-answer and hang".into()),
    };
    match rate.parse() {
        Ok(rate) if (0.0..=1.0).contains(&rate) => Ok((fault, rate)),
        _ => Err("a rate is between 0 and 1".into()),
    }
}

fn read_seed(path: &Path) -> Result<Vec<EmulatedSecret>, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}
