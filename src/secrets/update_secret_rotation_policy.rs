//! `UpdateSecretRotationPolicy`: whether and how often KMS rotates a secret.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecretrotationpolicy>

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`UpdateSecretRotationPolicy`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecretrotationpolicy),
/// for secrets of any type but [`Generic`](crate::secrets::SecretType::Generic).
///
/// ```
/// use std::time::Duration;
///
/// use alibabacloud_kms::secrets::UpdateSecretRotationPolicyRequest;
///
/// let monthly = Duration::from_secs(30 * 24 * 60 * 60);
/// let on = UpdateSecretRotationPolicyRequest::enable("prod/rds", monthly);
/// let off = UpdateSecretRotationPolicyRequest::disable("prod/rds");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct UpdateSecretRotationPolicyRequest {
    /// The secret's name or ARN (`SecretName`).
    pub secret_name: String,
    /// The time between two rotations (`RotationInterval`), 6 to 8,760 hours in whole seconds.
    /// `None` disables automatic rotation (`EnableAutomaticRotation`).
    ///
    /// The service may reject less than 168 hours: its documentation has both limits.
    pub rotation_interval: Option<Duration>,
}

impl UpdateSecretRotationPolicyRequest {
    /// Creates a request to rotate this secret at an interval.
    ///
    /// The first rotation is due one interval after the last one, or immediately if that time has
    /// passed.
    pub fn enable(secret_name: impl Into<String>, rotation_interval: Duration) -> Self {
        Self { secret_name: secret_name.into(), rotation_interval: Some(rotation_interval) }
    }

    /// Creates a request to disable the automatic rotation of this secret.
    pub fn disable(secret_name: impl Into<String>) -> Self {
        Self { secret_name: secret_name.into(), rotation_interval: None }
    }
}

impl Operation for UpdateSecretRotationPolicyRequest {
    const SPEC: OperationSpec =
        OperationSpec::write("UpdateSecretRotationPolicy", QuotaGroup::Manage);
    type Response = UpdateSecretRotationPolicyResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.secret_name(&self.secret_name);
        encoder.rotation_interval(self.rotation_interval);
    }

    fn request_id(response: &mut UpdateSecretRotationPolicyResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The secret whose rotation was changed: the response to an [`UpdateSecretRotationPolicyRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct UpdateSecretRotationPolicyResponse {
    /// The secret's name.
    pub secret_name: String,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    const HOUR: Duration = Duration::from_secs(60 * 60);

    fn enable(interval: Duration) -> UpdateSecretRotationPolicyRequest {
        UpdateSecretRotationPolicyRequest::enable("a", interval)
    }

    #[test]
    fn interval_is_sent_in_seconds_only_if_rotation_is_enabled() {
        let on = ["SecretName=a", "EnableAutomaticRotation=true", "RotationInterval=604800s"];
        assert_eq!(sent(&enable(7 * 24 * HOUR)), on);
        let off = ["SecretName=a", "EnableAutomaticRotation=false"];
        assert_eq!(sent(&UpdateSecretRotationPolicyRequest::disable("a")), off);
    }

    #[test]
    fn interval_outside_its_range_is_rejected() {
        for interval in [6 * HOUR, 8_760 * HOUR] {
            assert!(enable(interval).validate().is_ok());
        }
        for interval in [
            Duration::ZERO,
            6 * HOUR - Duration::from_secs(1),
            6 * HOUR + Duration::from_millis(1),
            8_760 * HOUR + Duration::from_secs(1),
            Duration::MAX,
        ] {
            let violation = enable(interval).validate().unwrap_err().to_string();
            assert!(violation.starts_with("`rotation_interval` must be "), "{violation}");
            assert!(violation.contains("6 hours to 8,760 hours"), "{violation}");
        }
    }

    #[test]
    fn decodes_response() {
        let response = enable(6 * HOUR).decode(br#"{"RequestId":"r","SecretName":"a"}"#).unwrap();
        assert_eq!((&*response.secret_name, &*response.request_id), ("a", "r"));
    }
}
