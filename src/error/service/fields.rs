//! [`ErrorFields`]: the fields of an error body, each decoded on its own.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::xml;

/// The texts of an error body as they were sent.
#[derive(Default)]
pub(super) struct ErrorFields {
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) recommendation: Option<String>,
    pub(super) access_denied_detail: Option<Value>,
}

impl ErrorFields {
    /// Reads an object. Damage ends the reading and keeps the fields before it.
    pub(super) fn from_json(text: &str) -> Self {
        let mut fields = Self::default();
        let mut deserializer = serde_json::Deserializer::from_str(text);
        // The fields that were read are all there is to know.
        let _ = ReadInto(&mut fields).deserialize(&mut deserializer);
        fields
    }

    /// Reads the elements below the root. Damage ends the reading and keeps the fields before it.
    pub(super) fn from_xml(text: &str) -> Self {
        let mut fields = Self::default();
        for (name, text) in xml::elements(text) {
            if let Some(slot) = fields.text_slot(name) {
                fill(slot, Some(text));
            }
        }
        fields
    }

    /// Returns where the text of the field `name` belongs, if it is known.
    ///
    /// The gateway writes names in lower case at times. CloudSSO and the OAuth exchange, which only
    /// credentials are fetched from, have names of their own.
    fn text_slot(&mut self, name: &str) -> Option<&mut Option<String>> {
        match name {
            "Code" | "code" | "ErrorCode" | "errorCode" | "error" => Some(&mut self.code),
            "Message" | "message" | "ErrorMessage" | "errorMessage" | "error_description" => {
                Some(&mut self.message)
            }
            "RequestId" | "requestId" => Some(&mut self.request_id),
            "Recommend" | "recommend" => Some(&mut self.recommendation),
            _ => None,
        }
    }
}

/// Keeps the first text that is not empty: a body may contain both `Code` and `code`.
fn fill(slot: &mut Option<String>, text: Option<String>) {
    if slot.is_none() {
        *slot = text.filter(|text| !text.trim().is_empty());
    }
}

/// Returns a text, or a number as text.
fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Adds the fields of an object to those that were read before.
struct ReadInto<'f>(&'f mut ErrorFields);

impl<'de> DeserializeSeed<'de> for ReadInto<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ReadInto<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(name) = map.next_key::<String>()? {
            if matches!(name.as_str(), "AccessDeniedDetail" | "accessDeniedDetail") {
                let detail = serde_json::from_str(map.next_value::<&RawValue>()?.get());
                self.0.access_denied_detail = detail.ok();
            } else if let Some(slot) = self.0.text_slot(&name) {
                // Taken whole before it is read, so that a value of any shape or depth is only this
                // field's loss.
                let value = serde_json::from_str(map.next_value::<&RawValue>()?.get());
                fill(slot, value.ok().and_then(text));
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}
