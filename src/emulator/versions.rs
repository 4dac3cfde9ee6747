//! [`Versions`]: the versions of a secret and their stages. Pure.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/user-guide/manage-generic-secrets>

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};

use super::error_response::ErrorResponse;

/// The stage of the version that is read unless a request names another.
pub(super) const CURRENT: &str = "ACSCurrent";
/// The stage of the version that was current before.
pub(super) const PREVIOUS: &str = "ACSPrevious";

/// The number of versions that a secret keeps. One more replaces the earliest version without a
/// stage. Only one of the service's texts says that versions with a stage are kept.
const MAX_VERSIONS: usize = 10;
const MAX_STAGES: usize = 8;

/// One version: its value never changes, its stages do.
#[derive(Clone, Debug)]
pub(super) struct Version {
    pub(super) id: String,
    pub(super) data: SecretString,
    pub(super) data_type: String,
    pub(super) stages: Vec<String>,
    pub(super) create_time: DateTime<Utc>,
}

impl Version {
    pub(super) fn has_stage(&self, stage: &str) -> bool {
        self.stages.iter().any(|own| own == stage)
    }
}

/// The versions of one secret, oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Versions(Vec<Version>);

impl Versions {
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &Version> {
        self.0.iter()
    }

    pub(super) fn get(&self, id: &str) -> Option<&Version> {
        self.0.iter().find(|version| version.id == id)
    }

    pub(super) fn with_stage(&self, stage: &str) -> Option<&Version> {
        self.0.iter().find(|version| version.has_stage(stage))
    }

    /// Adds a version with its stages. The same id with the same value changes nothing; with
    /// another value it is a conflict.
    pub(super) fn put(&mut self, version: Version) -> Result<(), ErrorResponse> {
        if let Some(existing) = self.get(&version.id) {
            let is_same = existing.data.expose_secret() == version.data.expose_secret()
                && existing.data_type == version.data_type;
            let conflict = || already_exists("The specified version exists with another value.");
            return if is_same { Ok(()) } else { Err(conflict()) };
        }
        let Version { id, stages, .. } = &version;
        let (id, stages) = (id.clone(), stages.clone());
        let mut changed = self.clone();
        changed.0.push(Version { stages: Vec::new(), ..version });
        for stage in stages {
            changed.assign(&stage, &id);
        }
        changed.remove_surplus();
        self.replace(changed)
    }

    /// Moves a stage to a version, whether or not another version has it.
    pub(super) fn move_stage(&mut self, stage: &str, to: &str) -> Result<(), ErrorResponse> {
        self.get(to).ok_or_else(version_not_found)?;
        let mut changed = self.clone();
        changed.assign(stage, to);
        self.replace(changed)
    }

    /// Removes a stage from a version that has it.
    pub(super) fn remove_stage(&mut self, stage: &str, from: &str) -> Result<(), ErrorResponse> {
        self.check_stage_is_on(stage, from)?;
        self.unassign(stage);
        Ok(())
    }

    /// Returns an error unless the version has the stage.
    pub(super) fn check_stage_is_on(
        &self,
        stage: &str,
        version_id: &str,
    ) -> Result<(), ErrorResponse> {
        let version = self.get(version_id).ok_or_else(version_not_found)?;
        if version.has_stage(stage) {
            return Ok(());
        }
        let message = "The specified stage is not on the specified version.";
        Err(ErrorResponse::service(400, "Rejected.InvalidRequest", message))
    }

    fn assign(&mut self, stage: &str, to: &str) {
        let before = self.with_stage(stage).map(|version| version.id.clone());
        if before.as_deref() == Some(to) {
            return;
        }
        self.unassign(stage);
        if let Some(version) = self.0.iter_mut().find(|version| version.id == to) {
            version.stages.push(stage.to_owned());
        }
        if let Some(before) = before.filter(|_| stage == CURRENT) {
            self.assign(PREVIOUS, &before);
        }
    }

    fn unassign(&mut self, stage: &str) {
        for version in &mut self.0 {
            version.stages.retain(|own| own != stage);
        }
    }

    /// Accepts a change, unless there are too many stages after it.
    fn replace(&mut self, changed: Self) -> Result<(), ErrorResponse> {
        if changed.0.iter().flat_map(|version| &version.stages).count() > MAX_STAGES {
            let message = "The number of version stages exceeds the limit of 8.";
            return Err(ErrorResponse::service(400, "Rejected.LimitExceeded", message));
        }
        *self = changed;
        Ok(())
    }

    fn remove_surplus(&mut self) {
        let newest = self.0.len() - 1;
        if self.0.len() > MAX_VERSIONS
            && let Some(earliest) = self.0[..newest].iter().position(|v| v.stages.is_empty())
        {
            self.0.remove(earliest);
        }
    }
}

pub(super) fn already_exists(message: &'static str) -> ErrorResponse {
    ErrorResponse::service(409, "Rejected.ResourceExist", message)
}

