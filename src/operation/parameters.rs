//! How the values of a request are written as parameters.

use std::borrow::Cow;
use std::fmt::Display;
use std::time::Duration;

use serde::Serialize;

use crate::sign::Parameters;

/// The parameters of an operation, put together one by one. What has no value is left out: an empty text is one.
#[derive(Default)]
pub(crate) struct ParameterList<'a>(Parameters<'a>);

impl<'a> ParameterList<'a> {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn text(self, name: &'static str, value: &'a str) -> Self {
        self.with(name, value)
    }

    pub(crate) fn optional_text(self, name: &'static str, value: Option<&'a str>) -> Self {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    pub(crate) fn flag(self, name: &'static str, value: bool) -> Self {
        self.with(name, if value { "true" } else { "false" })
    }

    pub(crate) fn number(self, name: &'static str, value: impl Display) -> Self {
        self.with(name, value.to_string())
    }

    /// A list, as parameters that are numbered from 1: `TagKey.1`, `TagKey.2`.
    pub(crate) fn list(self, name: &'static str, values: &'a [String]) -> Self {
        let numbered = (1..).zip(values);
        numbered.fold(self, |list, (n, value)| list.with(format!("{name}.{n}"), value.as_str()))
    }

    /// Keys with their values, where they have one, numbered from 1: `Tag.1.Key`, `Tag.1.Value`.
    pub(crate) fn tags(self, tags: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) -> Self {
        (1..).zip(tags).fold(self, |list, (n, (key, value))| {
            let list = list.with(format!("Tag.{n}.Key"), key);
            match value {
                Some(value) => list.with(format!("Tag.{n}.Value"), value),
                None => list,
            }
        })
    }

    /// A length of time in whole seconds, `604800s`, as answers have it.
    pub(crate) fn seconds(self, name: &'static str, value: Duration) -> Self {
        self.with(name, format!("{}s", value.as_secs()))
    }

    /// One parameter that holds the JSON form of `value`, which consists of texts, numbers, and lists and maps of them.
    pub(crate) fn json<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Self {
        match serde_json::to_string(value) {
            Ok(json) => self.with(name, json),
            Err(_) => unreachable!("texts, numbers, and lists and maps of them, have a JSON form"),
        }
    }

    pub(crate) fn optional_json<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: Option<&T>,
    ) -> Self {
        match value {
            Some(value) => self.json(name, value),
            None => self,
        }
    }

    pub(crate) fn done(self) -> Parameters<'a> {
        self.0
    }

    fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Cow<'a, str>>) -> Self {
        self.0.push((name.into(), value.into()));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_numbered_from_one() {
        let ids = ["a", "b"].map(String::from);
        let list = ParameterList::new()
            .list("ResourceId", &ids)
            .list("TagKey", &[])
            .tags([("team", Some("core")), ("empty", Some("")), ("any", None)])
            .done();
        let sent: Vec<_> = list.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let tags = [
            "Tag.1.Key=team",
            "Tag.1.Value=core",
            "Tag.2.Key=empty",
            "Tag.2.Value=",
            "Tag.3.Key=any",
        ];
        assert_eq!(sent, [&["ResourceId.1=a", "ResourceId.2=b"], &tags[..]].concat());
    }
}
