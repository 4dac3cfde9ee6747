//! `DeleteSecret`: a secret's deletion, planned for later or done at once.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-deletesecret>

use chrono::{DateTime, Utc};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::error::{Resource, ValidationError};
use crate::operation::parameters::ParameterList;
use crate::operation::{Operation, limits};
use crate::rate_limit::QuotaGroup;
use crate::sign::Parameters;
use crate::types::wire;

const SHORTEST_WINDOW: u32 = 7;
const LONGEST_WINDOW: u32 = 30;

/// Which secret to delete, and for how long it can be had back: the parameters of
/// [`DeleteSecret`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-deletesecret).
///
/// ```
/// use alibabacloud_kms::secrets::DeleteSecretRequest;
///
/// let in_a_week = DeleteSecretRequest::new("prod/db").recovery_window_in_days(7);
/// let at_once = DeleteSecretRequest::without_recovery("test/db");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct DeleteSecretRequest {
    secret_name: String,
    recovery: Recovery,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Recovery {
    ServiceDefault,
    Days(u32),
    None,
}

impl DeleteSecretRequest {
    /// Plans the deletion of the secret of this name or ARN (`SecretName`) for the end of its recovery window, 30 days from
    /// now unless [`recovery_window_in_days`](Self::recovery_window_in_days) says otherwise.
    ///
    /// Until then [`RestoreSecret`](crate::secrets::RestoreSecretRequest) takes the deletion back, and the name stays taken.
    pub fn new(secret_name: impl Into<String>) -> Self {
        Self { secret_name: secret_name.into(), recovery: Recovery::ServiceDefault }
    }

    /// Deletes the secret of this name or ARN at once and for good (`ForceDeleteWithoutRecovery`). Nobody can undo it.
    pub fn without_recovery(secret_name: impl Into<String>) -> Self {
        Self { secret_name: secret_name.into(), recovery: Recovery::None }
    }

    /// How long it can be restored, 7 to 30 days (`RecoveryWindowInDays`). It takes the place of
    /// [`without_recovery`](Self::without_recovery).
    pub fn recovery_window_in_days(mut self, days: u32) -> Self {
        self.recovery = Recovery::Days(days);
        self
    }

    pub(crate) fn secret_name(&self) -> &str {
        &self.secret_name
    }

    /// How long the secret can be restored; `None` when not at all.
    pub(crate) fn recovery_days(&self) -> Option<u32> {
        match self.recovery {
            Recovery::ServiceDefault => Some(LONGEST_WINDOW),
            Recovery::Days(days) => Some(days),
            Recovery::None => None,
        }
    }
}

impl Operation for DeleteSecretRequest {
    const NAME: &'static str = "DeleteSecret";
    const METHOD: Method = Method::POST;
    const QUOTA: QuotaGroup = QuotaGroup::CreateAndDelete;

    type Response = DeleteSecretResponse;

    fn validate(&self) -> Result<(), ValidationError> {
        limits::secret_name_or_arn(&self.secret_name)?;
        match self.recovery {
            Recovery::Days(days) if !(SHORTEST_WINDOW..=LONGEST_WINDOW).contains(&days) => {
                Err(ValidationError::new("recovery_window_in_days", days, "7 to 30"))
            }
            _ => Ok(()),
        }
    }

    fn parameters(&self) -> Parameters<'_> {
        let list = ParameterList::new().text("SecretName", &self.secret_name);
        // The two exclude each other.
        match self.recovery {
            Recovery::ServiceDefault => list,
            Recovery::Days(days) => list.number("RecoveryWindowInDays", days),
            Recovery::None => list.flag("ForceDeleteWithoutRecovery", true),
        }
        .done()
    }

    fn resource(&self) -> Option<Resource<'_>> {
        Some(Resource::named(&self.secret_name))
    }

    fn request_id(response: &DeleteSecretResponse) -> &str {
        &response.request_id
    }
}

/// When the secret is gone for good: the answer to a [`DeleteSecretRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DeleteSecretResponse {
    /// The secret's name.
    pub secret_name: String,
    /// The end of the recovery window; about now where there is none.
    #[serde(
        default,
        deserialize_with = "wire::lenient_time",
        skip_serializing_if = "Option::is_none"
    )]
    pub planned_delete_time: Option<DateTime<Utc>>,
    /// The id under which the service knows the request; empty if it left it out.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::DeleteSecretRequest as Request;
    use super::*;
    use crate::operation::sent;

    #[test]
    fn a_window_and_no_recovery_are_never_sent_together() {
        assert_eq!(sent(&Request::new("a")), ["SecretName=a"]);
        let window = ["SecretName=a", "RecoveryWindowInDays=7"];
        assert_eq!(sent(&Request::new("a").recovery_window_in_days(7)), window);
        let forced = Request::without_recovery("a");
        assert_eq!(sent(&forced), ["SecretName=a", "ForceDeleteWithoutRecovery=true"]);
        assert_eq!(sent(&forced.recovery_window_in_days(7)), window);
    }

    #[test]
    fn the_window_is_seven_to_thirty_days() {
        for (days, allowed) in [(0, false), (6, false), (7, true), (30, true), (31, false)] {
            let request = Request::new("a").recovery_window_in_days(days);
            assert_eq!(request.validate().is_ok(), allowed, "{days}");
        }
        let refusal = Request::new("a").recovery_window_in_days(31).validate().unwrap_err();
        assert_eq!(refusal.to_string(), "recovery_window_in_days is 31, allowed are 7 to 30");
        assert!(Request::without_recovery("").validate().is_err());
    }

    #[test]
    fn the_answer_is_read() {
        let body = r#"{"RequestId":"r","SecretName":"a","PlannedDeleteTime":"2022-09-15T15:02:14.123456789+08:00"}"#;
        let answer = Request::new("a").decode(body.as_bytes()).unwrap();
        assert_eq!(
            answer.planned_delete_time,
            Some("2022-09-15T07:02:14.123456789Z".parse().unwrap())
        );
    }
    #[test]
    fn a_deletion_that_was_done_is_told_whatever_its_time_looks_like() {
        for odd in ["null", "7", r#""soon""#] {
            let body =
                format!(r#"{{"SecretName":"a","PlannedDeleteTime":{odd},"RequestId":{odd}}}"#);
            let answer = Request::new("a").decode(body.as_bytes()).unwrap();
            assert_eq!(answer.planned_delete_time, None, "{odd}");
        }
    }
}
