//! [`Resource`]: the secret, key or other resource that a request names.

use std::borrow::Cow;
use std::fmt;

/// A resource that a request names, with its version.
///
/// Names, ids and stages are not secret. They are shortened, since before a request is validated
/// they may be any text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Resource<'a> {
    name: Cow<'a, str>,
    /// The number of further resources that the request names.
    others: usize,
    version_id: Option<Cow<'a, str>>,
    version_stage: Option<Cow<'a, str>>,
}

/// Longer than an ARN with the longest name of a secret.
const MAX_CHARS: usize = 256;

impl<'a> Resource<'a> {
    /// Makes the resource of a secret's name or ARN, or of another resource's id.
    pub(crate) fn named(name: &'a str) -> Self {
        Self { name: bounded(name), others: 0, version_id: None, version_stage: None }
    }

    /// Makes the resource of several ids; `None` if there are none.
    pub(crate) fn first_of(ids: &'a [String]) -> Option<Self> {
        let (first, others) = ids.split_first()?;
        Some(Self { others: others.len(), ..Self::named(first) })
    }

    pub(crate) fn version(self, id: Option<&'a str>) -> Self {
        Self { version_id: id.map(bounded), ..self }
    }

    pub(crate) fn stage(self, stage: Option<&'a str>) -> Self {
        Self { version_stage: stage.map(bounded), ..self }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn version_id(&self) -> Option<&str> {
        self.version_id.as_deref()
    }

    pub(crate) fn version_stage(&self) -> Option<&str> {
        self.version_stage.as_deref()
    }

    pub(crate) fn into_owned(self) -> Resource<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        Resource {
            name: owned(self.name),
            others: self.others,
            version_id: self.version_id.map(owned),
            version_stage: self.version_stage.map(owned),
        }
    }
}

impl fmt::Display for Resource<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.name)?;
        if self.others > 0 {
            write!(f, " and {} more", self.others)?;
        }
        if let Some(id) = &self.version_id {
            write!(f, " version {id:?}")?;
        }
        match &self.version_stage {
            Some(stage) => write!(f, " stage {stage:?}"),
            None => Ok(()),
        }
    }
}

/// Shortens `text` to what an error may show.
pub(super) fn bounded(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resource_is_shown_by_name_and_version() {
        let secret = Resource::named("prod/db").version(Some("v1")).stage(Some("canary"));
        assert_eq!(secret.to_string(), r#""prod/db" version "v1" stage "canary""#);
    }

    #[test]
    fn several_resources_are_shown_by_the_first() {
        let ids = ["a\n", "b", "c"].map(str::to_owned);
        assert_eq!(Resource::first_of(&ids).unwrap().to_string(), r#""a\n" and 2 more"#);
        assert_eq!(Resource::first_of(&[]), None);
    }

    #[test]
    fn long_name_is_shortened() {
        let name = "密".repeat(1_000_000);
        let shown = Resource::named(&name).version(Some(&name)).stage(Some(&name)).to_string();
        assert!(shown.chars().count() < 800, "{}", shown.len());
        let longest = &name[..3 * MAX_CHARS];
        assert_eq!(Resource::named(longest).name(), longest);
        let one_more = &name[..3 * (MAX_CHARS + 1)];
        assert_eq!(Resource::named(one_more).name(), format!("{longest}…"));
    }
}
