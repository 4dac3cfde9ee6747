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
    // By itself, since the body is known to be an object, and any `T` may be read from one.
    let text = text(body)?;
    let response = serde_json::from_str(text).map_err(|error| locate(text, &error))?;
    Ok((response, id))
}

/// True if a body has the field that only an error has.
fn has_error_code(body: &str) -> bool {
    #[derive(Deserialize)]
    struct Coded {
        #[serde(rename = "Code", alias = "code", alias = "ErrorCode")]
        code: Option<IgnoredAny>,
    }
    // An object that cannot be read has the field twice, by two of its names.
    wire::object::<Coded>(body).map_or(true, |coded| coded.code.is_some())
}

/// Reads JSON, and looks for the path of a failure when there is one.
pub(crate) fn decode_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    let text = text(body)?;
    wire::object(text).map_err(|error| locate(text, &error))
}

/// Checks that all of a body is UTF-8. To do so at once is a tenth of the reading cheaper than to
/// check text by text.
fn text(body: &[u8]) -> Result<&str, DecodeError> {
    str::from_utf8(body).map_err(|error| not_utf8(&body[..error.valid_up_to()]))
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

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use serde_json::value::RawValue;

    use super::*;

    #[test]
    fn any_type_is_read_from_an_object() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Fields {
            #[serde(rename = "Id")]
            id: String,
        }
        #[derive(Debug, PartialEq, Deserialize)]
        struct Newtype(Fields);

        let body = r#"{"RequestId":"r","Id":"a"}"#;
        let fields = || Fields { id: "a".to_owned() };
        let (newtype, id) = decode_any::<Newtype>(body.as_bytes(), None).unwrap();
        assert_eq!((newtype, &*id), (Newtype(fields()), "r"));
        let (optional, _) = decode_any::<Option<Fields>>(body.as_bytes(), None).unwrap();
        assert_eq!(optional, Some(fields()));
        let (text, _) = decode_any::<Box<RawValue>>(body.as_bytes(), None).unwrap();
        assert_eq!(text.get(), body);
        assert!(decode_any::<Vec<Value>>(br#"["r"]"#, Some("r")).is_err(), "no object");
    }

    #[test]
    fn error_code_is_found_under_any_of_its_names() {
        for code in
            [r#""Code":"X""#, r#""code":"X""#, r#""ErrorCode":"X""#, r#""Code":"X","code":"X""#]
        {
            let body = format!(r#"{{"RequestId":"r",{code}}}"#);
            assert!(decode_any::<Value>(body.as_bytes(), None).is_err(), "{body}");
        }
    }
}
