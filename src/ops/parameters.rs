//! How the values of a request are written as parameters.

use std::borrow::Cow;
use std::fmt::Display;

use serde::Serialize;

use crate::sign::Parameters;

/// The parameters of an operation, put together one by one. What has no value is left out: an empty text is one.
#[derive(Default)]
pub(super) struct ParameterList<'a>(Parameters<'a>);

impl<'a> ParameterList<'a> {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn text(self, name: &'static str, value: &'a str) -> Self {
        self.with(name, value)
    }

    pub(super) fn optional_text(self, name: &'static str, value: Option<&'a str>) -> Self {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    pub(super) fn flag(self, name: &'static str, value: bool) -> Self {
        self.with(name, if value { "true" } else { "false" })
    }

    pub(super) fn number(self, name: &'static str, value: impl Display) -> Self {
        self.with(name, value.to_string())
    }

    /// One parameter that holds the JSON form of `value`, which consists of texts, numbers, and lists and maps of them.
    pub(super) fn json<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Self {
        match serde_json::to_string(value) {
            Ok(json) => self.with(name, json),
            Err(_) => unreachable!("texts, numbers, and lists and maps of them, have a JSON form"),
        }
    }

    pub(super) fn optional_json<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: Option<&T>,
    ) -> Self {
        match value {
            Some(value) => self.json(name, value),
            None => self,
        }
    }

    pub(super) fn done(self) -> Parameters<'a> {
        self.0
    }

    fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Cow<'a, str>>) -> Self {
        self.0.push((name.into(), value.into()));
        self
    }
}
