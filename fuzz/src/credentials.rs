//! Files that providers of credentials read.

use std::path::{Path, PathBuf};
use std::{env, fs, process};

use alibabacloud_kms::credentials::ProvideCredentials;
use alibabacloud_kms::secrets::ListSecretsRequest;
use alibabacloud_kms::transport::HttpResponse;
use alibabacloud_kms::{Error, ErrorKind};

use crate::{client, runtime};

/// A file with the fuzzer's bytes, removed on drop.
pub struct CredentialsFile(PathBuf);

impl CredentialsFile {
    /// Writes the file, in memory where the system has such a folder.
    pub fn new(bytes: &[u8]) -> Self {
        let memory = Path::new("/dev/shm");
        let folder = if memory.exists() { memory.to_owned() } else { env::temp_dir() };
        let path = folder.join(format!("kms-fuzz-{}", process::id()));
        fs::write(&path, bytes).expect("a file can be written");
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Calls with a provider that reads the file. `respond` is STS and KMS at once: its body is the
    /// same for both, and contains no credentials that STS would issue.
    pub fn call(&self, provider: impl ProvideCredentials) -> Result<(), Error> {
        let client = client(|_| HttpResponse::new(200, br#"{"TotalCount":0}"#))
            .region("cn-hangzhou")
            .credentials_provider(provider)
            .build()
            .expect("the settings are valid");
        let result = runtime().block_on(client.list_secrets(ListSecretsRequest::new()));
        match result {
            Ok(_) => Ok(()),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Credentials, "{error}");
                assert!(!error.to_string().contains(char::is_control), "{error:?}");
                Err(error)
            }
        }
    }
}

impl Drop for CredentialsFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Forbids the programs that a profile could name: the fuzzer would run whatever it makes up.
pub fn disable_external_programs() {
    // SAFETY: called before the first run, when the process has no other thread.
    unsafe { env::set_var("ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS", "true") };
}
