//! What a client sent, as far as the service looks at it: the method, the path, the parameters, the headers and the body.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::RangeInclusive;

use http::HeaderMap;
use serde::Deserialize;
use url::form_urlencoded;

use super::error_response::Refusal;
use crate::sign::FORM;
use crate::sign::canonical::ACS3_ALGORITHM;

/// A request whose parameters are decoded but not yet judged.
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    /// Those of the query and of a form body, which the service treats alike.
    pub(super) parameters: Parameters,
    pub(super) query: String,
    pub(super) body: Vec<u8>,
    /// By lower-case name; the values of one name are joined as one list, as HTTP allows.
    pub(super) headers: BTreeMap<String, String>,
}

impl Request {
    /// Takes the parameters out of the query, and out of the body if its type is that of a form.
    pub(super) fn new(
        method: &str,
        path: &str,
        query: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Self {
        let mut fields = BTreeMap::<String, String>::new();
        for (name, value) in headers {
            let value = String::from_utf8_lossy(value.as_bytes());
            let joined = fields.entry(name.to_string());
            joined.and_modify(|list| list.extend([",", &value])).or_insert(value.into_owned());
        }
        let is_form = fields.get("content-type").is_some_and(|value| value.starts_with(FORM));
        let form = if is_form { body } else { &[] };
        let mut parameters = Parameters::default();
        for encoded in [query.as_bytes(), form] {
            // Decodes both `+` and `%20` to a space: signature version 1.0 covers the decoded values, and clients differ.
            for (name, value) in form_urlencoded::parse(encoded) {
                parameters.insert(name.into_owned(), value.into_owned());
            }
        }
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            parameters,
            query: query.to_owned(),
            body: body.to_owned(),
            headers: fields,
        }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// The operation asked for, empty when none is.
    pub(super) fn action(&self) -> &str {
        self.common("Action", "x-acs-action").unwrap_or_default()
    }

    /// The API version asked for.
    pub(super) fn version(&self) -> Option<&str> {
        self.common("Version", "x-acs-version")
    }

    /// What version 1.0 sends as a parameter, and ACS3 as a header. Beside any other `Authorization` it may be either: that one
    /// is refused in any case, for what it is.
    fn common(&self, parameter: &str, header: &str) -> Option<&str> {
        match self.header("authorization") {
            None => self.parameters.get(parameter),
            Some(authorization) if authorization.starts_with(ACS3_ALGORITHM) => self.header(header),
            Some(_) => self.header(header).or_else(|| self.parameters.get(parameter)),
        }
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

    /// A parameter that the operation cannot do without.
    pub(super) fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| {
            let message = format!("The parameter {name} needed for the request is missing.");
            Refusal::service(400, "MissingParameter", message)
        })
    }

    pub(super) fn integer(
        &self,
        name: &str,
        default: i32,
        allowed: RangeInclusive<i32>,
        in_words: &str,
    ) -> Result<i32, Refusal> {
        let Some(text) = self.get(name) else { return Ok(default) };
        match text.parse() {
            Ok(number) if allowed.contains(&number) => Ok(number),
            _ => Err(Refusal::invalid_parameter(name, in_words)),
        }
    }

    /// `true` or `false`, the latter when it is left out. The official Python SDK writes `True`, the others `true`.
    pub(super) fn boolean(&self, name: &str) -> Result<bool, Refusal> {
        match self.get(name).map(str::to_ascii_lowercase).as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(Refusal::invalid_parameter(name, "true or false")),
        }
    }

    /// A value that is the JSON text of something; `None` when it is left out.
    pub(super) fn json<'a, T: Deserialize<'a>>(&'a self, name: &str) -> Result<Option<T>, Refusal> {
        let Some(text) = self.get(name) else { return Ok(None) };
        match serde_json::from_str(text) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(Refusal::invalid_parameter(name, &error.to_string())),
        }
    }

    /// A list whose entries are numbered from 1: `TagKey.1`, `TagKey.2`. It ends before the first number that is missing.
    pub(super) fn list(&self, name: &str) -> Vec<&str> {
        (1..).map_while(|n: u32| self.get(&format!("{name}.{n}"))).collect()
    }

    /// Keys with their values, numbered likewise: `Tag.1.Key`, `Tag.1.Value`.
    pub(super) fn tags(&self) -> Vec<(&str, Option<&str>)> {
        let of_tag = |n: u32, part| self.get(&format!("Tag.{n}.{part}"));
        (1..).map_while(|n| Some((of_tag(n, "Key")?, of_tag(n, "Value")))).collect()
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
impl<'a> FromIterator<(&'a str, &'a str)> for Parameters {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(pairs: I) -> Self {
        let mut parameters = Self::default();
        for (name, value) in pairs {
            parameters.insert(name.to_owned(), value.to_owned());
        }
        parameters
    }
}

#[cfg(test)]
impl<const N: usize> From<[(&str, &str); N]> for Parameters {
    fn from(pairs: [(&str, &str); N]) -> Self {
        pairs.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(query: &str, body: &str) -> Request {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", FORM.parse().unwrap());
        Request::new("POST", "/", query, &headers, body.as_bytes())
    }

    #[test]
    fn query_and_form_are_one_set_and_a_space_has_two_spellings() {
        let request = form("Action=A&x=a%20b%2Bc", "y=a+b%2Bc&z=");
        assert_eq!(request.action(), "A");
        assert_eq!(request.parameters.get("x"), Some("a b+c"));
        assert_eq!(request.parameters.get("y"), Some("a b+c"));
        assert_eq!(request.parameters.get("z"), Some(""));
        assert_eq!(request.parameters.get("w"), None);
        assert_eq!(request.parameters.repeated(), None);
    }

    #[test]
    fn a_parameter_given_twice_is_noticed_across_query_and_form() {
        assert_eq!(form("x=1", "x=2").parameters.repeated(), Some("x"));
    }

    #[test]
    fn a_body_of_another_type_has_no_parameters() {
        let request = Request::new("POST", "/", "x=1", &HeaderMap::new(), b"x=2");
        assert_eq!(request.parameters.repeated(), None);
        assert_eq!(request.body, b"x=2");
    }

    #[test]
    fn the_values_of_a_repeated_header_are_one_list() {
        let mut headers = HeaderMap::new();
        headers.append("X-Acs-Date", "a".parse().unwrap());
        headers.append("x-acs-date", "b".parse().unwrap());
        let request = Request::new("GET", "/", "", &headers, b"");
        assert_eq!(request.header("x-acs-date"), Some("a,b"));
    }

    #[test]
    fn the_operation_is_named_in_a_header_only_beside_an_authorization() {
        let mut headers = HeaderMap::new();
        headers.insert("x-acs-action", "B".parse().unwrap());
        assert_eq!(Request::new("GET", "/", "Action=A", &headers, b"").action(), "A");
        let action = |headers: &HeaderMap| {
            Request::new("GET", "/", "Action=A", headers, b"").action().to_owned()
        };
        headers.insert("authorization", ACS3_ALGORITHM.parse().unwrap());
        assert_eq!(action(&headers), "B");
        headers.remove("x-acs-action");
        assert_eq!(action(&headers), "");
        headers.insert("authorization", "Basic any".parse().unwrap());
        assert_eq!(action(&headers), "A");
    }
}
