//! Errors of the command line, each in one line.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use super::exit;

/// Reads the arguments. An error, or the text that `--help` asks for, is printed and ends the
/// program with the exit code.
pub(crate) fn arguments<P: Parser>() -> Result<P, ExitCode> {
    P::try_parse().map_err(|error| {
        if error.use_stderr() && error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        {
            wrong(&format!("{}; see --help", problem(&error.to_string())))
        } else {
            let _ = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(exit::USAGE))
        }
    })
}

/// Reports wrong input that clap cannot know of.
pub(crate) fn wrong(problem: &str) -> ExitCode {
    let _ = writeln!(io::stderr(), "{problem}");
    ExitCode::from(exit::USAGE)
}

/// Returns the problem without the usage, which `--help` shows.
fn problem(text: &str) -> String {
    let lines = text.lines().map(str::trim).take_while(|line| {
        !["Usage:", "For more information"].iter().any(|start| line.starts_with(start))
    });
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}
