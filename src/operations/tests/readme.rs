//! The table of operations in both READMEs, generated from [`OPERATIONS`].

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

/// A page that has the table, and its words.
struct Page {
    file: &'static str,
    head: &'static str,
    a_second: fn(u32) -> String,
    an_hour: fn(u32) -> String,
    not_documented: &'static str,
}

const PAGES: [Page; 2] = [
    Page {
        file: "README.md",
        head: "| requests | operations |",
        a_second: |requests| format!("{requests} a second"),
        an_hour: |requests| format!("{requests} an hour"),
        not_documented: "not documented",
    },
    Page {
        file: "README-CN.md",
        head: "| 配额 | 操作 |",
        a_second: |requests| format!("每秒 {requests} 次"),
        an_hour: |requests| format!("每小时 {requests} 次"),
        not_documented: "未公布",
    },
];

impl Page {
    fn limit(&self, group: QuotaGroup) -> String {
        let quota = DOCUMENTED.iter().find(|(documented, _)| *documented == group);
        quota.map_or(self.not_documented.to_owned(), |(_, quota)| match quota.period.as_secs() {
            1 => (self.a_second)(quota.requests),
            _ => (self.an_hour)(quota.requests),
        })
    }

    /// Returns a row for each quota, the largest first.
    fn table(&self) -> String {
        let mut table = format!("{}\n|---|---|\n", self.head);
        for (group, links) in rows() {
            writeln!(table, "| {} | {links} |", self.limit(group)).unwrap();
        }
        table
    }
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
fn readmes_list_every_operation() {
    for page in PAGES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page.file);
        let readme = fs::read_to_string(&path).unwrap();
        let (before, rest) = readme.split_once(START).unwrap();
        let (listed, after) = rest.split_once(END).unwrap();
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(&path, [before, START, &page.table(), END, after].concat()).unwrap();
        } else {
            assert!(listed == page.table(), "run UPDATE_DOCS=1 cargo test --lib operations");
        }
    }
}
