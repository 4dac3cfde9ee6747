//! [`Repr`]: the fields of an [`Error`](super::Error).

use std::borrow::Cow;
use std::error::Error as StdError;
use std::sync::Arc;

use super::{CredentialsError, ErrorKind, Resource, ServiceError};

#[derive(Clone, Default)]
pub(super) struct Repr {
    pub(super) kind: ErrorKind,
    /// The failure as a clause, such as `the connection broke`.
    pub(super) what: String,
    pub(super) hint: Option<Cow<'static, str>>,
    pub(super) operation: Option<String>,
    pub(super) resource: Option<Resource<'static>>,
    pub(super) host: Option<String>,
    pub(super) http_status: Option<u16>,
    pub(super) request_id: Option<String>,
    pub(super) attempts: u32,
    pub(super) outcome_unknown: bool,
    /// True if the operation changes something, so that an unknown outcome matters.
    pub(super) is_write: bool,
    pub(super) not_retried: NotRetried,
    /// True if a retry may succeed although the kind does not show it.
    pub(super) is_transient: bool,
    pub(super) service: Option<ServiceError>,
    pub(super) credentials: Option<CredentialsError>,
    pub(super) source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// The reason why a call ended with an error instead of another attempt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum NotRetried {
    /// Another attempt would fail the same way, or could do harm.
    #[default]
    Final,
    AttemptsExhausted,
    DeadlineTooClose,
    BudgetExhausted,
}
