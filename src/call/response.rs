//! Interprets a response: a success, or the error that it contains, whatever its status claims.

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::ExposeSecret as _;

use super::failure::{self, Failure};
use super::permit::{Permit, report_end};
use super::request::CallRequest;
use crate::clock::correction::{SkewSample, ahead, corrected};
use crate::error::{Error, ErrorBody, ErrorKind, Redactor, rejects_credentials};
use crate::identity::Credentials;
use crate::operation::{DecodeError, DecryptionKey};
use crate::retry::{Stage, server_wait};
use crate::sign::SignedRequest;
use crate::transport::{HttpResponse, request_id, wipe};

/// The request that a response belongs to.
pub(super) struct SentRequest {
    pub(super) signed: SignedRequest,
    pub(super) credentials: Credentials,
    pub(super) permit: Permit,
    /// By the local clock.
    pub(super) sent_at: DateTime<Utc>,
    /// The correction of the local time that the request was signed with.
    pub(super) correction: TimeDelta,
}

/// A response that has not been interpreted yet.
pub(super) struct RawResponse {
    response: HttpResponse,
    sent: SentRequest,
    /// By the local clock.
    received_at: DateTime<Utc>,
}

impl RawResponse {
    pub(super) fn new(
        response: HttpResponse,
        sent: SentRequest,
        received_at: DateTime<Utc>,
    ) -> Self {
        Self { response, sent, received_at }
    }

    /// Returns the body, without a byte order mark, if the status is that of a success.
    pub(super) fn success_body(&self) -> Option<&[u8]> {
        let body = &self.response.body[..];
        // JSON must not have one, and a reader may skip it (RFC 8259, section 8.1).
        let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
        (200..300).contains(&self.response.status).then_some(body)
    }

    /// Wipes the body, once it is decoded.
    pub(super) fn wipe_body(&mut self) {
        wipe(&mut self.response.body);
    }

    /// Returns the request id of the headers.
    pub(super) fn request_id(&self) -> Option<&str> {
        request_id(&self.response.headers)
    }

    /// Returns what the response's date shows about the clocks. `rejected` is whether the request
    /// was rejected for its time.
    pub(super) fn skew(&self, rejected: bool) -> Option<SkewSample> {
        let date = server_wait::date(&self.response.headers)?;
        let SentRequest { sent_at, correction, .. } = self.sent;
        let ahead = ahead(date, sent_at, self.received_at);
        Some(SkewSample { ahead, signed_with: correction, rejected })
    }

    /// Returns what the response may echo and no error may show.
    fn redactor(&self, secret_material: &[&str]) -> Redactor {
        let SentRequest { signed, credentials, .. } = &self.sent;
        let secret = credentials.access_key_secret().expose_secret();
        let token = credentials.security_token().map_or("", |token| token.expose_secret());
        let SignedRequest { signature, nonce, timestamp, .. } = signed;
        let of_url = [credentials.access_key_id(), signature, nonce, timestamp];
        Redactor::new(&[&[secret, token], &of_url[..], secret_material].concat())
    }

    /// Returns the error that the response contains. `undecodable` is the problem of a body that
    /// should be a success.
    fn error(
        &self,
        operation: &str,
        undecodable: Option<&DecodeError>,
        redactor: &Redactor,
    ) -> (Error, Stage) {
        let HttpResponse { status, body, .. } = &self.response;
        let header = self.request_id().map(|id| redactor.redact(id));
        let (error, stage) = match (ErrorBody::read(body, redactor), undecodable) {
            (ErrorBody::Service(mut error), _) => {
                error.request_id = error.request_id.or(header);
                let signed = &self.sent.signed.string_to_sign;
                (failure::rejected(operation, *status, *error, signed), Stage::ErrorResponse)
            }
            (ErrorBody::WithoutCode { request_id, .. }, Some(error)) => {
                let error = failure::not_decoded(error, redactor);
                (error.with_request_id(request_id.or(header)), Stage::Undecodable)
            }
            (mut body, undecodable) => {
                let request_id = body.take_request_id().or(header);
                let error = failure::not_from_the_service(*status, body);
                let stage = undecodable.map_or(Stage::ErrorResponse, |_| Stage::Undecodable);
                (error.with_request_id(request_id), stage)
            }
        };
        (error.with_http_status(*status), stage)
    }
}

/// Interprets a response whose status is that of an error.
pub(super) fn interpret_error(request: &CallRequest<'_>, response: RawResponse) -> Failure {
    interpret(request, response, None)
}

/// Interprets a response whose status is that of a success and whose body is not.
pub(super) fn interpret_undecodable(
    request: &CallRequest<'_>,
    response: RawResponse,
    error: &DecodeError,
) -> Failure {
    interpret(request, response, Some(error))
}

/// Reads the error and everything that comes with it: the service's time, the wait that it asks
/// for, whether it throttled, and whether it rejected the credentials. Their provider drops
/// rejected ones even if no retry follows, since the next call would be rejected as well.
fn interpret(
    request: &CallRequest<'_>,
    response: RawResponse,
    undecodable: Option<&DecodeError>,
) -> Failure {
    let redactor = response.redactor(&request.encoded.secret_material());
    let (mut error, stage) = response.error(request.spec.name, undecodable, &redactor);
    if let Some(key) = request.spec.decrypts {
        error = error.of_decryption(key == DecryptionKey::InRequest);
    }
    let is_skewed = error.kind() == ErrorKind::ClockSkew;
    let clock = response.skew(is_skewed);
    request.context.record_skew(clock);
    report_end(request, response.sent.permit, Some(error.kind()));
    let now = corrected(response.received_at, response.sent.correction);
    let has_other_credentials = error.code().is_some_and(rejects_credentials)
        && request.context.credentials.invalidate(&response.sent.credentials);
    let failure = Failure {
        error,
        stage,
        server_wait: server_wait::requested_wait(&response.response.headers, now),
        clock,
        duration: None,
        has_other_credentials,
    };
    if is_skewed { failure.with_clock_hint() } else { failure }
}
