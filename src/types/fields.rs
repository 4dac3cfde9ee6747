//! Reads a JSON object field by field, so that the fields that a type does not have can be kept.
//!
//! `#[serde(flatten)]` does the same through a buffer of its own, with several times the machine
//! code.

use serde::Deserialize;
use serde_json::{Map, Value};

/// The fields of a JSON object that have not been read yet.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Fields(Map<String, Value>);

/// A field is missing, or has another form than documented.
#[derive(Debug, thiserror::Error)]
pub(super) enum FieldError {
    #[error("`{0}` is missing")]
    Missing(&'static str),
    #[error("`{name}` must be {expected}")]
    Type { name: &'static str, expected: &'static str },
}

impl From<Map<String, Value>> for Fields {
    fn from(object: Map<String, Value>) -> Self {
        Self(object)
    }
}

impl Fields {
    /// Removes a field; `None` if it is missing or null.
    pub(super) fn value(&mut self, name: &'static str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }

    pub(super) fn optional_text(
        &mut self,
        name: &'static str,
    ) -> Result<Option<String>, FieldError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(FieldError::Type { name, expected: "a text" }),
        }
    }

    pub(super) fn text(&mut self, name: &'static str) -> Result<String, FieldError> {
        self.optional_text(name)?.ok_or(FieldError::Missing(name))
    }

    pub(super) fn object(&mut self, name: &'static str) -> Result<Option<Self>, FieldError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Object(object)) => Ok(Some(Self(object))),
            Some(_) => Err(FieldError::Type { name, expected: "an object" }),
        }
    }

    /// Removes a list of objects; empty if it is missing.
    pub(super) fn objects(&mut self, name: &'static str) -> Result<Vec<Self>, FieldError> {
        let object = |item| match item {
            Value::Object(object) => Some(Self(object)),
            _ => None,
        };
        let objects = match self.0.remove(name) {
            None => Some(Vec::new()),
            Some(Value::Array(items)) => items.into_iter().map(object).collect(),
            Some(_) => None,
        };
        objects.ok_or(FieldError::Type { name, expected: "a list of objects" })
    }

    /// Removes a list of texts, which may be a single text; empty if it is missing.
    pub(super) fn texts(&mut self, name: &'static str) -> Result<Vec<String>, FieldError> {
        let text = |item| match item {
            Value::String(text) => Some(text),
            _ => None,
        };
        let texts = match self.0.remove(name) {
            None => Some(Vec::new()),
            Some(Value::String(one)) => Some(vec![one]),
            Some(Value::Array(items)) => items.into_iter().map(text).collect(),
            Some(_) => None,
        };
        texts.ok_or(FieldError::Type { name, expected: "a list of texts" })
    }

    /// Returns the fields that were not read.
    pub(super) fn rest(self) -> Map<String, Value> {
        self.0
    }
}
