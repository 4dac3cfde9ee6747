//! Reads response bodies and says where one is not the JSON that was expected.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::types::wire;

/// The place at which a body is not the JSON that was expected. It quotes nothing of the body's
/// values.
#[derive(Debug, thiserror::Error)]
#[error("at {path}, line {line} column {column}: {problem}")]
pub struct DecodeError {
    path: String,
    line: usize,
    column: usize,
    problem: Cow<'static, str>,
}

impl DecodeError {
    const fn of_whole(problem: &'static str) -> Self {
        Self { path: String::new(), line: 1, column: 1, problem: Cow::Borrowed(problem) }
    }
}

/// Checks a response that reports only success: it must not be an error, and must have the request
/// id that every response of the service has.
pub(super) fn check_acknowledgement(body: &[u8], request_id: &str) -> Result<(), DecodeError> {
    if str::from_utf8(body).is_ok_and(has_error_code) {
        Err(DecodeError::of_whole("an error of the service"))
    } else if request_id.is_empty() {
        Err(DecodeError::of_whole("no request id, so it is not a response of the service"))
    } else {
        Ok(())
    }
}

/// Reads a response of any shape, and its request id, which is that of the headers if the body has
/// none. Since nothing says which fields a success has, it must not be an error.
pub(crate) fn decode_any<T: DeserializeOwned>(
    body: &[u8],
    request_id: Option<&str>,
) -> Result<(T, String), DecodeError> {
    #[derive(Deserialize)]
    struct Acknowledgement {
        #[serde(rename = "RequestId", default, deserialize_with = "wire::lenient_string")]
        request_id: String,
    }
    let Acknowledgement { request_id: mut id } = decode_json(body)?;
    if id.is_empty() {
        id.push_str(request_id.unwrap_or_default());
    }
    check_acknowledgement(body, &id)?;
    Ok((decode_json(body)?, id))
}

/// True if a body has the field that only an error has.
fn has_error_code(body: &str) -> bool {
    #[derive(Deserialize)]
    struct Coded {
        #[serde(rename = "Code", alias = "code", alias = "ErrorCode")]
        code: Option<IgnoredAny>,
    }
    wire::object::<Coded>(body).is_ok_and(|coded| coded.code.is_some())
}

/// Reads JSON, and looks for the path of a failure when there is one.
pub(crate) fn decode_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    // To check that all of it is UTF-8 at once is a tenth of the reading cheaper than to check text
    // by text.
    let text = str::from_utf8(body).map_err(|error| not_utf8(&body[..error.valid_up_to()]))?;
    wire::object(text).map_err(|error| locate(text, &error))
}

fn not_utf8(valid: &[u8]) -> DecodeError {
    let lines: Vec<_> = valid.split(|byte| *byte == b'\n').collect();
    let column = lines.last().map_or(0, |line| line.len()) + 1;
    DecodeError { path: ".".to_owned(), line: lines.len(), column, problem: "not UTF-8".into() }
}

fn locate(text: &str, error: &serde_json::Error) -> DecodeError {
    let (line, column) = (error.line(), error.column());
    let path = wire::path_of_error(text, error);
    let problem = match error.classify() {
        serde_json::error::Category::Io | serde_json::error::Category::Syntax => "not JSON".into(),
        serde_json::error::Category::Eof => "the body ends too early".into(),
        serde_json::error::Category::Data => match wire::missing_field(error) {
            Some(name) => format!("the field {name} is missing").into(),
            None => "a value of another form than documented".into(),
        },
    };
    DecodeError { path, line, column, problem }
}
