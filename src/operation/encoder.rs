//! [`Encoder`]: one pass over the fields of a request, which yields its parameters, the first limit
//! that it violates, the resource that it names, and its secret material.

mod fields;

use std::borrow::Cow;
use std::fmt::Display;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::error::{Resource, ValidationError};
use crate::sign::Parameters;
use crate::types::SecretBytes;

/// A request as its operation encoded it.
#[derive(Debug)]
pub struct Encoded<'a> {
    /// The parameters of the operation, without those that every request has and the
    /// [`secret_parameters`](Self::secret_parameters).
    parameters: Parameters<'a>,
    /// The parameters whose values were encoded from secret bytes, and are wiped on drop.
    secret_parameters: Vec<(&'static str, Zeroizing<String>)>,
    /// The first documented limit that the request violates.
    pub(crate) violation: Option<ValidationError>,
    /// The resource that errors and spans name; `None` for a request about no resource.
    pub(crate) resource: Option<Resource<'a>>,
    /// Secret texts that the parameters contain, and texts that secret bytes are.
    secret_texts: Vec<&'a str>,
    /// Secret bytes that texts among the parameters encode.
    encoded_bytes: Vec<SecretBytes>,
}

impl Encoded<'_> {
    /// Returns all parameters of the operation, without a copy of a value.
    pub(crate) fn parameters(&self) -> Parameters<'_> {
        let parameters = self.parameters.iter();
        let parameters = parameters.map(|(name, value)| (name.clone(), Cow::Borrowed(&**value)));
        let secret = self.secret_parameters.iter();
        let secret = secret.map(|(name, value)| (Cow::Borrowed(*name), Cow::Borrowed(&***value)));
        parameters.chain(secret).collect()
    }

    /// Returns the secret texts that an error response may echo.
    pub(crate) fn secret_material(&self) -> Vec<&str> {
        let encoded = self.secret_parameters.iter().map(|(_, value)| value.as_str());
        let bytes = self.encoded_bytes.iter();
        let texts = bytes.filter_map(|bytes| str::from_utf8(bytes.expose_secret()).ok());
        self.secret_texts.iter().copied().chain(encoded).chain(texts).collect()
    }
}

/// Collects the parameters of one request.
///
/// A field without a value is left out; an empty text is a value. The methods for fields that
/// several operations share check the field's documented limit too.
#[derive(Debug)]
pub struct Encoder<'a> {
    encoded: Encoded<'a>,
    /// The region of the client, for operations that send one.
    region: Option<&'a str>,
}

impl<'a> Encoder<'a> {
    pub(crate) fn new(region: Option<&'a str>) -> Self {
        let encoded = Encoded {
            parameters: Parameters::new(),
            violation: None,
            resource: None,
            secret_parameters: Vec::new(),
            secret_texts: Vec::new(),
            encoded_bytes: Vec::new(),
        };
        Self { encoded, region }
    }

    pub(crate) fn finish(self) -> Encoded<'a> {
        self.encoded
    }

    /// Keeps the first violated limit.
    pub(crate) fn check(&mut self, limit: Result<(), ValidationError>) {
        if let (Err(violation), None) = (limit, &self.encoded.violation) {
            self.encoded.violation = Some(violation);
        }
    }

    /// Sets the resource that errors and spans name.
    pub(crate) fn resource(&mut self, resource: Option<Resource<'a>>) {
        self.encoded.resource = resource;
    }

    pub(crate) fn text(&mut self, name: &'a str, value: &'a str) {
        self.push(name, value);
    }

    /// Adds a text that no error, log or URL may show.
    pub(crate) fn secret_text(&mut self, name: &'a str, value: &'a str) {
        self.push(name, value);
        self.encoded.secret_texts.push(value);
    }

    pub(crate) fn optional_text(&mut self, name: &'static str, value: Option<&'a str>) {
        if let Some(value) = value {
            self.push(name, value);
        }
    }

    /// Notes secret bytes that a secret text encodes, since a response may echo them too.
    pub(crate) fn encoded_bytes(&mut self, bytes: SecretBytes) {
        self.encoded.encoded_bytes.push(bytes);
    }

    /// Adds bytes in Base64.
    pub(crate) fn base64(&mut self, name: &'static str, bytes: &[u8]) {
        self.push(name, STANDARD.encode(bytes));
    }

    /// Adds secret bytes in Base64.
    pub(crate) fn secret_base64(&mut self, name: &'static str, bytes: &'a SecretBytes) {
        let bytes = bytes.expose_secret();
        let encoded = Zeroizing::new(STANDARD.encode(bytes));
        self.encoded.secret_parameters.push((name, encoded));
        self.encoded.secret_texts.extend(str::from_utf8(bytes));
    }

    pub(crate) fn flag(&mut self, name: &'static str, value: bool) {
        self.push(name, if value { "true" } else { "false" });
    }

    pub(crate) fn number(&mut self, name: &'static str, value: impl Display) {
        self.push(name, value.to_string());
    }

    /// Adds a duration in whole seconds, such as `604800s`.
    pub(crate) fn seconds(&mut self, name: &'static str, value: Duration) {
        self.push(name, format!("{}s", value.as_secs()));
    }

    /// Adds a list as parameters that are numbered from 1: `TagKey.1`, `TagKey.2`.
    pub(crate) fn list(&mut self, name: &'static str, values: &'a [String]) {
        for (n, value) in (1..).zip(values) {
            self.push(format!("{name}.{n}"), value.as_str());
        }
    }

    /// Adds one parameter with the JSON of `value`, which consists of texts, numbers, and lists and
    /// maps of them.
    pub(crate) fn json<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        match serde_json::to_string(value) {
            Ok(json) => self.push(name, json),
            Err(_) => unreachable!("texts, numbers, and lists and maps of them are valid JSON"),
        }
    }

    pub(crate) fn optional_json<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: Option<&T>,
    ) {
        if let Some(value) = value {
            self.json(name, value);
        }
    }

    fn push(&mut self, name: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) {
        self.encoded.parameters.push((name.into(), value.into()));
    }
}
