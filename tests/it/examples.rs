//! The programs in `examples/`, given wrong input: one line on standard error that names the input
//! and says what to do, nothing on standard output, and exit code 2 only for wrong usage.
//!
//! `cargo test` builds the programs beside this test; with `--test it` they are those built last.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::{env, fs};

use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault};

// Cargo builds an example either as a program or as a test, so that their tests run here.
#[allow(dead_code, clippy::duplicate_mod, reason = "only the tests of the program run here")]
#[path = "../../examples/encrypt_file/main.rs"]
mod encrypt_file;
#[allow(dead_code, clippy::duplicate_mod, reason = "only the tests of the program run here")]
#[path = "../../examples/secret_files/main.rs"]
mod secret_files;
#[allow(dead_code, clippy::duplicate_mod, reason = "only the tests of the program run here")]
#[path = "../../examples/web_service/main.rs"]
mod web_service;

const USAGE: i32 = 2;
const FAILURE: i32 = 1;

/// The programs that call KMS, with the arguments that each needs.
const CALLERS: [(&str, &[&str]); 10] = [
    ("encrypt_file", &["Cargo.toml", "--key", "key-fake"]),
    ("envelope", &["key-fake"]),
    ("get_secret_value", &["prod/db"]),
    ("list_secrets", &[]),
    ("manage_secret", &["describe", "prod/db"]),
    ("observer", &[]),
    ("paginate", &[]),
    ("rotate", &["prod/db"]),
    ("sign_digest", &["Cargo.toml", "--key", "key-fake"]),
    ("without_async", &[]),
];

