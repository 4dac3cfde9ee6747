//! What an answer means: a result, or the error that it stands for, whatever its status claims.

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::ExposeSecret as _;
use tokio::time::Instant;

use super::attempts::Attempts;
use super::failure::{self, Failure};
use crate::clock::correction::{SkewSample, ahead, corrected};
use crate::credentials::Credentials;
use crate::error::{Error, ErrorBody, ErrorKind, Redactor};
use crate::operation::DecodeError;
use crate::retry::{Stage, server_wait};
use crate::sign::SignedRequest;
use crate::transport::HttpResponse;

/// What an answer is read against.
pub(super) struct Sent {
    pub(super) signed: SignedRequest,
    pub(super) credentials: Credentials,
    /// When the request left the line of its quota group.
    pub(super) departed: Instant,
    /// By this machine's clock.
    pub(super) at: DateTime<Utc>,
    /// What was added to it for the signature.
    pub(super) correction: TimeDelta,
}

/// An answer as it came, and what it came to.
pub(super) struct Answer {
    response: HttpResponse,
    sent: Sent,
    /// By this machine's clock.
    at: DateTime<Utc>,
}

impl Answer {
    pub(super) fn new(response: HttpResponse, sent: Sent, at: DateTime<Utc>) -> Self {
        Self { response, sent, at }
    }

    /// What to decode, if the status is that of a success.
    pub(super) fn body_of_success(&self) -> Option<&[u8]> {
        (200..300).contains(&self.response.status).then_some(&self.response.body)
    }

    /// What the answer's date tells of the clocks, if it has a usable one.
    pub(super) fn clock(&self, refused: bool) -> Option<SkewSample> {
        let date = server_wait::date(&self.response.headers)?;
        let Sent { at, correction, .. } = self.sent;
        Some(SkewSample {
            ahead: ahead(date, at, self.at),
            signed_with: correction,
            rejected: refused,
        })
    }

    /// The gateway's own id of the request, as it came.
    pub(super) fn header_request_id(&self) -> Option<&str> {
        self.response.headers.get("x-acs-request-id")?.to_str().ok()
    }

    /// The error that the answer stands for.
    fn error(
        &self,
        operation: &'static str,
        undecodable: Option<&DecodeError>,
        redactor: &Redactor,
    ) -> (Error, Stage) {
        let HttpResponse { status, body, .. } = &self.response;
        let (error, stage) = match (ErrorBody::read(body, redactor), undecodable) {
            (ErrorBody::Service(mut error), _) => {
                error.request_id = error.request_id.or_else(|| self.request_id(redactor));
                let signed = &self.sent.signed.string_to_sign;
                (failure::refused(operation, *status, *error, signed), Stage::ErrorResponse)
            }
            (_, Some(error)) => (failure::not_decoded(error, redactor), Stage::Undecodable),
            (body, None) => (failure::not_from_the_service(*status, &body), Stage::ErrorResponse),
        };
        (error.with_http_status(*status), stage)
    }

    /// What it might echo and no error may show.
    fn redactor(&self, material: &[&str]) -> Redactor {
        let Sent { signed, credentials, .. } = &self.sent;
        let key = credentials.access_key_secret().expose_secret();
        let token = credentials.security_token().map_or("", |token| token.expose_secret());
        let secrets = [&[key, token, &signed.signature], material].concat();
        Redactor::new(&secrets)
    }

    /// The gateway's own id of the request, for answers whose body names none.
    fn request_id(&self, redactor: &Redactor) -> Option<String> {
        Some(redactor.redact(self.header_request_id()?))
    }
}

impl Attempts<'_> {
    /// Reads an answer that is no result, with all that it says beside: the service's time, whether to wait, that there were
    /// too many requests.
    pub(super) fn failed(&self, answer: Answer, undecodable: Option<&DecodeError>) -> Failure {
        let redactor = answer.redactor(&self.asked.encoded.secret_material);
        let (error, stage) = answer.error(self.asked.spec.name, undecodable, &redactor);
        let kind = error.kind();
        let refused_time = kind == ErrorKind::ClockSkew;
        let clock = answer.clock(refused_time);
        self.context.note_time(clock);
        if kind == ErrorKind::Throttled {
            self.on_throttled(answer.sent.departed);
        }
        let now = corrected(answer.at, answer.sent.correction);
        let failure = Failure {
            error,
            stage,
            asked_wait: server_wait::requested_wait(&answer.response.headers, now),
            clock,
            credentials: Some(answer.sent.credentials),
        };
        if refused_time { failure.about_the_clock() } else { failure }
    }
}
