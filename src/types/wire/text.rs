//! Texts, and values that are written as texts.

use std::str::FromStr;

use serde::de::{Deserialize, DeserializeSeed as _, Deserializer};

use super::lenient::{Lenient, LenientRead};

/// Reads a text; `None` if it is null or empty.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty()))
}

/// Reads a text; `None` if it is empty or not a text.
pub(crate) fn lenient_text<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    Ok(Some(lenient_string(deserializer)?).filter(|text| !text.is_empty()))
}

/// Reads a text; empty if it is not a text.
pub(crate) fn lenient_string<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<String, D::Error> {
    let mut string = String::new();
    read_text(deserializer, &mut |text| string = text.to_owned())?;
    Ok(string)
}

/// Parses a text; `None` if it is empty, malformed or not a text.
pub(crate) fn parse_or_none<'de, D: Deserializer<'de>, T: FromStr>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let mut parsed = None;
    read_text(deserializer, &mut |text| {
        if !text.is_empty() {
            parsed = text.parse().ok();
        }
    })?;
    Ok(parsed)
}

/// Passes a text to `read`, and skips any other value.
///
/// The closure is not a type parameter, so that this code exists once for each deserializer.
pub(super) fn read_text<'de, D: Deserializer<'de>>(
    deserializer: D,
    read: &mut dyn FnMut(&str),
) -> Result<(), D::Error> {
    struct TextReader<'a>(&'a mut dyn FnMut(&str));

    impl LenientRead<'_> for TextReader<'_> {
        fn text(self, text: &str) {
            (self.0)(text);
        }
    }

    Lenient(TextReader(read)).deserialize(deserializer)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::types::wire::object;
    use crate::types::wire::tests::any_json;
    use crate::types::{RotationState, SecretArn};

    #[derive(Debug, serde::Deserialize)]
    struct Texts {
        #[serde(default, deserialize_with = "text")]
        strict: Option<String>,
        #[serde(default, deserialize_with = "lenient_text")]
        lenient: Option<String>,
        #[serde(default, deserialize_with = "lenient_string")]
        string: String,
        #[serde(default, deserialize_with = "parse_or_none")]
        arn: Option<SecretArn>,
        #[serde(default, deserialize_with = "parse_or_none")]
        state: Option<RotationState>,
    }

    fn read(json: &str) -> Texts {
        object(json).unwrap()
    }

    #[test]
    fn texts_are_read() {
        let arn = "acs:kms:r:1:secret/a";
        let json = serde_json::json!({
            "strict": "a", "lenient": "b", "string": "c\n", "arn": arn, "state": "enabled",
        });
        let texts = read(&json.to_string());
        assert_eq!((texts.strict.as_deref(), texts.lenient.as_deref()), (Some("a"), Some("b")));
        assert_eq!((&*texts.string, texts.arn.unwrap().as_str()), ("c\n", arn));
        assert_eq!(texts.state, Some(RotationState::Enabled));
    }

    #[test]
    fn null_and_empty_texts_are_none() {
        for value in ["null", r#""""#] {
            let names = ["strict", "lenient", "string", "arn", "state"];
            let fields = names.map(|name| format!(r#""{name}":{value}"#)).join(",");
            let texts = read(&format!("{{{fields}}}"));
            assert_eq!((texts.strict, texts.lenient, &*texts.string), (None, None, ""));
            assert_eq!((texts.arn, texts.state), (None, None));
        }
    }

    #[test]
    fn malformed_arn_is_none() {
        assert_eq!(read(r#"{"arn":"prod/db"}"#).arn, None);
    }

    #[test]
    fn strict_text_rejects_other_types() {
        for value in ["7", "[]", "{}", "true"] {
            assert!(object::<Texts>(&format!(r#"{{"strict":{value}}}"#)).is_err(), "{value}");
        }
    }

    proptest! {
        #[test]
        fn lenient_readers_accept_any_json(value in any_json()) {
            let json = serde_json::json!({
                "lenient": value, "string": value, "arn": value, "state": value, "strict": "last",
            });
            let texts = read(&json.to_string());
            prop_assert_eq!(texts.strict.as_deref(), Some("last"));
            prop_assert_eq!(&texts.string, value.as_str().unwrap_or_default());
        }
    }
}
