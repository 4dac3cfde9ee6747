//! [`Response`]: an HTTP response, before any socket or transport is involved.

use std::borrow::Cow;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::canned_response::{CannedBody, CannedResponse};
use super::context::RequestContext;
use super::error_response::ErrorResponse;
use super::time::http_date;

const JSON: (&str, &str) = ("content-type", "application/json;charset=utf-8");

/// An HTTP response with all its headers but those that depend on how it is sent.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// The service's error code, for the request log.
    pub(super) code: Option<Cow<'static, str>>,
}

impl Response {
    pub(super) fn success(body: Vec<u8>, context: &RequestContext<'_>) -> Self {
        Self::new(200, [JSON], body, context)
    }

    pub(super) fn error(error: ErrorResponse, context: &RequestContext<'_>) -> Self {
        let body = error.body(context.request_id, context.host);
        let response = Self::new(error.status, [JSON], body, context);
        Self { code: Some(error.code), ..response }
    }

    pub(super) fn canned(canned: CannedResponse, context: &RequestContext<'_>) -> Self {
        let CannedResponse { status, headers, body } = canned;
        let (body, code) = match body {
            CannedBody::Bytes(bytes) => (bytes, None),
            CannedBody::Error(error) => {
                (error.body(context.request_id, context.host), Some(error.code))
            }
        };
        let default_headers = code.as_ref().map(|_| JSON).into_iter();
        let own = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        Self { code, ..Self::new(status, default_headers.chain(own), body, context) }
    }

    /// Corrects what HTTP does not allow: a test may write any status and header.
    fn new<'a>(
        status: u16,
        headers: impl IntoIterator<Item = (&'a str, &'a str)>,
        body: Vec<u8>,
        context: &RequestContext<'_>,
    ) -> Self {
        // After an informational status HTTP expects a final one.
        let final_status = StatusCode::from_u16(status).ok().filter(|s| !s.is_informational());
        let status = final_status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut fields = HeaderMap::new();
        let mut set = |name: &str, value: &str| {
            if let (Ok(name), Ok(value)) =
                (name.parse::<HeaderName>(), value.parse::<HeaderValue>())
            {
                fields.insert(name, value);
            }
        };
        set("date", &http_date(context.now));
        set("x-acs-request-id", context.request_id);
        headers.into_iter().for_each(|(name, value)| set(name, value));
        Self { status, headers: fields, body, code: None }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    const CONTEXT: RequestContext<'_> =
        RequestContext { now: DateTime::UNIX_EPOCH, request_id: "r-1", host: "host:1" };

    #[test]
    fn every_response_has_a_date_and_a_request_id() {
        let response = Response::success(Vec::new(), &CONTEXT);
        assert_eq!(response.headers["date"], "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(response.headers["x-acs-request-id"], "r-1");
        assert_eq!(response.headers["content-type"], JSON.1);
    }

    #[test]
    fn canned_error_has_the_request_id_and_its_own_headers() {
        let canned = CannedResponse::gateway_error(503, "ServiceUnavailable");
        let canned = canned.header("Retry-After", "3").header("Date", "?");
        let response = Response::canned(canned, &CONTEXT);
        assert_eq!(response.status, 503);
        assert_eq!(response.code.as_deref(), Some("ServiceUnavailable"));
        assert_eq!(
            (&response.headers["retry-after"], &response.headers["date"]),
            (&"3".parse().unwrap(), &"?".parse().unwrap())
        );
        let body = String::from_utf8(response.body).unwrap();
        assert!(body.contains(r#""RequestId":"r-1","HostId":"host:1""#), "{body}");
    }

    #[test]
    fn malformed_headers_are_corrected() {
        let canned = CannedResponse::new(99).header("no name", "x").header("x", "\n");
        let response = Response::canned(canned, &CONTEXT);
        assert_eq!(response.status, 500);
        assert_eq!(response.headers.len(), 2, "{:?}", response.headers);
    }
}
