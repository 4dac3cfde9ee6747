//! The rules of the rooms in `src/` that no lint can say.

use std::fs;
use std::path::{Path, PathBuf};

/// A source file without its unit tests and comments.
struct Source {
    /// Below `src/`, such as `ops/list_secrets.rs`.
    path: String,
    code: String,
}

impl Source {
    fn read(root: &Path, file: &Path) -> Self {
        let path = file.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
        let text = fs::read_to_string(file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let code = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        Self { path, code: code.collect::<Vec<_>>().join("\n") }
    }

    /// The first part of the path: `ops` for `ops.rs` and `ops/list_secrets.rs` alike.
    fn room(&self) -> &str {
        self.path.split('/').next().unwrap().trim_end_matches(".rs")
    }
}

fn sources() -> Vec<Source> {
    fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let is_test = |file: &Path| file.iter().any(|part| part == "tests" || part == "tests.rs");
    files.retain(|file| !is_test(file.strip_prefix(&root).unwrap()));
    assert!(files.len() > 20, "the sources were not found");
    files.iter().map(|file| Source::read(&root, file)).collect()
}

#[track_caller]
fn only_in(homes: &[&str], words: &[&str]) {
    for source in sources() {
        if homes.contains(&source.path.as_str()) {
            continue;
        }
        for word in words {
            assert!(
                !source.code.contains(word),
                "{} names {word}, which is for {homes:?}",
                source.path
            );
        }
    }
}

#[test]
fn the_clock_and_randomness_have_one_home() {
    let words =
        ["Utc::now", "SystemTime::now", "Instant::now", "Uuid::new_v4", "fastrand", "rand::"];
    only_in(&["clock.rs"], &words);
}

#[test]
fn the_http_library_has_one_home_and_one_setter() {
    only_in(&["transport/reqwest.rs", "transport.rs", "client/builder.rs", "lib.rs"], &["reqwest"]);
    only_in(&["transport/reqwest.rs"], &["rustls::", "reqwest::Error", "reqwest::Response"]);
}

#[test]
fn the_digests_have_one_home() {
    only_in(&["sign/digest.rs"], &["aws_lc_rs::", "hmac::", "sha1::"]);
}

#[test]
fn environment_files_and_programs_have_one_home() {
    let words = ["env::var", "env::home_dir", "std::fs", "tokio::fs", "process::Command"];
    only_in(&["os.rs"], &words);
}

/// The search for secrets in the open starts here: what exposes one is the signer, what sends one, and what parses one.
#[test]
fn few_files_expose_a_secret() {
    let credentials = [
        "credentials.rs",
        "credentials/cloud_sso.rs",
        "credentials/exchange.rs",
        "credentials/issued.rs",
        "credentials/oauth.rs",
        "credentials/sts.rs",
    ];
    let others = [
        "call/answer.rs",
        "emulator/authenticate.rs",
        "emulator/handlers/get_secret_value.rs",
        "emulator/versions.rs",
        "sign/acs3.rs",
        "sign/v1.rs",
        "types/secret_value.rs",
    ];
    only_in(&[&credentials[..], &others[..]].concat(), &["expose_secret("]);
}

#[test]
fn no_room_names_one_above_it() {
    let rooms: &[(&str, &[&str])] = &[
        (
            "client",
            &[
                "call",
                "clock",
                "credentials",
                "error",
                "listing",
                "ops",
                "os",
                "pages",
                "quota",
                "region",
                "retry",
                "settle",
                "sign",
                "transport",
                "workflows",
            ],
        ),
        ("listing", &["call", "error", "ops", "pages"]),
        ("settle", &["call", "error", "ops"]),
        ("workflows", &["call", "error", "ops", "pages", "settle"]),
        ("pages", &["call", "error", "ops"]),
        (
            "call",
            &[
                "clock",
                "credentials",
                "error",
                "ops",
                "quota",
                "region",
                "retry",
                "sign",
                "telemetry",
                "transport",
                "types",
            ],
        ),
        ("ops", &["error", "quota", "retry", "sign", "types"]),
        ("quota", &["error"]),
        ("retry", &["error", "transport"]),
        ("telemetry", &["error", "region"]),
        ("sign", &["credentials"]),
        ("transport", &["error"]),
        ("credentials", &["clock", "error", "os", "region", "retry", "sign", "transport", "types"]),
        ("os", &[]),
        ("region", &["error"]),
        ("clock", &[]),
        ("types", &[]),
        ("error", &[]),
        (
            "emulator",
            &["client", "clock", "credentials", "error", "quota", "sign", "transport", "types"],
        ),
    ];
    for source in sources().iter().filter(|source| source.path != "lib.rs") {
        let known = rooms.iter().find(|(room, _)| *room == source.room());
        let (room, below) =
            known.unwrap_or_else(|| panic!("{} is in no room that the rules know", source.path));
        for named in source.code.split("crate::").skip(1) {
            let named = named.split(|c: char| !c.is_ascii_lowercase() && c != '_').next().unwrap();
            assert!(
                named == *room || below.contains(&named),
                "{} names {named}, which is not below it",
                source.path
            );
        }
    }
}
