//! The pages for readers agree with the sources.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// Returns the names of the Rust files directly in a folder.
fn rust_files(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

/// Returns the names of the folders in a folder that have a `main.rs`, such as examples of several
/// files.
fn folders_with_main(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let programs = entries.filter(|path| path.join("main.rs").exists());
    programs.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect()
}

/// Returns the lines of a section of the manifest, such as `[features]`.
fn manifest_section(header: &str) -> Vec<String> {
    // In a package the manifest as it was written has this name.
    let manifest = fs::read_to_string(root().join("Cargo.toml.orig"));
    let manifest = manifest.unwrap_or_else(|_| read("Cargo.toml"));
    let lines = manifest.lines().skip_while(|line| *line != header).skip(1);
    lines.take_while(|line| !line.starts_with('[')).map(str::to_owned).collect()
}

#[test]
fn readme_is_short() {
    assert!(read("README.md").lines().count() < 350);
}

#[test]
fn readme_names_examples_features_and_rust_version() {
    let readme = read("README.md");
    let is_named = |text: &str| readme.contains(&format!("`{text}`"));
    for example in rust_files("examples").into_iter().chain(folders_with_main("examples")) {
        assert!(is_named(&example), "the README lacks the example {example}");
    }
    for line in manifest_section("[features]") {
        let Some((feature, _)) = line.split_once(" = ") else { continue };
        assert!(
            feature == "default" || is_named(feature),
            "the README lacks the feature {feature}"
        );
    }
    let package = manifest_section("[package]");
    let version = package.iter().find_map(|line| line.strip_prefix("rust-version = ")).unwrap();
    assert!(readme.contains(version.trim_matches('"')), "the README lacks Rust {version}");
}

#[test]
fn readme_names_every_administrative_operation() {
    let readme = read("README.md");
    let api: serde_json::Value =
        serde_json::from_str(&read("tests/cases/operations_keys.json")).unwrap();
    for operation in api["administration"].as_array().unwrap() {
        let name = operation["name"].as_str().unwrap();
        assert!(readme.contains(&format!("`{name}`")), "the README lacks {name}");
    }
}

/// Returns the code blocks of a page, each with its language.
fn code_blocks(page: &str) -> Vec<String> {
    let text = read(page);
    text.split("\n```").skip(1).step_by(2).map(str::to_owned).collect()
}

/// Returns the distinct parts of a page that need no translation: addresses and code in prose.
fn names(page: &str) -> BTreeSet<String> {
    // Only the English page has the table of operations.
    let text: String = read(page).split("<!-- ").step_by(2).collect();
    // Outside of code blocks a part between two backticks is code.
    let prose: String = text.split("\n```").step_by(2).collect();
    let code = prose.split('`').skip(1).step_by(2).map(|code| code.replace('\n', " "));
    let links = prose.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    let addresses = links.map(|(link, _)| link.to_owned()).filter(|link| link.contains("://"));
    code.chain(addresses).collect()
}

#[test]
fn chinese_readme_has_the_same_code_and_names() {
    assert_eq!(code_blocks("README.md"), code_blocks("README-CN.md"));
    let (english, chinese) = (names("README.md"), names("README-CN.md"));
    let differences: Vec<_> = english.symmetric_difference(&chinese).collect();
    assert!(differences.is_empty(), "only one of the pages has {differences:#?}");
}

#[test]
fn architecture_lists_every_room() {
    // The package lacks this page.
    let Ok(page) = fs::read_to_string(root().join("ARCHITECTURE.md")) else { return };
    let (_, rooms) = page.split_once("## The rooms").unwrap();
    let (rooms, _) = rooms.split_once("## Directions").unwrap();
    let rows = rooms.lines().filter_map(|line| line.strip_prefix("| `"));
    let cells = rows.map(|row| row.split(" | ").next().unwrap());
    let listed = cells.flat_map(|cell| cell.split(", ")).map(|room| room.trim_matches('`'));
    let listed: BTreeSet<String> = listed.map(str::to_owned).collect();
    let mut rooms = rust_files("src");
    rooms.remove("lib");
    assert_eq!(listed, rooms);
}

#[test]
fn links_to_files_lead_somewhere() {
    let pages = [
        "README.md",
        "README-CN.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "CHANGELOG.md",
    ];
    for page in pages {
        let Ok(text) = fs::read_to_string(root().join(page)) else { continue };
        let links = text.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        for (link, _) in links {
            let file = link.split('#').next().unwrap();
            let is_local = !file.is_empty() && !link.contains("://");
            assert!(!is_local || root().join(file).exists(), "{page} links to {file}");
        }
    }
}
