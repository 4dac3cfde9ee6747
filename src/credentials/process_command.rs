//! Credentials that a program prints: the mode `External` of the CLI.

use std::io::ErrorKind;
use std::time::Duration;

use tokio::time::timeout;

use super::issued::{IssuedCredentials, read};
use super::load::{LoadCredentials, LoadFuture, LoadResult};
use super::load_error::LoadError;
use super::provider_env::check_runtime;
use super::{CredentialsError, ProviderEnv};

/// A person may have to confirm something.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A program and its arguments in one line, run without a shell. Its output is read as the official
/// Go library does: only mode `StsToken` requires a token, and a malformed expiration is ignored.
/// `Debug` omits it: it may contain a password.
#[derive(Clone)]
pub(super) struct ProcessCommand {
    pub(super) command: String,
}

impl ProcessCommand {
    async fn run(&self, env: &ProviderEnv) -> LoadResult {
        env.check_external_allowed()?;
        check_runtime()?;
        let words = split(&self.command)
            .ok_or_else(|| CredentialsError::new("process_command has an unclosed quote"))?;
        let Some((program, arguments)) = words.split_first() else {
            return Err(LoadError::failed("process_command is empty"));
        };
        let output = timeout(TIMEOUT, env.os.run(program, arguments))
            .await
            .map_err(|_| program_error("did not end within 60 s"))?
            .map_err(|error| match error.kind() {
                ErrorKind::FileTooLarge => program_error("printed more than 1 MiB"),
                ErrorKind::NotFound => program_error("does not exist").with_source(error),
                _ => program_error(&format!("cannot be run: {error}")).with_source(error),
            })?;
        if let Some(failure) = output.failure {
            return Err(program_error(&format!("failed: {failure}")).into());
        }
        let printed: IssuedCredentials =
            read("the output of the program of process_command", &output.stdout)?;
        let needs_token = match printed.mode() {
            None => false,
            Some(mode) if mode.eq_ignore_ascii_case("AK") => false,
            Some(mode) if mode.eq_ignore_ascii_case("StsToken") => true,
            Some(mode) => {
                let what = format!("printed mode {mode}, which must be AK or StsToken");
                return Err(program_error(&what).into());
            }
        };
        let credentials = printed.lenient("the program of process_command")?;
        if needs_token && credentials.security_token().is_none() {
            return Err(program_error("printed mode StsToken without an sts_token").into());
        }
        Ok(credentials)
    }
}

fn program_error(what: &str) -> CredentialsError {
    CredentialsError::new(format!("the program of process_command {what}"))
}

impl LoadCredentials for ProcessCommand {
    fn name(&self) -> &'static str {
        "external program"
    }

    fn load<'a>(&'a self, env: &'a ProviderEnv) -> LoadFuture<'a> {
        Box::pin(self.run(env))
    }
}

impl std::fmt::Debug for ProcessCommand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ProcessCommand")
    }
}

/// Splits a line into words as a POSIX shell does, without expanding anything; `None` for an
/// unclosed quote. On Windows a backslash is part of a path, except before a double quote inside
/// double quotes.
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
    fn line_is_split_like_in_a_shell_without_expansion() {
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
