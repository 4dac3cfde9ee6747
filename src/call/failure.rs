//! [`Failure`]: a failed attempt, and the errors that the layers below become.

use std::time::Duration;

use chrono::TimeDelta;

use crate::clock::correction::SkewSample;
use crate::endpoint::Endpoint;
use crate::error::{CredentialsError, Error, ErrorBody, ErrorKind, Redactor, ServiceError};
use crate::operation::DecodeError;
use crate::retry::{FailedAttempt, RetryClass, Stage, is_outcome_unknown};
use crate::transport::{TransportError, TransportErrorKind};

/// A failed attempt, with everything that decides what follows.
pub(super) struct Failure {
    pub(super) error: Error,
    pub(super) stage: Stage,
    /// The wait that the response asked for.
    pub(super) server_wait: Option<Duration>,
    /// The difference of the clocks, by the response's date.
    pub(super) clock: Option<SkewSample>,
    /// The time from sending the request to its failure; `None` if nothing was sent.
    pub(super) duration: Option<Duration>,
    /// True if the credentials were rejected, and their provider may have others.
    pub(super) has_other_credentials: bool,
}

impl Failure {
    pub(super) fn new(error: Error, stage: Stage) -> Self {
        Self {
            error,
            stage,
            server_wait: None,
            clock: None,
            duration: None,
            has_other_credentials: false,
        }
    }

    /// Returns the facts that decide about a retry. `is_paced` is true if the quota group has a
    /// queue.
    pub(super) fn facts(&self, retry_class: RetryClass, is_paced: bool) -> FailedAttempt<'_> {
        FailedAttempt {
            stage: self.stage,
            error: &self.error,
            retry_class,
            server_wait: self.server_wait,
            is_skew_new: self.clock.map(|clock| clock.is_new()),
            has_other_credentials: self.has_other_credentials,
            is_paced,
        }
    }

    /// Returns whether the request may have been executed.
    pub(super) fn is_outcome_unknown(&self) -> bool {
        is_outcome_unknown(self.stage, self.error.kind(), self.error.code())
    }

    /// Adds what is known about the clocks to the error's hint.
    pub(super) fn with_clock_hint(self) -> Self {
        let hint = match self.clock {
            Some(clock) if clock.agrees() => {
                "the local clock and the response's date agree to within 15 minutes, so look for a \
                 proxy that delays requests or rewrites dates"
                    .to_owned()
            }
            Some(SkewSample { ahead, .. }) => {
                format!("the local clock is {}, so set it", difference(ahead))
            }
            None => "the local clock is wrong, and the response has no date to correct it by, so \
                     set it"
                .to_owned(),
        };
        Self { error: self.error.with_hint(Some(hint)), ..self }
    }
}

/// Says how far the local clock is behind or ahead when the service's is `ahead` of it.
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
        "the endpoint is a dedicated instance, which does not serve this operation",
    )
    .with_hint(Some("send it with a client of the instance's region"))
}

pub(super) fn timed_out(limit: Duration) -> Error {
    Error::new(ErrorKind::Timeout, format!("no response arrived within {} s", limit.as_secs_f64()))
        .with_hint(Some("check the network, or raise attempt_timeout and call_timeout"))
}

/// The call's timeout, which is `limit`, ended while it waited for credentials.
pub(super) fn no_credentials_in_time(limit: Duration) -> CredentialsError {
    let limit = limit.as_secs_f64();
    let message = format!("the provider returned no credentials within the call's {limit} s");
    CredentialsError::new(message).transient()
}

/// The request was not sent: its permit would have come `wait` from now, with `time_left` to the
/// call's deadline.
pub(super) fn rate_limited(limit: &str, wait: Duration, time_left: Duration) -> Error {
    let (wait, time_left) = (wait.as_secs_f64(), time_left.as_secs_f64());
    let message = format!(
        "the client's own rate limit ({limit}) would delay the request by {wait:.1} s, and the call has {time_left:.1} s left"
    );
    Error::new(ErrorKind::Throttled, message)
        .with_hint(Some("make fewer calls at once, raise call_timeout, or set other rate_limits"))
}

