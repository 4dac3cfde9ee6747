//! [`SecretKey`]: the name of what is cached.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};

use crate::error::ValidationError;
use crate::secrets::{GetSecretValueRequest, SecretArn, VersionStage};
use crate::types::bare_name;

/// A secret by name or ARN, and the version of it that is read: the current one unless a stage or a
/// version id is set.
///
/// A name converts into it wherever a key is expected, and so does a pair of a name and a
/// [`VersionStage`]. Two keys are two entries of the cache, also where a name and an ARN are the
/// same secret.
///
/// ```
/// use alibabacloud_kms::cache::SecretKey;
/// use alibabacloud_kms::secrets::VersionStage;
///
/// let previous = SecretKey::new("prod/db").version_stage(VersionStage::Previous);
/// assert_eq!(previous, ("prod/db", VersionStage::Previous).into());
/// assert_eq!(SecretKey::new("prod/db").version_stage(VersionStage::Current), "prod/db".into());
/// assert_eq!(previous.to_string(), "\"prod/db\" stage \"ACSPrevious\"");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct SecretKey<'k> {
    name: Cow<'k, str>,
    version_id: Option<Cow<'k, str>>,
    version_stage: Option<Cow<'k, str>>,
}

impl<'k> SecretKey<'k> {
    /// Creates a key of the current version of this secret: its name or its ARN.
    pub fn new(secret_name: impl Into<Cow<'k, str>>) -> Self {
        Self { name: secret_name.into(), version_id: None, version_stage: None }
    }

    /// Sets the id of the version to read. Together with a stage it is rejected as
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) when the key is used.
    pub fn version_id(mut self, version_id: impl Into<Cow<'k, str>>) -> Self {
        self.version_id = Some(version_id.into());
        self
    }

    /// Sets the stage of the version to read. [`Current`](VersionStage::Current) is the default.
    pub fn version_stage(mut self, stage: impl Into<VersionStage>) -> Self {
        let stage = stage.into();
        self.version_stage = if stage == VersionStage::Current {
            None
        } else if stage == VersionStage::Previous {
            Some(Cow::Borrowed("ACSPrevious"))
        } else {
            Some(Cow::Owned(stage.into()))
        };
        self
    }

    /// Returns the name or ARN of the secret.
    #[must_use]
    pub fn secret_name(&self) -> &str {
        &self.name
    }

    /// Returns a key that owns its texts.
    pub fn into_owned(self) -> SecretKey<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        SecretKey {
            name: owned(self.name),
            version_id: self.version_id.map(owned),
            version_stage: self.version_stage.map(owned),
        }
    }

    fn as_borrowed(&self) -> SecretKey<'_> {
        SecretKey {
            name: Cow::Borrowed(&self.name),
            version_id: self.version_id.as_deref().map(Cow::Borrowed),
            version_stage: self.version_stage.as_deref().map(Cow::Borrowed),
        }
    }

    pub(super) fn id(&self) -> Option<&str> {
        self.version_id.as_deref()
    }

    /// Returns the stage of the version, if no version id selects it.
    pub(super) fn stage(&self) -> Option<&str> {
        match (&self.version_id, &self.version_stage) {
            (Some(_), _) => None,
            (None, Some(stage)) => Some(stage),
            (None, None) => Some("ACSCurrent"),
        }
    }

    /// Returns whether the key is an ARN, which names a region.
    pub(super) fn is_arn(&self) -> bool {
        self.name.starts_with("acs:")
    }

    /// Returns the name without what an ARN puts before it.
    pub(super) fn bare_name(&self) -> &str {
        bare_name(&self.name)
    }

    pub(super) fn validate(&self) -> Result<(), ValidationError> {
        match (&self.version_id, &self.version_stage) {
            (Some(_), Some(stage)) => {
                let allowed = "either a version id or a stage, not both";
                Err(ValidationError::new("version_stage", stage, allowed))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn to_request(&self) -> GetSecretValueRequest {
        let mut request = GetSecretValueRequest::new(&*self.name);
        if let Some(version_id) = &self.version_id {
            request = request.version_id(&**version_id);
        }
        if let Some(stage) = &self.version_stage {
            request = request.version_stage(&**stage);
        }
        request
    }
}

/// Hashes only what is set, which for most keys is the name: every read hashes a key.
impl Hash for SecretKey<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let parts = [Some(&self.name), self.version_id.as_ref(), self.version_stage.as_ref()];
        parts.into_iter().flatten().for_each(|part| part.hash(state));
    }
}

/// Writes the secret and what selects the version, such as `"prod/db" stage "ACSPrevious"`.
impl fmt::Display for SecretKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.name)?;
        if let Some(version_id) = &self.version_id {
            write!(f, " version {version_id:?}")?;
        }
        match &self.version_stage {
            Some(stage) => write!(f, " stage {stage:?}"),
            None => Ok(()),
        }
    }
}

impl<'k> From<&'k str> for SecretKey<'k> {
    fn from(secret_name: &'k str) -> Self {
        Self::new(secret_name)
    }
}

impl<'k> From<&'k String> for SecretKey<'k> {
    fn from(secret_name: &'k String) -> Self {
        Self::new(secret_name.as_str())
    }
}

impl From<String> for SecretKey<'_> {
    fn from(secret_name: String) -> Self {
        Self::new(secret_name)
    }
}

impl From<SecretArn> for SecretKey<'_> {
    fn from(arn: SecretArn) -> Self {
        Self::new(arn.to_string())
    }
}

impl<'k> From<&'k SecretKey<'_>> for SecretKey<'k> {
    fn from(key: &'k SecretKey<'_>) -> Self {
        key.as_borrowed()
    }
}

impl<'k, N: Into<Cow<'k, str>>> From<(N, VersionStage)> for SecretKey<'k> {
    fn from((secret_name, stage): (N, VersionStage)) -> Self {
        Self::new(secret_name).version_stage(stage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arn_and_name_have_the_same_bare_name() {
        let arn = SecretKey::new("acs:kms:cn-hangzhou:1:secret/prod/db");
        assert!(arn.is_arn());
        assert_eq!(arn.bare_name(), "prod/db");
        assert_eq!(SecretKey::new("prod/db").bare_name(), "prod/db");
        assert_eq!(SecretKey::new("acs:kms:malformed").bare_name(), "acs:kms:malformed");
    }

    #[test]
    fn version_id_and_stage_are_rejected() {
        let key = SecretKey::new("a").version_id("v1").version_stage("canary");
        let error = key.validate().unwrap_err().to_string();
        assert!(error.contains("version_stage") && error.contains("not both"), "{error}");
        assert!(SecretKey::new("a").version_id("v1").validate().is_ok());
        assert_eq!(key.to_string(), r#""a" version "v1" stage "canary""#);
    }
}
