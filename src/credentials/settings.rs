//! [`Settings`]: the fields of a profile or of a section.

use std::fmt;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use zeroize::Zeroizing;

use super::{Credentials, CredentialsError};

/// The fields of a profile of the CLI or of a section of the credentials file, wiped on drop.
#[derive(Default)]
pub(super) struct Settings(Vec<(String, Zeroizing<String>)>);

impl Settings {
    /// Sets a field, and replaces one of the same name.
    pub(super) fn set(&mut self, name: String, value: Zeroizing<String>) {
        self.0.push((name, value));
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Returns a field without surrounding white space; `None` if it is missing or empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().rev().find(|(known, _)| known == name)?;
        Some(value.trim()).filter(|text| !text.is_empty())
    }

    /// Returns the first of the fields with these names, ignoring case, that is not empty.
    pub(super) fn any(&self, names: &[&str]) -> Option<&str> {
        let field = |name: &&str| {
            let (_, value) =
                self.0.iter().rev().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
            Some(value.trim()).filter(|text| !text.is_empty())
        };
        names.iter().find_map(field)
    }

    pub(super) fn owned(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    pub(super) fn required(&self, name: &str) -> Result<&str, CredentialsError> {
        let missing = || CredentialsError::new(format!("{name} is missing"));
        self.text(name).ok_or_else(missing)
    }

    pub(super) fn secret(&self, name: &str) -> Option<SecretString> {
        self.text(name).map(SecretString::from)
    }

    /// Returns the access key, with the token in the field `token` if one is required.
    pub(super) fn credentials(&self, token: Option<&str>) -> Result<Credentials, CredentialsError> {
        let id = self.required("access_key_id")?.to_owned();
        let secret = SecretString::from(self.required("access_key_secret")?);
        let token = token.map(|name| self.required(name)).transpose()?.map(SecretString::from);
        let credentials = Credentials::from_parts(id, secret, token);
        credentials.validate()?;
        Ok(credentials)
    }

    /// Returns a number of seconds, of a duration or since 1970; `None` for 0.
    pub(super) fn seconds(&self, name: &str) -> Result<Option<u64>, CredentialsError> {
        let Some(text) = self.text(name) else { return Ok(None) };
        match text.parse() {
            Ok(seconds) => Ok(Some(seconds).filter(|seconds| *seconds > 0)),
            Err(_) => {
                Err(CredentialsError::new(format!("{name} is not a whole number of seconds")))
            }
        }
    }

    /// Returns a time that is stored as seconds since 1970.
    pub(super) fn time(&self, name: &str) -> Result<Option<DateTime<Utc>>, CredentialsError> {
        let seconds = self.seconds(name)?.and_then(|seconds| i64::try_from(seconds).ok());
        Ok(seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0)))
    }
}

/// Reads an object with any fields.
impl<'de> Deserialize<'de> for Settings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor;

        impl<'de> Visitor<'de> for ObjectVisitor {
            type Value = Settings;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Settings, A::Error> {
                let mut settings = Settings::default();
                while let Some((name, Value(value))) = fields.next_entry()? {
                    settings.set(name, value);
                }
                Ok(settings)
            }
        }

        deserializer.deserialize_map(ObjectVisitor)
    }
}

/// A value as text: numbers and booleans as they are written, empty for null, lists and objects.
struct Value(Zeroizing<String>);

impl Value {
    fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ValueVisitor;

        impl<'de> Visitor<'de> for ValueVisitor {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_str<E>(self, text: &str) -> Result<Value, E> {
                Ok(Value::new(text))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
                Ok(Value::new(number.to_string()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
                Ok(Value::new(number.to_string()))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
                Ok(Value::new(number.to_string()))
            }

            fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
                Ok(Value::new(value.to_string()))
            }

            fn visit_unit<E>(self) -> Result<Value, E> {
                Ok(Value::new(""))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Value::new(""))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
                while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Value::new(""))
            }
        }

        deserializer.deserialize_any(ValueVisitor)
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn settings(json: &str) -> Settings {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn null_lists_and_objects_are_read_as_absent() {
        let settings = settings(
            r#"{"a":" x\n","b":1,"c":-1,"d":true,"e":null,"f":[1,{"a":2}],"g":{"a":3},"h":1.5,"i":"","a2":"é"}"#,
        );
        for (name, text) in [
            ("a", Some("x")),
            ("b", Some("1")),
            ("c", Some("-1")),
            ("d", Some("true")),
            ("e", None),
            ("f", None),
            ("g", None),
            ("h", Some("1.5")),
            ("i", None),
            ("j", None),
            ("a2", Some("é")),
        ] {
            assert_eq!(settings.text(name), text, "{name}");
        }
        assert_eq!(settings.required("j").unwrap_err().to_string(), "j is missing");
        assert!(serde_json::from_str::<Settings>("[]").is_err());
    }

    #[test]
    fn duplicate_field_keeps_the_last_value() {
        assert_eq!(settings(r#"{"a":"1","a":"2"}"#).text("a"), Some("2"));
    }

    #[test]
    fn seconds_are_numbers_or_text_and_zero_is_none() {
        let seconds = |json: &str| settings(json).seconds("expired_seconds").ok();
        assert_eq!(seconds(r#"{"expired_seconds":900}"#), Some(Some(900)));
        assert_eq!(seconds(r#"{"expired_seconds":"900"}"#), Some(Some(900)));
        assert_eq!(seconds(r#"{"expired_seconds":0}"#), Some(None));
        assert_eq!(seconds(r#"{"expired_seconds":null}"#), Some(None));
        assert_eq!(seconds(r#"{"expired_seconds":"soon"}"#), None);
        assert_eq!(seconds(r#"{"expired_seconds":-1}"#), None);
    }

    #[test]
    fn required_token_that_is_missing_is_named() {
        let json = r#"{"access_key_id":"i","access_key_secret":"s","t":"t"}"#;
        assert!(settings(json).credentials(None).unwrap().security_token().is_none());
        let temporary = settings(json).credentials(Some("t")).unwrap();
        assert_eq!(temporary.security_token().unwrap().expose_secret(), "t");
        assert_eq!(settings(json).credentials(Some("u")).unwrap_err().to_string(), "u is missing");
    }
}
