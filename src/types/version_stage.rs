//! The stages of secret versions.

use super::open_enum::open_enum;
use super::wire::LenientItem;

open_enum! {
    /// A name that marks exactly one version of a secret: `VersionStage` of the service, "stage
    /// label" in its console.
    ///
    /// A version has none, one or several stages. A secret has at most 8.
    ///
    /// ```
    /// use alibabacloud_kms::secrets::VersionStage;
    ///
    /// assert_eq!(VersionStage::Current, "ACSCurrent");
    /// assert_eq!(VersionStage::from("canary"), VersionStage::Custom("canary".to_owned()));
    /// ```
    pub enum VersionStage ("the name of a version stage") {
        /// The version that is read by default: `ACSCurrent`.
        Current = "ACSCurrent",
        /// The version that was current before: `ACSPrevious`. The service moves it.
        Previous = "ACSPrevious",
        ..
        /// A stage that the users of the secret set. The service never moves it.
        Custom,
    }
}

impl LenientItem for VersionStage {
    fn from_text(text: &str) -> Option<Self> {
        Some(text.into())
    }
}
