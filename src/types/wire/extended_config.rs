//! The configuration of a managed secret, which responses contain as a JSON text.

use serde::de::{Deserialize, Deserializer};
use serde_json::Value;

use crate::types::ExtendedConfig;

/// Reads a configuration; `None` if it is null, empty, or neither a text nor an object.
pub(crate) fn extended_config<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<ExtendedConfig>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(ExtendedConfig::from_text(text)),
        Value::Object(object) => Some(ExtendedConfig::from_object(object)),
        _ => None,
    })
}
