//! What can go wrong.

/// Any error as a cause.
pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The kind of an error.
#[derive(Debug)]
pub enum ErrorKind {
    /// no keys
    Credentials,
}
