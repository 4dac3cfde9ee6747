//! [`Request`]: a received request, with its parameters decoded.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::RangeInclusive;

use http::HeaderMap;
use serde::Deserialize;
use url::form_urlencoded;

use super::error_response::ErrorResponse;
use crate::sign::FORM;
use crate::sign::canonical::ACS3_ALGORITHM;

/// The longest body that is accepted. The longest value that an operation documents has 32,768
/// bytes.
pub(super) const MAX_BODY_BYTES: usize = 2 * 1024 * 1024;

/// The body of a request, as far as it was received.
#[derive(Clone, Copy)]
pub(super) enum RequestBody<'a> {
    Complete(&'a [u8]),
    /// It has more than [`MAX_BODY_BYTES`] and was discarded.
    TooLarge,
}

/// A request whose parameters are decoded but not yet checked.
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    /// The parameters of the query and of a form body, which the service treats alike.
    pub(super) parameters: Parameters,
    pub(super) query: String,
    /// `None` if the body was too large.
    pub(super) body: Option<Vec<u8>>,
    /// By lower-case name; the values of one name are joined to one list, as HTTP allows.
    pub(super) headers: BTreeMap<String, String>,
}

impl Request {
    /// Reads the parameters from the query, and from the body if it is a form.
    pub(super) fn new(
        method: &str,
        path: &str,
        query: &str,
        headers: &HeaderMap,
        body: RequestBody<'_>,
    ) -> Self {
        let mut fields = BTreeMap::<String, String>::new();
        for (name, value) in headers {
            let value = String::from_utf8_lossy(value.as_bytes());
            let joined = fields.entry(name.to_string());
            joined.and_modify(|list| list.extend([",", &value])).or_insert(value.into_owned());
        }
        let body = match body {
            RequestBody::Complete(bytes) => Some(bytes.to_owned()),
            RequestBody::TooLarge => None,
        };
        let is_form = fields.get("content-type").is_some_and(|value| is_form(value));
        let form = body.as_deref().filter(|_| is_form).unwrap_or_default();
        let mut parameters = Parameters::default();
        for encoded in [query.as_bytes(), form] {
            // Decodes both `+` and `%20` to a space: signature version 1.0 covers the decoded
            // values, and clients differ.
            for (name, value) in form_urlencoded::parse(encoded) {
                parameters.insert(name.into_owned(), value.into_owned());
            }
        }
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            parameters,
            query: query.to_owned(),
            body,
            headers: fields,
        }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// Returns the requested operation, empty if the request names none.
    pub(super) fn action(&self) -> &str {
        self.common("Action", "x-acs-action").unwrap_or_default()
    }

    /// Returns the requested API version.
    pub(super) fn version(&self) -> Option<&str> {
        self.common("Version", "x-acs-version")
    }

    /// Returns a value that version 1.0 sends as a parameter and ACS3 as a header. With any other
    /// `Authorization` it may be either: such a request is rejected for its `Authorization`.
    fn common(&self, parameter: &str, header: &str) -> Option<&str> {
        match self.header("authorization") {
            None => self.parameters.get(parameter),
            Some(authorization) if authorization.starts_with(ACS3_ALGORITHM) => self.header(header),
            Some(_) => self.header(header).or_else(|| self.parameters.get(parameter)),
        }
    }
}

/// Returns whether a media type, whose name ignores case, is that of a form:
/// <https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1>.
fn is_form(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case(FORM)
}

/// Returns a value that every request needs.
pub(super) fn required_common<'a>(
    name: &str,
    value: Option<&'a str>,
) -> Result<&'a str, ErrorResponse> {
    let present = value.filter(|value| !value.is_empty());
    present.ok_or_else(|| ErrorResponse::missing_common_parameter(name))
}

/// Decoded parameters by name. It does not implement `Debug`: they contain signatures, tokens and,
/// for some operations, secrets.
#[derive(Default)]
pub(super) struct Parameters {
    by_name: BTreeMap<String, String>,
    duplicate: Option<String>,
}

impl Parameters {
    fn insert(&mut self, name: String, value: String) {
        match self.by_name.entry(name) {
            Entry::Vacant(entry) => {
                entry.insert(value);
            }
            Entry::Occupied(entry) => self.duplicate = Some(entry.key().clone()),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.by_name.get(name).map(String::as_str)
    }

    /// Returns a parameter that the operation needs.
    pub(super) fn required(&self, name: &str) -> Result<&str, ErrorResponse> {
        self.get(name).ok_or_else(|| ErrorResponse::missing_parameter(name))
    }

    /// Returns an integer in the allowed range, or the default if it is absent. `allowed_text` is
    /// the range as error messages describe it.
    pub(super) fn integer(
        &self,
        name: &str,
        default: i32,
        allowed: RangeInclusive<i32>,
        allowed_text: &str,
    ) -> Result<i32, ErrorResponse> {
        let Some(text) = self.get(name) else { return Ok(default) };
        match text.parse() {
            Ok(number) if allowed.contains(&number) => Ok(number),
            _ => Err(ErrorResponse::invalid_parameter(name, allowed_text)),
        }
    }

    /// Returns `true` or `false`, which is the default. The official Python SDK sends `True`, the
    /// others `true`.
    pub(super) fn boolean(&self, name: &str) -> Result<bool, ErrorResponse> {
        match self.get(name).map(str::to_ascii_lowercase).as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(ErrorResponse::invalid_parameter(name, "true or false")),
        }
    }

