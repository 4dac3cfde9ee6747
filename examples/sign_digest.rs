//! Signs the digest of a file, and verifies the signature without KMS, by the public key.
//!
//! `cargo run --example sign_digest -- --emulator` needs no account: it signs with a key of an
//! embedded emulator.

#[path = "command_line/account.rs"]
mod account;
#[path = "command_line/exit.rs"]
mod exit;
#[path = "command_line/usage.rs"]
mod usage;

use std::error::Error;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use alibabacloud_kms::KmsClient;
use alibabacloud_kms::keys::{
    AsymmetricSignRequest, CreateKeyRequest, GetPublicKeyRequest, KeySpec, KeyUsage, Signature,
    SigningAlgorithm,
};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use clap::Parser;

use account::Account;

#[derive(Parser)]
#[command(about = "Signs a file by a key of Alibaba Cloud KMS, and verifies the signature locally")]
struct Arguments {
    /// The file to sign [default with --emulator: a sample]
    #[arg(required_unless_present = "emulator")]
    file: Option<PathBuf>,
    /// The id, alias or ARN of a key of the type EC_P256 [default with --emulator: a new key]
    #[arg(long, required_unless_present = "emulator")]
    key: Option<String>,
    #[command(flatten)]
    account: Account,
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

async fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let emulator = arguments.account.emulator([]).await?;
    let client = arguments.account.builder(emulator.as_ref()).build()?;
    let key = match &arguments.key {
        Some(key) => key.clone(),
        None => new_key(&client).await?,
    };
    let message = match &arguments.file {
        Some(file) => {
            std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?
        }
        None => b"a message".to_vec(),
    };
    // An asymmetric key has no primary version. Store the id of the one that signed.
    let versions = client.list_key_versions(&key).await?.versions;
    let version = &versions.first().ok_or("the key has no version")?.key_version_id;

    let signature = sign(&client, &key, version, &message).await?;
    let mut out = io::stdout();
    writeln!(out, "{signature}")?;

    let public_key = client.get_public_key(GetPublicKeyRequest::new(&key, version)).await?;
    verify(&public_key.public_key_der()?, &message, &signature)?;
    writeln!(out, "the signature is that of version {version} of {key}")?;
    Ok(())
}

async fn new_key(client: &KmsClient) -> alibabacloud_kms::Result<String> {
    let request = CreateKeyRequest::new()
        .key_spec(KeySpec::EcP256)
        .key_usage(KeyUsage::SignVerify)
        .instance_id("kst-fake");
    Ok(client.create_key(request).await?.key_metadata.key_id)
}

async fn sign(
    client: &KmsClient,
    key: &str,
    version: &str,
    message: &[u8],
) -> Result<Signature, Box<dyn Error>> {
    let algorithm = SigningAlgorithm::EcdsaSha256;
    let digest = algorithm.digest(message).ok_or("the algorithm has no digest of its own")?;
    let request = AsymmetricSignRequest::new(key, version, algorithm, digest);
    Ok(client.asymmetric_sign(request).await?.signature)
}

/// Verifies a signature without a call: the public key of a version never changes.
fn verify(
    public_key_der: &[u8],
    message: &[u8],
    signature: &Signature,
) -> Result<(), &'static str> {
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, public_key_der)
        .verify(message, signature.as_bytes())
        .map_err(|_| "the signature is not that of this key and file")
}