/// Wrong usage, with a part of the line that reports it.
#[rustfmt::skip]
const WRONG: [(&str, &[&str], &str); 47] = [
    ("emulator", &["--port", "70000"], "'70000' for '--port <PORT>': 70000 is not in 0..=65535; see --help"),
    ("emulator", &["--port"], "a value is required for '--port <PORT>'"),
    ("emulator", &["--access-key-secret", "fake-secret"], "--access-key-id <ACCESS_KEY_ID>; see --help"),
    ("emulator", &["--access-key-id", "a", "--access-key-secret", ""], "the access key secret is empty"),
    ("emulator", &["--fault", "hang"], "write it as FAULT=RATE, such as throttled=0.1"),
    ("emulator", &["--fault", "hang=2"], "'hang=2' for '--fault <FAULT=RATE>': RATE must be 0 to 1"),
    ("emulator", &["--fault", "slow=1"], "FAULT must be throttled, unavailable, reset, lost-response or hang"),
    ("encrypt_file", &[], "--key <KEY> <FILE>; see --help"),
    ("encrypt_file", &["--emulator", "--decrypt"], "<FILE>; see --help"),
    ("envelope", &[], "<KEY>; see --help"),
    ("envelope", &["", "--region", "cn-hangzhou"], "`key_id` must be at least 1 character"),
    ("get_secret_value", &[], "<NAME>; see --help"),
    ("get_secret_value", &["a", "--stage", "b", "--version-id", "c"], "'--stage <STAGE>' cannot be used with"),
    ("get_secret_value", &["acs:kms:secret/a", "--emulator"], "`secret_name` must be a name or an ARN such as"),
    ("get_secret_value", &["a b", "--emulator"], "`secret_name` must be 1 to 192 characters of"),
    ("get_secret_value", &["a", "--emulator", "--region", "b"], "'--emulator' cannot be used with '--region"),
    ("get_secret_value", &["a", "--region", "cn hangzhou"], "`region` must be 1 to 63 characters of"),
    ("get_secret_value", &["a", "--endpoint", "http://kms.example"], "`endpoint` must be an https:// URL"),
    ("inventory", &["--concurrency", "0"], "'--concurrency <CONCURRENCY>': 0 is not in 1..=65535"),
    ("inventory", &["--unrotated-days", "many"], "'many' for '--unrotated-days <DAYS>'"),
    ("inventory", &["--format", "xml"], "[possible values: table, csv, json]"),
    ("inventory", &["--emulator", "--region", ""], "`region` must be 1 to 63 characters of"),
    ("list_secrets", &["--page-size", "0"], "'--page-size <PAGE_SIZE>': 0 is not in 1..=100"),
    ("list_secrets", &["--type", "Other"], "types are Generic, Rds, Redis"),
    ("list_secrets", &["prod/db"], "unexpected argument 'prod/db'"),
    ("manage_secret", &[], "a command is missing: --help lists them, --emulator runs them all"),
    ("manage_secret", &["--emulator", "describe", "a"], "leave the command out"),
    ("manage_secret", &["remove"], "unrecognized subcommand 'remove'"),
    ("manage_secret", &["create"], "<NAME>; see --help"),
    ("manage_secret", &["create", "a", "--region", "cn-hangzhou"], "the value is empty: pipe it in or name a --file"),
    ("manage_secret", &["create", "a", "--tag", "b"], "'b' for '--tag <KEY=VALUE>': a tag is KEY=VALUE"),
    ("manage_secret", &["stage", "a", "ACSCurrent"], "'ACSCurrent' for '<STAGE=ID>...': write it as STAGE=ID"),
    ("manage_secret", &["tag", "a"], "<KEY=VALUE>...; see --help"),
    ("manage_secret", &["delete", "a", "--days", "6"], "'--days <DAYS>': 6 is not in 7..=30"),
    ("observer", &["--secrets", "few"], "'few' for '--secrets <N>'"),
    ("paginate", &["half"], "`token` must be the text of a resume token, got 4 characters that are not"),
    ("paginate", &["--emulator", "--page-size", "101"], "`page_size` must be 1 to 100, got 101"),
    ("rotate", &[], "<NAME>; see --help"),
    ("rotate", &["--timeout", "soon"], "'soon' for '--timeout <SECONDS>'"),
    ("rotate", &["--emulator", "--version-id", ""], "`version_id` must be 1 to 64 characters"),
    ("secret_files", &["a"], "--directory <PATH>; see --help"),
    ("secret_files", &["--directory", "no-such-folder", "--emulator", "--once", "../a"], "\"../a\" is not usable as the name of a file"),
    ("sign_digest", &[], "--key <KEY> <FILE>; see --help"),
    ("web_service", &["--listen", "8080"], "'8080' for '--listen <LISTEN>'"),
    ("web_service", &["--emulator", "--secret", "a b"], "`secret_name` must be 1 to 192 characters of"),
    ("whoami", &["--region", ""], "`region` must be 1 to 63 characters of"),
    ("without_async", &["--emulator", "a b"], "`secret_name` must be 1 to 192 characters of"),
];

