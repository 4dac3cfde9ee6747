//! The table of what is repeated: how far an attempt came, what its error is, what a repeat could do.

use super::{RetryClass, RetryDecision};
use crate::error::{ErrorKind, is_about_the_keys};
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
    if class == RetryClass::WhenNotCarriedOut && leaves_outcome_open(stage, kind, code) {
        return Verdict::Stop;
    }
    match stage {
        Stage::NotBegun | Stage::Undecodable => Verdict::Stop,
        Stage::TimedOut => Verdict::Repeat,
        Stage::Transport(cause) => match cause {
            TransportErrorKind::Connect
            | TransportErrorKind::ConnectTimeout
            | TransportErrorKind::Interrupted => Verdict::Repeat,
            TransportErrorKind::Certificate | TransportErrorKind::ResponseTooLarge => Verdict::Stop,
        },
        Stage::Answered => judge_answer(kind, code, asked_to_wait),
    }
}

fn judge_answer(kind: ErrorKind, code: Option<&str>, asked_to_wait: bool) -> Verdict {
    match (kind, code) {
        (ErrorKind::ClockSkew, _) => Verdict::Repair(Repair::Clock),
        (_, Some(code)) if is_about_the_keys(code) => Verdict::Repair(Repair::Credentials),
        (_, Some("SignatureNonceUsed")) => Verdict::Repair(Repair::Nonce),
        (ErrorKind::Throttled | ErrorKind::Unavailable, _) => Verdict::Repeat,
        (ErrorKind::QuotaExceeded, _) => Verdict::Stop,
        _ if asked_to_wait => Verdict::Repeat,
        _ => Verdict::Stop,
    }
}

/// Whether the failed attempt was perhaps carried out.
pub(crate) fn leaves_outcome_open(stage: Stage, kind: ErrorKind, code: Option<&str>) -> bool {
    match stage {
        Stage::NotBegun => false,
        Stage::Transport(cause) => {
            matches!(cause, TransportErrorKind::Interrupted | TransportErrorKind::ResponseTooLarge)
        }
        Stage::TimedOut | Stage::Undecodable => true,
        // A nonce that was not used here may have come from something on the way that sent the same bytes twice.
        Stage::Answered => kind == ErrorKind::Unavailable || code == Some("SignatureNonceUsed"),
    }
}

#[cfg(test)]
mod tests {
    use super::Verdict::{Repair as Mend, Repeat, Stop};
    use super::*;

    /// Whether a failed request was perhaps carried out. One that was is not repeated where that might do the same once more.
    #[derive(Debug, PartialEq)]
    enum Outcome {
        Known,
        Open,
    }
    use Outcome::{Known, Open};

    #[track_caller]
    fn check(
        stage: Stage,
        kind: ErrorKind,
        code: Option<&str>,
        verdict: Verdict,
        outcome: Outcome,
    ) {
        let judged = |class| judge(stage, kind, code, false, class);
        assert_eq!(judged(RetryClass::Always), verdict, "{stage:?} {code:?}");
        let careful = if outcome == Open { Stop } else { verdict };
        assert_eq!(judged(RetryClass::WhenNotCarriedOut), careful, "{stage:?} {code:?}");
        let open = leaves_outcome_open(stage, kind, code);
        assert_eq!(if open { Open } else { Known }, outcome, "{stage:?} {code:?}");
    }

    #[track_caller]
    fn row(stage: Stage, verdict: Verdict, outcome: Outcome) {
        check(stage, ErrorKind::Unknown, None, verdict, outcome);
    }

    #[track_caller]
    fn answer(status: u16, code: &str, verdict: Verdict, outcome: Outcome) {
        check(Stage::Answered, ErrorKind::from_code(code, status), Some(code), verdict, outcome);
    }

    /// An answer that is not of the service.
    #[track_caller]
    fn foreign(status: u16, verdict: Verdict, outcome: Outcome) {
        check(Stage::Answered, ErrorKind::from_foreign_status(status), None, verdict, outcome);
    }

