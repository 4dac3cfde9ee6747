//! [`CannedResponse`]: an answer that has nothing to do with the request.

use crate::emulator::error_response::Refusal;

/// An answer written by a test, given to a request instead of carrying it out.
///
/// Status, headers and body are sent as they are. What HTTP cannot say is mended rather than refused: a status outside 100
/// to 999 becomes 500, and a header whose name or value has forbidden characters is left out. `Date` and `x-acs-request-id`
/// are added unless given.
///
/// ```
/// use alibabacloud_kms::emulator::{CannedResponse, Fault};
///
/// let later = CannedResponse::error(429, "Rejected.Throttling").header("x-acs-retry-after", "500");
/// let nonsense = CannedResponse::new(200).body("[".repeat(10_000));
/// # let _: [Fault; 2] = [later.into(), nonsense.into()];
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CannedResponse {
    pub(in crate::emulator) status: u16,
    pub(in crate::emulator) headers: Vec<(String, String)>,
    pub(in crate::emulator) body: CannedBody,
}

#[derive(Clone, Debug, PartialEq)]
pub(in crate::emulator) enum CannedBody {
    Bytes(Vec<u8>),
    /// Completed with the id of the request that it answers.
    Error(Refusal),
}

impl CannedResponse {
    /// An answer of this HTTP status without a body.
    #[must_use]
    pub fn new(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: CannedBody::Bytes(Vec::new()) }
    }

    /// An error in the shape of the KMS service: `HttpStatus`, `Code`, `Message`, `RequestId`.
    #[must_use]
    pub fn error(status: u16, code: impl Into<String>) -> Self {
        Self::refusal(Refusal::service(status, code.into(), "Injected by a test."))
    }

    /// An error in the shape of the API gateway: `RequestId`, `HostId`, `Code`, `Message`, `Recommend`.
    #[must_use]
    pub fn gateway_error(status: u16, code: impl Into<String>) -> Self {
        Self::refusal(Refusal::gateway(status, code.into(), "Injected by a test."))
    }

    fn refusal(refusal: Refusal) -> Self {
        Self { status: refusal.status, headers: Vec::new(), body: CannedBody::Error(refusal) }
    }

    /// Sets the `Message` of an error; without effect on other answers.
    #[must_use]
    pub fn message(mut self, message: impl Into<String>) -> Self {
        if let CannedBody::Error(refusal) = &mut self.body {
            *refusal = refusal.clone().with_message(message.into());
        }
        self
    }

    /// Adds a header, such as `Retry-After` (seconds or a date), `x-acs-retry-after` (milliseconds) or `Date`.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the body, which may be anything: not JSON, not UTF-8, an error under status 200.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = CannedBody::Bytes(body.into());
        self
    }
}
