//! Manages a secret: `create`, `put`, `stage`, `describe`, `tag`, `delete`, `restore`.
//!
//! A value is read from standard input or a file, never from the command line, where other users
//! and the shell's history would see it:
//! `printf %s "$PASSWORD" | cargo run --example manage_secret -- create prod/db`. No value is
//! printed.
//!
//! `cargo run --example manage_secret -- --emulator` needs no account: it runs every command in an
//! embedded emulator.

#[path = "command_line/account.rs"]
mod account;
#[path = "command_line/exit.rs"]
mod exit;
#[path = "command_line/usage.rs"]
mod usage;

use std::error::Error;
use std::fs;
use std::io::{self, IsTerminal as _, Read as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use alibabacloud_kms::KmsClient;
use alibabacloud_kms::secrets::{
    CreateSecretRequest, DeleteSecretRequest, DescribeSecretRequest, PutSecretValueRequest,
    RestoreSecretRequest, SecretValue, VersionStage,
};
use alibabacloud_kms::tags::{Tag, TagResourceRequest, TagTarget, UntagResourceRequest};
use alibabacloud_kms::zeroize::Zeroizing;
use chrono::Utc;
use clap::{Args, Parser, Subcommand};

use account::Account;

#[derive(Parser)]
#[command(about = "Creates, changes and deletes secrets of Alibaba Cloud KMS; never prints values")]
struct Arguments {
    #[command(flatten)]
    account: Account,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Create a secret, a Generic one unless it is like another
    Create {
        /// The name of the secret
        name: String,
        #[command(flatten)]
        version: Version,
        /// Copy the type, key, instance, tags and settings of this secret
        #[arg(long, value_name = "SECRET")]
        like: Option<String>,
        /// A description
        #[arg(long, value_name = "TEXT")]
        description: Option<String>,
        /// A tag to set; may be repeated
        #[arg(long, value_name = "KEY=VALUE", value_parser = tag)]
        tag: Vec<Tag>,
        /// The KMS instance that stores the secret, which some accounts require
        #[arg(long, value_name = "ID")]
        instance_id: Option<String>,
        /// The key that encrypts the secret
        #[arg(long, value_name = "ID")]
        key_id: Option<String>,
    },
    /// Put a new value, which becomes the current one
    Put {
        /// The name or ARN of the secret
        name: String,
        #[command(flatten)]
        version: Version,
        /// Mark the new value with this stage, and keep the current one
        #[arg(long, value_name = "STAGE")]
        stage: Option<String>,
    },
    /// Move stages to versions, such as ACSCurrent=v1 to go back to v1
    Stage {
        /// The name or ARN of the secret
        name: String,
        /// Each stage, and the id of the version that gets it
        #[arg(required = true, value_name = "STAGE=ID", value_parser = stage_and_version)]
        targets: Vec<(VersionStage, String)>,
    },
    /// Print a secret's metadata as JSON
    Describe {
        /// The name or ARN of the secret
        name: String,
    },
    /// Set and remove tags
    #[command(override_usage = "manage_secret tag [OPTIONS] <NAME> <KEY=VALUE | --remove KEY>...")]
    Tag {
        /// The name of the secret
        name: String,
        /// Tags to set
        #[arg(value_name = "KEY=VALUE", value_parser = tag, required_unless_present = "remove")]
        tags: Vec<Tag>,
        /// The key of a tag to remove; may be repeated
        #[arg(long, value_name = "KEY")]
        remove: Vec<String>,
    },
    /// Schedule a secret's deletion
    Delete {
        /// The name or ARN of the secret
        name: String,
        /// For how many days it can be restored, 7 to 30
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(7..=30))]
        days: u32,
        /// Delete it immediately, without a recovery window
        #[arg(long, conflicts_with = "days")]
        without_recovery: bool,
    },
    /// Cancel a scheduled deletion
    Restore {
        /// The name or ARN of the secret
        name: String,
    },
}

#[derive(Args)]
struct Version {
    /// The id of the version, which makes the command safe to repeat [default: the current time]
    #[arg(
        long = "version-id",
        value_name = "ID",
        default_value_t = time(),
        hide_default_value = true
    )]
    id: String,
    /// Read the value from this file in place of standard input
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

fn time() -> String {
    Utc::now().format("%Y%m%dT%H%M%SZ").to_string()
}

fn tag(text: &str) -> Result<Tag, String> {
    let (key, value) = text.split_once('=').ok_or("a tag is KEY=VALUE")?;
    Ok(Tag::new(key, value))
}

fn stage_and_version(text: &str) -> Result<(VersionStage, String), String> {
    let (stage, version) = text.split_once('=').ok_or("write it as STAGE=ID")?;
    Ok((stage.into(), version.to_owned()))
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { account, command } = match usage::arguments() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    match (&command, account.emulator) {
        (None, false) => {
            return usage::wrong(
                "a command is missing: --help lists them, --emulator runs them all",
            );
        }
        (Some(_), true) => {
            return usage::wrong("--emulator runs all commands: leave the command out");
        }
        _ => {}
    }
    match run(&account, command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => exit::failure(error.as_ref(), account.hint(error.as_ref())),
    }
}

async fn run(account: &Account, command: Option<Command>) -> Result<(), Box<dyn Error>> {
    let emulator = account.emulator([]).await?;
    let client = account.builder(emulator.as_ref()).build()?;
    match command {
        None => demonstrate(&client).await,
        Some(command) => execute(&client, command, |version| read(version.file.as_ref())).await,
    }
}

