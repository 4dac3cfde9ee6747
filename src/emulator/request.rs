//! What a client sent, as far as the service looks at it: the method, the path and the parameters.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use url::form_urlencoded;

/// A request whose parameters are decoded but not yet judged.
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) parameters: Parameters,
}

impl Request {
    /// Gathers the parameters of the query and of a form body, which the service treats alike.
    pub(super) fn new(method: &str, path: &str, query: &[u8], form: &[u8]) -> Self {
        let mut parameters = Parameters::default();
        for encoded in [query, form] {
            // Decodes both `+` and `%20` to a space: signature version 1.0 covers the decoded values, and clients differ.
            for (name, value) in form_urlencoded::parse(encoded) {
                parameters.insert(name.into_owned(), value.into_owned());
            }
        }
        Self { method: method.to_owned(), path: path.to_owned(), parameters }
    }

    /// The operation asked for, empty when none is.
    pub(super) fn action(&self) -> &str {
        self.parameters.get("Action").unwrap_or_default()
    }
}

/// Decoded parameters by name. It has no `Debug`: they hold signatures, tokens and, for some operations, secrets.
#[derive(Default)]
pub(super) struct Parameters {
    by_name: BTreeMap<String, String>,
    repeated: Option<String>,
}

impl Parameters {
    fn insert(&mut self, name: String, value: String) {
        match self.by_name.entry(name) {
            Entry::Vacant(entry) => {
                entry.insert(value);
            }
            Entry::Occupied(entry) => self.repeated = Some(entry.key().clone()),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.by_name.get(name).map(String::as_str)
    }

    /// A name that was given more than once, so that it is unclear which value was meant.
    pub(super) fn repeated(&self) -> Option<&str> {
        self.repeated.as_deref()
    }

    /// All of them, sorted by name.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.by_name.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

#[cfg(test)]
impl<const N: usize> From<[(&str, &str); N]> for Parameters {
    fn from(pairs: [(&str, &str); N]) -> Self {
        let mut parameters = Self::default();
        for (name, value) in pairs {
            parameters.insert(name.to_owned(), value.to_owned());
        }
        parameters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_and_form_are_one_set_and_a_space_has_two_spellings() {
        let request = Request::new("POST", "/", b"Action=A&x=a%20b%2Bc", b"y=a+b%2Bc&z=");
        assert_eq!(request.action(), "A");
        assert_eq!(request.parameters.get("x"), Some("a b+c"));
        assert_eq!(request.parameters.get("y"), Some("a b+c"));
        assert_eq!(request.parameters.get("z"), Some(""));
        assert_eq!(request.parameters.get("w"), None);
        assert_eq!(request.parameters.repeated(), None);
    }

    #[test]
    fn a_parameter_given_twice_is_noticed_across_query_and_form() {
        let request = Request::new("POST", "/", b"x=1", b"x=2");
        assert_eq!(request.parameters.repeated(), Some("x"));
    }
}
