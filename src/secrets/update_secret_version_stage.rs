//! `UpdateSecretVersionStage`: adds a stage to a version, moves it to another, or removes it.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecretversionstage>

use serde::{Deserialize, Serialize};

use crate::error::ValidationError;
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{VersionStage, wire};

/// The parameters of
/// [`UpdateSecretVersionStage`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecretversionstage),
/// for secrets of type [`Generic`](crate::secrets::SecretType::Generic).
///
/// ```
/// use alibabacloud_kms::secrets::{UpdateSecretVersionStageRequest, VersionStage};
///
/// let request = UpdateSecretVersionStageRequest::new("prod/db", VersionStage::Current);
/// let roll_back = request.move_to_version("v1");
///
/// let request = UpdateSecretVersionStageRequest::new("prod/db", VersionStage::from("canary"));
/// let end_canary = request.remove_from_version("v2");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct UpdateSecretVersionStageRequest {
    /// The secret's name or ARN (`SecretName`).
    pub secret_name: String,
    /// The stage to add, move or remove (`VersionStage`). [`Current`](VersionStage::Current) and
    /// [`Previous`](VersionStage::Previous) can be moved, not removed.
    pub version_stage: VersionStage,
    /// The id of the version that gets the stage (`MoveToVersion`), 1 to 64 characters.
    ///
    /// The version that loses [`Current`](VersionStage::Current) becomes
    /// [`Previous`](VersionStage::Previous).
    pub move_to_version: Option<String>,
    /// The id of the version that loses the stage (`RemoveFromVersion`), 1 to 64 characters.
    ///
    /// Beside [`move_to_version`](Self::move_to_version) it is a condition: the service rejects the
    /// request if another version has the stage, so two writers do not undo each other's change.
    pub remove_from_version: Option<String>,
}

impl UpdateSecretVersionStageRequest {
    /// Creates a request for this stage; it also needs a version to [move
    /// to](Self::move_to_version) or to [remove from](Self::remove_from_version).
    pub fn new(secret_name: impl Into<String>, version_stage: VersionStage) -> Self {
        Self {
            secret_name: secret_name.into(),
            version_stage,
            move_to_version: None,
            remove_from_version: None,
        }
    }

    /// Sets the version that gets the stage.
    pub fn move_to_version(mut self, version_id: impl Into<String>) -> Self {
        self.move_to_version = Some(version_id.into());
        self
    }

    /// Sets the version that loses the stage.
    pub fn remove_from_version(mut self, version_id: impl Into<String>) -> Self {
        self.remove_from_version = Some(version_id.into());
        self
    }

    fn validate_target(&self) -> Result<(), ValidationError> {
        let stage = &self.version_stage;
        let is_only_moved = *stage == VersionStage::Current || *stage == VersionStage::Previous;
        match (&self.move_to_version, &self.remove_from_version) {
            (None, None) => Err(ValidationError::missing(
                "move_to_version",
                "the id of a version, or remove_from_version",
            )),
            (None, Some(_)) if is_only_moved => Err(ValidationError::new(
                "version_stage",
                stage.as_str(),
                "a custom stage to be removed, since ACSCurrent and ACSPrevious can only be moved",
            )),
            _ => Ok(()),
        }
    }
}

impl Operation for UpdateSecretVersionStageRequest {
    const SPEC: OperationSpec =
        OperationSpec::write("UpdateSecretVersionStage", QuotaGroup::Manage);
    type Response = UpdateSecretVersionStageResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.secret_name(&self.secret_name);
        encoder.version_stage(Some(&self.version_stage));
        let (to, from) = (self.move_to_version.as_deref(), self.remove_from_version.as_deref());
        encoder.stage_version("MoveToVersion", "move_to_version", to);
        encoder.stage_version("RemoveFromVersion", "remove_from_version", from);
        encoder.check(self.validate_target());
    }

    fn request_id(response: &mut UpdateSecretVersionStageResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The secret whose version has the stage now: the response to an
/// [`UpdateSecretVersionStageRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct UpdateSecretVersionStageResponse {
    /// The secret's name.
    pub secret_name: String,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::UpdateSecretVersionStageRequest as Request;
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn stage_is_added_moved_or_removed() {
        let put = Request::new("a", "canary".into()).move_to_version("v2");
        assert_eq!(sent(&put), ["SecretName=a", "VersionStage=canary", "MoveToVersion=v2"]);
        assert_eq!(
            sent(&put.remove_from_version("v1"))[2..],
            ["MoveToVersion=v2", "RemoveFromVersion=v1"]
        );
        let removed = Request::new("a", "canary".into()).remove_from_version("v1");
        assert_eq!(sent(&removed), ["SecretName=a", "VersionStage=canary", "RemoveFromVersion=v1"]);
    }

    #[test]
    fn stages_of_the_service_cannot_be_removed() {
        for stage in [VersionStage::Current, VersionStage::Previous] {
            assert!(Request::new("a", stage.clone()).move_to_version("v1").validate().is_ok());
            let violation =
                Request::new("a", stage).remove_from_version("v1").validate().unwrap_err();
            assert!(violation.to_string().contains("can only be moved"), "{violation}");
        }
        assert!(Request::new("a", "canary".into()).remove_from_version("v1").validate().is_ok());
        assert!(Request::new("a", "canary".into()).move_to_version("").validate().is_err());
        assert!(
            Request::new("a", "canary".into())
                .move_to_version("v1")
                .remove_from_version("")
                .validate()
                .is_err()
        );
        assert!(Request::new("", "canary".into()).move_to_version("v1").validate().is_err());
    }

    #[test]
    fn error_names_the_version_that_is_out_of_range() {
        let request = || Request::new("a", "canary".into());
        for (request, field) in [
            (request().move_to_version(""), "move_to_version"),
            (request().move_to_version("v2").remove_from_version(""), "remove_from_version"),
        ] {
            let error = request.validate().unwrap_err().to_string();
            assert_eq!(error, format!("`{field}` must be 1 to 64 characters, got \"\""));
        }
    }

    #[test]
    fn decodes_response() {
        let response = Request::new("a", "canary".into())
            .move_to_version("v1")
            .decode(br#"{"RequestId":"r-1","SecretName":"a"}"#)
            .unwrap();
        assert_eq!((&*response.secret_name, &*response.request_id), ("a", "r-1"));
    }
}
