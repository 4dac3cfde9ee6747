//! [`EncryptionContext`]: the additional data that ciphertexts are bound to.

use std::collections::BTreeMap;

use crate::sign::digest::sha256_digest;

/// The pairs of `EncryptionContext`; none if the parameter is absent or empty.
#[derive(Default)]
pub(in crate::emulator) struct EncryptionContext(Option<BTreeMap<String, String>>);

impl EncryptionContext {
    /// Reads the JSON text of an object of texts. Returns `None` for any other text.
    pub(in crate::emulator) fn parse(text: &str) -> Option<Self> {
        // The OSS client for Python sends an empty text when it has no context.
        if text.is_empty() {
            return Some(Self::default());
        }
        serde_json::from_str(text).ok().map(|pairs| Self(Some(pairs)))
    }

    /// Returns the additional data of AES-GCM: the digest of `k1=v1&k2=v2`, sorted by key and
    /// without escapes; nothing without a context.
    ///
    /// <https://github.com/aliyun/alibabacloud-dkms-transfer-go-sdk> computes it so. There `{}`
    /// differs from no context, as it does here; what the service does is not documented.
    pub(in crate::emulator) fn additional_data(&self) -> Vec<u8> {
        let Some(pairs) = &self.0 else { return Vec::new() };
        let pairs: Vec<_> = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
        sha256_digest(pairs.join("&").as_bytes()).to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn additional_data(text: &str) -> Vec<u8> {
        EncryptionContext::parse(text).unwrap().additional_data()
    }

    #[test]
    fn order_and_blanks_of_the_json_do_not_matter() {
        let expected = sha256_digest(b"a=1&b=2 3").to_vec();
        assert_eq!(additional_data(r#"{"a":"1","b":"2 3"}"#), expected);
        assert_eq!(additional_data("{ \"b\" : \"2 3\",\n\"a\":\"1\" }"), expected);
        assert_ne!(additional_data(r#"{"a":"1","b":"23"}"#), expected);
    }

    #[test]
    fn absent_context_adds_no_data() {
        assert!(additional_data("").is_empty());
        assert!(EncryptionContext::default().additional_data().is_empty());
        assert_eq!(additional_data("{}"), sha256_digest(b""));
    }

    #[test]
    fn only_an_object_of_texts_is_a_context() {
        for text in [r#"{"a":1}"#, r#"{"a":["b"]}"#, r#"{"a":{}}"#, r#"["a"]"#, "a", "null"] {
            assert!(EncryptionContext::parse(text).is_none(), "{text}");
        }
    }
}
