//! Secrets as rows of text, and rows as a table or as CSV.

use std::error::Error;

use alibabacloud_kms::secrets::SecretSummary;
use clap::ValueEnum;
use comfy_table::{Table, presets};

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    Table,
    Csv,
    Json,
}

/// The columns of a row.
pub(crate) const COLUMNS: [&str; 6] = ["Secret", "Type", "Created", "Updated", "Deletion", "Tags"];

pub(crate) fn row(secret: &SecretSummary) -> [String; 6] {
    let time = |time: Option<chrono::DateTime<chrono::Utc>>| {
        time.map(|time| time.format("%Y-%m-%dT%H:%MZ").to_string()).unwrap_or_default()
    };
    let tags = secret.tags.iter().flatten().map(|tag| format!("{}={}", tag.key, tag.value));
    [
        secret.secret_name.clone(),
        secret.secret_type.as_ref().map(ToString::to_string).unwrap_or_default(),
        time(secret.create_time),
        time(secret.update_time),
        time(secret.planned_delete_time),
        tags.collect::<Vec<_>>().join(", "),
    ]
}

pub(crate) fn table(columns: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY).set_header(columns).add_rows(rows);
    format!("{table}\n")
}

pub(crate) fn csv(
    columns: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<String, Box<dyn Error>> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(columns)?;
    for row in rows {
        out.write_record(row)?;
    }
    Ok(String::from_utf8(out.into_inner()?)?)
}

/// Returns `1 secret`, `2 secrets` and so on.
pub(crate) fn count(number: usize, thing: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{s}")
}