/// Reads the value from a file or from standard input: a text if it is UTF-8, else binary.
fn read(file: Option<&PathBuf>) -> Result<SecretValue, Box<dyn Error>> {
    let bytes = match file {
        Some(path) => fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?,
        None if io::stdin().is_terminal() => {
            return Err(no_value("a value must come through a pipe or from a --file, unseen"));
        }
        None => {
            let mut bytes = Vec::new();
            io::stdin().read_to_end(&mut bytes)?;
            bytes
        }
    };
    if bytes.is_empty() {
        return Err(no_value("the value is empty: pipe it in or name a --file"));
    }
    if bytes.ends_with(b"\n") {
        writeln!(io::stderr(), "note: the line feed at the end is part of the value")?;
    }
    Ok(match String::from_utf8(bytes) {
        Ok(text) => SecretValue::text(text),
        Err(error) => SecretValue::binary(&Zeroizing::new(error.into_bytes())),
    })
}

fn no_value(problem: &str) -> Box<dyn Error> {
    io::Error::new(io::ErrorKind::InvalidInput, problem).into()
}

async fn execute(
    client: &KmsClient,
    command: Command,
    value: impl Fn(&Version) -> Result<SecretValue, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout();
    match command {
        Command::Create { name, version, like, description, tag, instance_id, key_id } => {
            let value = value(&version)?;
            let mut request = match like {
                Some(like) => {
                    let like = DescribeSecretRequest::new(like).fetch_tags(true);
                    CreateSecretRequest::like(&client.describe_secret(like).await?, name, value)
                }
                None => CreateSecretRequest::new(name, value),
            };
            request = request.version_id(&version.id).tags(tag);
            if let Some(description) = description {
                request = request.description(description);
            }
            if let Some(instance_id) = instance_id {
                request = request.instance_id(instance_id);
            }
            if let Some(key_id) = key_id {
                request = request.encryption_key_id(key_id);
            }
            let created = client.create_secret(request).await?;
            writeln!(out, "created {} with version {}", created.secret_name, created.version_id)?;
        }
        Command::Put { name, version, stage } => {
            let mut request =
                PutSecretValueRequest::new(name, value(&version)?).version_id(&version.id);
            if let Some(stage) = stage {
                request = request.version_stage(stage);
            }
            let put = client.put_secret_value(request).await?;
            let stages: Vec<_> = put.version_stages.iter().map(ToString::to_string).collect();
            let (name, version) = (put.secret_name, put.version_id);
            writeln!(out, "{name} has version {version} ({})", stages.join(", "))?;
        }
        Command::Stage { name, targets } => {
            let moved = client.move_secret_version_stages(&name, targets).await?;
            let stages: Vec<_> = moved.iter().map(ToString::to_string).collect();
            writeln!(out, "{name}: {} moved ({})", stages.len(), stages.join(", "))?;
        }
        Command::Describe { name } => {
            let request = DescribeSecretRequest::new(name).fetch_tags(true);
            let secret = client.describe_secret(request).await?;
            writeln!(out, "{}", serde_json::to_string_pretty(&secret)?)?;
        }
        Command::Tag { name, tags, remove } => change_tags(client, name, tags, remove).await?,
        Command::Delete { name, days, without_recovery } => {
            let request = if without_recovery {
                DeleteSecretRequest::without_recovery(name)
            } else {
                DeleteSecretRequest::new(name).recovery_window_in_days(days)
            };
            let deleted = client.delete_secret(request).await?;
            let name = deleted.secret_name;
            match deleted.planned_delete_time.filter(|_| !without_recovery) {
                Some(time) => writeln!(out, "{name} will be deleted at {time}")?,
                None => writeln!(out, "{name} is deleted")?,
            }
        }
        Command::Restore { name } => {
            let restored = client.restore_secret(RestoreSecretRequest::new(name)).await?;
            writeln!(out, "{} is restored", restored.secret_name)?;
        }
    }
    Ok(())
}

async fn change_tags(
    client: &KmsClient,
    name: String,
    tags: Vec<Tag>,
    remove: Vec<String>,
) -> Result<(), Box<dyn Error>> {
    let target = TagTarget::secret(&name);
    let (set, removed) = (tags.len(), remove.len());
    if !tags.is_empty() {
        client.tag_resource(TagResourceRequest::new(target.clone(), tags)).await?;
    }
    if !remove.is_empty() {
        client.untag_resource(UntagResourceRequest::new(target, remove)).await?;
    }
    Ok(writeln!(io::stdout(), "{name}: {set} tags set, {removed} removed")?)
}

/// Runs each command, with made-up values.
async fn demonstrate(client: &KmsClient) -> Result<(), Box<dyn Error>> {
    for line in [
        "create prod/db --version-id v1 --tag team=core",
        "put prod/db --version-id v2",
        "stage prod/db ACSCurrent=v1",
        "create prod/db-2 --version-id v1 --like prod/db",
        "tag prod/db env=prod owner=fake-owner --remove team",
        "describe prod/db",
        "delete prod/db --days 7",
        "restore prod/db",
        "delete prod/db --without-recovery",
    ] {
        writeln!(io::stdout(), "$ manage_secret {line}")?;
        let words = ["manage_secret"].into_iter().chain(line.split(' '));
        if let Some(command) = Arguments::try_parse_from(words)?.command {
            let value = |version: &Version| Ok(SecretValue::text(format!("fake-{}", version.id)));
            execute(client, command, value).await?;
        }
    }
    Ok(())
}