    /// Decodes a parameter that is a JSON text. Returns `None` if it is absent.
    pub(super) fn json<'a, T: Deserialize<'a>>(
        &'a self,
        name: &str,
    ) -> Result<Option<T>, ErrorResponse> {
        let Some(text) = self.get(name) else { return Ok(None) };
        match serde_json::from_str(text) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(ErrorResponse::invalid_parameter(name, &error.to_string())),
        }
    }

    /// Returns a list whose entries are numbered from 1, such as `TagKey.1`, `TagKey.2`. The first
    /// missing number ends it.
    pub(super) fn list(&self, name: &str) -> Vec<&str> {
        (1..).map_while(|n: u32| self.get(&format!("{name}.{n}"))).collect()
    }

    /// Returns tag keys with their values, numbered from 1: `Tag.1.Key`, `Tag.1.Value`.
    pub(super) fn tags(&self) -> Vec<(&str, Option<&str>)> {
        let part = |n: u32, part| self.get(&format!("Tag.{n}.{part}"));
        (1..).map_while(|n| Some((part(n, "Key")?, part(n, "Value")))).collect()
    }

    /// Returns a name that the request contains more than once, so that its value is ambiguous.
    pub(super) fn duplicate(&self) -> Option<&str> {
        self.duplicate.as_deref()
    }

    /// Returns all parameters, sorted by name.
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

    fn post(content_type: Option<&str>, query: &str, body: &str) -> Request {
        let mut headers = HeaderMap::new();
        if let Some(content_type) = content_type {
            headers.insert("content-type", content_type.parse().unwrap());
        }
        Request::new("POST", "/", query, &headers, RequestBody::Complete(body.as_bytes()))
    }

    fn get(query: &str, headers: &HeaderMap) -> Request {
        Request::new("GET", "/", query, headers, RequestBody::Complete(b""))
    }

    #[test]
    fn query_and_form_are_one_set_of_parameters() {
        let request = post(Some(FORM), "Action=A&x=a%20b%2Bc", "y=a+b%2Bc&z=");
        assert_eq!(request.action(), "A");
        assert_eq!(request.parameters.get("x"), Some("a b+c"));
        assert_eq!(request.parameters.get("y"), Some("a b+c"));
        assert_eq!(request.parameters.get("z"), Some(""));
        assert_eq!(request.parameters.get("w"), None);
        assert_eq!(request.parameters.duplicate(), None);
    }

    #[test]
    fn duplicate_across_query_and_form_is_found() {
        assert_eq!(post(Some(FORM), "x=1", "x=2").parameters.duplicate(), Some("x"));
    }

    #[test]
    fn media_type_ignores_case_and_parameters() {
        for content_type in [
            "application/x-www-form-urlencoded",
            "Application/X-WWW-Form-URLEncoded",
            "application/x-www-form-urlencoded ; charset=utf-8",
        ] {
            let request = post(Some(content_type), "", "x=1");
            assert_eq!(request.parameters.get("x"), Some("1"), "{content_type}");
        }
    }

    #[test]
    fn body_of_another_media_type_has_no_parameters() {
        for content_type in [None, Some("text/plain"), Some("application/x-www-form-urlencoded2")] {
            let request = post(content_type, "x=1", "y=2");
            assert_eq!(request.parameters.get("y"), None, "{content_type:?}");
            assert_eq!(request.body.as_deref(), Some(&b"y=2"[..]));
        }
    }

    #[test]
    fn repeated_header_becomes_one_list() {
        let mut headers = HeaderMap::new();
        headers.append("X-Acs-Date", "a".parse().unwrap());
        headers.append("x-acs-date", "b".parse().unwrap());
        assert_eq!(get("", &headers).header("x-acs-date"), Some("a,b"));
    }

    #[test]
    fn action_header_counts_only_with_an_authorization() {
        let mut headers = HeaderMap::new();
        headers.insert("x-acs-action", "B".parse().unwrap());
        assert_eq!(get("Action=A", &headers).action(), "A");
        headers.insert("authorization", ACS3_ALGORITHM.parse().unwrap());
        assert_eq!(get("Action=A", &headers).action(), "B");
        headers.remove("x-acs-action");
        assert_eq!(get("Action=A", &headers).action(), "");
        headers.insert("authorization", "Basic any".parse().unwrap());
        assert_eq!(get("Action=A", &headers).action(), "A");
    }
}
