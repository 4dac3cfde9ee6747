//! `UpdateRotationPolicy`: whether and how often KMS rotates a key.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updaterotationpolicy>

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`UpdateRotationPolicy`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updaterotationpolicy),
/// for symmetric keys whose material KMS generates.
///
/// ```
/// use std::time::Duration;
///
/// use alibabacloud_kms::keys::UpdateRotationPolicyRequest;
///
/// let yearly = Duration::from_secs(365 * 24 * 60 * 60);
/// let on = UpdateRotationPolicyRequest::enable("key-fake", yearly);
/// let off = UpdateRotationPolicyRequest::disable("key-fake");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct UpdateRotationPolicyRequest {
    /// The id of the key (`KeyId`).
    pub key_id: String,
    /// The time between two rotations (`RotationInterval`), 7 to 730 days in whole seconds. `None`
    /// disables automatic rotation (`EnableAutomaticRotation`).
    ///
    /// Instances of software key management allow at most 365 days, and for default keys only 365
    /// days are allowed.
    pub rotation_interval: Option<Duration>,
}

impl UpdateRotationPolicyRequest {
    /// Creates a request to rotate this key at an interval.
    ///
    /// The first rotation is due one interval after the last one, or immediately if that time has
    /// passed.
    pub fn enable(key_id: impl Into<String>, rotation_interval: Duration) -> Self {
        Self { key_id: key_id.into(), rotation_interval: Some(rotation_interval) }
    }

    /// Creates a request to disable the automatic rotation of this key.
    pub fn disable(key_id: impl Into<String>) -> Self {
        Self { key_id: key_id.into(), rotation_interval: None }
    }
}

impl Operation for UpdateRotationPolicyRequest {
    const SPEC: OperationSpec = OperationSpec::write("UpdateRotationPolicy", QuotaGroup::TagWrite)
        .without_required_fields();
    type Response = UpdateRotationPolicyResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.key_id(&self.key_id);
        encoder.key_rotation_interval(self.rotation_interval);
    }

    fn request_id(response: &mut UpdateRotationPolicyResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The confirmation that the rotation was changed: the response to an
/// [`UpdateRotationPolicyRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct UpdateRotationPolicyResponse {
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    fn enable(interval: Duration) -> UpdateRotationPolicyRequest {
        UpdateRotationPolicyRequest::enable("key-fake", interval)
    }

    fn request() -> UpdateRotationPolicyRequest {
        UpdateRotationPolicyRequest::disable("key-fake")
    }

    #[test]
    fn interval_is_sent_only_to_enable_rotation() {
        let on = ["KeyId=key-fake", "EnableAutomaticRotation=true", "RotationInterval=604800s"];
        assert_eq!(sent(&enable(7 * DAY)), on);
        assert_eq!(sent(&request()), ["KeyId=key-fake", "EnableAutomaticRotation=false"]);
    }

    #[test]
    fn interval_outside_its_range_is_rejected() {
        let second = Duration::from_secs(1);
        for interval in [7 * DAY, Duration::from_secs(605_800), 730 * DAY] {
            assert!(enable(interval).validate().is_ok());
        }
        for interval in [Duration::ZERO, 7 * DAY - second, 730 * DAY + second, 8 * DAY + second / 2]
        {
            let error = enable(interval).validate().unwrap_err().to_string();
            assert!(error.starts_with("`rotation_interval` must be 7 to 730 days"), "{error}");
        }
    }

    #[test]
    fn decodes_response() {
        let response = request().decode(br#"{"RequestId":"r"}"#).unwrap();
        assert_eq!(response.request_id, "r");
    }
}
