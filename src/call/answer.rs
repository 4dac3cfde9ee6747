//! What an answer means: a result, or the error that it stands for, whatever its status claims.

use http::HeaderMap;
use secrecy::ExposeSecret as _;

use super::failure::{self, Failure};
use crate::credentials::Credentials;
use crate::error::{ErrorBody, Sensitive};
use crate::ops::Operation;
use crate::retry::Stage;
use crate::sign::SignedRequest;
use crate::transport::HttpResponse;
use crate::types::SecretValue;

pub(super) fn read<O: Operation>(
    operation: &O,
    response: HttpResponse,
    signed: &SignedRequest,
    credentials: &Credentials,
) -> Result<O::Response, Failure> {
    let HttpResponse { status, headers, body } = response;
    let undecodable = if (200..300).contains(&status) {
        match operation.decode(&body) {
            Ok(answer) => return Ok(answer),
            Err(error) => Some(error),
        }
    } else {
        None
    };
    let sensitive = sensitive(operation, signed, credentials);
    let (error, stage) = match (ErrorBody::read(&body, &sensitive), undecodable) {
        (ErrorBody::Service(mut error), _) => {
            error.request_id = error.request_id.or_else(|| request_id(&headers, &sensitive));
            (failure::refused(O::NAME, status, *error, &signed.string_to_sign), Stage::Answered)
        }
        (_, Some(error)) => (failure::not_decoded(&error, &sensitive), Stage::Undecodable),
        (body, None) => (failure::not_from_the_service(status, &body), Stage::Answered),
    };
    Err(Failure::new(error.with_http_status(status), stage))
}

/// What an answer might echo and no error may show.
fn sensitive(
    operation: &impl Operation,
    signed: &SignedRequest,
    credentials: &Credentials,
) -> Sensitive {
    let key = credentials.access_key_secret().expose_secret();
    let token = credentials.security_token().map_or("", |token| token.expose_secret());
    let value = operation.secret_material().map_or("", SecretValue::expose);
    Sensitive::new(&[key, token, value, &signed.signature])
}

/// The gateway's own id of a request, for answers whose body names none.
fn request_id(headers: &HeaderMap, sensitive: &Sensitive) -> Option<String> {
    let id = headers.get("x-acs-request-id")?.to_str().ok()?;
    Some(sensitive.redacted(id))
}
