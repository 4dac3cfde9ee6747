//! Reports the failure of an example: one line on standard error, and an exit code.
//!
//! The code is 2 for input or a configuration that has to be changed, 141 if the reader has gone,
//! as `head` does, and 1 for every other failure.

use std::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;

use alibabacloud_kms::ErrorKind;

/// The exit code for wrong input, which clap uses as well.
pub(crate) const USAGE: u8 = 2;

/// Prints what went wrong and, where it is known, what to try. A reader that has gone is not an
/// error.
pub(crate) fn failure(error: &(dyn Error + 'static), hint: Option<&str>) -> ExitCode {
    if error.downcast_ref().map(io::Error::kind) == Some(io::ErrorKind::BrokenPipe) {
        // The code of a program that Unix ends for it.
        return ExitCode::from(128 + 13);
    }
    let hint = hint.map_or_else(String::new, |hint| format!("; {hint}"));
    // The exit code is enough if standard error is closed.
    let _ = writeln!(io::stderr(), "{error}{hint}");
    let is_usage = match error.downcast_ref().map(alibabacloud_kms::Error::kind) {
        Some(kind) => matches!(kind, ErrorKind::InvalidInput | ErrorKind::Configuration),
        None => error.downcast_ref().map(io::Error::kind) == Some(io::ErrorKind::InvalidInput),
    };
    if is_usage { ExitCode::from(USAGE) } else { ExitCode::FAILURE }
}
