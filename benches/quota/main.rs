//! Clients under a quota that others use too, and many calls at once, in figures.
//!
//! `cargo bench --bench quota` prints all lines, and with the name of one only that. The service is
//! a transport that enforces one quota for all clients; all but the last line run in paused time.

mod account;
mod rows;

use std::error::Error;
use std::process::ExitCode;

type Outcome = Result<Vec<Line>, Box<dyn Error>>;

/// A figure beside what it has to reach.
pub(crate) struct Line {
    pub(crate) what: String,
    pub(crate) figure: String,
    /// `None` for a figure without a bound.
    pub(crate) met: Option<bool>,
}

/// A line by its name, and the bound of its figures.
struct Row {
    name: &'static str,
    bound: &'static str,
    measure: fn() -> Outcome,
}

const ROWS: &[Row] = &[
    Row {
        name: "limits",
        bound: "all runs finish, at most 1.2 of the bound, at most 20 % rejected",
        measure: rows::lower_limits,
    },
    Row {
        name: "change",
        bound: "full pace within 5 s, at most 20 % rejected",
        measure: rows::changing_limit,
    },
    Row { name: "connections", bound: "no failure", measure: rows::slow_connections },
    Row {
        name: "herd",
        bound: "500 clients: all succeed, at most 2 times the bound",
        measure: rows::herds,
    },
    Row {
        name: "fleet",
        bound: "50 clients: at least 85 %, at most 20 % rejected, each a third of its share",
        measure: rows::fleets,
    },
    Row {
        name: "waiting",
        bound: "at most 3 us each, no heartbeat over 50 ms",
        measure: rows::waiting_calls,
    },
];

fn main() -> ExitCode {
    let chosen: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let mut outcome = ExitCode::SUCCESS;
    println!("| name | what | measured | must be |\n|---|---|---|---|");
    for Row { name, bound, measure } in ROWS {
        if !chosen.is_empty() && !chosen.iter().any(|chosen| chosen == name) {
            continue;
        }
        let lines = measure().unwrap_or_else(|error| {
            vec![Line { what: String::new(), figure: error.to_string(), met: Some(false) }]
        });
        for Line { what, figure, met } in lines {
            let verdict = match met {
                Some(true) => format!("{bound}: met"),
                Some(false) => format!("{bound}: MISSED"),
                None => String::new(),
            };
            println!("| `{name}` | {what} | {figure} | {verdict} |");
            if met == Some(false) {
                outcome = ExitCode::FAILURE;
            }
        }
    }
    outcome
}
