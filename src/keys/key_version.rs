//! Versions of keys.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::types::wire;

/// A version of a key. Each has material of its own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct KeyVersion {
    /// The id of the version, unique in the region.
    pub key_version_id: String,
    /// The id of the key; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub key_id: String,
    /// The time at which the version was created.
    #[serde(
        default,
        deserialize_with = "wire::lenient_time",
        skip_serializing_if = "Option::is_none"
    )]
    pub creation_date: Option<DateTime<Utc>>,
}
