//! [`dispatch`]: executes a request, from its first check to its operation.
//!
//! Pure: the time and the request's id are arguments.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::account::Account;
use super::authenticate::authenticate;
use super::canned_response::CannedResponse;
use super::context::RequestContext;
use super::error_response::ErrorResponse;
use super::handlers::{self, Implementation};
use super::request::{MAX_BODY_BYTES, Request, required_common};
use super::response::Response;
use crate::rate_limit::QuotaGroup;
use crate::sign::API_VERSION;

/// The responses that a test has registered, by action.
pub(super) type RegisteredResponses = BTreeMap<String, CannedResponse>;

/// Executes a request, or returns why it is rejected.
///
/// The order of the service's checks is not documented. As a gateway must, this one looks up the
/// operation before it checks who sent the request. Quotas count by `quota_time`, since a fault may
/// skew the clock of a single request.
pub(super) fn dispatch(
    request: &Request,
    account: &mut Account,
    registered: &RegisteredResponses,
    quota_time: DateTime<Utc>,
    context: &RequestContext<'_>,
) -> Result<Response, ErrorResponse> {
    check_shape(request)?;
    let action = required_common("Action", Some(request.action()))?;
    check_version_and_format(request)?;
    let (implementation, canned) = (handlers::find(action), registered.get(action));
    if request.path != "/" || (implementation.is_none() && canned.is_none()) {
        return Err(unknown_action());
    }
    check_method(request, implementation)?;
    authenticate(request, &account.credentials, &mut account.nonces, context.now)?;
    let quota_group =
        implementation.map_or(QuotaGroup::Undocumented, |found| found.spec.quota_group);
    account.quotas.try_acquire(quota_group, quota_time)?;
    match (canned, implementation) {
        (Some(canned), _) => Ok(Response::canned(canned.clone(), context)),
        (None, Some(implementation)) => {
            let body = implementation.execute(&request.parameters, &mut account.store, context)?;
            Ok(Response::success(body, context))
        }
        (None, None) => Err(unknown_action()),
    }
}

fn check_shape(request: &Request) -> Result<(), ErrorResponse> {
    if request.body.is_none() {
        let message = format!("The body of the request has more than {MAX_BODY_BYTES} bytes.");
        return Err(ErrorResponse::gateway(413, "RequestEntityTooLarge", message));
    }
    if !matches!(request.method.as_str(), "GET" | "POST") {
        return Err(unsupported_method());
    }
    match request.parameters.duplicate() {
        Some(name) => Err(ErrorResponse::gateway(
            400,
            "ParseRequestParameterException",
            format!("The parameter {name} is given more than once."),
        )),
        None => Ok(()),
    }
}

fn check_version_and_format(request: &Request) -> Result<(), ErrorResponse> {
    if required_common("Version", request.version())? != API_VERSION {
        let message = "Specified parameter Version is not valid.";
        return Err(ErrorResponse::gateway(400, "InvalidVersion", message));
    }
    // JSON is the default by the service's own page.
    match request.parameters.get("Format") {
        Some(format) if !format.eq_ignore_ascii_case("JSON") => {
            let message =
                "Specified parameter Format is not valid: the emulator supports only JSON.";
            Err(ErrorResponse::gateway(400, "InvalidParameter.Format", message))
        }
        _ => Ok(()),
    }
}

fn check_method(
    request: &Request,
    implementation: Option<&Implementation>,
) -> Result<(), ErrorResponse> {
    let is_post_only = implementation.is_some_and(|implementation| implementation.is_post_only);
    if is_post_only && request.method != "POST" {
        return Err(unsupported_method());
    }
    Ok(())
}

fn unknown_action() -> ErrorResponse {
    let message = "Specified api is not found, please check your url and method.";
    ErrorResponse::gateway(404, "InvalidAction.NotFound", message)
}

/// The status is 403 by the service's own page, and 400 by the gateway's list.
fn unsupported_method() -> ErrorResponse {
    let message = "This http method is not supported.";
    ErrorResponse::gateway(403, "UnsupportedHTTPMethod", message)
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;
    use crate::emulator::request::RequestBody;

    const CONTEXT: RequestContext<'_> =
        RequestContext { now: DateTime::UNIX_EPOCH, request_id: "r", host: "h" };
    const EMPTY: RequestBody<'_> = RequestBody::Complete(b"");

    /// Returns status and code of the error for a request without a valid signature.
    fn error(request: &Request) -> (u16, String) {
        let registered = [("GetKmsInstance".to_owned(), CannedResponse::json("{}"))].into();
        let outcome =
            dispatch(request, &mut Account::default(), &registered, CONTEXT.now, &CONTEXT);
        let error = outcome.unwrap_err();
        (error.status, error.code.into_owned())
    }

    #[track_caller]
    fn assert_rejected(method: &str, path: &str, query: &str, status: u16, code: &str) {
        let request = Request::new(method, path, query, &HeaderMap::new(), EMPTY);
        assert_eq!(error(&request), (status, code.to_owned()));
    }

    #[test]
    fn unknown_authorization_scheme_is_rejected_as_such() {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", "Basic fake".parse().unwrap());
        let query = "Action=ListSecrets&Version=2016-01-20";
        let request = Request::new("GET", "/", query, &headers, EMPTY);
        assert_eq!(error(&request), (400, "InvalidSignatureMethod".to_owned()));
    }

    #[test]
    fn body_over_the_limit_is_rejected() {
        let request = Request::new("POST", "/", "", &HeaderMap::new(), RequestBody::TooLarge);
        assert_eq!(error(&request), (413, "RequestEntityTooLarge".to_owned()));
    }

    #[test]
    fn operation_is_checked_before_the_sender() {
        assert_rejected("PUT", "/", "Action=ListSecrets", 403, "UnsupportedHTTPMethod");
        assert_rejected("GET", "/", "", 400, "MissingAction");
        assert_rejected("GET", "/", "Action=ListSecrets", 400, "MissingVersion");
        let other_version = "Action=ListSecrets&Version=2014-05-26";
        assert_rejected("GET", "/", other_version, 400, "InvalidVersion");
        let duplicate = "Action=a&Action=b";
        assert_rejected("GET", "/", duplicate, 400, "ParseRequestParameterException");
        let known = "Action=ListSecrets&Version=2016-01-20";
        let xml = format!("{known}&Format=XML");
        assert_rejected("GET", "/", &xml, 400, "InvalidParameter.Format");
        let unknown = "Action=ListNothing&Version=2016-01-20";
        assert_rejected("GET", "/", unknown, 404, "InvalidAction.NotFound");
        assert_rejected("GET", "/other", known, 404, "InvalidAction.NotFound");
        assert_rejected("GET", "/", known, 400, "MissingAccessKeyId");
        let json = format!("{known}&Format=json");
        assert_rejected("GET", "/", &json, 400, "MissingAccessKeyId");
    }

    /// The service's metadata allow only POST for it.
    #[test]
    fn set_secret_policy_is_rejected_unless_it_is_a_post() {
        let query = "Action=SetSecretPolicy&Version=2016-01-20";
        assert_rejected("GET", "/", query, 403, "UnsupportedHTTPMethod");
        assert_rejected("POST", "/", query, 400, "MissingAccessKeyId");
        let other = "Action=GetSecretPolicy&Version=2016-01-20";
        assert_rejected("GET", "/", other, 400, "MissingAccessKeyId");
    }

    #[test]
    fn registered_action_needs_a_signature_too() {
        let query = "Action=GetKmsInstance&Version=2016-01-20";
        assert_rejected("GET", "/", query, 400, "MissingAccessKeyId");
    }
}
