//! [`Operation`]: an operation of the service as data, and what encodes and decodes it.
//!
//! The operations themselves are in [`secrets`](crate::secrets), [`keys`](crate::keys) and
//! [`tags`](crate::tags), one file each. Nothing here does I/O.

mod decode;
pub(crate) mod dry_run;
pub(crate) mod encoder;
mod limits;
pub(crate) mod paged;
pub(crate) mod request;
mod spec;

use serde::de::DeserializeOwned;

pub(crate) use decode::{DecodeError, decode_any, decode_json};
pub(crate) use encoder::{Encoded, Encoder};
pub(crate) use limits::{first_repeated, new_secret_name, not_empty};
pub(crate) use spec::{CallSpec, DecryptionKey, OperationSpec};

use crate::error::Error;
use crate::retry::RetryClass;

/// A request of the service: the facts about its operation, its parameters and its response.
///
/// Public in name only: it appears in the bounds of
/// [`PagedRequest`](crate::pagination::PagedRequest), and users cannot reach it.
pub trait Operation: Send + Sync + 'static {
    /// The facts about the operation.
    #[doc(hidden)]
    const SPEC: OperationSpec;

    /// The response of the service.
    type Response: DeserializeOwned + Send + Sync + 'static;

    /// Adds the parameters to `encoder`, which checks their documented limits.
    #[doc(hidden)]
    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>);

    /// Reads the body of a successful response.
    ///
    /// No operation has its own: what an `impl` writes out is compiled for every program, and this
    /// only for one that calls the operation.
    #[doc(hidden)]
    fn decode(&self, body: &[u8]) -> Result<Self::Response, DecodeError> {
        let mut response = decode_json(body)?;
        self.complete(&mut response);
        Ok(response)
    }

    /// Adds to a response what the service leaves out for this request.
    #[doc(hidden)]
    fn complete(&self, response: &mut Self::Response) {
        let _ = response;
    }

    /// Reads a successful response. `request_id` is that of the headers, for bodies without one.
    #[doc(hidden)]
    fn read_response(
        &self,
        body: &[u8],
        request_id: Option<&str>,
    ) -> Result<Self::Response, DecodeError> {
        let mut response = self.decode(body)?;
        let id = Self::request_id(&mut response);
        if id.is_empty() {
            id.push_str(request_id.unwrap_or_default());
        }
        if !Self::SPEC.has_required_fields {
            decode::check_acknowledgement(body, id)?;
        }
        Ok(response)
    }

    /// The request id in a response; empty if its body has none.
    #[doc(hidden)]
    fn request_id(response: &mut Self::Response) -> &mut String;

    /// Returns whether this request is sent again when its outcome is unknown.
    #[doc(hidden)]
    fn retry_class(&self) -> RetryClass {
        Self::SPEC.retry_class
    }

    /// Returns the parameters of a client of `region`.
    #[doc(hidden)]
    fn encoded<'a>(&'a self, region: Option<&'a str>) -> Encoded<'a> {
        let mut encoder = Encoder::new(region);
        self.encode(&mut encoder);
        encoder.finish()
    }

    /// Checks the documented limits, as a call does before anything is sent.
    #[doc(hidden)]
    fn check(&self) -> Result<(), Error> {
        let Encoded { violation, resource, .. } = self.encoded(None);
        let Some(violation) = violation else { return Ok(()) };
        Err(Error::invalid_input(&violation).with_operation(Self::SPEC.name).on_resource(resource))
    }
}

/// Returns the parameters of a request as `name=value`, not percent-encoded.
#[cfg(test)]
pub(crate) fn sent(request: &impl Operation) -> Vec<String> {
    let encoded = request.encoded(None);
    encoded.parameters().iter().map(|(name, value)| format!("{name}={value}")).collect()
}

#[cfg(test)]
pub(crate) trait Validate: Operation {
    /// Returns the first limit that the request violates.
    fn validate(&self) -> Result<(), crate::error::ValidationError> {
        self.encoded(None).violation.map_or(Ok(()), Err)
    }
}

#[cfg(test)]
impl<O: Operation> Validate for O {}
