//! `UpdateSecretRotationPolicy`: whether and how often KMS rotates a secret by itself.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecretrotationpolicy>

use std::time::Duration;

use http::Method;
use serde::{Deserialize, Serialize};

use crate::error::{Resource, ValidationError};
use crate::operation::parameters::ParameterList;
use crate::operation::{Operation, limits};
use crate::rate_limit::QuotaGroup;
use crate::sign::Parameters;
use crate::types::wire;

/// Turns the rotation of a secret by KMS on or off: the parameters of
/// [`UpdateSecretRotationPolicy`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecretrotationpolicy).
///
/// For secrets of any type but [`Generic`](crate::secrets::SecretType::Generic).
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
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct UpdateSecretRotationPolicyRequest {
    secret_name: String,
    /// `None` turns it off.
    rotation_interval: Option<Duration>,
}

impl UpdateSecretRotationPolicyRequest {
    /// Rotates the secret of this name or ARN at this interval (`RotationInterval`), 6 hours to 8,760 hours in whole seconds;
    /// less than 168 hours may be refused by the service, whose documentation has both.
    ///
    /// The first rotation comes an interval after the last one was; if that time has passed, at once.
    pub fn enable(secret_name: impl Into<String>, rotation_interval: Duration) -> Self {
        Self { secret_name: secret_name.into(), rotation_interval: Some(rotation_interval) }
    }

    /// Rotates the secret of this name or ARN only when asked to.
    pub fn disable(secret_name: impl Into<String>) -> Self {
        Self { secret_name: secret_name.into(), rotation_interval: None }
    }
}

impl Operation for UpdateSecretRotationPolicyRequest {
    const NAME: &'static str = "UpdateSecretRotationPolicy";
    const METHOD: Method = Method::POST;
    const QUOTA: QuotaGroup = QuotaGroup::Manage;

    type Response = UpdateSecretRotationPolicyResponse;

    fn validate(&self) -> Result<(), ValidationError> {
        limits::secret_name_or_arn(&self.secret_name)?;
        self.rotation_interval.map_or(Ok(()), limits::rotation_interval)
    }

    fn parameters(&self) -> Parameters<'_> {
        let list = ParameterList::new()
            .text("SecretName", &self.secret_name)
            .flag("EnableAutomaticRotation", self.rotation_interval.is_some());
        match self.rotation_interval {
            Some(interval) => list.seconds("RotationInterval", interval).done(),
            None => list.done(),
        }
    }

    fn resource(&self) -> Option<Resource<'_>> {
        Some(Resource::named(&self.secret_name))
    }

    fn request_id(response: &UpdateSecretRotationPolicyResponse) -> &str {
        &response.request_id
    }
}

/// The secret whose rotation was changed: the answer to an [`UpdateSecretRotationPolicyRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct UpdateSecretRotationPolicyResponse {
    /// The secret's name.
    pub secret_name: String,
    /// The id under which the service knows the request; empty if it left it out.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::sent;

    const HOUR: Duration = Duration::from_secs(60 * 60);

    fn enable(interval: Duration) -> UpdateSecretRotationPolicyRequest {
        UpdateSecretRotationPolicyRequest::enable("a", interval)
    }

    #[test]
    fn an_interval_is_sent_in_seconds_and_only_to_turn_it_on() {
        let on = ["SecretName=a", "EnableAutomaticRotation=true", "RotationInterval=604800s"];
        assert_eq!(sent(&enable(7 * 24 * HOUR)), on);
        let off = ["SecretName=a", "EnableAutomaticRotation=false"];
        assert_eq!(sent(&UpdateSecretRotationPolicyRequest::disable("a")), off);
    }

    #[test]
    fn an_interval_has_limits() {
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
            let refusal = enable(interval).validate().unwrap_err().to_string();
            assert!(refusal.starts_with("rotation_interval is "), "{refusal}");
            assert!(refusal.contains("6 hours to 8,760 hours"), "{refusal}");
        }
    }

    #[test]
    fn the_answer_is_read() {
        let answer = enable(6 * HOUR).decode(br#"{"RequestId":"r","SecretName":"a"}"#).unwrap();
        assert_eq!((&*answer.secret_name, &*answer.request_id), ("a", "r"));
    }
}
