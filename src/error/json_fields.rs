//! Reads the fields of JSON objects of any shape.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Passes the name and the value of each field to `read`, the value as the JSON that it is: of any
/// shape or depth, it is only this field's loss. Damage ends the reading, and what is not an object
/// has no fields.
pub(super) fn read_fields(json: &str, read: &mut dyn FnMut(&str, &str)) {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    // The fields that were read are all there is to know.
    let _ = Fields(read).deserialize(&mut deserializer);
}

/// Returns the text that a value is.
pub(super) fn text(json: &str) -> Option<String> {
    json.starts_with('"').then(|| serde_json::from_str(json).ok())?
}

struct Fields<'f>(&'f mut dyn FnMut(&str, &str));

impl<'de> DeserializeSeed<'de> for Fields<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
            (self.0)(&name, value.get());
        }
        Ok(())
    }
}
