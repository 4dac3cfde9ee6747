//! The value of a secret, from parse to drop.

use std::borrow::Cow;
use std::fmt;

use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use base64::{Engine as _, decoded_len_estimate};
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::{SecretDataType, wire};

/// The value of a secret: a text, or bytes that travel as one (`SecretData`).
///
/// `Debug` shows nothing of it, there is no `Display` and no `Serialize`, and it is wiped from memory on drop.
/// [`expose`](Self::expose_secret) and what decodes are the only ways in, so they are what to search a program for.
///
/// ```
/// use alibabacloud_kms::secrets::SecretValue;
///
/// #[derive(serde::Deserialize)]
/// struct Login {
///     user: String,
/// }
///
/// let value = SecretValue::text(r#"{"user":"fake-user","password":"fake-password"}"#);
/// assert_eq!(value.json::<Login>()?.user, "fake-user");
/// assert_eq!(format!("{value:?}"), "SecretValue(text, 47 bytes)");
///
/// let bytes = SecretValue::binary(&[0, 159, 146, 150]);
/// assert_eq!(bytes.expose_secret(), "AJ+Slg==");
/// assert_eq!(bytes.decode_base64()?.expose_secret(), [0, 159, 146, 150]);
/// # Ok::<(), alibabacloud_kms::secrets::SecretValueError>(())
/// ```
#[derive(Clone)]
pub struct SecretValue {
    data: SecretString,
    data_type: SecretDataType,
}

impl SecretValue {
    /// A text (`SecretDataType` is `text`), at most 30,720 bytes when it is sent.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(text.into(), SecretDataType::Text)
    }

    /// Bytes (`SecretDataType` is `binary`), sent in Base64: the service takes text alone, and does not say how it wants bytes
    /// to be written. The limit of 30,720 bytes is on the encoded form, so that 23,040 bytes fit.
    #[must_use]
    pub fn binary(bytes: &[u8]) -> Self {
        Self::new(STANDARD.encode(bytes), SecretDataType::Binary)
    }

    /// A text of any data type, as it is to be sent: for bytes in another encoding than Base64.
    #[must_use]
    pub fn encoded(text: impl Into<String>, data_type: SecretDataType) -> Self {
        Self::new(text.into(), data_type)
    }

    /// A text with room to spare would be moved to a smaller place, so it is copied there and wiped.
    fn new(text: String, data_type: SecretDataType) -> Self {
        Self { data: SecretString::from(Zeroizing::new(text).as_str()), data_type }
    }

    /// What an answer tells: bytes in an encoding that whoever put them there chose.
    pub(crate) fn answered(data: SecretString, data_type: SecretDataType) -> Self {
        Self { data, data_type }
    }

    /// The text itself, which for [`Binary`](SecretDataType::Binary) is an encoding of the bytes.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        self.data.expose_secret()
    }

    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.data_type == other.data_type && self.expose_secret() == other.expose_secret()
    }

    /// Whether the text stands for itself or for bytes.
    #[must_use]
    pub fn data_type(&self) -> &SecretDataType {
        &self.data_type
    }

    /// The bytes that the text is the Base64 form of, with or without padding.
    ///
    /// # Errors
    ///
    /// When it is not Base64. The error quotes nothing of it.
    pub fn decode_base64(&self) -> Result<SecretBytes, SecretValueError> {
        let text = self.expose_secret().trim_end_matches('=');
        let mut bytes = Zeroizing::new(vec![0; decoded_len_estimate(text.len())]);
        match STANDARD_NO_PAD.decode_slice(text, &mut bytes) {
            Ok(length) => Ok(SecretBytes(bytes[..length].to_vec().into())),
            Err(_) => Err(SecretValueError::NotBase64),
        }
    }

    /// What the text is the JSON form of, as the values of all types but `Generic` are.
    ///
    /// # Errors
    ///
    /// When it is not JSON or not that of a `T`. The error tells where, and which field of `T` is missing if one is. It quotes
    /// nothing of the value, which an error of `serde_json` would do.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, SecretValueError> {
        serde_json::from_str(self.expose_secret()).map_err(|error| SecretValueError::Json {
            line: error.line(),
            column: error.column(),
            problem: match error.classify() {
                serde_json::error::Category::Data => match wire::missing_field(&error) {
                    Some(name) => format!("the field `{name}` is missing").into(),
                    None => "a value of another form than expected".into(),
                },
                serde_json::error::Category::Eof => "the text ends too early".into(),
                serde_json::error::Category::Io | serde_json::error::Category::Syntax => {
                    "not JSON".into()
                }
            },
        })
    }
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretValue({}, {} bytes)", self.data_type, self.expose_secret().len())
    }
}

