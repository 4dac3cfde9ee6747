//! Tags.

use serde::de::MapAccess;
use serde::de::value::MapAccessDeserializer;
use serde::{Deserialize, Serialize};

use super::wire::{self, LenientItem};

/// A tag on a secret or a key: a key that is unique on the resource, and a value that may be empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Tag {
    /// The key (`TagKey`), 1 to 128 characters.
    #[serde(rename = "TagKey")]
    pub key: String,
    /// The value (`TagValue`), at most 128 characters.
    #[serde(rename = "TagValue", default, deserialize_with = "wire::lenient_string")]
    pub value: String,
}

impl Tag {
    /// Creates a tag.
    ///
    /// A tag that is to be set consists of letters, digits and `/ \ _ - . + = : @`, and its key
    /// starts with neither `aliyun` nor `acs:`.
    #[must_use]
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self { key: key.into(), value: value.into() }
    }
}

impl LenientItem for Tag {
    fn from_object<'de, A: MapAccess<'de>>(object: A) -> Result<Option<Self>, A::Error> {
        #[derive(Deserialize)]
        struct Fields {
            #[serde(rename = "TagKey", default, deserialize_with = "wire::lenient_text")]
            key: Option<String>,
            #[serde(rename = "TagValue", default, deserialize_with = "wire::lenient_string")]
            value: String,
        }
        let Fields { key, value } = Fields::deserialize(MapAccessDeserializer::new(object))?;
        Ok(key.map(|key| Self { key, value }))
    }
}
