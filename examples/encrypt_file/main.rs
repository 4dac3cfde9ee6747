//! Encrypts a file and decrypts it again. A small file is encrypted by KMS; a larger one under a
//! data key, which is stored encrypted at the start of the file and wiped from memory after use.
//!
//! `cargo run --example encrypt_file -- --emulator` needs no account: it encrypts a sample with a
//! key of an embedded emulator.

#[path = "../command_line/account.rs"]
mod account;
mod chunks;
#[path = "../command_line/exit.rs"]
mod exit;
#[path = "../command_line/usage.rs"]
mod usage;

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use alibabacloud_kms::KmsClient;
use alibabacloud_kms::keys::{
    CiphertextBlob, CreateKeyRequest, DecryptRequest, EncryptRequest, EncryptionContext,
    GenerateDataKeyRequest, Plaintext,
};
use clap::Parser;

use account::Account;

/// The first byte of a file that KMS encrypted as a whole.
const BY_KMS: u8 = 0;
/// The first byte of a file that is encrypted under a data key. Its encrypted data key follows,
/// after its length in two bytes.
const UNDER_A_DATA_KEY: u8 = 1;

#[derive(Parser)]
#[command(about = "Encrypts a file by a key of Alibaba Cloud KMS, and decrypts it again")]
struct Arguments {
    /// The file to encrypt [default with --emulator: a sample of 3 MB in the temporary folder]
    #[arg(required_unless_present = "emulator")]
    file: Option<PathBuf>,
    /// The id, alias or ARN of a symmetric key [default with --emulator: a new key]
    #[arg(long, required_unless_present_any = ["emulator", "decrypt"])]
    key: Option<String>,
    /// Only decrypt FILE, which this program encrypted; it names its key
    #[arg(long, requires = "file")]
    decrypt: bool,
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
    let file = match &arguments.file {
        Some(file) => file.clone(),
        None => sample()?,
    };
    let encrypted = with_suffix(&file, "encrypted");
    let decrypted = with_suffix(&file, "decrypted");

    if arguments.decrypt {
        decrypt(&client, &file, &decrypted).await?;
    } else {
        let key = match &arguments.key {
            Some(key) => key.clone(),
            None => client.create_key(CreateKeyRequest::new()).await?.key_metadata.key_id,
        };
        encrypt(&client, &key, &file, &encrypted).await?;
        writeln!(io::stdout(), "{} is encrypted", encrypted.display())?;
        decrypt(&client, &encrypted, &decrypted).await?;
    }
    Ok(writeln!(io::stdout(), "{} is decrypted", decrypted.display())?)
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

fn sample() -> io::Result<PathBuf> {
    let file = std::env::temp_dir().join(format!("encrypt-file-{}.txt", std::process::id()));
    fs::write(&file, "fake line\n".repeat(300_000))?;
    Ok(file)
}

/// Returns the context that encryption and decryption share: a renamed file keeps it.
fn context() -> EncryptionContext {
    [("purpose", "the example encrypt_file")].into()
}

async fn encrypt(
    client: &KmsClient,
    key: &str,
    from: &Path,
    to: &Path,
) -> Result<(), Box<dyn Error>> {
    let file = File::open(from).map_err(at(from))?;
    if file.metadata().map_err(at(from))?.len() <= Plaintext::MAX_BYTES as u64 {
        let plaintext = fs::read(from).map_err(at(from))?;
        let request = EncryptRequest::new(key, plaintext).encryption_context(context());
        let blob = client.encrypt(request).await?.ciphertext_blob;
        fs::write(to, [&[BY_KMS], blob.as_bytes()].concat()).map_err(at(to))?;
    } else {
        let request = GenerateDataKeyRequest::new(key).encryption_context(context());
        let data_key = client.generate_data_key(request).await?;
        let blob = data_key.ciphertext_blob.as_bytes();
        let mut out = BufWriter::new(File::create(to).map_err(at(to))?);
        out.write_all(&[UNDER_A_DATA_KEY])?;
        out.write_all(&u16::try_from(blob.len())?.to_be_bytes())?;
        out.write_all(blob)?;
        chunks::seal(data_key.plaintext.expose_secret(), file, &mut out)?;
        out.flush()?;
        // The data key is dropped here, which wipes it.
    }
    Ok(())
}

async fn decrypt(client: &KmsClient, from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    let mut encrypted = BufReader::new(File::open(from).map_err(at(from))?);
    let (kind, blob) = header(&mut encrypted).map_err(at(from))?;
    let request =
        DecryptRequest::new(CiphertextBlob::from_bytes(blob)).encryption_context(context());
    let plaintext = client.decrypt(request).await?.plaintext.to_bytes()?;
    // Nothing is at its place before all of it is verified, and nothing is left if it is not.
    let unverified = with_suffix(to, "part");
    let mut out = BufWriter::new(File::create(&unverified).map_err(at(&unverified))?);
    let written = if kind == UNDER_A_DATA_KEY {
        chunks::open(plaintext.expose_secret(), encrypted, &mut out)
    } else {
        out.write_all(plaintext.expose_secret()).map_err(Into::into)
    };
    match written.and_then(|()| Ok(out.flush()?)) {
        Ok(()) => Ok(fs::rename(unverified, to).map_err(at(to))?),
        Err(error) => {
            fs::remove_file(unverified)?;
            Err(error)
        }
    }
}

/// Returns what names a file in its error.
fn at(file: &Path) -> impl Fn(io::Error) -> String {
    move |error| format!("{}: {error}", file.display())
}

/// Reads how a file was encrypted, and the ciphertext at its start that KMS decrypts.
fn header(encrypted: &mut impl Read) -> io::Result<(u8, Vec<u8>)> {
    let mut kind = [0];
    encrypted.read_exact(&mut kind)?;
    let mut blob = Vec::new();
    match kind {
        [BY_KMS] => drop(encrypted.read_to_end(&mut blob)?),
        [UNDER_A_DATA_KEY] => {
            let mut len = [0; 2];
            encrypted.read_exact(&mut len)?;
            blob.resize(u16::from_be_bytes(len).into(), 0);
            encrypted.read_exact(&mut blob)?;
        }
        _ => return Err(io::Error::other("this program did not encrypt the file")),
    }
    Ok((kind[0], blob))
}
