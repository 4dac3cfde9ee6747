//! Errors of decoding a secret value.

use std::borrow::Cow;
use std::fmt;

use super::wire;

/// A secret value cannot be decoded to the expected form. The error does not quote the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretValueError {
    /// The text is not Base64.
    #[error("the secret value is not Base64: decode the text that `expose_secret` returns")]
    NotBase64,
    /// JSON was expected, but the value is binary.
    #[error("the secret value is binary, not JSON: `to_bytes` returns its bytes")]
    Binary,
    /// The text is not JSON, or not the JSON of the expected type.
    #[error(
        "the secret value is not the expected JSON: {problem} at {}",
        Place(path, *line, *column)
    )]
    Json {
        /// The path of the value that is not the expected one, such as `accounts[1].port`; `.` for
        /// the whole. A name that is not a word of ASCII letters and `_` may be secret itself, and
        /// is shown as `?`.
        path: String,
        /// The line, from 1; 0 if it is not known.
        line: usize,
        /// The column, in bytes from 1; 0 before the first.
        column: usize,
        /// A description of the problem.
        problem: Cow<'static, str>,
    },
}

impl SecretValueError {
    pub(super) fn from_json(text: &str, error: &serde_json::Error) -> Self {
        let problem = match error.classify() {
            serde_json::error::Category::Data => match wire::missing_field(error) {
                Some(name) => format!("the field `{name}` is missing").into(),
                None => "a value of another type".into(),
            },
            serde_json::error::Category::Eof => "the text ends too early".into(),
            serde_json::error::Category::Io | serde_json::error::Category::Syntax => {
                "not JSON".into()
            }
        };
        let path = wire::path_of_error(text, error);
        Self::Json { path, line: error.line(), column: error.column(), problem }
    }
}

struct Place<'a>(&'a str, usize, usize);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(path, line, column) = self;
        match *path {
            "." => f.write_str("the top level")?,
            path => write!(f, "`{path}`")?,
        }
        if *line > 0 { write!(f, ", line {line} column {column}") } else { Ok(()) }
    }
}
