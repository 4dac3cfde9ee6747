//! Whole documents: a JSON object, and what an error of reading one may show.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, Visitor};
use zeroize::Zeroizing;

/// Reads the JSON text of an object.
pub(crate) fn object<'de, T: Deserialize<'de>>(json: &'de str) -> serde_json::Result<T> {
    let mut json = serde_json::Deserializer::from_str(json);
    let object = Object(PhantomData).deserialize(&mut json)?;
    json.end()?;
    Ok(object)
}

/// Reads a value that must be an object: derived code would accept a list as well, as the fields in
/// their order.
pub(super) struct Object<T>(pub(super) PhantomData<T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Object<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(object))
    }
}

/// Returns the name of the field that a document lacks. The name comes from the type that was
/// read, not from the document.
pub(crate) fn missing_field(error: &serde_json::Error) -> Option<String> {
    // For other problems, serde's message quotes the value.
    let message = Zeroizing::new(error.to_string());
    let (name, _) = message.strip_prefix("missing field `")?.split_once('`')?;
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Named {
        name: String,
    }

    #[test]
    fn one_object_and_nothing_else_is_read() {
        assert_eq!(object::<Named>(r#" {"Name": "a"} "#).unwrap().name, "a");
        for json in [r#"["a"]"#, "[]", "null", "7", r#"{"Name": "a"} {}"#, ""] {
            assert!(object::<Named>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn only_a_missing_field_is_named() {
        let name = |json| missing_field(&object::<Named>(json).unwrap_err());
        assert_eq!(name("{}").as_deref(), Some("Name"));
        assert_eq!(name(r#"{"Name": 7}"#), None);
    }
}