/// A run of a program.
struct Run {
    shown: String,
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Run {
    #[track_caller]
    fn assert_one_line(&self, code: i32, problem: &str) {
        let Self { shown, stderr, .. } = self;
        assert_eq!(self.code, Some(code), "{shown}: {stderr}");
        assert_eq!(self.stdout, "", "{shown}");
        assert_eq!(stderr.matches('\n').count(), 1, "{shown}: {stderr}");
        assert!(stderr.ends_with('\n') && stderr.contains(problem), "{shown}: {stderr}");
    }
}

/// Runs a program as on a system without credentials.
fn run(program: &str, arguments: &[&str]) -> Run {
    run_with(program, arguments, &[], "")
}

fn start(program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Child {
    let test = env::current_exe().unwrap();
    let folder = test.parent().and_then(Path::parent).unwrap().join("examples");
    let path = folder.join(format!("{program}{}", env::consts::EXE_SUFFIX));
    assert!(path.exists(), "{} is missing: run `cargo build --examples`", path.display());
    let system = env::vars_os().filter(|(name, _)| name == "SystemRoot");
    Command::new(path)
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .envs(system)
        .envs(["HOME", "USERPROFILE"].map(|home| (home, "no-such-folder")))
        .env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn run_with(program: &str, arguments: &[&str], variables: &[(&str, &str)], input: &str) -> Run {
    let mut child = start(program, arguments, variables);
    // One that rejects its arguments does not read its input.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Run {
        shown: format!("{program} {arguments:?}"),
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Returns the names of all programs that take arguments.
fn programs() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_program = |path: &PathBuf| {
        path.join("main.rs").exists() || path.extension().is_some_and(|extension| extension == "rs")
    };
    let name = |path: PathBuf| path.file_stem().and_then(OsStr::to_str).unwrap().to_owned();
    entries.filter(is_program).map(name).filter(|name| name != "test_with_emulator").collect()
}

#[test]
fn unknown_option_is_named_in_one_line() {
    let programs = programs();
    assert!(programs.len() >= 15, "{programs:?}");
    for program in programs {
        let run = run(&program, &["--unknown"]);
        run.assert_one_line(USAGE, "unexpected argument '--unknown'");
        assert!(run.stderr.ends_with("; see --help\n"), "{}", run.stderr);
    }
}

#[test]
fn wrong_usage_is_reported_in_one_line() {
    for (program, arguments, problem) in WRONG {
        run(program, arguments).assert_one_line(USAGE, problem);
    }
}

#[test]
fn missing_region_is_wrong_usage() {
    for (program, arguments) in CALLERS {
        let run = run(program, arguments);
        run.assert_one_line(USAGE, "`region` is missing: set a region such as cn-hangzhou");
        assert!(run.stderr.ends_with("try the embedded emulator: --emulator\n"), "{}", run.stderr);
    }
}

#[test]
fn missing_credentials_are_a_failure() {
    for (program, arguments) in CALLERS {
        let run = run(program, &[arguments, &["--region", "cn-hangzhou"]].concat());
        run.assert_one_line(
            FAILURE,
            "set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY",
        );
        assert!(run.stderr.ends_with("try the embedded emulator: --emulator\n"), "{}", run.stderr);
    }
}

#[test]
fn empty_variable_of_the_region_counts_as_unset() {
    let variables = [("ALIBABA_CLOUD_REGION_ID", " ")];
    let run = run_with("inventory", &["--region", "cn-beijing"], &variables, "");
    assert_eq!(run.code, Some(3), "{}", run.stderr);
    assert!(run.stderr.starts_with("cn-beijing: ListSecrets failed"), "{}", run.stderr);
}

#[test]
fn unusable_files_and_addresses_are_named() {
    let region = ["--region", "cn-hangzhou"];
    for (program, arguments, problem) in [
        ("emulator", &["--seed", "no-such-file"][..], "no-such-file: "),
        ("emulator", &["--seed", "Cargo.toml"], "Cargo.toml: expected"),
        ("encrypt_file", &["--emulator", "no-such-file"], "no-such-file: "),
        ("encrypt_file", &["--decrypt", "no-such-file", region[0], region[1]], "no-such-file: "),
        ("encrypt_file", &["--emulator", "src"], "src: "),
        (
            "encrypt_file",
            &["--emulator", "--decrypt", "Cargo.toml"],
            "Cargo.toml: this program did",
        ),
        ("inventory", &["--emulator", "--output", "no-such-folder/file"], "no-such-folder/file: "),
        (
            "manage_secret",
            &["create", "a", "--file", "no-such-file", region[0], region[1]],
            "no-such",
        ),
        (
            "secret_files",
            &["--emulator", "--once", "--directory", "Cargo.toml", "a"],
            "Cargo.toml/a: ",
        ),
        ("sign_digest", &["--emulator", "no-such-file"], "no-such-file: "),
        // Addresses for documentation (RFC 5737), which no system has.
        ("web_service", &["--emulator", "--listen", "192.0.2.1:8080"], "192.0.2.1:8080: "),
    ] {
        run(program, arguments).assert_one_line(FAILURE, problem);
    }
}

#[test]
fn file_that_cannot_be_written_is_named() {
    let folder = env::temp_dir().join(format!("encrypt-file-unwritable-{}", std::process::id()));
    for suffix in ["encrypted", "decrypted.part", "decrypted"] {
        // A folder that is not empty, in the place of the file.
        fs::create_dir_all(folder.join(format!("a.{suffix}")).join("b")).unwrap();
        fs::write(folder.join("a"), "fake").unwrap();
        let run = run("encrypt_file", &["--emulator", folder.join("a").to_str().unwrap()]);
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(run.code, Some(FAILURE), "{suffix}");
        let named = format!("a.{suffix}: ");
        assert!(run.stderr.contains(&named), "{}", run.stderr);
    }
}

#[test]
fn what_kms_does_not_have_is_named() {
    for (program, arguments) in [
        ("envelope", &["--emulator", "key-none"][..]),
        ("get_secret_value", &["--emulator", "prod/none"]),
        ("rotate", &["--emulator", "prod/none"]),
        ("sign_digest", &["--emulator", "--key", "key-none"]),
    ] {
        run(program, arguments).assert_one_line(FAILURE, "none\"");
    }
}

#[test]
fn reader_that_has_gone_is_not_an_error() {
    for program in ["envelope", "list_secrets", "paginate", "sign_digest", "without_async"] {
        let mut child = start(program, &["--emulator"], &[]);
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), &*stderr), (Some(141), ""), "{program}");
    }
}

