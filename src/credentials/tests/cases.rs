//! Every folder of `tests/cases/credentials`: variables, files and recorded traffic on one side,
//! the expected credentials or error on the other.
//!
//! - `env`: variables, one `NAME=value` a line; missing when there are none.
//! - `files/`: the files of the system, from its root; the home directory is `/home/demo`.
//! - `traffic.json`: the requests that are sent, in order, and their responses.
//! - `expected.json`: the credentials or the error, and what the official libraries do instead.
//!
//! Every secret of a case contains `hidden`, and no text that a provider returns may contain it.

#[path = "../../../tests/it/capture.rs"]
mod capture;

use std::collections::BTreeMap;
use std::error::Error as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use secrecy::ExposeSecret;
use serde::Deserialize;

use self::capture::Capture;
use super::fake_env::{FakeClock, FakeOs, now};
use super::network::Server;
use super::recorded::{Exchange, Traffic};
use crate::credentials::{
    Credentials, CredentialsError, DefaultProviderChain, ProvideCredentials, ProviderEnv,
    ProviderReport, ProviderStatus,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// The statement that the case shows.
    about: String,
    /// The behaviour of the official libraries, if it differs.
    #[serde(default)]
    officially: Option<String>,
    #[serde(default)]
    client_region: Option<String>,
    #[serde(default)]
    profile: Option<String>,
    #[serde(default)]
    programs: BTreeMap<String, Program>,
    #[serde(default)]
    credentials: Option<ExpectedCredentials>,
    #[serde(default)]
    error: Option<Failure>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Program {
    succeeded: bool,
    stdout: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedCredentials {
    /// The provider of the chain that is selected.
    provider: String,
    id: String,
    secret: String,
    #[serde(default)]
    token: Option<String>,
    #[serde(default)]
    expiration: Option<String>,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Failure {
    /// The provider that failed; missing if none was configured.
    #[serde(default)]
    provider: Option<String>,
    /// Parts of the text.
    contains: Vec<String>,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    status: Option<u16>,
    #[serde(default)]
    request_id: Option<String>,
}

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/credentials");
    let mut folders: Vec<_> =
        fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files_below(&path, files) } else { files.push(path) }
    }
}

fn fake_os(folder: &Path, expected: &Expected) -> FakeOs {
    let variables = fs::read_to_string(folder.join("env")).unwrap_or_default();
    let variables: Vec<_> = variables.lines().filter_map(|line| line.split_once('=')).collect();
    let mut os = FakeOs::with_variables(&variables);
    os.programs = expected
        .programs
        .iter()
        .map(|(line, program)| (line.clone(), (program.succeeded, program.stdout.clone())))
        .collect();
    let root = folder.join("files");
    let mut files = Vec::new();
    if root.is_dir() {
        files_below(&root, &mut files);
    }
    for file in files {
        let path = Path::new("/").join(file.strip_prefix(&root).unwrap());
        os.files.lock().unwrap().insert(path, fs::read(&file).unwrap());
    }
    os
}

async fn run(folder: &Path) {
    let expected: Expected =
        serde_json::from_str(&fs::read_to_string(folder.join("expected.json")).unwrap()).unwrap();
    let exchanges: Vec<Exchange> = match fs::read_to_string(folder.join("traffic.json")) {
        Ok(text) => serde_json::from_str(&text).unwrap(),
        Err(_) => Vec::new(),
    };
    let is_sending = exchanges.iter().any(Exchange::has_response);
    let traffic = Traffic::new(exchanges);
    let server = {
        let traffic = traffic.clone();
        Server::start(move |received| traffic.respond(&received)).await
    };
    let transport = {
        let traffic = traffic.clone();
        server.transport().unreachable_if(move |url| traffic.is_unreachable(url))
    };
    let env = ProviderEnv {
        os: Arc::new(fake_os(folder, &expected)),
        clock: Arc::new(FakeClock::at(now())),
        direct_transport: transport.direct(),
        transport,
        client_region: expected.client_region.clone(),
    };
    let mut chain = DefaultProviderChain::with_env(env);
    if let Some(profile) = &expected.profile {
        chain = chain.profile(profile);
    }

    let capture = Capture::start();
    let result = chain.credentials().await;
    assert_eq!(traffic.problems(), Vec::<String>::new(), "the traffic");
    match (result, &expected.credentials, &expected.error) {
        (Ok(found), Some(expected), None) => check_credentials(&chain, &found, expected).await,
        (Err(error), None, Some(failure)) => check_error(&error, failure),
        (result, _, _) => panic!("found {result:?}"),
    }
    clean(&format!("{chain:?} {chain:#?}"));
    let log = capture.text();
    assert!(!is_sending || log.contains("hyper"), "nothing was captured");
    clean(&log);
}

async fn check_credentials(
    chain: &DefaultProviderChain,
    found: &Credentials,
    expected: &ExpectedCredentials,
) {
    assert_eq!(found.access_key_id(), expected.id);
    assert_eq!(found.access_key_secret().expose_secret(), expected.secret);
    let token = found.security_token().map(ExposeSecret::expose_secret);
    assert_eq!(token, expected.token.as_deref());
    let expiration = found.expiration().map(|time| time.to_rfc3339());
    let expected_expiration = expected
        .expiration
        .as_ref()
        .map(|text| text.parse::<chrono::DateTime<chrono::Utc>>().unwrap().to_rfc3339());
    assert_eq!(expiration, expected_expiration);
    clean(&format!("{found:?}"));
    // Cached by now, so this sends nothing.
    let reports = chain.diagnose().await;
    let is_selected =
        |report: &&ProviderReport| matches!(report.status, ProviderStatus::Selected { .. });
    assert_eq!(reports.iter().find(is_selected).unwrap().provider, expected.provider);
    for report in reports {
        clean(&format!("{report:?} {}", report.status));
    }
}

fn check_error(error: &CredentialsError, expected: &Failure) {
    let text = error.to_string();
    assert_eq!(error.provider_name(), expected.provider.as_deref(), "{text}");
    for part in &expected.contains {
        assert!(text.contains(part), "{part:?} is not in {text:?}");
    }
    assert_eq!(error.code(), expected.code.as_deref(), "{text}");
    assert_eq!(error.http_status(), expected.status, "{text}");
    assert_eq!(error.request_id(), expected.request_id.as_deref(), "{text}");
    clean(&format!("{text} {error:?}"));
    let mut cause = error.source();
    while let Some(current) = cause {
        clean(&format!("{current} {current:?}"));
        cause = current.source();
    }
}

#[track_caller]
fn clean(text: &str) {
    assert!(!text.to_lowercase().contains("hidden"), "a secret in {text}");
}

#[tokio::test(start_paused = true)]
async fn every_case_has_the_expected_result() {
    let mut failed = Vec::new();
    let folders = folders();
    assert!(folders.len() >= 80, "{} cases were found", folders.len());
    for folder in folders {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        // Each on its own task, so that a failure does not hide the others.
        let local = tokio::task::LocalSet::new();
        let case = local.run_until(async move {
            tokio::task::spawn_local(async move { run(&folder).await }).await
        });
        if case.await.is_err() {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "failed: {failed:?}");
}

#[test]
fn differences_from_the_official_libraries_are_named() {
    let mut differences = 0;
    for folder in folders() {
        let text = fs::read_to_string(folder.join("expected.json")).unwrap();
        let expected: Expected = serde_json::from_str(&text).unwrap();
        assert!(!expected.about.is_empty(), "{}", folder.display());
        differences += usize::from(expected.officially.is_some_and(|text| !text.is_empty()));
    }
    assert!(differences >= 20, "{differences}");
}
