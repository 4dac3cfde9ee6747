//! The table of what is repeated: how far an attempt came, what its error is, what a repeat could do.

use super::{RetryClass, RetryDecision};
use crate::error::{Error, ErrorKind};
use crate::transport::TransportErrorKind;

/// How far an attempt came before it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Nothing was sent: there were no keys, or no time was left.
    NotBegun,
    /// The transport had no whole answer.
    Transport(TransportErrorKind),
    /// No answer came in the attempt's time.
    TimedOut,
    /// An error was answered.
    Answered,
    /// A success was answered that cannot be read.
    Undecodable,
}

/// What becomes of a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Stop,
    /// Wait, then repeat.
    Repeat,
    /// Put something right and repeat at once, but once only.
    Repair(Repair),
}

/// What was wrong with a request that the service can be asked again after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repair {
    Credentials,
    Clock,
    Nonce,
}

impl Verdict {
    pub(crate) fn decision(self) -> RetryDecision {
        match self {
            Self::Stop => RetryDecision::Stop,
            Self::Repeat | Self::Repair(_) => RetryDecision::Retry,
        }
    }
}

/// Judges a failed attempt. `kind` and `code` are those of its error; `asked_to_wait` tells whether the answer asked for a
/// later repeat.
///
/// <https://www.alibabacloud.com/help/en/kms/support/use-exponential-backoff-to-retry-requests>
pub(crate) fn judge(
    stage: Stage,
    kind: ErrorKind,
    code: Option<&str>,
    asked_to_wait: bool,
    class: RetryClass,
) -> Verdict {
    match stage {
        Stage::NotBegun | Stage::Undecodable => Verdict::Stop,
        Stage::TimedOut => open_outcome(class),
        Stage::Transport(kind) => match kind {
            TransportErrorKind::Connect | TransportErrorKind::ConnectTimeout => Verdict::Repeat,
            TransportErrorKind::Interrupted => open_outcome(class),
            TransportErrorKind::Certificate | TransportErrorKind::ResponseTooLarge => Verdict::Stop,
        },
        Stage::Answered => judge_answer(kind, code, asked_to_wait, class),
    }
}

fn judge_answer(
    kind: ErrorKind,
    code: Option<&str>,
    asked_to_wait: bool,
    class: RetryClass,
) -> Verdict {
    match (kind, code) {
        (ErrorKind::ClockSkew, _) => Verdict::Repair(Repair::Clock),
        (_, Some("InvalidSecurityToken.Expired" | "InvalidAccessKeyId.NotFound")) => {
            Verdict::Repair(Repair::Credentials)
        }
        // Something on the way may have sent the same bytes twice, and the first copy may have been carried out.
        (_, Some("SignatureNonceUsed")) => match class {
            RetryClass::Always => Verdict::Repair(Repair::Nonce),
            RetryClass::WhenNotCarriedOut => Verdict::Stop,
        },
        (ErrorKind::Throttled, _) => Verdict::Repeat,
        (ErrorKind::Unavailable, _) => open_outcome(class),
        (ErrorKind::QuotaExceeded, _) => Verdict::Stop,
        _ if asked_to_wait => Verdict::Repeat,
        _ => Verdict::Stop,
    }
}

/// Whether the failed attempt was perhaps carried out.
pub(crate) fn leaves_outcome_open(stage: Stage, error: &Error) -> bool {
    match stage {
        Stage::NotBegun => false,
        Stage::Transport(kind) => {
            matches!(kind, TransportErrorKind::Interrupted | TransportErrorKind::ResponseTooLarge)
        }
        Stage::TimedOut | Stage::Undecodable => true,
        Stage::Answered => {
            error.kind() == ErrorKind::Unavailable || error.code() == Some("SignatureNonceUsed")
        }
    }
}

/// The request was perhaps carried out.
fn open_outcome(class: RetryClass) -> Verdict {
    match class {
        RetryClass::Always => Verdict::Repeat,
        RetryClass::WhenNotCarriedOut => Verdict::Stop,
    }
}

#[cfg(test)]
mod tests {
    use super::RetryClass::{Always, WhenNotCarriedOut};
    use super::Verdict::{Repair as Mend, Repeat, Stop};
    use super::*;

    /// One row: what an operation of each class does.
    #[track_caller]
    fn row(stage: Stage, always: Verdict, when_not_carried_out: Verdict) {
        assert_eq!(judge(stage, ErrorKind::Other, None, false, Always), always, "{stage:?}");
        let verdict = judge(stage, ErrorKind::Other, None, false, WhenNotCarriedOut);
        assert_eq!(verdict, when_not_carried_out, "{stage:?}");
    }

    #[track_caller]
    fn answer(status: u16, code: &str, always: Verdict, when_not_carried_out: Verdict) {
        let kind = ErrorKind::of_code(code, status);
        for (class, expected) in [(Always, always), (WhenNotCarriedOut, when_not_carried_out)] {
            let verdict = judge(Stage::Answered, kind, Some(code), false, class);
            assert_eq!(verdict, expected, "{status} {code} {class:?}");
        }
    }

