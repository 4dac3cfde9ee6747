//! The value of a secret.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::base64_text::decode_base64;
use super::secret_bytes::SecretBytes;
use super::secret_data_type::SecretDataType;
use super::secret_value_error::SecretValueError;

/// The value of a secret: a text, or bytes encoded as text (`SecretData` of the service).
///
/// Only [`expose_secret`](Self::expose_secret) and the decoding methods return it, so these are
/// the names to search a program for. `Debug` shows its type and length, there is no `Display` and
/// no `Serialize`, and it is wiped from memory on drop.
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
/// let value = SecretValue::binary(&[0, 159, 146, 150]);
/// assert_eq!(value.to_bytes()?.expose_secret(), [0, 159, 146, 150]);
/// assert_eq!(value.expose_secret(), "AJ+Slg==");
/// # Ok::<(), alibabacloud_kms::secrets::SecretValueError>(())
/// ```
///
/// # Responses in tests
///
/// Every response can be made from the service's JSON, which is how a test of your own code gets
/// one with a value:
///
/// ```
/// use alibabacloud_kms::secrets::{GetSecretValueResponse, VersionStage};
/// use serde_json::json;
///
/// let response: GetSecretValueResponse = serde_json::from_value(json!({
///     "SecretName": "prod/db",
///     "VersionId": "v1",
///     "VersionStages": ["ACSCurrent"],
///     "SecretData": "fake-password",
///     "SecretDataType": "text",
/// }))?;
/// assert_eq!(response.value.expose_secret(), "fake-password");
/// assert_eq!(response.version_stages, [VersionStage::Current]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct SecretValue {
    text: SecretString,
    data_type: SecretDataType,
}

