//! Tags on secrets.

use serde::{Deserialize, Serialize};

/// One tag on a secret: a key that is unique on it, and a value that may be empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Tag {
    /// `TagKey`, 1 to 128 characters.
    #[serde(rename = "TagKey")]
    pub key: String,
    /// `TagValue`, at most 128 characters.
    #[serde(rename = "TagValue", default)]
    pub value: String,
}

impl Tag {
    /// A tag to set: letters, digits and `/ \ _ - . + = : @`, with a key that starts with neither `aliyun` nor `acs:`.
    #[must_use]
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self { key: key.into(), value: value.into() }
    }
}
