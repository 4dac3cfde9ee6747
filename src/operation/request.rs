//! [`Request`]: a request as a call sends it, typed or raw.

use super::Operation;
use super::decode::DecodeError;
use super::encoder::Encoded;
use super::spec::CallSpec;

/// A request as a call sends it. Every [`Operation`] is one, and so is a
/// [raw request](crate::raw), whose action is known only at run time.
pub(crate) trait Request: Send + Sync + 'static {
    type Response: Send + Sync + 'static;

    /// Returns the facts about the action, with the retry class of this request.
    fn spec(&self) -> CallSpec<'_>;

    /// Returns the parameters of a client of `region`.
    fn encoded<'a>(&'a self, region: Option<&'a str>) -> Encoded<'a>;

    /// Reads a successful response. `request_id` is that of the headers, for bodies without one.
    fn read_response(
        &self,
        body: &[u8],
        request_id: Option<&str>,
    ) -> Result<Self::Response, DecodeError>;

    /// The request id in a response; empty if it has none.
    fn request_id(response: &mut Self::Response) -> &mut String;
}

impl<O: Operation> Request for O {
    type Response = O::Response;

    fn spec(&self) -> CallSpec<'_> {
        O::SPEC.with_retry_class(self.retry_class())
    }

    fn encoded<'a>(&'a self, region: Option<&'a str>) -> Encoded<'a> {
        Operation::encoded(self, region)
    }

    fn read_response(
        &self,
        body: &[u8],
        request_id: Option<&str>,
    ) -> Result<O::Response, DecodeError> {
        Operation::read_response(self, body, request_id)
    }

    fn request_id(response: &mut O::Response) -> &mut String {
        <O as Operation>::request_id(response)
    }
}