/// Returns the error for a version that does not exist. No code of its own is documented.
pub(super) fn version_not_found() -> ErrorResponse {
    let message = "The specified version is not found.";
    ErrorResponse::service(404, "Forbidden.ResourceNotFound", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(id: &str, data: &str, stages: &[&str]) -> Version {
        Version {
            id: id.to_owned(),
            data: data.into(),
            data_type: "text".to_owned(),
            stages: stages.iter().map(|&stage| stage.to_owned()).collect(),
            create_time: DateTime::UNIX_EPOCH,
        }
    }

    fn versions(ids: impl IntoIterator<Item = u32>) -> Versions {
        let mut versions = Versions::default();
        for id in ids {
            versions.put(version(&format!("v{id}"), "fake", &[CURRENT])).unwrap();
        }
        versions
    }

    fn ids(versions: &Versions) -> Vec<&str> {
        versions.iter().map(|version| version.id.as_str()).collect()
    }

    #[track_caller]
    fn assert_stage_is_on(versions: &Versions, stage: &str, id: &str) {
        assert_eq!(versions.with_stage(stage).map(|version| version.id.as_str()), Some(id));
    }

    #[test]
    fn version_that_loses_current_becomes_previous() {
        let mut versions = versions(1..=3);
        assert_stage_is_on(&versions, CURRENT, "v3");
        assert_stage_is_on(&versions, PREVIOUS, "v2");
        versions.move_stage(CURRENT, "v1").unwrap();
        assert_stage_is_on(&versions, CURRENT, "v1");
        assert_stage_is_on(&versions, PREVIOUS, "v3");
        versions.move_stage(CURRENT, "v1").unwrap();
        assert_stage_is_on(&versions, PREVIOUS, "v3");
    }

    #[test]
    fn custom_stage_does_not_change_the_current_version() {
        let mut versions = versions(1..=1);
        versions.put(version("v2", "fake", &["canary"])).unwrap();
        assert_stage_is_on(&versions, CURRENT, "v1");
        assert!(versions.with_stage(PREVIOUS).is_none());
        versions.move_stage("canary", "v1").unwrap();
        assert_stage_is_on(&versions, "canary", "v1");
        versions.remove_stage("canary", "v1").unwrap();
        let error = versions.remove_stage("canary", "v1").unwrap_err();
        assert_eq!(error.code, "Rejected.InvalidRequest");
        assert_eq!(versions.remove_stage("canary", "v9").unwrap_err().status, 404);
        assert_eq!(versions.move_stage("canary", "v9").unwrap_err().status, 404);
    }

    #[test]
    fn id_is_put_again_only_with_the_same_value() {
        let mut versions = versions(1..=2);
        versions.put(version("v1", "fake", &[CURRENT])).unwrap();
        assert_stage_is_on(&versions, CURRENT, "v2");
        let error = versions.put(version("v1", "other", &[CURRENT])).unwrap_err();
        assert_eq!((error.status, &*error.code), (409, "Rejected.ResourceExist"));
    }

    #[test]
    fn eleventh_version_replaces_the_earliest_without_a_stage() {
        let mut versions = versions(1..=2);
        versions.move_stage("keep", "v1").unwrap();
        for id in 3..=10 {
            versions.put(version(&format!("v{id}"), "fake", &[CURRENT])).unwrap();
        }
        assert_eq!(ids(&versions).len(), 10);
        versions.put(version("v11", "fake", &[CURRENT])).unwrap();
        assert_eq!(ids(&versions)[..2], ["v1", "v3"]);
    }

    #[test]
    fn ninth_stage_is_rejected() {
        let mut versions = versions(1..=2);
        for stage in 1..=6 {
            versions.move_stage(&format!("s{stage}"), "v1").unwrap();
        }
        let error = versions.move_stage("s7", "v1").unwrap_err();
        assert_eq!((error.status, &*error.code), (400, "Rejected.LimitExceeded"));
        versions.move_stage("s6", "v2").unwrap();
        assert!(versions.put(version("v3", "fake", &["s7"])).is_err());
        assert!(versions.get("v3").is_none());
    }

    /// `ACSPrevious` would be the ninth.
    #[test]
    fn stage_that_moves_by_itself_counts_too() {
        let mut versions = versions(1..=1);
        for stage in 1..=7 {
            versions.move_stage(&format!("s{stage}"), "v1").unwrap();
        }
        let error = versions.put(version("v2", "fake", &[CURRENT])).unwrap_err();
        assert_eq!((error.status, &*error.code), (400, "Rejected.LimitExceeded"));
        assert_eq!(ids(&versions), ["v1"]);
        assert_stage_is_on(&versions, CURRENT, "v1");
        versions.remove_stage("s7", "v1").unwrap();
        versions.put(version("v2", "fake", &[CURRENT])).unwrap();
        versions.put(version("v3", "fake", &[CURRENT])).unwrap();
        versions.move_stage("s6", "v3").unwrap();
    }
}
