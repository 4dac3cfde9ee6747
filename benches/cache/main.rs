//! The cost and the behaviour of a cache of secrets, in figures. `cargo bench --bench cache` makes
//! all lines, and with the name of one only that.

mod rows;
mod service;

use std::error::Error;
use std::process::ExitCode;

type Outcome = Result<Measured, BoxError>;

type BoxError = Box<dyn Error + Send + Sync>;

/// The figure of a row, and whether it is what it must be.
struct Measured {
    figure: String,
    met: bool,
}

/// A line of the table: its name, what it measures, how, and what it must be.
struct Row {
    name: &'static str,
    what: &'static str,
    measure: fn() -> Outcome,
    must_be: &'static str,
}

const ROWS: &[Row] = &[
    // First, since tokio reads the time under a lock once a clock was paused in the process.
    Row {
        name: "hit",
        what: "a read from memory, two threads; 1, 4 and 16 tasks",
        measure: rows::hit,
        must_be: "at most 200 ns, 0 allocations",
    },
    // Next, since the memory that another row frees would hide what the entries take.
    Row {
        name: "memory",
        what: "memory of an entry, of 10,000",
        measure: rows::memory,
        must_be: "",
    },
    Row {
        name: "cold",
        what: "requests of 1,000 readers of a secret that is not in the cache",
        measure: rows::cold,
        must_be: "1",
    },
    Row {
        name: "start",
        what: "requests to load 50 secrets at the start",
        measure: rows::start,
        must_be: "3",
    },
    Row {
        name: "outage",
        what: "10 minutes without the service, 50 secrets, 100 reads a second",
        measure: rows::outage,
        must_be: "no failed read",
    },
    Row {
        name: "rotation",
        what: "from a new version to its being seen by `watch`, 500 times",
        measure: rows::rotation,
        must_be: "at most 0.9 of the TTL",
    },
    Row {
        name: "fleet",
        what: "500 processes with 5 secrets that start together: busiest second to mean, an hour",
        measure: rows::fleet,
        must_be: "at most 3",
    },
];

fn main() -> ExitCode {
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let mut all_met = true;
    println!("| name | what | measured | must be |\n|---|---|---|---|");
    for row in ROWS.iter().filter(|row| wanted.is_empty() || wanted.iter().any(|n| n == row.name)) {
        let Row { name, what, must_be, .. } = row;
        let (figure, met) = match (row.measure)() {
            Ok(Measured { figure, met }) => (figure, met),
            Err(error) => (format!("failed: {error}"), false),
        };
        let verdict = match (must_be.is_empty(), met) {
            (false, true) => ": met",
            (_, false) => ": MISSED",
            (true, true) => "",
        };
        println!("| `{name}` | {what} | {figure} | {must_be}{verdict} |");
        all_met &= met;
    }
    if all_met { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
