//! Runs the emulator for programs in any language: `cargo run --example emulator -- --port 8080`.
//!
//! The first line on standard output is its endpoint. Each request has a line on standard error:
//! the HTTP status, the operation, the secret's name, the service's code and the request id, and
//! never a value. It runs until Ctrl-C.

#[path = "command_line/exit.rs"]
mod exit;
#[path = "command_line/usage.rs"]
mod usage;

use std::error::Error;
use std::fs;
use std::io::{Write as _, stderr, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault, RequestRecord};
use clap::Parser;

/// Emulates the secrets and keys of Alibaba Cloud KMS on a loopback port
#[derive(Parser)]
struct Options {
    /// Port of 127.0.0.1 to listen on; 0 chooses a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Id of the access key to accept [default: a fake one, which is printed]
    #[arg(long, requires = "access_key_secret")]
    access_key_id: Option<String>,
    /// Secret of that access key
    #[arg(long, requires = "access_key_id")]
    access_key_secret: Option<String>,
    /// JSON file with an array of secrets: SecretName, SecretType, Description, Tags, Versions, ...
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,
    /// Reject requests over the service's quotas, such as 40 ListSecrets a second
    #[arg(long)]
    enforce_quotas: bool,
    /// Make a share of the requests fail, such as throttled=0.1; may be repeated. FAULT is
    /// throttled, unavailable (503), reset (not executed), lost-response (executed) or hang
    #[arg(long = "fault", value_name = "FAULT=RATE", value_parser = fault_and_rate)]
    faults: Vec<(Fault, f64)>,
    /// Seed for drawing the requests that --fault applies to
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    fault_seed: u64,
}

/// It is fake, so it may be printed.
const DEFAULT_ACCESS_KEY: (&str, &str) = ("fake-key-id", "fake-key-secret");

#[tokio::main]
async fn main() -> ExitCode {
    let options = match usage::arguments() {
        Ok(options) => options,
        Err(code) => return code,
    };
    match run(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => exit::failure(error.as_ref(), None),
    }
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let secrets = options.seed.as_deref().map(read_seed).transpose()?.unwrap_or_default();
    let access_key = options.access_key_id.zip(options.access_key_secret);
    let shown_secret = if access_key.is_some() { "(as given)" } else { DEFAULT_ACCESS_KEY.1 };
    let (id, secret) =
        access_key.unwrap_or_else(|| (DEFAULT_ACCESS_KEY.0.into(), DEFAULT_ACCESS_KEY.1.into()));

    let builder = Emulator::builder().port(options.port).access_key(&id, secret).secrets(secrets);
    let builder = if options.enforce_quotas { builder.enforce_quotas() } else { builder };
    let emulator = builder.on_request(log).start().await?;
    for ((fault, rate), number) in options.faults.into_iter().zip(0..) {
        emulator.inject(fault.at_rate(rate, options.fault_seed.wrapping_add(number)));
    }

    let endpoint = emulator.endpoint();
    let count = emulator.secret_names().len();
    let banner = format!(
        "{endpoint}\n\
         Secrets: {count}; signatures 1.0 and ACS3-HMAC-SHA256; Ctrl-C stops it.\n\
         To use it, set the client's endpoint to {endpoint} and its access key:\n  \
         export ALIBABA_CLOUD_ACCESS_KEY_ID={id}\n  \
         export ALIBABA_CLOUD_ACCESS_KEY_SECRET={shown_secret}\n\
         In a checkout of this crate, for example:\n  \
         cargo run --example list_secrets -- --endpoint {endpoint}\n"
    );
    // In one write: a program that reads only the first line closes the pipe after it. The emulator
    // runs whether or not anyone reads the output.
    let _ = stdout().write_all(banner.as_bytes());

    tokio::signal::ctrl_c().await?;
    Ok(())
}

fn log(request: &RequestRecord) {
    let RequestRecord { action, secret_name, status, code, request_id, .. } = request;
    let status = status.map_or("no response".to_owned(), |status| status.to_string());
    // A request may name anything, line feeds and control characters included.
    let action = action.escape_debug();
    let secret = secret_name.as_ref().map_or("-".to_owned(), |name| format!("{name:?}"));
    let code = code.as_deref().unwrap_or("-");
    let injected = if request.faulty { " (injected)" } else { "" };
    // Standard error may be closed.
    let _ = writeln!(stderr(), "{status} {action} {secret} {code} {request_id}{injected}");
}

fn fault_and_rate(text: &str) -> Result<(Fault, f64), String> {
    let (fault, rate) =
        text.split_once('=').ok_or("write it as FAULT=RATE, such as throttled=0.1")?;
    let fault = match fault {
        "throttled" => Fault::throttled(),
        "unavailable" => Fault::error(503, "ServiceUnavailableTemporary"),
        "reset" => Fault::ResetBeforeResponse,
        "lost-response" => Fault::LostResponse,
        "hang" => Fault::Hang,
        _ => {
            return Err("FAULT must be throttled, unavailable, reset, lost-response or hang".into());
        }
    };
    match rate.parse() {
        Ok(rate) if (0.0..=1.0).contains(&rate) => Ok((fault, rate)),
        _ => Err("RATE must be 0 to 1".into()),
    }
}

fn read_seed(path: &Path) -> Result<Vec<EmulatedSecret>, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}
