//! `UpdateSecretVersionStage`: puts a label on a version, moves it to another, or takes it away.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecretversionstage>

use http::Method;
use serde::{Deserialize, Serialize};

use super::list_secret_version_ids::SecretVersion;
use crate::error::{Resource, ValidationError};
use crate::operation::parameters::ParameterList;
use crate::operation::{Operation, limits};
use crate::rate_limit::QuotaGroup;
use crate::sign::Parameters;
use crate::types::{VersionStage, wire};

/// Which label goes where, in a secret of type [`Generic`](crate::secrets::SecretType::Generic): the parameters of
/// [`UpdateSecretVersionStage`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecretversionstage).
///
/// ```
/// use alibabacloud_kms::secrets::{UpdateSecretVersionStageRequest, VersionStage};
///
/// let back = UpdateSecretVersionStageRequest::move_to("prod/db", VersionStage::Current, "v1");
/// let no_more_canary = UpdateSecretVersionStageRequest::remove_from("prod/db", "canary", "v2");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct UpdateSecretVersionStageRequest {
    secret_name: String,
    version_stage: VersionStage,
    move_to_version: Option<String>,
    remove_from_version: Option<String>,
}

impl UpdateSecretVersionStageRequest {
    /// Puts a label (`VersionStage`) on the version of this id (`MoveToVersion`), in the secret of this name or ARN
    /// (`SecretName`).
    ///
    /// The version that loses [`Current`](VersionStage::Current) becomes [`Previous`](VersionStage::Previous).
    pub fn move_to(
        secret_name: impl Into<String>,
        version_stage: impl Into<VersionStage>,
        version_id: impl Into<String>,
    ) -> Self {
        Self {
            secret_name: secret_name.into(),
            version_stage: version_stage.into(),
            move_to_version: Some(version_id.into()),
            remove_from_version: None,
        }
    }

    /// Takes a label of one's own (`VersionStage`) from the version of this id (`RemoveFromVersion`), in the secret of this
    /// name or ARN (`SecretName`).
    ///
    /// [`Current`](VersionStage::Current) and [`Previous`](VersionStage::Previous) can only be moved.
    pub fn remove_from(
        secret_name: impl Into<String>,
        version_stage: impl Into<VersionStage>,
        version_id: impl Into<String>,
    ) -> Self {
        Self {
            secret_name: secret_name.into(),
            version_stage: version_stage.into(),
            move_to_version: None,
            remove_from_version: Some(version_id.into()),
        }
    }

    /// The version that a label is moved away from (`RemoveFromVersion`): the service is then to refuse when another one has
    /// it, so that two who move it at once do not undo each other's work.
    pub fn from_version(mut self, version_id: impl Into<String>) -> Self {
        self.remove_from_version = Some(version_id.into());
        self
    }

    pub(crate) fn secret_name(&self) -> &str {
        &self.secret_name
    }

    /// Whether `versions`, which are all there are, have the label where it is to be.
    pub(crate) fn is_done(&self, versions: &[SecretVersion]) -> bool {
        let holder = versions.iter().find(|v| v.version_stages.contains(&self.version_stage));
        let holder = holder.map(|version| &version.version_id);
        match &self.move_to_version {
            Some(to) => holder == Some(to),
            None => holder.is_none() || holder != self.remove_from_version.as_ref(),
        }
    }
}

impl Operation for UpdateSecretVersionStageRequest {
    const NAME: &'static str = "UpdateSecretVersionStage";
    const METHOD: Method = Method::POST;
    const QUOTA: QuotaGroup = QuotaGroup::Manage;

    type Response = UpdateSecretVersionStageResponse;

    fn validate(&self) -> Result<(), ValidationError> {
        limits::secret_name_or_arn(&self.secret_name)?;
        let versions = [&self.move_to_version, &self.remove_from_version];
        versions.into_iter().flatten().try_for_each(|id| limits::version_id(id))?;
        match (&self.version_stage, &self.move_to_version) {
            (VersionStage::Current | VersionStage::Previous, None) => Err(ValidationError::new(
                "the version stage to remove",
                self.version_stage.as_str(),
                "others than ACSCurrent and ACSPrevious, which can only be moved",
            )),
            _ => Ok(()),
        }
    }

    fn parameters(&self) -> Parameters<'_> {
        ParameterList::new()
            .text("SecretName", &self.secret_name)
            .text("VersionStage", self.version_stage.as_str())
            .optional_text("MoveToVersion", self.move_to_version.as_deref())
            .optional_text("RemoveFromVersion", self.remove_from_version.as_deref())
            .done()
    }

    fn resource(&self) -> Option<Resource<'_>> {
        let version = self.move_to_version.as_deref().or(self.remove_from_version.as_deref());
        let stage = Some(self.version_stage.as_str());
        Some(Resource::named(&self.secret_name).version(version).stage(stage))
    }

    fn request_id(response: &UpdateSecretVersionStageResponse) -> &str {
        &response.request_id
    }
}

/// That the label is where it was to be: the answer to an [`UpdateSecretVersionStageRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct UpdateSecretVersionStageResponse {
    /// The secret's name.
    pub secret_name: String,
    /// The id under which the service knows the request; empty if it left it out.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::UpdateSecretVersionStageRequest as Request;
    use super::*;
    use crate::operation::sent;

    #[test]
    fn a_label_is_put_moved_or_removed() {
        let put = Request::move_to("a", "canary", "v2");
        assert_eq!(sent(&put), ["SecretName=a", "VersionStage=canary", "MoveToVersion=v2"]);
        assert_eq!(
            sent(&put.from_version("v1"))[2..],
            ["MoveToVersion=v2", "RemoveFromVersion=v1"]
        );
        let removed = Request::remove_from("a", "canary", "v1");
        assert_eq!(sent(&removed), ["SecretName=a", "VersionStage=canary", "RemoveFromVersion=v1"]);
    }

    #[test]
    fn labels_of_the_service_are_moved_and_never_removed() {
        for stage in [VersionStage::Current, VersionStage::Previous] {
            assert!(Request::move_to("a", stage.clone(), "v1").validate().is_ok());
            let refusal = Request::remove_from("a", stage, "v1").validate().unwrap_err();
            assert!(refusal.to_string().contains("which can only be moved"), "{refusal}");
        }
        assert!(Request::remove_from("a", "canary", "v1").validate().is_ok());
        assert!(Request::move_to("a", "canary", "").validate().is_err());
        assert!(Request::move_to("a", "canary", "v1").from_version("").validate().is_err());
        assert!(Request::move_to("", "canary", "v1").validate().is_err());
    }

    #[test]
    fn the_answer_is_read() {
        let answer = Request::move_to("a", "canary", "v1")
            .decode(br#"{"RequestId":"r-1","SecretName":"a"}"#)
            .unwrap();
        assert_eq!((&*answer.secret_name, &*answer.request_id), ("a", "r-1"));
    }
}
