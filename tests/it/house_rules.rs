//! The rules of the rooms in `src/` that no lint can say.

mod imports;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use self::imports::Imports;

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
        let code = text
            .split(
                "
mod tests {",
            )
            .next()
            .unwrap();
        let code = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        Self { path, code: code.collect::<Vec<_>>().join("\n") }
    }

    /// Returns the names that the file re-exports.
    fn public_names(&self) -> impl Iterator<Item = &str> {
        let lists = self.code.split("\npub use ").skip(1).filter_map(|rest| rest.split(';').next());
        let names = lists.flat_map(|list| list.rsplit("::").next().unwrap_or(list).split(','));
        names.map(|name| name.trim().trim_matches(['{', '}'])).filter(|name| !name.is_empty())
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
        let is_home = |home: &&str| {
            source.path == **home || home.ends_with('/') && source.path.starts_with(*home)
        };
        if homes.iter().any(is_home) {
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
fn clock_and_randomness_have_one_home() {
    let words = ["Utc::now", "SystemTime::now", "Instant::now", "Uuid::new_v4", "fastrand"];
    only_in(&["clock.rs"], &words);
    // The keys of an import and of the emulator are of the library that uses them.
    only_in(&["clock.rs", "keys/key_material.rs", "emulator/keys/"], &["rand::"]);
}

#[test]
fn http_library_has_one_home_and_one_setter() {
    let homes = ["transport/reqwest.rs", "transport/reqwest/"];
    // Others name the type of the setter, the feature, and the transport.
    let others = [
        "transport.rs",
        "transport/default.rs",
        "client.rs",
        "client/http_settings.rs",
        "client/transport_setting.rs",
        "credentials/provider_env.rs",
        "endpoint.rs",
        "lib.rs",
    ];
    only_in(&[&homes[..], &others].concat(), &["reqwest"]);
    only_in(&homes, &["rustls::", "reqwest::Error", "reqwest::Response"]);
}

#[test]
fn digests_have_one_home() {
    only_in(&["sign/digest.rs", "emulator/keys/material/mac.rs"], &["hmac::", "sha1::", "sha2::"]);
    let homes = ["transport/reqwest/tls.rs", "keys/key_material.rs", "emulator/keys/"];
    only_in(&homes, &["aws_lc_rs::"]);
}

#[test]
fn environment_files_and_programs_have_one_home() {
    let words = ["env::var", "env::home_dir", "std::fs", "tokio::fs", "process::Command"];
    only_in(&["os.rs", "os/file.rs", "os/program.rs"], &words);
}

/// The search for secrets in the open starts here: what exposes one is the signer, what sends one,
/// and what parses one.
#[test]
fn few_files_expose_a_secret() {
    let credentials = [
        "identity.rs",
        "credentials/cloud_sso.rs",
        "credentials/exchange.rs",
        "credentials/issued.rs",
        "credentials/oauth.rs",
        "credentials/sts.rs",
    ];
    let others = [
        "call/response.rs",
        "emulator/secret.rs",
        "operation/encoder/fields.rs",
        "operation/limits.rs",
        "raw/request.rs",
        "secrets/create_secret.rs",
        "secrets/put_secret_value.rs",
        "emulator/authenticate.rs",
        "emulator/handlers/get_secret_value.rs",
        "emulator/versions.rs",
        "keys/key_material.rs",
        "keys/plaintext.rs",
        "keys/request_fields.rs",
        "keys/response_fields.rs",
        "operation/encoder.rs",
        "sign/acs3.rs",
        "sign/v1.rs",
        "types/secret_bytes.rs",
        "types/secret_value.rs",
    ];
    only_in(&[&credentials[..], &others[..]].concat(), &["expose_secret("]);
}

/// The rooms from the top down, each with the rooms that it may import.
const DIRECTIONS: &[(&str, &str)] = &[
    (
        "emulator",
        "client clock credentials endpoint error identity keys operation rate_limit secrets \
        sign tags transport types",
    ),
    ("cache", "call client clock error secrets telemetry types"),
    (
        "client",
        "bulk_read call clock credentials endpoint error identity inventory keys move_stages operation os pagination put_or_create \
        rate_limit raw reconcile retry secrets sign tags telemetry transport types waiter",
    ),
    ("operations", "keys operation secrets tags"),
    ("put_or_create", "call error operation reconcile secrets"),
    ("move_stages", "call error operation reconcile secrets types"),
    ("bulk_read", "call error operation pagination secrets"),
    ("inventory", "call error operation pagination secrets telemetry"),
    ("waiter", "call error operation secrets"),
    ("reconcile", "call error keys operation pagination secrets tags types"),
    ("pagination", "call error operation sign"),
    (
        "call",
        "clock credentials endpoint error identity operation rate_limit retry sign telemetry transport types",
    ),
    ("keys", "error operation rate_limit sign types"),
    ("secrets", "error operation rate_limit retry types"),
    ("tags", "operation rate_limit types"),
    ("policies", "types"),
    ("raw", "error operation rate_limit retry"),
    ("operation", "error rate_limit retry sign types"),
    ("credentials", "clock endpoint error identity os retry sign transport types"),
    ("telemetry", "endpoint error identity rate_limit"),
    ("rate_limit", "error"),
    ("retry", "error transport"),
    ("sign", "identity"),
    ("transport", "clock error os"),
    ("identity", "error"),
    ("endpoint", "error"),
    ("os", ""),
    ("clock", ""),
    ("types", ""),
    ("error", ""),
];

fn imports() -> Imports {
    let sources = sources();
    Imports::read(sources.iter().map(|source| (&*source.path, &*source.code)))
}

#[test]
fn rooms_import_only_in_the_allowed_directions() {
    for ((from, to), files) in imports().between_rooms() {
        let allowed = DIRECTIONS.iter().find(|(room, _)| *room == from);
        let (_, below) = allowed.unwrap_or_else(|| panic!("DIRECTIONS lacks the room {from}"));
        let is_allowed = below.split_whitespace().any(|room| room == to);
        assert!(is_allowed, "{from} must not import {to}: {files:#?}");
    }
}

#[test]
fn allowed_directions_point_down() {
    for (level, (room, below)) in DIRECTIONS.iter().enumerate() {
        for target in below.split_whitespace() {
            let target_level = DIRECTIONS.iter().position(|(room, _)| *room == target);
            assert!(target_level > Some(level), "{room} imports {target}, which is not below it");
        }
    }
}

#[test]
fn every_name_has_one_public_path() {
    let sources = sources();
    let root = sources.iter().find(|source| source.path == "lib.rs").unwrap();
    let is_public = |path: &str| {
        let module = path.trim_end_matches(".rs");
        path == root.path || root.code.contains(&format!("pub mod {module};"))
    };
    let mut homes = BTreeMap::new();
    for source in sources.iter().filter(|source| is_public(&source.path)) {
        for name in source.public_names() {
            let other = homes.insert(name, &source.path);
            assert_eq!(other, None, "{name} is in {} too", source.path);
        }
    }
    assert!(homes.len() > 100, "the names were not found");
}

#[test]
fn root_shows_at_most_25_names() {
    let root = sources().into_iter().find(|source| source.path == "lib.rs").unwrap();
    let modules = root.code.matches("\npub mod ").count();
    assert!(modules > 10, "the modules were not found");
    let names = modules + root.public_names().count();
    assert!(names <= 25, "the root shows {names} names: put the new one into a module");
}

#[test]
fn no_file_imports_in_a_cycle() {
    let cycles = imports().cycles();
    assert!(cycles.is_empty(), "{cycles:#?}");
}
