//! Files of secrets from the emulator.

use std::fs;
use std::path::Path;
use std::time::Duration;

use alibabacloud_kms::emulator::{Emulator, Fault};
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::secrets::{PutSecretValueRequest, SecretValue};

use super::*;

/// A directory of this test run that is removed in the end.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("secret-files-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        Self(path)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn arguments(directory: &Directory, names: &[&str]) -> Arguments {
    let directory = directory.0.to_str().unwrap();
    let options = ["secret_files", "--directory", directory];
    Arguments::parse_from(options.iter().chain(names))
}

async fn emulator() -> (Emulator, SecretCache) {
    let binary = EmulatedSecret::new("prod/key").value(SecretValue::binary(&[0, 159, 146, 150]));
    let secrets = [EmulatedSecret::new("prod/db"), binary];
    let emulator = Emulator::builder().secrets(secrets).start().await.unwrap();
    let builder = emulator.client_builder().retry_policy(RetryPolicy::disabled());
    let cache = SecretCache::builder(builder.build().unwrap()).build().unwrap();
    (emulator, cache)
}

#[tokio::test]
async fn text_and_bytes_are_written_for_their_owner_only() {
    let directory = Directory::new("text_and_bytes");
    let (_emulator, cache) = emulator().await;
    write_all(&cache, &arguments(&directory, &["prod/db", "prod/key"])).await.unwrap();
    assert_eq!(fs::read(directory.0.join("prod/db")).unwrap(), b"emulated-value");
    assert_eq!(fs::read(directory.0.join("prod/key")).unwrap(), [0, 159, 146, 150]);
    #[cfg(unix)]
    for name in ["prod/db", "prod/key"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(directory.0.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    assert_eq!(fs::read_dir(directory.0.join("prod")).unwrap().count(), 2, "nothing is left over");
}

#[tokio::test]
async fn new_version_replaces_the_file_and_an_outage_leaves_it() {
    let directory = Directory::new("new_version");
    let (emulator, cache) = emulator().await;
    let arguments = arguments(&directory, &["prod/db"]);
    write_all(&cache, &arguments).await.unwrap();
    let changed = async {
        emulator.inject(Fault::error(503, "ServiceUnavailable"));
        cache.refresh("prod/db").await.unwrap_err();
        let value = SecretValue::text("fake-new");
        let request = PutSecretValueRequest::new("prod/db", value).version_id("v2");
        cache.put_secret_value(request).await.unwrap();
        while fs::read(directory.0.join("prod/db")).unwrap() != b"fake-new" {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        () = follow(&cache, &arguments) => panic!("the streams ended"),
        () = changed => {}
    }
}

#[tokio::test]
async fn missing_secret_is_an_error() {
    let directory = Directory::new("missing_secret");
    let (_emulator, cache) = emulator().await;
    write_all(&cache, &arguments(&directory, &["prod/none"])).await.unwrap_err();
    assert!(!directory.0.exists());
}

#[test]
fn names_that_lead_out_of_the_directory_are_rejected() {
    for name in ["", "..", "../a", "a/../../b", "/etc/passwd", "a/", "./a", "a/.", "a/./b", "a//b"]
    {
        assert!(files::path(Path::new("d"), name).is_err(), "{name:?}");
    }
    assert_eq!(files::path(Path::new("d"), "prod/db").unwrap(), Path::new("d/prod/db"));
}

#[test]
fn same_contents_are_not_written_again() {
    let directory = Directory::new("same_contents");
    let path = directory.0.join("a");
    assert!(files::replace(&path, b"fake-value").unwrap());
    assert!(!files::replace(&path, b"fake-value").unwrap());
    assert!(files::replace(&path, b"fake-other").unwrap());
}

#[cfg(unix)]
#[test]
fn file_that_others_may_read_is_written_again() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = Directory::new("others_may_read");
    let path = directory.0.join("a");
    files::replace(&path, b"fake-value").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(files::replace(&path, b"fake-value").unwrap());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}
