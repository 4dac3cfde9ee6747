//! `ScheduleKeyDeletion`: schedules the deletion of a key. No key is deleted immediately.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-schedulekeydeletion>

use serde::{Deserialize, Serialize};

use crate::error::ValidationError;
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`ScheduleKeyDeletion`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-schedulekeydeletion).
///
/// ```
/// use alibabacloud_kms::keys::ScheduleKeyDeletionRequest;
///
/// let request = ScheduleKeyDeletionRequest::new("key-fake", 30);
/// assert_eq!(request.pending_window_in_days, 30);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct ScheduleKeyDeletionRequest {
    /// The id of the key (`KeyId`).
    pub key_id: String,
    /// The days until the key is deleted (`PendingWindowInDays`), 7 to 366. Until then the deletion
    /// can be cancelled.
    pub pending_window_in_days: u32,
}

impl ScheduleKeyDeletionRequest {
    /// Creates a request to delete this key after so many days.
    pub fn new(key_id: impl Into<String>, pending_window_in_days: u32) -> Self {
        Self { key_id: key_id.into(), pending_window_in_days }
    }

    fn validate_window(&self) -> Result<(), ValidationError> {
        let days = self.pending_window_in_days;
        if (7..=366).contains(&days) {
            Ok(())
        } else {
            Err(ValidationError::new("pending_window_in_days", days, "7 to 366"))
        }
    }
}

impl Operation for ScheduleKeyDeletionRequest {
    const SPEC: OperationSpec =
        OperationSpec::write("ScheduleKeyDeletion", QuotaGroup::TagWrite).without_required_fields();
    type Response = ScheduleKeyDeletionResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.key_id(&self.key_id);
        encoder.check(self.validate_window());
        encoder.number("PendingWindowInDays", self.pending_window_in_days);
    }

    fn request_id(response: &mut ScheduleKeyDeletionResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The confirmation that the deletion is scheduled: the response to a
/// [`ScheduleKeyDeletionRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ScheduleKeyDeletionResponse {
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    fn request() -> ScheduleKeyDeletionRequest {
        ScheduleKeyDeletionRequest::new("key-fake", 7)
    }

    #[test]
    fn key_and_window_are_sent() {
        assert_eq!(sent(&request()), ["KeyId=key-fake", "PendingWindowInDays=7"]);
    }

    #[test]
    fn window_outside_its_range_is_rejected() {
        for days in [7, 366] {
            assert!(ScheduleKeyDeletionRequest::new("a", days).validate().is_ok());
        }
        for days in [0, 6, 367] {
            let error =
                ScheduleKeyDeletionRequest::new("a", days).validate().unwrap_err().to_string();
            let expected = format!("`pending_window_in_days` must be 7 to 366, got {days}");
            assert_eq!(error, expected);
        }
    }

    #[test]
    fn decodes_response() {
        let response = request().decode(br#"{"RequestId":"r"}"#).unwrap();
        assert_eq!(response.request_id, "r");
    }
}