/// Whatever a request contains: a terminal obeys control characters.
#[test]
fn emulator_logs_each_request_in_one_line() {
    let mut emulator = start("emulator", &[], &[]);
    let (mut endpoint, mut logged) = (String::new(), String::new());
    let mut stdout = BufReader::new(emulator.stdout.take().unwrap());
    let mut stderr = BufReader::new(emulator.stderr.take().unwrap());
    stdout.read_line(&mut endpoint).unwrap();
    let address = endpoint.trim().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"GET /?Action=a%0A%1B[31mb HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    stderr.read_line(&mut logged).unwrap();
    emulator.kill().unwrap();
    emulator.wait().unwrap();
    assert!(logged.starts_with(r"400 a\n\u{1b}[31mb - MissingVersion "), "{logged:?}");
}

/// KMS accepted it, and only its version could not be read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rotation_that_is_not_read_may_still_succeed() {
    let emulator = Emulator::start().await.unwrap();
    emulator.add_secret(EmulatedSecret::new("prod/rds").secret_type("Rds"));
    emulator.inject(Fault::error(403, "Forbidden.NoPermission").for_action("GetSecretValue"));
    let credentials = emulator.credentials();
    let variables = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", credentials.access_key_id()),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", credentials.expose_access_key_secret()),
    ];
    let arguments = ["prod/rds", "--endpoint", emulator.endpoint(), "--version-id", "fake-version"];
    let run = run_with("rotate", &arguments, &variables, "");
    run.assert_one_line(3, "to wait for the same rotation: --version-id fake-version");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_secrets_are_not_shown() {
    let emulator = Emulator::start().await.unwrap();
    let (id, secret) = ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET");
    let variables = [(id, "fake-other-id"), (secret, "fake-other-secret")];
    let at_emulator = ["--endpoint", emulator.endpoint()];
    for (arguments, code) in [
        (["create", "prod/db"], FAILURE),
        (["put", "prod/db"], FAILURE),
        (["create", "prod db"], USAGE),
        (["create", "--days"], USAGE),
    ] {
        let arguments = [&arguments[..], &at_emulator].concat();
        let run = run_with("manage_secret", &arguments, &variables, "fake-value");
        run.assert_one_line(code, arguments[1]);
        for secret in ["fake-other-secret", "fake-value"] {
            assert!(!run.stderr.contains(secret), "{}", run.stderr);
        }
    }
}
