//! A web service whose database credentials are a secret: it reads them through the cache, builds a
//! new pool of connections for each version, and keeps serving while KMS cannot be reached.
//!
//! `cargo run --example web_service -- --emulator` needs no account. The database is a stand-in;
//! with a real one `Pool` is that of `sqlx` or `deadpool`.

#[path = "../command_line/account.rs"]
mod account;
mod database;
#[path = "../command_line/exit.rs"]
mod exit;
mod service;
#[cfg(test)]
mod tests;
#[path = "../command_line/usage.rs"]
mod usage;

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::process::ExitCode;

use alibabacloud_kms::cache::SecretCache;
use alibabacloud_kms::emulator::EmulatedSecret;
use alibabacloud_kms::secrets::SecretValue;
use clap::Parser;
use tokio::net::TcpListener;

use account::Account;
use database::Database;
use service::{Failure, Service};

#[derive(Parser)]
#[command(
    about = "Serves users from a database whose credentials are a secret of Alibaba Cloud KMS"
)]
struct Arguments {
    #[command(flatten)]
    account: Account,
    /// The name or ARN of the secret with the credentials of the database
    #[arg(long, default_value = "prod/db")]
    secret: String,
    /// The address to listen on
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
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

async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let emulator = arguments.account.emulator([sample(&arguments.secret)]).await?;
    let client = arguments.account.builder(emulator.as_ref()).build()?;
    let cache = SecretCache::builder(client).build()?;
    let database = Database::accepting("fake-password");

    let service = Service::start(cache, &arguments.secret, database).await?;
    let listener = TcpListener::bind(arguments.listen).await;
    let listener = listener.map_err(|error| format!("{}: {error}", arguments.listen))?;
    let address = listener.local_addr()?;
    // The service runs whether or not anyone reads the output.
    let _ = writeln!(io::stdout(), "listening on http://{address}, try /users/1 and /health");
    let stopped = async { drop(tokio::signal::ctrl_c().await) };
    axum::serve(listener, service.router()).with_graceful_shutdown(stopped).await?;
    Ok(())
}

/// The secret that the emulator has.
fn sample(name: &str) -> EmulatedSecret {
    EmulatedSecret::new(name)
        .value(SecretValue::text(r#"{"user":"app","password":"fake-password"}"#))
}
