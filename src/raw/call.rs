//! [`RawCall`]: a raw request and the type that its response is read as.

use std::marker::PhantomData;

use serde::de::DeserializeOwned;

use super::request::RawRequest;
use crate::operation::request::Request;
use crate::operation::{CallSpec, DecodeError, Encoded, decode_any};

/// A raw request whose response is read as a `T`.
pub(crate) struct RawCall<T> {
    request: RawRequest,
    response: PhantomData<fn() -> T>,
}

/// A response and its request id, which its type may lack.
pub(crate) struct RawResponse<T> {
    pub(crate) response: T,
    request_id: String,
}

impl<T> RawCall<T> {
    pub(crate) fn new(request: RawRequest) -> Self {
        Self { request, response: PhantomData }
    }
}

impl<T: DeserializeOwned + Send + Sync + 'static> Request for RawCall<T> {
    type Response = RawResponse<T>;

    fn spec(&self) -> CallSpec<'_> {
        self.request.spec()
    }

    fn encoded<'a>(&'a self, _region: Option<&'a str>) -> Encoded<'a> {
        self.request.encoded()
    }

    fn read_response(
        &self,
        body: &[u8],
        request_id: Option<&str>,
    ) -> Result<RawResponse<T>, DecodeError> {
        let (response, request_id) = decode_any(body, request_id)?;
        Ok(RawResponse { response, request_id })
    }

    fn request_id(response: &mut RawResponse<T>) -> &mut String {
        &mut response.request_id
    }
}
