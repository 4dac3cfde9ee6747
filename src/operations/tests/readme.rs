//! The table of operations in the README, generated from [`OPERATIONS`].

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::operations::OPERATIONS;
use crate::rate_limit::{DOCUMENTED, QuotaGroup};

const START: &str = "<!-- The table of operations: UPDATE_DOCS=1 cargo test --lib operations -->\n";
const END: &str = "<!-- End of the table of operations. -->\n";

fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// Returns a row for each quota, the largest first.
fn table() -> String {
    let mut table = "| requests | operations |\n|---|---|\n".to_owned();
    for (group, links) in rows() {
        writeln!(table, "| {} | {links} |", limit(group)).unwrap();
    }
    table
}

fn limit(group: QuotaGroup) -> String {
    let quota = DOCUMENTED.iter().find(|(documented, _)| *documented == group);
    quota.map_or("not documented".to_owned(), |(_, quota)| match quota.period.as_secs() {
        1 => format!("{} a second", quota.requests),
        _ => format!("{} an hour", quota.requests),
    })
}

/// Returns the requests in an hour; none if the quota is not documented.
fn requests_per_hour(group: QuotaGroup) -> u64 {
    let quota = DOCUMENTED.iter().find(|(documented, _)| *documented == group);
    quota.map_or(0, |(_, quota)| u64::from(quota.requests) * 3_600 / quota.period.as_secs())
}

/// Returns the links to the operations of each quota, the largest quota first.
fn rows() -> Vec<(QuotaGroup, String)> {
    let docs = "https://docs.rs/alibabacloud-kms/latest/alibabacloud_kms/struct.KmsClient.html";
    let mut operations: Vec<_> = OPERATIONS.into_iter().flatten().collect();
    operations.sort_by_key(|spec| spec.name);
    let mut rows: Vec<(QuotaGroup, String)> = Vec::new();
    for spec in operations {
        let method = snake_case(spec.name);
        let link = format!("[`{method}`]({docs}#method.{method})");
        match rows.iter_mut().find(|(group, _)| *group == spec.quota_group) {
            Some((_, links)) => write!(links, ", {link}").unwrap(),
            None => rows.push((spec.quota_group, link)),
        }
    }
    rows.sort_by_key(|(group, _)| Reverse(requests_per_hour(*group)));
    rows
}

#[test]
fn readme_lists_every_operation() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(START).unwrap();
    let (listed, after) = rest.split_once(END).unwrap();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, [before, START, &table(), END, after].concat()).unwrap();
    } else {
        assert!(listed == table(), "run UPDATE_DOCS=1 cargo test --lib operations");
    }
}
