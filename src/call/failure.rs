//! What a failed attempt is told as: what the layers beneath say, turned into [`Error`].

use std::time::Duration;

use chrono::TimeDelta;

use crate::clock::correction::SkewSample;
use crate::credentials::Credentials;
use crate::error::{CredentialsError, Error, ErrorBody, ErrorKind, Redactor, ServiceError};
use crate::operation::DecodeError;
use crate::retry::Stage;
use crate::transport::{TransportError, TransportErrorKind};

/// An attempt that failed, with what decides whether it is made again.
pub(super) struct Failure {
    pub(super) error: Error,
    pub(super) stage: Stage,
    /// The wait that the answer asked for.
    pub(super) asked_wait: Option<Duration>,
    /// What the answer tells of the clocks, if it had a usable date.
    pub(super) clock: Option<SkewSample>,
    /// The keys that the attempt was signed with.
    pub(super) credentials: Option<Credentials>,
}

impl Failure {
    pub(super) fn new(error: Error, stage: Stage) -> Self {
        Self { error, stage, asked_wait: None, clock: None, credentials: None }
    }

    /// The same with what is known of the clock in the error's advice.
    pub(super) fn about_the_clock(self) -> Self {
        let advice = match self.clock {
            Some(clock) if clock.agrees() => {
                "this machine's clock and the date of the answer agree to within 15 minutes: look for something in between \
                 that holds requests back or changes their dates"
                    .to_owned()
            }
            Some(SkewSample { ahead, .. }) => {
                format!("this machine's clock is {}: set it", difference(ahead))
            }
            None => {
                "this machine's clock is wrong, and the answer has no date to correct it by: set it"
                    .to_owned()
            }
        };
        Self { error: self.error.with_hint(Some(advice)), ..self }
    }
}

/// How far this machine's clock is behind or ahead when the service's is `ahead` of it.
fn difference(ahead: TimeDelta) -> String {
    let direction = if ahead < TimeDelta::zero() { "ahead of" } else { "behind" };
    let seconds = ahead.abs().num_seconds();
    let amount = match seconds {
        0..60 => format!("{seconds} s"),
        60..7_200 => format!("{} min", (seconds + 30) / 60),
        _ => format!("{} h", (seconds + 1_800) / 3_600),
    };
    format!("{amount} {direction} the service's")
}

/// <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-endpoint>
pub(super) fn not_served_by_instances() -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        "the endpoint is a dedicated instance, which serves GetSecretValue alone",
    )
    .with_hint(Some("make this call with a client of the instance's region"))
}

pub(super) fn timed_out(limit: Duration) -> Error {
    Error::new(ErrorKind::Timeout, format!("no answer came within {} s", limit.as_secs_f64()))
        .with_hint(Some("check the network, or raise attempt_timeout and call_timeout"))
}

/// The time of a call, which is `limit`, ended while it waited for keys.
pub(super) fn no_keys_in_time(limit: Duration) -> Error {
    let told =
        format!("the source of credentials gave none within the call's {} s", limit.as_secs_f64());
    Error::no_credentials(CredentialsError::new(told).transient())
}

/// The request was not sent: its turn in the line would have come `wait` from now, with `left` of the call's time.
pub(super) fn own_limit(limit: &str, wait: Duration, left: Duration) -> Error {
    let (wait, left) = (wait.as_secs_f64(), left.as_secs_f64());
    let what = format!(
        "this client's own limit ({limit}) would make the request wait {wait:.1} s, and the call has {left:.1} s left"
    );
    Error::new(ErrorKind::Throttled, what)
        .with_hint(Some("make fewer calls at once, raise call_timeout, or set other rate_limits"))
}

pub(super) fn not_answered(error: TransportError) -> Error {
    let kind = match error.kind() {
        TransportErrorKind::Connect
        | TransportErrorKind::Certificate
        | TransportErrorKind::Interrupted => ErrorKind::Network,
        TransportErrorKind::ConnectTimeout => ErrorKind::Timeout,
        TransportErrorKind::ResponseTooLarge => ErrorKind::Decode,
    };
    let advice = error.advice().or(match error.kind() {
        TransportErrorKind::Connect | TransportErrorKind::ConnectTimeout => Some(
            "check the region, the endpoint and the network; VPC hosts answer inside a VPC of their region only",
        ),
        TransportErrorKind::Certificate => {
            Some("check the endpoint's name, this machine's clock and its trusted certificates")
        }
        TransportErrorKind::ResponseTooLarge => {
            Some("ask for less at once, or raise max_response_bytes")
        }
        TransportErrorKind::Interrupted => None,
    });
    Error::new(kind, error.to_string()).with_hint(advice).with_source(error.into_source())
}

pub(super) fn not_decoded(error: &DecodeError, redactor: &Redactor) -> Error {
    let error = redactor.redact(&error.to_string());
    Error::new(ErrorKind::Decode, format!("the answer cannot be read: {error}"))
        .with_hint(Some("check that the endpoint is KMS; if it is, this crate needs mending"))
}

