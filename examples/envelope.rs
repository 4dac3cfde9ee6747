//! Implements the key management trait of a table format by KMS: keys are wrapped, unwrapped and
//! generated, as Apache Iceberg's `KeyManagementClient` has it.
//!
//! `cargo run --example envelope -- --emulator` needs no account: it uses a key of an embedded
//! emulator.

#[path = "command_line/account.rs"]
mod account;
#[path = "command_line/exit.rs"]
mod exit;
#[path = "command_line/usage.rs"]
mod usage;

use std::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;

use alibabacloud_kms::KmsClient;
use alibabacloud_kms::keys::{
    CiphertextBlob, CreateKeyRequest, DecryptRequest, EncryptRequest, GenerateDataKeyRequest,
};
use alibabacloud_kms::secrets::SecretBytes;
use clap::Parser;

use account::Account;

/// Keys of files, which a key of KMS encrypts.
trait KeyManagement {
    type Error;

    /// Encrypts a key.
    async fn wrap_key(&self, key: &SecretBytes, wrapping_key: &str)
    -> Result<Vec<u8>, Self::Error>;

    /// Decrypts a key.
    async fn unwrap_key(
        &self,
        wrapped_key: &[u8],
        wrapping_key: &str,
    ) -> Result<SecretBytes, Self::Error>;

    /// Generates a key, and returns it with its encrypted form.
    async fn generate_key(&self, wrapping_key: &str)
    -> Result<(SecretBytes, Vec<u8>), Self::Error>;
}

impl KeyManagement for KmsClient {
    type Error = Box<dyn Error>;

    async fn wrap_key(
        &self,
        key: &SecretBytes,
        wrapping_key: &str,
    ) -> Result<Vec<u8>, Self::Error> {
        let response = self.encrypt(EncryptRequest::new(wrapping_key, key)).await?;
        Ok(response.ciphertext_blob.into_bytes())
    }

    async fn unwrap_key(
        &self,
        wrapped_key: &[u8],
        wrapping_key: &str,
    ) -> Result<SecretBytes, Self::Error> {
        let response = self.decrypt(DecryptRequest::new(CiphertextBlob::from_bytes(wrapped_key)));
        let response = response.await?;
        // The ciphertext names its key, so that a key of another table would be decrypted too.
        if response.key_id != wrapping_key {
            return Err(format!("{} encrypted the key, not {wrapping_key}", response.key_id).into());
        }
        Ok(response.plaintext.to_bytes()?)
    }

    async fn generate_key(
        &self,
        wrapping_key: &str,
    ) -> Result<(SecretBytes, Vec<u8>), Self::Error> {
        let response = self.generate_data_key(GenerateDataKeyRequest::new(wrapping_key)).await?;
        Ok((response.plaintext, response.ciphertext_blob.into_bytes()))
    }
}

#[derive(Parser)]
#[command(about = "Wraps, unwraps and generates keys by a key of Alibaba Cloud KMS")]
struct Arguments {
    /// The id of a symmetric key [default with --emulator: a new key]
    #[arg(required_unless_present = "emulator")]
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
    let wrapping_key = match &arguments.key {
        Some(key) => key.clone(),
        None => client.create_key(CreateKeyRequest::new()).await?.key_metadata.key_id,
    };

    let (key, wrapped) = client.generate_key(&wrapping_key).await?;
    let unwrapped = client.unwrap_key(&wrapped, &wrapping_key).await?;
    if unwrapped.expose_secret() != key.expose_secret() {
        return Err("the unwrapped key is another one".into());
    }

    let wrapped_again = client.wrap_key(&key, &wrapping_key).await?;
    let (len, wrapped) = (key.expose_secret().len(), wrapped.len());
    let mut out = io::stdout();
    writeln!(out, "generated: a key of {len} bytes, {wrapped} wrapped")?;
    writeln!(out, "wrapped again: {} bytes", wrapped_again.len())?;
    Ok(())
}
