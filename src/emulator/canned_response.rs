//! [`CannedResponse`]: a response that a test writes.

use super::error_response::ErrorResponse;

/// A response that a test writes, sent instead of executing the request.
///
/// Status, headers and body are sent as they are. What HTTP does not allow is corrected: a status
/// outside 200 to 999 becomes 500, and a header whose name or value has forbidden characters is
/// left out. `Date` and `x-acs-request-id` are added unless the test sets them.
///
/// ```
/// use alibabacloud_kms::emulator::{CannedResponse, Fault};
///
/// let throttled = CannedResponse::error(429, "Rejected.Throttling");
/// let throttled = throttled.header("x-acs-retry-after", "500");
/// let malformed = CannedResponse::new(200).body("[".repeat(10_000));
/// # let _: [Fault; 2] = [throttled.into(), malformed.into()];
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CannedResponse {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: CannedBody,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum CannedBody {
    Bytes(Vec<u8>),
    /// Sent with the id of the request.
    Error(ErrorResponse),
}

impl CannedResponse {
    /// Creates a response with this HTTP status and no body.
    #[must_use]
    pub fn new(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: CannedBody::Bytes(Vec::new()) }
    }

    /// Creates a response with status 200 and this JSON text as its body.
    ///
    /// It is for operations that the emulator does not implement, in
    /// [`Emulator::set_response`](super::Emulator::set_response).
    #[must_use]
    pub fn json(body: impl Into<String>) -> Self {
        Self::new(200).header("content-type", "application/json").body(body.into())
    }

    /// Creates an error in the shape of the KMS service: `HttpStatus`, `Code`, `Message`,
    /// `RequestId`.
    #[must_use]
    pub fn error(status: u16, code: impl Into<String>) -> Self {
        Self::from_error(ErrorResponse::service(status, code.into(), "Injected by a test."))
    }

    /// Creates an error in the shape of the API gateway: `RequestId`, `HostId`, `Code`, `Message`,
    /// `Recommend`.
    #[must_use]
    pub fn gateway_error(status: u16, code: impl Into<String>) -> Self {
        Self::from_error(ErrorResponse::gateway(status, code.into(), "Injected by a test."))
    }

    fn from_error(error: ErrorResponse) -> Self {
        Self { status: error.status, headers: Vec::new(), body: CannedBody::Error(error) }
    }

    /// Sets the `Message` of an error. It has no effect on other responses.
    #[must_use]
    pub fn message(mut self, message: impl Into<String>) -> Self {
        if let CannedBody::Error(error) = &mut self.body {
            *error = error.clone().with_message(message.into());
        }
        self
    }

    /// Sets a header, such as `Retry-After` (seconds or a date), `x-acs-retry-after`
    /// (milliseconds) or `Date`. It replaces one of the same name.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the body. It may be anything: not JSON, not UTF-8, an error with status 200.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = CannedBody::Bytes(body.into());
        self
    }
}