    macro_rules! rows {
        ($($name:ident: $check:ident($($argument:expr),+);)+) => {
            $(#[test] fn $name() { $check($($argument),+); })+
        };
    }

    rows! {
        no_keys: row(Stage::NotBegun, Stop, Stop);
        no_connection: row(Stage::Transport(TransportErrorKind::Connect), Repeat, Repeat);
        no_connection_in_time: row(Stage::Transport(TransportErrorKind::ConnectTimeout), Repeat, Repeat);
        a_certificate_that_is_not_accepted: row(Stage::Transport(TransportErrorKind::Certificate), Stop, Stop);
        a_broken_connection: row(Stage::Transport(TransportErrorKind::Interrupted), Repeat, Stop);
        an_answer_that_is_too_large: row(Stage::Transport(TransportErrorKind::ResponseTooLarge), Stop, Stop);
        no_answer_in_time: row(Stage::TimedOut, Repeat, Stop);
        a_success_that_cannot_be_read: row(Stage::Undecodable, Stop, Stop);

        rejected_throttling_429: answer(429, "Rejected.Throttling", Repeat, Repeat);
        throttling_400: answer(400, "Throttling", Repeat, Repeat);
        throttling_user_400: answer(400, "Throttling.User", Repeat, Repeat);
        throttling_api_400: answer(400, "Throttling.Api", Repeat, Repeat);
        throttling_anything_400: answer(400, "Throttling.Anything", Repeat, Repeat);
        an_unknown_code_with_429: answer(429, "Brand.New", Repeat, Repeat);

        internal_failure: answer(500, "InternalFailure", Repeat, Stop);
        internal_error: answer(500, "InternalError", Repeat, Stop);
        unknown_error: answer(500, "UnknownError", Repeat, Stop);
        service_unavailable: answer(503, "ServiceUnavailable", Repeat, Stop);
        service_unavailable_temporary: answer(503, "ServiceUnavailableTemporary", Repeat, Stop);
        service_unavailable_misspelt_once: answer(503, "SerivceUnavailableTemporary", Repeat, Stop);
        service_unavailable_misspelt_twice: answer(503, "SerivceUnvailableTemporary", Repeat, Stop);
        an_unknown_code_with_500: answer(500, "Brand.New", Repeat, Stop);
        an_unknown_code_with_599: answer(599, "Brand.New", Repeat, Stop);
        an_unavailable_code_inside_a_success: answer(200, "InternalFailure", Repeat, Stop);

        a_used_up_limit: answer(400, "Rejected.LimitExceeded", Stop, Stop);
        a_used_up_shared_quota: answer(400, "Rejected.ShareQuotaExceedLimit", Stop, Stop);

        a_used_nonce: answer(400, "SignatureNonceUsed", Mend(Repair::Nonce), Stop);
        an_expired_token:
            answer(400, "InvalidSecurityToken.Expired", Mend(Repair::Credentials), Mend(Repair::Credentials));
        a_key_that_is_not_known_any_more:
            answer(404, "InvalidAccessKeyId.NotFound", Mend(Repair::Credentials), Mend(Repair::Credentials));
        an_expired_timestamp: answer(400, "InvalidTimeStamp.Expired", Mend(Repair::Clock), Mend(Repair::Clock));
        an_illegal_timestamp: answer(400, "IllegalTimestamp", Mend(Repair::Clock), Mend(Repair::Clock));

        a_wrong_signature: answer(400, "SignatureDoesNotMatch", Stop, Stop);
        a_malformed_token: answer(400, "InvalidSecurityToken.Malformed", Stop, Stop);
        no_permission: answer(403, "Forbidden.NoPermission", Stop, Stop);
        a_missing_secret: answer(404, "Forbidden.ResourceNotFound", Stop, Stop);
        a_conflict: answer(409, "Rejected.ResourceExist", Stop, Stop);
        a_state_that_changed_meanwhile: answer(409, "Rejected.StateModifiedFailed", Stop, Stop);
        a_bad_parameter: answer(400, "InvalidParameter", Stop, Stop);
        an_unknown_code_with_400: answer(400, "Brand.New", Stop, Stop);
        an_account_in_debt: answer(403, "Forbidden.InDebt", Stop, Stop);
    }

    #[test]
    fn an_answer_that_is_not_of_the_service_goes_by_its_status() {
        for (status, always, other) in
            [(502, Repeat, Stop), (504, Repeat, Stop), (429, Repeat, Repeat), (404, Stop, Stop)]
        {
            let kind = ErrorKind::of_foreign_answer(status);
            assert_eq!(judge(Stage::Answered, kind, None, false, Always), always, "{status}");
            assert_eq!(
                judge(Stage::Answered, kind, None, false, WhenNotCarriedOut),
                other,
                "{status}"
            );
        }
    }

    #[test]
    fn an_answer_that_asks_to_wait_is_repeated_unless_its_outcome_is_open_or_a_quota_is_used_up() {
        let asked = |code, status, class| {
            judge(Stage::Answered, ErrorKind::of_code(code, status), Some(code), true, class)
        };
        assert_eq!(asked("Brand.New", 400, WhenNotCarriedOut), Repeat);
        assert_eq!(asked("InternalFailure", 500, WhenNotCarriedOut), Stop);
        assert_eq!(asked("Rejected.LimitExceeded", 400, Always), Stop);
    }
}
