//! `DeleteSecret`: the deletion of a secret, scheduled or immediate.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-deletesecret>

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::ValidationError;
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

const MIN_WINDOW_DAYS: u32 = 7;
const MAX_WINDOW_DAYS: u32 = 30;

/// The parameters of
/// [`DeleteSecret`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-deletesecret).
///
/// ```
/// use alibabacloud_kms::secrets::DeleteSecretRequest;
///
/// let in_a_week = DeleteSecretRequest::new("prod/db").recovery_window_in_days(7);
/// let immediate = DeleteSecretRequest::without_recovery("test/db");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct DeleteSecretRequest {
    /// The secret's name or ARN (`SecretName`).
    pub secret_name: String,
    /// The days in which the secret can be restored, 7 to 30 (`RecoveryWindowInDays`), default 30.
    pub recovery_window_in_days: Option<u32>,
    /// True to delete the secret immediately, without a recovery window
    /// (`ForceDeleteWithoutRecovery`), default `false`. Excludes
    /// [`recovery_window_in_days`](Self::recovery_window_in_days).
    pub force_delete_without_recovery: bool,
}

impl DeleteSecretRequest {
    /// Creates a request to schedule the deletion of this secret for the end of its recovery
    /// window.
    ///
    /// Until then [`restore_secret`](crate::KmsClient::restore_secret) cancels the deletion, and
    /// the name stays in use.
    pub fn new(secret_name: impl Into<String>) -> Self {
        Self {
            secret_name: secret_name.into(),
            recovery_window_in_days: None,
            force_delete_without_recovery: false,
        }
    }

    /// Creates a request to delete this secret immediately. It cannot be undone.
    pub fn without_recovery(secret_name: impl Into<String>) -> Self {
        Self { force_delete_without_recovery: true, ..Self::new(secret_name) }
    }

    /// Sets the days in which the secret can be restored.
    pub fn recovery_window_in_days(mut self, days: u32) -> Self {
        self.recovery_window_in_days = Some(days);
        self
    }

    /// Returns the days in which the secret can be restored; `None` for an immediate deletion.
    pub(crate) fn recovery_days(&self) -> Option<u32> {
        let days = self.recovery_window_in_days.unwrap_or(MAX_WINDOW_DAYS);
        (!self.force_delete_without_recovery).then_some(days)
    }

    fn validate_window(&self) -> Result<(), ValidationError> {
        match self.recovery_window_in_days {
            Some(days) if self.force_delete_without_recovery => Err(ValidationError::new(
                "recovery_window_in_days",
                days,
                "unset for a deletion without recovery",
            )),
            Some(days) if !(MIN_WINDOW_DAYS..=MAX_WINDOW_DAYS).contains(&days) => {
                Err(ValidationError::new("recovery_window_in_days", days, "7 to 30"))
            }
            _ => Ok(()),
        }
    }
}

impl Operation for DeleteSecretRequest {
    const SPEC: OperationSpec = OperationSpec::write("DeleteSecret", QuotaGroup::CreateAndDelete);
    type Response = DeleteSecretResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.secret_name(&self.secret_name);
        encoder.check(self.validate_window());
        if let Some(days) = self.recovery_window_in_days {
            encoder.number("RecoveryWindowInDays", days);
        }
        if self.force_delete_without_recovery {
            encoder.flag("ForceDeleteWithoutRecovery", true);
        }
    }

    fn request_id(response: &mut DeleteSecretResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The time of the deletion: the response to a [`DeleteSecretRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DeleteSecretResponse {
    /// The secret's name.
    pub secret_name: String,
    /// The end of the recovery window; about now if there is none.
    #[serde(default, deserialize_with = "wire::lenient_time")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned_delete_time: Option<DateTime<Utc>>,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::DeleteSecretRequest as Request;
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn recovery_window_and_immediate_deletion_exclude_each_other() {
        assert_eq!(sent(&Request::new("a")), ["SecretName=a"]);
        let window = ["SecretName=a", "RecoveryWindowInDays=7"];
        assert_eq!(sent(&Request::new("a").recovery_window_in_days(7)), window);
        let forced = Request::without_recovery("a");
        assert_eq!(sent(&forced), ["SecretName=a", "ForceDeleteWithoutRecovery=true"]);
        let violation = forced.recovery_window_in_days(7).validate().unwrap_err().to_string();
        assert!(violation.contains("unset for a deletion without recovery"), "{violation}");
    }

    #[test]
    fn recovery_window_must_be_7_to_30_days() {
        for (days, allowed) in [(0, false), (6, false), (7, true), (30, true), (31, false)] {
            let request = Request::new("a").recovery_window_in_days(days);
            assert_eq!(request.validate().is_ok(), allowed, "{days}");
        }
        let violation = Request::new("a").recovery_window_in_days(31).validate().unwrap_err();
        assert_eq!(violation.to_string(), "`recovery_window_in_days` must be 7 to 30, got 31");
        assert!(Request::without_recovery("").validate().is_err());
    }

    #[test]
    fn decodes_response() {
        let body = r#"{"RequestId":"r","SecretName":"a","PlannedDeleteTime":"2022-09-15T15:02:14.123456789+08:00"}"#;
        let response = Request::new("a").decode(body.as_bytes()).unwrap();
        assert_eq!(
            response.planned_delete_time,
            Some("2022-09-15T07:02:14.123456789Z".parse().unwrap())
        );
    }
    #[test]
    fn malformed_deletion_time_is_none() {
        for malformed in ["null", "7", r#""soon""#] {
            let body = format!(
                r#"{{"SecretName":"a","PlannedDeleteTime":{malformed},"RequestId":{malformed}}}"#
            );
            let response = Request::new("a").decode(body.as_bytes()).unwrap();
            assert_eq!(response.planned_delete_time, None, "{malformed}");
        }
    }
}
