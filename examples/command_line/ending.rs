//! How the examples end when something fails: with what went wrong, but quietly when their reader has gone.

use std::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;

/// Says on the standard error what went wrong and, where that is known, what to try.
pub(crate) fn failure(error: &(dyn Error + 'static), hint: Option<&str>) -> ExitCode {
    if error.downcast_ref().map(io::Error::kind) == Some(io::ErrorKind::BrokenPipe) {
        // Who reads through a pipe has read enough, as `head` does. Programs that Unix ends for it have this code.
        return ExitCode::from(128 + 13);
    }
    let lines = [error.to_string()].into_iter().chain(hint.map(str::to_owned));
    for line in lines {
        // When nobody hears it, the exit code still tells.
        let _ = writeln!(io::stderr(), "{line}");
    }
    ExitCode::FAILURE
}
