//! [`classify`]: the table of which failures are retried, by how far the attempt came, its error,
//! and the operation.

use super::policy::RetryDecision;
use crate::error::{ErrorKind, rejects_credentials};
use crate::transport::TransportErrorKind;

/// The class of an operation by what a retry does after it may have been executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryClass {
    /// A retry is harmless, whatever became of the first request: the operation reads, sets
    /// absolute values, identifies requests by a version id, or rejects a retry in a way that can
    /// be verified.
    Always,
    /// A retry might execute the operation twice, and nothing would show it.
    IfNotExecuted,
}

/// The stage at which an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Nothing was sent: there were no credentials, or no time was left.
    NotSent,
    /// The transport did not receive a whole response.
    Transport(TransportErrorKind),
    /// No response arrived within the attempt's timeout.
    TimedOut,
    /// The response is an error.
    ErrorResponse,
    /// The response is a success that cannot be decoded.
    Undecodable,
}

/// The class of a failed attempt by what can follow it, as far as its failure decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FailureClass {
    /// A retry would fail again, or could do harm.
    Final,
    /// A retry can succeed after a wait.
    Transient,
    /// The service rejected the request as one too many, and did not execute it.
    Throttled,
    /// A retry can succeed once something is corrected.
    Remediable(Remedy),
}

/// The correction of a request that the service rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// The next attempt has the other credentials of the provider.
    Credentials,
    /// The next attempt is signed with the response's time.
    Clock,
    /// The next attempt has a new nonce, as every attempt has.
    Nonce,
}

impl FailureClass {
    /// Returns what the user's classifier is shown.
    pub(super) fn proposed_decision(self) -> RetryDecision {
        match self {
            Self::Final => RetryDecision::Stop,
            Self::Transient | Self::Throttled | Self::Remediable(_) => RetryDecision::Retry,
        }
    }
}

/// Classifies a failed attempt. `kind` and `code` are those of its error; `has_server_wait` is
/// whether the response asked for a later retry.
///
/// <https://www.alibabacloud.com/help/en/kms/support/use-exponential-backoff-to-retry-requests>
pub(super) fn classify(
    stage: Stage,
    kind: ErrorKind,
    code: Option<&str>,
    has_server_wait: bool,
    retry_class: RetryClass,
) -> FailureClass {
    if retry_class == RetryClass::IfNotExecuted && is_outcome_unknown(stage, kind, code) {
        return FailureClass::Final;
    }
    match stage {
        Stage::NotSent | Stage::Undecodable => FailureClass::Final,
        Stage::TimedOut => FailureClass::Transient,
        Stage::Transport(cause) => match cause {
            TransportErrorKind::Connect
            | TransportErrorKind::ConnectTimeout
            | TransportErrorKind::Interrupted
            | TransportErrorKind::Timeout => FailureClass::Transient,
            TransportErrorKind::Configuration
            | TransportErrorKind::Certificate
            | TransportErrorKind::Proxy
            | TransportErrorKind::ResponseTooLarge
            | TransportErrorKind::Redirected => FailureClass::Final,
        },
        Stage::ErrorResponse => classify_response(kind, code, has_server_wait),
    }
}

fn classify_response(kind: ErrorKind, code: Option<&str>, has_server_wait: bool) -> FailureClass {
    match (kind, code) {
        (ErrorKind::ClockSkew, _) => FailureClass::Remediable(Remedy::Clock),
        (_, Some(code)) if rejects_credentials(code) => {
            FailureClass::Remediable(Remedy::Credentials)
        }
        (_, Some("SignatureNonceUsed")) => FailureClass::Remediable(Remedy::Nonce),
        (ErrorKind::Throttled, _) => FailureClass::Throttled,
        (ErrorKind::Unavailable | ErrorKind::Timeout, _) => FailureClass::Transient,
        (ErrorKind::QuotaExceeded, _) => FailureClass::Final,
        _ if has_server_wait => FailureClass::Transient,
        _ => FailureClass::Final,
    }
}

