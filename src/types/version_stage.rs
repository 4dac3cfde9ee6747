//! The labels that versions are found by.

use super::open_enum::open_enum;

open_enum! {
    /// A label on exactly one version of a secret: `VersionStage` of the service, in its console "stage label".
    ///
    /// A version has none, one or several; a secret has at most 8.
    ///
    /// ```
    /// use alibabacloud_kms::secrets::VersionStage;
    ///
    /// assert_eq!(VersionStage::Current.as_str(), "ACSCurrent");
    /// assert_eq!(VersionStage::from("canary"), VersionStage::Custom("canary".to_owned()));
    /// ```
    pub enum VersionStage ("the name of a version stage") {
        /// The version that is read when none is named: `ACSCurrent`.
        Current = "ACSCurrent",
        /// The version that was current before, moved by the service: `ACSPrevious`.
        Previous = "ACSPrevious",
        ..
        /// A label of the users' own. The service moves none of them by itself.
        Custom,
    }
}