/// Decoded bytes of a secret value, wiped from memory on drop. `Debug` shows nothing of them.
#[derive(Clone)]
pub struct SecretBytes(SecretSlice<u8>);

impl SecretBytes {
    /// The bytes themselves.
    #[must_use]
    pub fn expose_secret(&self) -> &[u8] {
        self.0.expose_secret()
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretBytes({} bytes)", self.expose_secret().len())
    }
}

/// Why a [`SecretValue`] is not what it was to be decoded to. Nothing of the value is quoted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretValueError {
    /// It has characters that are not of Base64, or too few of them.
    #[error("the secret value is not Base64")]
    NotBase64,
    /// It is not JSON, or that of something else.
    #[error(
        "the secret value is not the JSON that was expected: {problem}, at line {line} column {column}"
    )]
    Json {
        /// The line, from 1.
        line: usize,
        /// The column, in bytes from 1; 0 before the first.
        column: usize,
        /// What was found there, in words.
        problem: Cow<'static, str>,
    },
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Login {
        #[serde(rename = "password")]
        _password: String,
    }

    #[test]
    fn nothing_that_is_told_of_a_value_quotes_it() {
        let value = SecretValue::text(r#"{"fake-secret": "fake-secret"}"#);
        let error = value.json::<HashMap<String, u32>>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "the secret value is not the JSON that was expected: a value of another form than expected, at line 1 column 29"
        );
        let bytes = SecretValue::binary(b"fake-secret").decode_base64().unwrap();
        for told in [format!("{value:?}"), format!("{error:?}"), format!("{bytes:?}")] {
            assert!(!told.contains("fake-secret") && !told.contains("102, 97"), "{told}");
        }
        let value = SecretValue::text(r#"{"fake-secret": "fake-secret"}"#);
        let error = value.json::<Login>().unwrap_err().to_string();
        assert!(error.contains("expected: the field `password` is missing, at line 1"), "{error}");
        assert!(!error.contains("fake-secret"), "{error}");
        let problem = |text| SecretValue::text(text).json::<Vec<u8>>().unwrap_err().to_string();
        assert!(problem("[1").contains("ends too early"));
        assert!(problem("fake").contains("not JSON"));
    }

    #[test]
    fn base64_is_decoded_with_and_without_padding_and_nothing_else_is() {
        let decode = |text| SecretValue::text(text).decode_base64();
        assert_eq!(decode("AJ+Slg==").unwrap().expose_secret(), [0, 159, 146, 150]);
        assert_eq!(decode("AJ+Slg").unwrap().expose_secret(), [0, 159, 146, 150]);
        assert_eq!(decode("").unwrap().expose_secret(), [0; 0]);
        for text in ["testdata1", "AJ-Slg==", "a", "A J="] {
            assert_eq!(decode(text).unwrap_err(), SecretValueError::NotBase64, "{text}");
        }
    }

    #[test]
    fn bytes_are_written_in_base64_and_marked() {
        let value = SecretValue::binary(&[0, 1]);
        assert_eq!((value.expose_secret(), value.data_type()), ("AAE=", &SecretDataType::Binary));
        assert_eq!(SecretValue::text("x").data_type(), &SecretDataType::Text);
        let hex = SecretValue::encoded("00ff", SecretDataType::Binary);
        assert_eq!((hex.expose_secret(), hex.data_type()), ("00ff", &SecretDataType::Binary));
    }
}