/// Returns whether the failed attempt may have been executed.
pub(crate) fn is_outcome_unknown(stage: Stage, kind: ErrorKind, code: Option<&str>) -> bool {
    match stage {
        Stage::NotSent => false,
        Stage::Transport(cause) => matches!(
            cause,
            TransportErrorKind::Interrupted
                | TransportErrorKind::Timeout
                | TransportErrorKind::ResponseTooLarge
                | TransportErrorKind::Redirected
        ),
        Stage::TimedOut | Stage::Undecodable => true,
        // A nonce that this client has not used may come from something on the way that sent the
        // same bytes twice.
        Stage::ErrorResponse => {
            kind == ErrorKind::Unavailable || code == Some("SignatureNonceUsed")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FailureClass::{Final, Remediable, Throttled, Transient};
    use super::*;

    /// The outcome of a failed request. If it is unknown, the request is not retried if it might be
    /// executed twice.
    #[derive(Debug, PartialEq)]
    enum Outcome {
        Known,
        Unknown,
    }
    use Outcome::{Known, Unknown};

    #[track_caller]
    fn check(
        stage: Stage,
        kind: ErrorKind,
        code: Option<&str>,
        expected: FailureClass,
        outcome: Outcome,
    ) {
        let classified = |class| classify(stage, kind, code, false, class);
        assert_eq!(classified(RetryClass::Always), expected, "{stage:?} {code:?}");
        let careful = if outcome == Unknown { Final } else { expected };
        assert_eq!(classified(RetryClass::IfNotExecuted), careful, "{stage:?} {code:?}");
        let is_unknown = is_outcome_unknown(stage, kind, code);
        assert_eq!(if is_unknown { Unknown } else { Known }, outcome, "{stage:?} {code:?}");
    }

    #[track_caller]
    fn row(stage: Stage, expected: FailureClass, outcome: Outcome) {
        check(stage, ErrorKind::Unknown, None, expected, outcome);
    }

    #[track_caller]
    fn response(status: u16, code: &str, expected: FailureClass, outcome: Outcome) {
        check(
            Stage::ErrorResponse,
            ErrorKind::from_code(code, status),
            Some(code),
            expected,
            outcome,
        );
    }

    /// Checks a response that is not from the service.
    #[track_caller]
    fn foreign(status: u16, expected: FailureClass, outcome: Outcome) {
        check(
            Stage::ErrorResponse,
            ErrorKind::from_foreign_status(status),
            None,
            expected,
            outcome,
        );
    }

    macro_rules! rows {
        ($($name:ident: $check:ident($($argument:expr),+);)+) => {
            $(#[test] fn $name() { $check($($argument),+); })+
        };
    }

    rows! {
        no_credentials: row(Stage::NotSent, Final, Known);
        no_connection: row(Stage::Transport(TransportErrorKind::Connect), Transient, Known);
        connect_timeout: row(Stage::Transport(TransportErrorKind::ConnectTimeout), Transient, Known);
        rejected_certificate: row(Stage::Transport(TransportErrorKind::Certificate), Final, Known);
        missing_runtime: row(Stage::Transport(TransportErrorKind::Configuration), Final, Known);
        rejecting_proxy: row(Stage::Transport(TransportErrorKind::Proxy), Final, Known);
        client_timeout: row(Stage::Transport(TransportErrorKind::Timeout), Transient, Unknown);
        followed_redirect: row(Stage::Transport(TransportErrorKind::Redirected), Final, Unknown);
        broken_connection: row(Stage::Transport(TransportErrorKind::Interrupted), Transient, Unknown);
        too_large_response: row(Stage::Transport(TransportErrorKind::ResponseTooLarge), Final, Unknown);
        attempt_timeout: row(Stage::TimedOut, Transient, Unknown);
        undecodable_success: row(Stage::Undecodable, Final, Unknown);

        rejected_throttling_429: response(429, "Rejected.Throttling", Throttled, Known);
        throttling_400: response(400, "Throttling", Throttled, Known);
        throttling_user_400: response(400, "Throttling.User", Throttled, Known);
        throttling_api_400: response(400, "Throttling.Api", Throttled, Known);
        unlisted_throttling_code_400: response(400, "Throttling.Anything", Throttled, Known);
        unknown_code_with_429: response(429, "Brand.New", Throttled, Known);

        internal_failure: response(500, "InternalFailure", Transient, Unknown);
        internal_error: response(500, "InternalError", Transient, Unknown);
        unknown_error: response(500, "UnknownError", Transient, Unknown);
        service_unavailable: response(503, "ServiceUnavailable", Transient, Unknown);
        service_unavailable_temporary: response(503, "ServiceUnavailableTemporary", Transient, Unknown);
        service_unavailable_misspelt_once: response(503, "SerivceUnavailableTemporary", Transient, Unknown);
        service_unavailable_misspelt_twice: response(503, "SerivceUnvailableTemporary", Transient, Unknown);
        unknown_code_with_500: response(500, "Brand.New", Transient, Unknown);
        unknown_code_with_599: response(599, "Brand.New", Transient, Unknown);
        unavailable_code_with_status_200: response(200, "InternalFailure", Transient, Unknown);

        exceeded_limit: response(400, "Rejected.LimitExceeded", Final, Known);
        exceeded_shared_quota: response(400, "Rejected.ShareQuotaExceedLimit", Final, Known);

        used_nonce: response(400, "SignatureNonceUsed", Remediable(Remedy::Nonce), Unknown);
        expired_token:
            response(400, "InvalidSecurityToken.Expired", Remediable(Remedy::Credentials), Known);
        unknown_access_key:
            response(404, "InvalidAccessKeyId.NotFound", Remediable(Remedy::Credentials), Known);
        inactive_access_key:
            response(400, "InvalidAccessKeyId.Inactive", Remediable(Remedy::Credentials), Known);
        disabled_access_key:
            response(403, "Forbidden.AccessKeyDisabled", Remediable(Remedy::Credentials), Known);
        forbidden_access_key: response(403, "Forbidden.AccessKey", Remediable(Remedy::Credentials), Known);
        malformed_token:
            response(400, "InvalidSecurityToken.Malformed", Remediable(Remedy::Credentials), Known);
        token_of_another_access_key:
            response(400, "InvalidSecurityToken.MismatchWithAccessKey", Remediable(Remedy::Credentials), Known);
        missing_token: response(400, "MissingSecurityToken", Remediable(Remedy::Credentials), Known);
        expired_timestamp: response(400, "InvalidTimeStamp.Expired", Remediable(Remedy::Clock), Known);
        illegal_timestamp: response(400, "IllegalTimestamp", Remediable(Remedy::Clock), Known);

        wrong_signature: response(400, "SignatureDoesNotMatch", Final, Known);
        no_permission: response(403, "Forbidden.NoPermission", Final, Known);
        missing_secret: response(404, "Forbidden.ResourceNotFound", Final, Known);
        conflict: response(409, "Rejected.ResourceExist", Final, Known);
        state_changed_meanwhile: response(409, "Rejected.StateModifiedFailed", Final, Known);
        invalid_parameter: response(400, "InvalidParameter", Final, Known);
        unknown_code_with_400: response(400, "Brand.New", Final, Known);
        account_in_debt: response(403, "Forbidden.InDebt", Final, Known);

        proxy_502: foreign(502, Transient, Unknown);
        proxy_504: foreign(504, Transient, Unknown);
        proxy_429: foreign(429, Throttled, Known);
        proxy_404: foreign(404, Final, Known);
        redirect: foreign(302, Final, Known);
    }

    #[test]
    fn response_with_a_wait_is_retried_unless_a_limit_is_exceeded() {
        let with_wait = |code, status| {
            let kind = ErrorKind::from_code(code, status);
            classify(Stage::ErrorResponse, kind, Some(code), true, RetryClass::Always)
        };
        assert_eq!(with_wait("Brand.New", 400), Transient);
        assert_eq!(with_wait("InternalFailure", 500), Transient);
        assert_eq!(with_wait("Rejected.LimitExceeded", 400), Final);
    }
}
