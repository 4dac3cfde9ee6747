//! One file per operation: its request, its answer, and what the service documents of both. Nothing here does I/O.

pub(crate) mod limits;
pub(crate) mod paged;
pub(crate) mod parameters;

use std::borrow::Cow;

use http::Method;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::{Resource, ValidationError};
use crate::rate_limit::QuotaGroup;
use crate::retry::RetryClass;
use crate::sign::Parameters;
use crate::types::{SecretValue, wire};

/// An operation of the service: what `call` needs to know of a request.
///
/// Public in name only: it stands in the bounds of [`PagedRequest`](paged::PagedRequest) and cannot be reached from outside.
pub trait Operation: Send + Sync + 'static {
    /// The service's name, sent as `Action`.
    const NAME: &'static str;

    /// `GET` for what only reads, with its parameters in the query. `POST` for the rest, with all of them in a form body: no
    /// secret material is ever part of a URL, and nothing on the way repeats a write by itself.
    #[doc(hidden)]
    const METHOD: Method;

    /// Which of the service's limits it counts against.
    #[doc(hidden)]
    const QUOTA: QuotaGroup;

    /// Whether dedicated instances serve it too, beside the hosts of regions.
    #[doc(hidden)]
    const SERVED_BY_INSTANCES: bool = false;

    /// What the service answers.
    type Response: DeserializeOwned + Send + Sync + 'static;

    /// What a repeat of this request can do.
    #[doc(hidden)]
    fn retry_class(&self) -> RetryClass {
        RetryClass::Always
    }

    /// Whether it changes something.
    #[doc(hidden)]
    fn writes(&self) -> bool {
        Self::METHOD == Method::POST
    }

    /// Checks the documented limits.
    #[doc(hidden)]
    fn validate(&self) -> Result<(), ValidationError>;

    /// The parameters of the operation alone.
    #[doc(hidden)]
    fn parameters(&self) -> Parameters<'_>;

    /// What it is about, for errors and spans; `None` for what is about no resource in particular.
    #[doc(hidden)]
    fn resource(&self) -> Option<Resource<'_>> {
        None
    }

    /// The secret material among the parameters, which an error of the service may echo.
    #[doc(hidden)]
    fn secret_material(&self) -> Option<&SecretValue> {
        None
    }

    /// The id under which the service knows the answered request.
    #[doc(hidden)]
    fn request_id(response: &Self::Response) -> &str;

    /// Reads the body of a successful answer. An error of the service is none, whatever its status claims.
    #[doc(hidden)]
    fn decode(&self, body: &[u8]) -> Result<Self::Response, DecodeError> {
        let answer = decode_json(body)?;
        if str::from_utf8(body).is_ok_and(names_an_error) {
            Err(DecodeError::AN_ERROR)
        } else {
            Ok(answer)
        }
    }
}

/// Where a body stopped being the JSON that was expected. It quotes nothing of the body's values.
#[derive(Debug, thiserror::Error)]
#[error("at {path}, line {line} column {column}: {problem}")]
pub struct DecodeError {
    path: String,
    line: usize,
    column: usize,
    problem: Cow<'static, str>,
}

impl DecodeError {
    const AN_ERROR: Self = Self {
        path: String::new(),
        line: 1,
        column: 1,
        problem: Cow::Borrowed("an error of the service"),
    };
}

/// Whether a body has what only an error has: many answers have nothing that an error lacks.
fn names_an_error(body: &str) -> bool {
    #[derive(Deserialize)]
    struct Named<'a> {
        #[serde(rename = "Code", alias = "code", borrow)]
        code: Cow<'a, str>,
    }
    wire::object::<Named<'_>>(body).is_ok_and(|named| !named.code.is_empty())
}

/// Reads JSON, and looks for the path of a failure when there is one.
pub(crate) fn decode_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    // To check that all of it is UTF-8 at once is a tenth of the reading cheaper than to check text by text.
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

/// The parameters of a request as `name=value`, not encoded.
#[cfg(test)]
pub(crate) fn sent(request: &impl Operation) -> Vec<String> {
    request.parameters().iter().map(|(name, value)| format!("{name}={value}")).collect()
}