pub(super) fn without_response(error: TransportError, endpoint: &Endpoint) -> Error {
    let kind = match error.kind() {
        TransportErrorKind::Configuration => ErrorKind::Configuration,
        TransportErrorKind::Connect
        | TransportErrorKind::Certificate
        | TransportErrorKind::Proxy
        | TransportErrorKind::Interrupted => ErrorKind::Network,
        TransportErrorKind::ConnectTimeout | TransportErrorKind::Timeout => ErrorKind::Timeout,
        TransportErrorKind::ResponseTooLarge | TransportErrorKind::Redirected => ErrorKind::Decode,
    };
    let usual = match error.kind() {
        TransportErrorKind::Connect | TransportErrorKind::ConnectTimeout => {
            Some(unreachable_hint(endpoint))
        }
        TransportErrorKind::Certificate => {
            Some("check the endpoint's name, the local clock and the trusted certificates")
        }
        TransportErrorKind::ResponseTooLarge => {
            Some("request less at once, or raise max_response_bytes")
        }
        _ => None,
    };
    let what = error.to_string();
    let (hint, source) = error.into_parts();
    Error::new(kind, what).with_hint(hint.or(usual.map(Into::into))).with_source(source)
}

/// Returns what to do if no connection was made. Hosts of instances and of VPCs resolve
/// only there:
/// <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-endpoint>
fn unreachable_hint(endpoint: &Endpoint) -> &'static str {
    if endpoint.is_instance() {
        "the host of an instance resolves only within the VPCs that are bound to it: run there, or \
         use a client of the instance's region"
    } else if endpoint.is_vpc() {
        "the VPC host resolves only within a VPC of its region: run there, or use the public \
         endpoint, without vpc()"
    } else {
        "check the region, the endpoint and the network"
    }
}

pub(super) fn not_decoded(error: &DecodeError, redactor: &Redactor) -> Error {
    let error = redactor.redact(&error.to_string());
    Error::new(ErrorKind::Decode, format!("the response cannot be decoded: {error}"))
        .with_hint(Some("check that the endpoint is KMS and that no proxy changes its responses"))
}

/// A response without an error of the service.
pub(super) fn not_from_the_service(status: u16, body: ErrorBody) -> Error {
    let message = match (status, body) {
        (300..=399, _) => {
            "the response is a redirect, which is not followed since the request is signed for one host"
        }
        (_, ErrorBody::Html) => {
            "the response is an HTML page, so it is not from KMS but from a proxy or load balancer"
        }
        (_, ErrorBody::Compressed) => "the response is compressed, which was not asked for",
        (200..=299, ErrorBody::Empty) => "the response has no body",
        (_, ErrorBody::Empty) => "the response is an error without a body",
        (_, ErrorBody::WithoutCode { message: Some(message), .. }) => {
            let what = format!("the response is an error without a code: {message}");
            return from_elsewhere(status, what);
        }
        (_, ErrorBody::WithoutCode { message: None, .. } | ErrorBody::Service(_)) => {
            "the response is an error whose body is truncated or not from KMS"
        }
    };
    from_elsewhere(status, message)
}

fn from_elsewhere(status: u16, what: impl Into<String>) -> Error {
    Error::new(ErrorKind::from_foreign_status(status), what)
        .with_hint(Some("look for a proxy or load balancer on the way, and check the endpoint"))
}

