//! One file per operation: its request, its answer, and what the service documents of both. Nothing here does I/O.

pub(crate) mod list_secrets;
pub(crate) mod paged;

use serde::de::DeserializeOwned;

use crate::error::OutOfRange;
use crate::retry::RetryClass;
use crate::sign::Parameters;

/// An operation of the service: what `call` needs to know of a request.
///
/// Public in name only: it stands in the bounds of [`PagedRequest`](crate::PagedRequest) and cannot be reached from outside.
pub trait Operation: Send + Sync + 'static {
    /// The service's name, sent as `Action`.
    const NAME: &'static str;

    /// What a repeat can do.
    #[doc(hidden)]
    const RETRY: RetryClass;

    /// What the service answers.
    type Response: Send + Sync + 'static;

    /// Checks the documented limits.
    #[doc(hidden)]
    fn validate(&self) -> Result<(), OutOfRange>;

    /// The parameters of the operation alone.
    #[doc(hidden)]
    fn parameters(&self) -> Parameters<'_>;

    /// The id under which the service knows the answered request.
    #[doc(hidden)]
    fn request_id(response: &Self::Response) -> &str;

    /// Reads the body of a successful answer.
    #[doc(hidden)]
    fn decode(&self, body: &[u8]) -> Result<Self::Response, DecodeError>;
}

/// Where a body stopped being the JSON that was expected. It quotes nothing of the body's values.
#[derive(Debug, thiserror::Error)]
#[error("at {path}, line {line} column {column}: {problem}")]
pub struct DecodeError {
    path: String,
    line: usize,
    column: usize,
    problem: &'static str,
}

/// Reads JSON, and on failure reads it again for the path: keeping track of it in every success would cost a third more.
pub(crate) fn decode_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    serde_json::from_slice(body).map_err(|error| locate::<T>(body, &error))
}

fn locate<T: DeserializeOwned>(body: &[u8], error: &serde_json::Error) -> DecodeError {
    let deserializer = &mut serde_json::Deserializer::from_slice(body);
    let path = match serde_path_to_error::deserialize::<_, T>(deserializer) {
        Ok(_) => ".".to_owned(),
        Err(error) => error.path().to_string(),
    };
    let problem = match error.classify() {
        serde_json::error::Category::Io | serde_json::error::Category::Syntax => "not JSON",
        serde_json::error::Category::Eof => "the body ends too early",
        serde_json::error::Category::Data => "a value of another form than documented",
    };
    DecodeError { path, line: error.line(), column: error.column(), problem }
}