    macro_rules! rows {
        ($($name:ident: $check:ident($($argument:expr),+);)+) => {
            $(#[test] fn $name() { $check($($argument),+); })+
        };
    }

    rows! {
        no_keys: row(Stage::NotBegun, Stop, Known);
        no_connection: row(Stage::Transport(TransportErrorKind::Connect), Repeat, Known);
        no_connection_in_time: row(Stage::Transport(TransportErrorKind::ConnectTimeout), Repeat, Known);
        a_certificate_that_is_not_accepted: row(Stage::Transport(TransportErrorKind::Certificate), Stop, Known);
        a_broken_connection: row(Stage::Transport(TransportErrorKind::Interrupted), Repeat, Open);
        an_answer_that_is_too_large: row(Stage::Transport(TransportErrorKind::ResponseTooLarge), Stop, Open);
        no_answer_in_time: row(Stage::TimedOut, Repeat, Open);
        a_success_that_cannot_be_read: row(Stage::Undecodable, Stop, Open);

        rejected_throttling_429: answer(429, "Rejected.Throttling", Repeat, Known);
        throttling_400: answer(400, "Throttling", Repeat, Known);
        throttling_user_400: answer(400, "Throttling.User", Repeat, Known);
        throttling_api_400: answer(400, "Throttling.Api", Repeat, Known);
        throttling_anything_400: answer(400, "Throttling.Anything", Repeat, Known);
        an_unknown_code_with_429: answer(429, "Brand.New", Repeat, Known);

        internal_failure: answer(500, "InternalFailure", Repeat, Open);
        internal_error: answer(500, "InternalError", Repeat, Open);
        unknown_error: answer(500, "UnknownError", Repeat, Open);
        service_unavailable: answer(503, "ServiceUnavailable", Repeat, Open);
        service_unavailable_temporary: answer(503, "ServiceUnavailableTemporary", Repeat, Open);
        service_unavailable_misspelt_once: answer(503, "SerivceUnavailableTemporary", Repeat, Open);
        service_unavailable_misspelt_twice: answer(503, "SerivceUnvailableTemporary", Repeat, Open);
        an_unknown_code_with_500: answer(500, "Brand.New", Repeat, Open);
        an_unknown_code_with_599: answer(599, "Brand.New", Repeat, Open);
        an_unavailable_code_inside_a_success: answer(200, "InternalFailure", Repeat, Open);

        a_used_up_limit: answer(400, "Rejected.LimitExceeded", Stop, Known);
        a_used_up_shared_quota: answer(400, "Rejected.ShareQuotaExceedLimit", Stop, Known);

        a_used_nonce: answer(400, "SignatureNonceUsed", Mend(Repair::Nonce), Open);
        an_expired_token:
            answer(400, "InvalidSecurityToken.Expired", Mend(Repair::Credentials), Known);
        a_key_that_is_not_known_any_more:
            answer(404, "InvalidAccessKeyId.NotFound", Mend(Repair::Credentials), Known);
        a_key_that_was_deactivated:
            answer(400, "InvalidAccessKeyId.Inactive", Mend(Repair::Credentials), Known);
        a_key_that_was_disabled:
            answer(403, "Forbidden.AccessKeyDisabled", Mend(Repair::Credentials), Known);
        a_key_that_is_forbidden: answer(403, "Forbidden.AccessKey", Mend(Repair::Credentials), Known);
        a_malformed_token:
            answer(400, "InvalidSecurityToken.Malformed", Mend(Repair::Credentials), Known);
        a_token_of_another_key:
            answer(400, "InvalidSecurityToken.MismatchWithAccessKey", Mend(Repair::Credentials), Known);
        a_missing_token: answer(400, "MissingSecurityToken", Mend(Repair::Credentials), Known);
        an_expired_timestamp: answer(400, "InvalidTimeStamp.Expired", Mend(Repair::Clock), Known);
        an_illegal_timestamp: answer(400, "IllegalTimestamp", Mend(Repair::Clock), Known);

        a_wrong_signature: answer(400, "SignatureDoesNotMatch", Stop, Known);
        no_permission: answer(403, "Forbidden.NoPermission", Stop, Known);
        a_missing_secret: answer(404, "Forbidden.ResourceNotFound", Stop, Known);
        a_conflict: answer(409, "Rejected.ResourceExist", Stop, Known);
        a_state_that_changed_meanwhile: answer(409, "Rejected.StateModifiedFailed", Stop, Known);
        a_bad_parameter: answer(400, "InvalidParameter", Stop, Known);
        an_unknown_code_with_400: answer(400, "Brand.New", Stop, Known);
        an_account_in_debt: answer(403, "Forbidden.InDebt", Stop, Known);

        a_proxys_502: foreign(502, Repeat, Open);
        a_proxys_504: foreign(504, Repeat, Open);
        a_proxys_429: foreign(429, Repeat, Known);
        a_proxys_404: foreign(404, Stop, Known);
        a_redirect: foreign(302, Stop, Known);
    }

    #[test]
    fn an_answer_that_asks_to_wait_is_repeated_unless_a_quota_is_used_up() {
        let asked = |code, status| {
            let kind = ErrorKind::from_code(code, status);
            judge(Stage::Answered, kind, Some(code), true, RetryClass::Always)
        };
        assert_eq!(asked("Brand.New", 400), Repeat);
        assert_eq!(asked("InternalFailure", 500), Repeat);
        assert_eq!(asked("Rejected.LimitExceeded", 400), Stop);
    }
}