/// An error of the service. `signed` is the string that was signed, which distinguishes a wrong
/// secret from a wrong canonical form.
pub(super) fn rejected(operation: &str, status: u16, error: ServiceError, signed: &str) -> Error {
    let hint = match &error.expected_string_to_sign {
        Some(expected) if expected == signed => {
            Some("the AccessKeySecret does not belong to this AccessKeyId")
        }
        Some(_) => Some(
            "the service canonicalized the request differently: look for a proxy that changes requests, and otherwise report a bug of this crate",
        ),
        None => None,
    };
    let failure = Error::from_service(operation, status, error);
    if hint.is_some() { failure.with_hint(hint) } else { failure }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::Network;

    fn service_error(body: &str) -> ServiceError {
        match ErrorBody::read(body.as_bytes(), &Redactor::default()) {
            ErrorBody::Service(error) => *error,
            _ => panic!("no error of the service"),
        }
    }

    fn public() -> Endpoint {
        Endpoint::from_region("cn-hangzhou", Network::Public).unwrap()
    }

    #[test]
    fn wrong_secret_and_wrong_canonical_form_differ() {
        let body = r#"{"Code":"SignatureDoesNotMatch","Message":"Not matched. server string to sign is:GET&%2F&A%3D1","RequestId":"r-1"}"#;
        let same = rejected("ListSecrets", 400, service_error(body), "GET&%2F&A%3D1");
        assert_eq!(
            same.to_string(),
            "ListSecrets failed: the service returned SignatureDoesNotMatch: Not matched (HTTP 400, request id r-1); \
             the AccessKeySecret does not belong to this AccessKeyId"
        );
        let other = rejected("ListSecrets", 400, service_error(body), "GET&%2F&A%3D2").to_string();
        assert!(other.ends_with("report a bug of this crate"), "{other}");
        assert!(!other.contains("A%3D"), "{other}");
    }

    #[test]
    fn kind_follows_from_the_transport_error() {
        let of = |kind| without_response(TransportError::new(kind, "why"), &public());
        assert_eq!(of(TransportErrorKind::Connect).kind(), ErrorKind::Network);
        assert_eq!(of(TransportErrorKind::ConnectTimeout).kind(), ErrorKind::Timeout);
        assert_eq!(of(TransportErrorKind::Certificate).kind(), ErrorKind::Network);
        assert_eq!(of(TransportErrorKind::Interrupted).kind(), ErrorKind::Network);
        assert_eq!(of(TransportErrorKind::ResponseTooLarge).kind(), ErrorKind::Decode);
    }

    #[test]
    fn hint_does_not_set_a_clock_that_agrees() {
        let advice = |seconds| {
            let ahead = TimeDelta::seconds(seconds);
            let clock = SkewSample { ahead, signed_with: TimeDelta::zero(), rejected: true };
            let error = Error::new(ErrorKind::ClockSkew, "refused");
            let failure =
                Failure { clock: Some(clock), ..Failure::new(error, Stage::ErrorResponse) };
            failure.with_clock_hint().error.to_string()
        };
        for seconds in [0, 1, -15 * 60] {
            assert!(advice(seconds).contains("agree to within 15 minutes"), "{}", advice(seconds));
        }
        assert!(advice(16 * 60).ends_with("is 16 min behind the service's, so set it"));
    }

    #[test]
    fn difference_of_clocks_has_the_largest_fitting_unit() {
        let of = |seconds| difference(TimeDelta::seconds(seconds));
        assert_eq!(of(40), "40 s behind the service's");
        assert_eq!(of(-16 * 60), "16 min ahead of the service's");
        assert_eq!(of(3 * 3_600), "3 h behind the service's");
    }

    #[test]
    fn private_host_that_is_unreachable_has_a_hint_of_its_own() {
        let hint = |endpoint| {
            let error = TransportError::new(TransportErrorKind::Connect, "why");
            without_response(error, &endpoint).hint().unwrap().to_owned()
        };
        let instance = hint(Endpoint::from_instance("kst-fake").unwrap());
        assert!(instance.contains("within the VPCs that are bound to it"), "{instance}");
        for vpc in [
            Endpoint::from_region("cn-hangzhou", Network::Vpc),
            Endpoint::from_url("https://kms-vpc.cn-hangzhou.aliyuncs.com", false),
        ] {
            let vpc = hint(vpc.unwrap());
            assert!(vpc.contains("only within a VPC of its region"), "{vpc}");
        }
        assert_eq!(hint(public()), "check the region, the endpoint and the network");
    }

    #[test]
    fn cause_is_reported_once() {
        let error = TransportError::new(TransportErrorKind::Connect, "the connection was refused")
            .with_source("os error 111");
        let failure = without_response(error, &public());
        assert!(failure.to_string().starts_with("the connection was refused; check"));
        assert_eq!(std::error::Error::source(&failure).unwrap().to_string(), "os error 111");
    }
}
