//! Secret texts, of which reading leaves no copy behind.
//!
//! A text with escapes is decoded into a buffer of `serde_json` that is not wiped. So the text is
//! taken as it was sent, and decoded here.

use secrecy::SecretString;
use serde::de::{Deserialize, Deserializer, Error, Unexpected};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

/// Reads a text of a JSON document.
pub(crate) fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    let json = Box::<str>::from(Box::<RawValue>::deserialize(deserializer)?);
    let json = Zeroizing::new(String::from(json));
    let text = json.strip_prefix('"').and_then(|json| json.strip_suffix('"'));
    let text =
        text.ok_or_else(|| D::Error::invalid_type(Unexpected::Other("no text"), &"a text"))?;
    match unescaped(text) {
        Some(text) => Ok(SecretString::from(text.as_str())),
        None => Err(D::Error::custom("half of a surrogate pair")),
    }
}

/// Replaces the escapes in the JSON of a text. The result is never longer, so it never grows.
fn unescaped(json: &str) -> Option<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::with_capacity(json.len()));
    let mut rest = json;
    while let Some((plain, escape)) = rest.split_once('\\') {
        text.push_str(plain);
        let (character, behind) = character(escape)?;
        text.push(character);
        rest = behind;
    }
    text.push_str(rest);
    Some(text)
}

/// Returns the character that an escape means, and what follows it.
fn character(escape: &str) -> Option<(char, &str)> {
    let (kind, rest) = escape.split_at_checked(1)?;
    let character = match kind {
        "b" => '\u{8}',
        "f" => '\u{c}',
        "n" => '\n',
        "r" => '\r',
        "t" => '\t',
        "u" => return utf16_character(rest),
        itself => itself.chars().next()?,
    };
    Some((character, rest))
}

/// Reads four hex digits, or eight of a surrogate pair.
fn utf16_character(digits: &str) -> Option<(char, &str)> {
    let unit = |digits: &'_ str| u16::from_str_radix(digits.get(..4)?, 16).ok();
    let (first, rest) = (unit(digits)?, &digits[4..]);
    if let Some(character) = char::from_u32(first.into()) {
        return Some((character, rest));
    }
    let second = rest.strip_prefix("\\u")?;
    let character = char::decode_utf16([first, unit(second)?]).next()?.ok()?;
    Some((character, &second[4..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use secrecy::ExposeSecret as _;
    use serde_json::{Value, json};

    use super::*;

    #[derive(serde::Deserialize)]
    struct Document {
        #[serde(deserialize_with = "secret")]
        text: SecretString,
    }

    fn read(json: &str) -> Option<String> {
        let document: Document = serde_json::from_str(&format!(r#"{{"text": {json}}}"#)).ok()?;
        Some(document.text.expose_secret().to_owned())
    }

    #[test]
    fn escapes_become_characters() {
        let json = r#" "a\"\\\/\b\f\n\r\tA\u0041\u00e9\ud83d\uDE00é" "#;
        assert_eq!(read(json).unwrap(), "a\"\\/\u{8}\u{c}\n\r\tAAé😀é");
    }

    #[test]
    fn other_values_and_damage_are_rejected() {
        for json in [
            "7",
            "null",
            "{}",
            "[]",
            r#""a"#,
            r#""\x""#,
            r#""\ud83d""#,
            r#""\ude00\ud83d""#,
            r#""\ud83d\u0041""#,
            r#""\u00""#,
            r#""\u+041""#,
        ] {
            assert_eq!(read(json), None, "{json}");
        }
    }

    #[test]
    fn documents_of_every_kind_are_read() {
        let value = json!({"text": "a\"b"});
        let from_value: Document = serde_json::from_value(value.clone()).unwrap();
        let from_reader: Document = serde_json::from_reader(value.to_string().as_bytes()).unwrap();
        for document in [from_value, from_reader] {
            assert_eq!(document.text.expose_secret(), "a\"b");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_as_serde_json_reads_it(text in any::<String>()) {
            prop_assert_eq!(read(&Value::from(text.as_str()).to_string()), Some(text));
        }

        #[test]
        fn any_escapes_are_read_as_serde_json_reads_them(
            text in "\"(\\\\(u[dD][89abcdABCD][0-9a-f]{2}|u00[0-9a-f]{2}|[\"\\\\/bfnrtx])|[a-zé]){0,6}\""
        ) {
            prop_assert_eq!(read(&text), serde_json::from_str::<String>(&text).ok());
        }
    }
}
