//! [`RequestContext`]: what a response depends on besides the request and the account.

use chrono::{DateTime, Utc};

/// The values of one request that its client did not send.
#[derive(Clone, Copy)]
pub(super) struct RequestContext<'a> {
    pub(super) now: DateTime<Utc>,
    pub(super) request_id: &'a str,
    /// The emulator's own host and port, which some error bodies contain.
    pub(super) host: &'a str,
}