/// An answer without an error of the service in it.
pub(super) fn not_from_the_service(status: u16, body: &ErrorBody) -> Error {
    let what = match (status, body) {
        (300..=399, _) => {
            "a redirect was answered, which is not followed since the request is signed for one host"
        }
        (_, ErrorBody::Html) => {
            "a page of HTML was answered, so not by KMS but by something before it"
        }
        (_, ErrorBody::Compressed) => "the response is compressed, which was not asked for",
        (_, ErrorBody::Empty) => "an error without a body was answered",
        (_, ErrorBody::WithoutCode { .. } | ErrorBody::Service(_)) => {
            "an error was answered whose body is cut off or not of KMS"
        }
    };
    Error::new(ErrorKind::from_foreign_status(status), what)
        .with_hint(Some("look for a proxy or load balancer in between, and check the endpoint"))
}

/// An error of the service. `signed` is what this side signed, to tell a wrong secret from a wrong canonical form.
pub(super) fn refused(
    operation: &'static str,
    status: u16,
    error: ServiceError,
    signed: &str,
) -> Error {
    let advice = match &error.expected_string_to_sign {
        Some(expected) if expected == signed => {
            Some("the AccessKeySecret does not belong to this AccessKeyId")
        }
        Some(_) => Some(
            "the service canonicalized the request in another way: this is a fault of this crate, please report it",
        ),
        None => None,
    };
    let failure = Error::from_service(operation, status, error);
    if advice.is_some() { failure.with_hint(advice) } else { failure }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service_error(body: &str) -> ServiceError {
        match ErrorBody::read(body.as_bytes(), &Redactor::default()) {
            ErrorBody::Service(error) => *error,
            _ => panic!("no error of the service"),
        }
    }

    #[test]
    fn a_wrong_secret_is_told_from_a_wrong_canonical_form() {
        let body = r#"{"Code":"SignatureDoesNotMatch","Message":"Not matched. server string to sign is:GET&%2F&A%3D1","RequestId":"r-1"}"#;
        let same = refused("ListSecrets", 400, service_error(body), "GET&%2F&A%3D1");
        assert_eq!(
            same.to_string(),
            "ListSecrets failed: the service returned SignatureDoesNotMatch: Not matched (HTTP 400, request id r-1); \
             the AccessKeySecret does not belong to this AccessKeyId"
        );
        let other = refused("ListSecrets", 400, service_error(body), "GET&%2F&A%3D2").to_string();
        assert!(other.ends_with("this is a fault of this crate, please report it"), "{other}");
        assert!(!other.contains("A%3D"), "{other}");
    }

    #[test]
    fn what_may_have_become_of_a_request_decides_the_kind() {
        let of = |kind| not_answered(TransportError::new(kind, "why"));
        assert_eq!(of(TransportErrorKind::Connect).kind(), ErrorKind::Network);
        assert_eq!(of(TransportErrorKind::ConnectTimeout).kind(), ErrorKind::Timeout);
        assert_eq!(of(TransportErrorKind::Certificate).kind(), ErrorKind::Network);
        assert_eq!(of(TransportErrorKind::Interrupted).kind(), ErrorKind::Network);
        assert_eq!(of(TransportErrorKind::ResponseTooLarge).kind(), ErrorKind::Decode);
    }

    #[test]
    fn a_clock_that_agrees_with_the_services_is_not_to_be_set() {
        let advice = |seconds| {
            let ahead = TimeDelta::seconds(seconds);
            let clock = SkewSample { ahead, signed_with: TimeDelta::zero(), rejected: true };
            let error = Error::new(ErrorKind::ClockSkew, "refused");
            let failure =
                Failure { clock: Some(clock), ..Failure::new(error, Stage::ErrorResponse) };
            failure.about_the_clock().error.to_string()
        };
        for seconds in [0, 1, -15 * 60] {
            assert!(advice(seconds).contains("agree to within 15 minutes"), "{}", advice(seconds));
        }
        assert!(advice(16 * 60).ends_with("is 16 min behind the service's: set it"));
    }

    #[test]
    fn the_difference_of_the_clocks_is_told_in_the_largest_fitting_unit() {
        let of = |seconds| difference(TimeDelta::seconds(seconds));
        assert_eq!(of(40), "40 s behind the service's");
        assert_eq!(of(-16 * 60), "16 min ahead of the service's");
        assert_eq!(of(3 * 3_600), "3 h behind the service's");
    }

    #[test]
    fn a_cause_is_not_told_twice() {
        let error = TransportError::new(TransportErrorKind::Connect, "the connection was refused")
            .with_source("os error 111");
        let failure = not_answered(error);
        assert!(failure.to_string().starts_with("the connection was refused; check"));
        assert_eq!(std::error::Error::source(&failure).unwrap().to_string(), "os error 111");
    }
}
