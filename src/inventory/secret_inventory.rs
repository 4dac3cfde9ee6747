//! [`SecretInventory`]: the result of a complete listing.

use serde::Serialize;

use crate::secrets::list_secrets::SecretSummary;

/// The secrets of a region, and whether they are all: the result of
/// [`KmsClient::list_all_secrets`](crate::KmsClient::list_all_secrets).
///
/// It serializes with names in the service's style:
/// `{"Secrets": [{"SecretName": …}], "Complete": true, "Scans": 3}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SecretInventory {
    /// Each name once, sorted by name in byte order.
    ///
    /// If the listing is complete, these are the secrets that one scan of all pages found, and
    /// every secret that existed from its beginning to its end is among them. Otherwise they are
    /// all that any scan found, as the latest of them found it: some may be gone, and one that
    /// every scan missed is absent.
    pub secrets: Vec<SecretSummary>,
    /// True if it is certain that no secret is missing that existed while the pages were read.
    pub complete: bool,
    /// The number of times that all pages were read.
    pub scans: u32,
}
