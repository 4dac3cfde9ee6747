//! Keys that a program prints, the mode `External` of the CLI.

use std::io::ErrorKind;
use std::time::Duration;

use tokio::time::timeout;

use super::issued::{IssuedKeys, read};
use super::source::{Missing, Outcome, OutcomeFuture, Source};
use super::{CredentialsError, ProviderEnv};

/// A person may have to confirm something.
const LIMIT: Duration = Duration::from_secs(60);

/// A program and its arguments in one line, run without a shell. `Debug` leaves it out: it may hold a password.
#[derive(Clone)]
pub(super) struct External {
    pub(super) command: String,
}

impl External {
    async fn run(&self, around: &ProviderEnv) -> Outcome {
        around.check_external_allowed()?;
        let words = split(&self.command)
            .ok_or_else(|| CredentialsError::new("process_command has a quote without its end"))?;
        let Some((program, arguments)) = words.split_first() else {
            return Err(Missing::failed("process_command is empty"));
        };
        let told =
            |what: &str| CredentialsError::new(format!("the program of process_command {what}"));
        let output = timeout(LIMIT, around.os.run(program, arguments))
            .await
            .map_err(|_| told("did not end within 60 s"))?
            .map_err(|error| match error.kind() {
                ErrorKind::FileTooLarge => told("printed more than 1 MiB"),
                kind => told(&format!("cannot be run: {kind}")).with_source(error),
            })?;
        if let Some(end) = output.failure {
            return Err(told(&format!("failed: {end}")).into());
        }
        let printed: IssuedKeys =
            read("what the program of process_command printed", &output.stdout)?;
        let mode = printed.mode.as_deref().unwrap_or_default();
        let who = "the program of process_command";
        if mode.eq_ignore_ascii_case("AK") {
            Ok(printed.permanent(who)?)
        } else if mode.eq_ignore_ascii_case("StsToken") {
            Ok(printed.temporary(who)?)
        } else {
            Err(told("gave another mode than AK and StsToken").into())
        }
    }
}

impl Source for External {
    fn name(&self) -> &'static str {
        "external program"
    }

    fn look<'a>(&'a self, around: &'a ProviderEnv) -> OutcomeFuture<'a> {
        Box::pin(self.run(around))
    }
}

impl std::fmt::Debug for External {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("External")
    }
}

/// Splits a line into words as a POSIX shell does, without expanding anything; `None` when a quote has no end. On Windows a
/// backslash is part of a path, save before a double quote between double quotes.
fn split(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next()? {
                        '\'' => break,
                        inner => word.push(inner),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next()? {
                        '"' => break,
                        '\\' => match characters.peek() {
                            Some('"') => word.extend(characters.next()),
                            Some('\\' | '$' | '`') if !cfg!(windows) => {
                                word.extend(characters.next());
                            }
                            _ => word.push('\\'),
                        },
                        inner => word.push(inner),
                    }
                }
            }
            '\\' if !cfg!(windows) => word.get_or_insert_default().extend(characters.next()),
            c if c.is_whitespace() => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(not(windows))]
    #[test]
    fn a_line_is_split_as_a_shell_does_and_nothing_is_expanded() {
        for (line, words) in [
            ("/opt/get --json", vec!["/opt/get", "--json"]),
            (r#"  a  'b c'"d e"f ""  "#, vec!["a", "b cd ef", ""]),
            (r#"a\ b "q\"q" 's\n' "\$x" "\y""#, vec!["a b", "q\"q", "s\\n", "$x", "\\y"]),
            ("echo $HOME `id` ; rm", vec!["echo", "$HOME", "`id`", ";", "rm"]),
            ("", vec![]),
        ] {
            assert_eq!(split(line).unwrap(), words, "{line}");
        }
        assert!(split("a 'b").is_none());
        assert!(split("a \"b").is_none());
    }
}