impl SecretValue {
    /// Creates a text (`SecretDataType` `text`), at most 30,720 bytes when it is sent.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::encoded(text, SecretDataType::Text)
    }

    /// Creates a binary value (`SecretDataType` `binary`), which is sent in Base64: the service
    /// accepts only text, and does not document an encoding for bytes. Its limit of 30,720 bytes
    /// applies to the encoded form, so that 23,040 bytes fit.
    #[must_use]
    pub fn binary(bytes: &[u8]) -> Self {
        Self::encoded(STANDARD.encode(bytes), SecretDataType::Binary)
    }

    /// Creates a value of any type from the text that is to be sent, for bytes in another encoding
    /// than Base64.
    #[must_use]
    pub fn encoded(text: impl Into<String>, data_type: SecretDataType) -> Self {
        // Shrinking a text with spare capacity would move it without wiping the old place.
        let text = Zeroizing::new(text.into());
        Self::from_response(SecretString::from(text.as_str()), data_type)
    }

    /// Creates the value that a response contains.
    pub(crate) fn from_response(text: SecretString, data_type: SecretDataType) -> Self {
        Self { text, data_type }
    }

    /// Returns the text as it is stored, which for [`Binary`](SecretDataType::Binary) encodes the
    /// bytes.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        self.text.expose_secret()
    }

    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.data_type == other.data_type && self.expose_secret() == other.expose_secret()
    }

    /// Returns whether the value is a text, or bytes encoded as text.
    #[must_use]
    pub fn data_type(&self) -> &SecretDataType {
        &self.data_type
    }

    /// Returns the bytes of the value: those of the text or, for
    /// [`Binary`](SecretDataType::Binary), those that it encodes in Base64.
    ///
    /// # Errors
    ///
    /// [`NotBase64`](SecretValueError::NotBase64) if the value is binary in another encoding. Then
    /// decode what [`expose_secret`](Self::expose_secret) returns.
    pub fn to_bytes(&self) -> Result<SecretBytes, SecretValueError> {
        if self.data_type == SecretDataType::Binary {
            self.decode_base64()
        } else {
            Ok(self.expose_secret().into())
        }
    }

    /// Decodes the text as Base64, with or without padding and line breaks, whatever the type of
    /// the value.
    ///
    /// # Errors
    ///
    /// [`NotBase64`](SecretValueError::NotBase64) if it is not Base64. The error does not quote it.
    pub fn decode_base64(&self) -> Result<SecretBytes, SecretValueError> {
        match decode_base64(self.expose_secret()) {
            Ok(bytes) => Ok(bytes.as_slice().into()),
            Err(_) => Err(SecretValueError::NotBase64),
        }
    }

    /// Parses the text as JSON, which the values of all types but
    /// [`Generic`](crate::secrets::SecretType::Generic) are.
    ///
    /// # Errors
    ///
    /// - [`Binary`](SecretValueError::Binary) if the value is binary.
    /// - [`Json`](SecretValueError::Json) if the text is not the JSON of a `T`. The error contains
    ///   the path of what was not expected, and the name of the field of `T` that is missing, if
    ///   one is. It does not quote the value, as an error of `serde_json` would.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, SecretValueError> {
        if self.data_type == SecretDataType::Binary {
            return Err(SecretValueError::Binary);
        }
        let text = self.expose_secret();
        serde_json::from_str(text).map_err(|error| SecretValueError::from_json(text, &error))
    }
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretValue({}, {} bytes)", self.data_type, self.expose_secret().len())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Login {
        #[serde(rename = "password")]
        _password: String,
        #[serde(rename = "ports", default)]
        _ports: Vec<u16>,
    }

    #[track_caller]
    fn json_error<T: DeserializeOwned + fmt::Debug>(text: &str) -> String {
        let error = SecretValue::text(text).json::<T>().unwrap_err();
        assert!(matches!(error, SecretValueError::Json { .. }), "{error:?}");
        error.to_string()
    }

    #[test]
    fn json_error_names_the_path_of_another_type() {
        let error = json_error::<Login>("{\"password\": \"fake\",\n \"ports\": [1, \"fake\"]}");
        assert_eq!(
            error,
            "the secret value is not the expected JSON: a value of another type at `ports[1]`, \
            line 2 column 20"
        );
    }

    #[test]
    fn json_error_names_the_missing_field() {
        let error = json_error::<Vec<Login>>(r#"[{"password":"fake"},{"user":"fake"}]"#);
        let expected = "the field `password` is missing at `[1]`, line 1 column 36";
        assert!(error.ends_with(expected), "{error}");
    }

    #[test]
    fn json_error_says_what_the_text_is() {
        assert!(json_error::<Vec<u8>>("[1").contains("the text ends too early at `[0]`"));
        assert!(json_error::<Vec<u8>>("fake").contains("not JSON at the top level, line 1"));
        assert!(json_error::<Vec<u8>>("[1] fake").contains("not JSON at the top level"));
    }

    #[test]
    fn errors_and_debug_do_not_quote_the_value() {
        let value = SecretValue::text(r#"{"fake-secret": "fake-secret"}"#);
        let bytes = SecretValue::binary(b"fake-secret").to_bytes().unwrap();
        let map = value.json::<HashMap<String, u32>>().unwrap_err();
        assert!(map.to_string().contains("another type at `?`, line 1 column 29"), "{map}");
        let login = value.json::<Login>().unwrap_err();
        let base64 = value.decode_base64().unwrap_err();
        let shown = format!("{value:?} {bytes:?} {map} {map:?} {login} {login:?} {base64:?}");
        assert!(!shown.contains("fake-secret") && !shown.contains("102, 97"), "{shown}");
    }

    #[test]
    fn json_of_a_binary_value_says_that_it_is_binary() {
        for value in [
            SecretValue::binary(br#"{"password":"fake"}"#),
            SecretValue::encoded(r#"{"password":"fake"}"#, SecretDataType::Binary),
        ] {
            let error = value.json::<Login>().unwrap_err();
            assert_eq!(error, SecretValueError::Binary);
            assert!(error.to_string().contains("is binary, not JSON"), "{error}");
        }
    }

    #[test]
    fn base64_is_decoded_with_and_without_padding() {
        let decode = |text| SecretValue::text(text).decode_base64();
        assert_eq!(decode("AJ+Slg==").unwrap().expose_secret(), [0, 159, 146, 150]);
        assert_eq!(decode("AJ+Slg").unwrap().expose_secret(), [0, 159, 146, 150]);
        assert_eq!(decode("AJ+S\r\nlg==\n").unwrap().expose_secret(), [0, 159, 146, 150]);
        assert_eq!(decode("").unwrap().expose_secret(), [0; 0]);
        for text in ["testdata1", "AJ-Slg==", "a", "A J="] {
            assert_eq!(decode(text).unwrap_err(), SecretValueError::NotBase64, "{text}");
        }
    }

    #[test]
    fn values_have_their_type() {
        let value = SecretValue::binary(&[0, 1]);
        assert_eq!((value.expose_secret(), value.data_type()), ("AAE=", &SecretDataType::Binary));
        assert_eq!(SecretValue::text("x").data_type(), &SecretDataType::Text);
        let hex = SecretValue::encoded("00ff", SecretDataType::Binary);
        assert_eq!((hex.expose_secret(), hex.data_type()), ("00ff", &SecretDataType::Binary));
        assert_eq!(hex.to_bytes().unwrap().expose_secret(), [0xd3, 0x47, 0xdf]);
        assert_eq!(
            SecretValue::encoded("0x", SecretDataType::Binary).to_bytes().unwrap_err(),
            SecretValueError::NotBase64
        );
    }

    #[test]
    fn values_are_the_same_if_text_and_type_are() {
        let value = SecretValue::text("AA==");
        assert!(value.is_same(&SecretValue::text("AA==")));
        assert!(!value.is_same(&SecretValue::text("AA")));
        assert!(!value.is_same(&SecretValue::binary(&[0])));
    }

    proptest! {
        #[test]
        fn bytes_of_either_form_come_back(bytes in any::<Vec<u8>>(), text in any::<String>()) {
            let binary = SecretValue::binary(&bytes).to_bytes().unwrap();
            prop_assert_eq!(binary.expose_secret(), bytes);
            let plain = SecretValue::text(text.clone()).to_bytes().unwrap();
            prop_assert_eq!(plain.expose_secret(), text.as_bytes());
        }
    }
}
