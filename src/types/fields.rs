//! Objects that are read member by member, so that what no field is for can be kept.
//!
//! `#[serde(flatten)]` reads the same, through a tree of its own and several times the machine code.

use serde::Deserialize;
use serde_json::{Map, Value};

/// The members of a JSON object that have not been read yet.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Fields(Map<String, Value>);

/// A member that is of another form than documented.
#[derive(Debug, thiserror::Error)]
#[error("{name} is not {expected}")]
pub(super) struct FieldError {
    name: &'static str,
    expected: &'static str,
}

impl From<Map<String, Value>> for Fields {
    fn from(object: Map<String, Value>) -> Self {
        Self(object)
    }
}

impl Fields {
    /// `None` when it is missing or null, as with the other options.
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
            Some(_) => Err(FieldError { name, expected: "a text" }),
        }
    }

    pub(super) fn text(&mut self, name: &'static str) -> Result<String, FieldError> {
        self.optional_text(name)?.ok_or(FieldError { name, expected: "there" })
    }

    pub(super) fn object(&mut self, name: &'static str) -> Result<Option<Self>, FieldError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Object(object)) => Ok(Some(Self(object))),
            Some(_) => Err(FieldError { name, expected: "an object" }),
        }
    }

    /// A list that is empty when it is missing.
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
        objects.ok_or(FieldError { name, expected: "a list of objects" })
    }

    /// A list that is empty when it is missing, and for which a single text may stand.
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
        texts.ok_or(FieldError { name, expected: "a list of texts" })
    }

    pub(super) fn rest(self) -> Map<String, Value> {
        self.0
    }
}
