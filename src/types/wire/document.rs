//! Whole documents: a JSON object, and what an error of reading one may show.

use serde::de::{Deserialize, Deserializer, Visitor};
use zeroize::Zeroizing;

/// Reads the JSON text of an object. Rejects a list, which derived code would accept as the fields
/// in their order.
pub(crate) fn object<'de, T: Deserialize<'de>>(json: &'de str) -> serde_json::Result<T> {
    struct Object<D>(D);

    impl<'de, D: Deserializer<'de>> Deserializer<'de> for Object<D> {
        type Error = D::Error;

        fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.0.deserialize_map(visitor)
        }

        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
            unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
        }
    }

    let mut json = serde_json::Deserializer::from_str(json);
    let object = T::deserialize(Object(&mut json))?;
    json.end()?;
    Ok(object)
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
