//! The versions of a secret and the labels on them. Pure.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/user-guide/manage-generic-secrets>

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};

use super::error_response::Refusal;

/// The version that is read when none is named.
pub(super) const CURRENT: &str = "ACSCurrent";
/// The version that was current before.
pub(super) const PREVIOUS: &str = "ACSPrevious";

/// A secret keeps so many; one more takes the place of the earliest that has no label. Whether the service spares labelled ones
/// is told in one of its texts only.
const MOST_VERSIONS: usize = 10;
const MOST_STAGES: usize = 8;

/// One version: what it holds never changes, the labels on it do.
#[derive(Clone, Debug)]
pub(super) struct Version {
    pub(super) id: String,
    pub(super) data: SecretString,
    pub(super) data_type: String,
    pub(super) stages: Vec<String>,
    pub(super) create_time: DateTime<Utc>,
}

impl Version {
    pub(super) fn has(&self, stage: &str) -> bool {
        self.stages.iter().any(|label| label == stage)
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

    pub(super) fn labelled(&self, stage: &str) -> Option<&Version> {
        self.0.iter().find(|version| version.has(stage))
    }

    /// Adds a version with these labels. The same id with the same value changes nothing, with another one it is a conflict.
    pub(super) fn put(&mut self, version: Version) -> Result<(), Refusal> {
        if let Some(existing) = self.get(&version.id) {
            let same = existing.data.expose_secret() == version.data.expose_secret()
                && existing.data_type == version.data_type;
            let refusal = || exists("The specified version exists already with another value.");
            return if same { Ok(()) } else { Err(refusal()) };
        }
        self.check_stages(&version.stages)?;
        let Version { id, stages, .. } = &version;
        let (id, stages) = (id.clone(), stages.clone());
        self.0.push(Version { stages: Vec::new(), ..version });
        for stage in stages {
            self.configure(&stage, &id);
        }
        self.purge();
        Ok(())
    }

    /// Moves a label to a version, or sets it there.
    pub(super) fn move_stage(&mut self, stage: &str, to: &str) -> Result<(), Refusal> {
        self.get(to).ok_or_else(no_version)?;
        self.check_stages(&[stage.to_owned()])?;
        self.configure(stage, to);
        Ok(())
    }

    /// Takes a label from a version that has it.
    pub(super) fn remove_stage(&mut self, stage: &str, from: &str) -> Result<(), Refusal> {
        self.check_holder(stage, from)?;
        self.detach(stage);
        Ok(())
    }

    /// Refuses unless a version has a label.
    pub(super) fn check_holder(&self, stage: &str, version_id: &str) -> Result<(), Refusal> {
        let version = self.get(version_id).ok_or_else(no_version)?;
        if version.has(stage) {
            return Ok(());
        }
        Err(Refusal::service(
            400,
            "Rejected.InvalidRequest",
            "The specified stage is not on the specified version.",
        ))
    }

    fn configure(&mut self, stage: &str, to: &str) {
        let holder = self.labelled(stage).map(|version| version.id.clone());
        if holder.as_deref() == Some(to) {
            return;
        }
        self.detach(stage);
        if let Some(version) = self.0.iter_mut().find(|version| version.id == to) {
            version.stages.push(stage.to_owned());
        }
        if let Some(before) = holder.filter(|_| stage == CURRENT) {
            self.configure(PREVIOUS, &before);
        }
    }

    fn detach(&mut self, stage: &str) {
        for version in &mut self.0 {
            version.stages.retain(|label| label != stage);
        }
    }

    fn check_stages(&self, added: &[String]) -> Result<(), Refusal> {
        let labels = self.0.iter().flat_map(|version| &version.stages);
        let new = added.iter().filter(|stage| self.labelled(stage).is_none());
        if labels.count() + new.count() > MOST_STAGES {
            let message = "The number of version stages exceeds the limit of 8.";
            return Err(Refusal::service(400, "Rejected.LimitExceeded", message));
        }
        Ok(())
    }

    fn purge(&mut self) {
        let newest = self.0.len() - 1;
        if self.0.len() > MOST_VERSIONS
            && let Some(earliest) = self.0[..newest].iter().position(|v| v.stages.is_empty())
        {
            self.0.remove(earliest);
        }
    }
}

pub(super) fn exists(message: &'static str) -> Refusal {
    Refusal::service(409, "Rejected.ResourceExist", message)
}

/// A code of its own for versions is not documented.
pub(super) fn no_version() -> Refusal {
    Refusal::service(404, "Forbidden.ResourceNotFound", "The specified version is not found.")
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
    fn has(versions: &Versions, stage: &str, id: &str) {
        assert_eq!(versions.labelled(stage).map(|version| version.id.as_str()), Some(id));
    }

    #[test]
    fn the_version_that_loses_current_becomes_the_previous_one() {
        let mut versions = versions(1..=3);
        has(&versions, CURRENT, "v3");
        has(&versions, PREVIOUS, "v2");
        versions.move_stage(CURRENT, "v1").unwrap();
        has(&versions, CURRENT, "v1");
        has(&versions, PREVIOUS, "v3");
        versions.move_stage(CURRENT, "v1").unwrap();
        has(&versions, PREVIOUS, "v3");
    }

    #[test]
    fn a_custom_label_leaves_the_current_version_where_it_is() {
        let mut versions = versions(1..=1);
        versions.put(version("v2", "fake", &["canary"])).unwrap();
        has(&versions, CURRENT, "v1");
        assert!(versions.labelled(PREVIOUS).is_none());
        versions.move_stage("canary", "v1").unwrap();
        has(&versions, "canary", "v1");
        versions.remove_stage("canary", "v1").unwrap();
        let refusal = versions.remove_stage("canary", "v1").unwrap_err();
        assert_eq!(refusal.code, "Rejected.InvalidRequest");
        assert_eq!(versions.remove_stage("canary", "v9").unwrap_err().status, 404);
        assert_eq!(versions.move_stage("canary", "v9").unwrap_err().status, 404);
    }

    #[test]
    fn an_id_is_put_once_and_again_with_the_same_value_only() {
        let mut versions = versions(1..=2);
        versions.put(version("v1", "fake", &[CURRENT])).unwrap();
        has(&versions, CURRENT, "v2");
        let refusal = versions.put(version("v1", "other", &[CURRENT])).unwrap_err();
        assert_eq!((refusal.status, &*refusal.code), (409, "Rejected.ResourceExist"));
    }

    #[test]
    fn the_eleventh_version_takes_the_place_of_the_earliest_without_a_label() {
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
    fn a_ninth_label_is_refused() {
        let mut versions = versions(1..=2);
        for label in 1..=6 {
            versions.move_stage(&format!("l{label}"), "v1").unwrap();
        }
        let refusal = versions.move_stage("l7", "v1").unwrap_err();
        assert_eq!(refusal.code, "Rejected.LimitExceeded");
        versions.move_stage("l6", "v2").unwrap();
        assert!(versions.put(version("v3", "fake", &["l7"])).is_err());
        assert!(versions.get("v3").is_none());
    }
}
