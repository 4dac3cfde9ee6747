//! The context of an encryption.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Pairs that an encryption and its decryption must have in common: `EncryptionContext` of the
/// service.
///
/// They are authenticated with the ciphertext but not stored in it, and not secret: the service
/// may log them. An empty context is the same as none. Its JSON form has at most
/// [`MAX_CHARACTERS`](Self::MAX_CHARACTERS) when it is sent; its order does not matter.
///
/// Do not let two contexts differ only in where `=` and `&` occur: the service's own library joins
/// the pairs as `key=value`, separated by `&` and without escaping.
///
/// <https://help.aliyun.com/document_detail/42975.html>
///
/// ```
/// use alibabacloud_kms::keys::EncryptionContext;
///
/// let context = EncryptionContext::from([("tenant", "7"), ("table", "orders")]);
/// assert_eq!(context.get("tenant"), Some("7"));
/// assert_eq!(serde_json::to_string(&context)?, r#"{"table":"orders","tenant":"7"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(transparent)]
pub struct EncryptionContext(BTreeMap<String, String>);

impl EncryptionContext {
    /// The most characters of the JSON form.
    pub const MAX_CHARACTERS: usize = 8_192;

    /// Creates an empty context.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the value of a key.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.insert(key.into(), value.into());
        self
    }

    /// Returns the value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// Returns the pairs, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Returns whether there are no pairs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the number of pairs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the number of characters of the JSON form.
    #[must_use]
    pub fn json_characters(&self) -> usize {
        // A map of texts is always valid JSON.
        serde_json::to_string(self).unwrap_or_default().chars().count()
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for EncryptionContext {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

impl<K: Into<String>, V: Into<String>, const N: usize> From<[(K, V); N]> for EncryptionContext {
    fn from(pairs: [(K, V); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl From<BTreeMap<String, String>> for EncryptionContext {
    fn from(pairs: BTreeMap<String, String>) -> Self {
        Self(pairs)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pairs_are_read_and_replaced() {
        let context = EncryptionContext::new().with("a", "1").with("b", "2").with("a", "3");
        assert_eq!((context.len(), context.is_empty()), (2, false));
        assert_eq!((context.get("a"), context.get("c")), (Some("3"), None));
        assert_eq!(context.iter().collect::<Vec<_>>(), [("a", "3"), ("b", "2")]);
        assert_eq!(context, EncryptionContext::from([("b", "2"), ("a", "3")]));
        assert!(EncryptionContext::new().is_empty());
    }

    #[test]
    fn only_an_object_of_texts_is_read() {
        let read = serde_json::from_str::<EncryptionContext>;
        assert_eq!(read(r#"{"b":"2","a":"1"}"#).unwrap(), [("a", "1"), ("b", "2")].into());
        for json in [r#"{"a":1}"#, r#"{"a":["1"]}"#, r#"{"a":{}}"#, r#"["a"]"#, r#""a""#, "null"] {
            assert!(read(json).is_err(), "{json}");
        }
    }

    #[test]
    fn characters_of_the_json_are_counted() {
        assert_eq!(EncryptionContext::new().json_characters(), 2);
        assert_eq!(EncryptionContext::from([("é", "\"")]).json_characters(), 10);
    }

    proptest! {
        #[test]
        fn json_reads_back_the_same(pairs in prop::collection::btree_map(".*", ".*", 0..5)) {
            let context = EncryptionContext::from(pairs);
            let json = serde_json::to_string(&context).unwrap();
            prop_assert_eq!(json.chars().count(), context.json_characters());
            prop_assert_eq!(serde_json::from_str::<EncryptionContext>(&json).unwrap(), context);
        }
    }
}
