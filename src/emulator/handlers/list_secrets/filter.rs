//! [`Filters`]: the `Filters` of ListSecrets, parsed, limited as documented, and matched.
//!
//! The service does not document how a value is compared, nor how several entries combine. Assumed
//! here: a value matches the whole text, case included, except that `*` matches any text, as in the
//! service's own samples (`test-*`); the values of an entry are alternatives, and every entry must
//! match; an entry without values restricts nothing.

use serde::Deserialize;

use crate::emulator::error_response::ErrorResponse;
use crate::emulator::secret::EmulatedSecret;

/// The largest number of entries, and of values in an entry.
const MAX_COUNT: usize = 10;

pub(super) struct Filters(Vec<Filter>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Filter {
    key: Field,
    #[serde(default)]
    values: Vec<String>,
}

/// The field that a filter compares, as its `Key` names it.
#[derive(Clone, Copy, Deserialize)]
enum Field {
    SecretName,
    Description,
    TagKey,
    TagValue,
    #[serde(rename = "DKMSInstanceId")]
    InstanceId,
    SecretType,
    Creator,
}

impl Filters {
    /// Parses the parameter's JSON. An empty text is the same as no filter.
    pub(super) fn parse(text: &str) -> Result<Self, ErrorResponse> {
        if text.is_empty() {
            return Ok(Self(Vec::new()));
        }
        let filters: Vec<Filter> = serde_json::from_str(text)
            .map_err(|error| ErrorResponse::invalid_parameter("Filters", &error.to_string()))?;
        check_limits(&filters)
            .map_err(|allowed| ErrorResponse::invalid_parameter("Filters", &allowed))?;
        Ok(Self(filters))
    }

    pub(super) fn match_secret(&self, secret: &EmulatedSecret) -> bool {
        self.0.iter().all(|filter| filter.matches(secret))
    }
}

/// Returns what is allowed if a limit is exceeded.
fn check_limits(filters: &[Filter]) -> Result<(), String> {
    if filters.len() > MAX_COUNT {
        return Err(format!("at most {MAX_COUNT} entries"));
    }
    for filter in filters {
        if filter.values.len() > MAX_COUNT {
            return Err(format!("at most {MAX_COUNT} values in an entry"));
        }
        let max = filter.key.max_value_length();
        for value in &filter.values {
            let length = value.chars().count();
            if length == 0 || max.is_some_and(|max| length > max) {
                let range =
                    max.map_or_else(|| "at least 1".to_owned(), |max| format!("1 to {max}"));
                return Err(format!("a value of this key has {range} characters"));
            }
        }
    }
    Ok(())
}

impl Field {
    /// Returns the documented length in characters. None is documented for the newer keys.
    fn max_value_length(self) -> Option<usize> {
        match self {
            Self::SecretName => Some(192),
            Self::Description | Self::TagKey | Self::TagValue => Some(256),
            Self::InstanceId | Self::SecretType | Self::Creator => None,
        }
    }
}

impl Filter {
    fn matches(&self, secret: &EmulatedSecret) -> bool {
        self.values.is_empty()
            || match self.key {
                Field::SecretName => self.accepts(&secret.name),
                Field::Description => self.accepts(&secret.description),
                Field::TagKey => secret.tags.iter().any(|tag| self.accepts(&tag.key)),
                Field::TagValue => secret.tags.iter().any(|tag| self.accepts(&tag.value)),
                Field::InstanceId => self.accepts(&secret.instance_id),
                Field::SecretType => self.accepts(&secret.secret_type),
                Field::Creator => self.accepts(&secret.creator),
            }
    }

    fn accepts(&self, text: &str) -> bool {
        self.values.iter().any(|value| matches_pattern(value, text))
    }
}

/// Returns whether `pattern`, in which `*` matches any text, matches the whole `text`.
fn matches_pattern(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    // Matching each piece at its first occurrence leaves the most text for the pieces after it, so
    // no backtracking is needed.
    for piece in middle.split('*') {
        let Some(start) = text.find(piece) else { return false };
        text = &text[start + piece.len()..];
    }
    text.ends_with(last)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn filters(key: &str, values: &[&str]) -> String {
        json!([{"Key": key, "Values": values}]).to_string()
    }

    fn matches(filters: &str, secret: &EmulatedSecret) -> bool {
        Filters::parse(filters).map(|filters| filters.match_secret(secret)).unwrap()
    }

    #[track_caller]
    fn assert_rejected(filters: &str) {
        let error = Filters::parse(filters).map(|_| ()).unwrap_err();
        assert_eq!((error.status, &*error.code), (400, "InvalidParameter"));
    }

    #[test]
    fn each_key_compares_its_own_field() {
        let secret = EmulatedSecret::new("name")
            .description("description")
            .tag("key", "value")
            .tag("key 2", "value 2")
            .instance_id("kst-1")
            .secret_type("Rds")
            .creator("ecs");
        for (key, value) in [
            ("SecretName", "name"),
            ("Description", "description"),
            ("TagKey", "key"),
            ("TagKey", "key 2"),
            ("TagValue", "value 2"),
            ("DKMSInstanceId", "kst-1"),
            ("SecretType", "Rds"),
            ("Creator", "ecs"),
        ] {
            assert!(matches(&filters(key, &["other", value]), &secret), "{key}");
            assert!(!matches(&filters(key, &["other", &value.to_uppercase()]), &secret), "{key}");
        }
    }

    #[test]
    fn values_are_alternatives_and_every_entry_must_match() {
        let secret = EmulatedSecret::new("a").secret_type("Rds");
        let both = |name, kind| {
            json!([{"Key": "SecretName", "Values": [name]}, {"Key": "SecretType", "Values": [kind]}])
                .to_string()
        };
        assert!(matches(&filters("SecretName", &["x", "a"]), &secret));
        assert!(matches(&both("a", "Rds"), &secret));
        assert!(!matches(&both("a", "Redis"), &secret));
        assert!(!matches(&both("b", "Rds"), &secret));
        assert!(matches("", &secret));
        assert!(matches("[]", &secret));
        assert!(matches(r#"[{"Key":"TagKey"}]"#, &secret));
    }

    #[test]
    fn star_matches_any_text() {
        for (pattern, text) in [
            ("*", ""),
            ("*", "anything"),
            ("test-*", "test-"),
            ("*-test", "a-test-test"),
            ("a*b*c", "abbc"),
            ("a**c", "ac"),
            ("密*钥", "密🔑钥"),
        ] {
            assert!(matches_pattern(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("test-*", "a-test-"), ("a*a", "a"), ("a*b*b", "ab"), ("", "a"), ("*a", "ab")]
        {
            assert!(!matches_pattern(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn filters_over_the_documented_limits_are_rejected() {
        let entries = |count| {
            serde_json::to_string(&vec![json!({"Key": "TagKey", "Values": ["k"]}); count]).unwrap()
        };
        let values = |count| filters("TagKey", &vec!["k"; count]);
        let long = |key, length| filters(key, &[&"字".repeat(length)]);
        for accepted in [
            entries(10),
            values(10),
            long("SecretName", 192),
            long("Description", 256),
            long("TagKey", 256),
            long("TagValue", 256),
            long("Creator", 1000),
        ] {
            assert!(Filters::parse(&accepted).is_ok(), "{accepted}");
        }
        assert_rejected(&entries(11));
        assert_rejected(&values(11));
        assert_rejected(&long("SecretName", 193));
        assert_rejected(&long("Description", 257));
        assert_rejected(&long("TagKey", 257));
        assert_rejected(&long("TagValue", 257));
        assert_rejected(&filters("Creator", &[""]));
    }

    #[test]
    fn text_that_is_not_a_list_of_filters_is_rejected() {
        for text in [
            "[",
            "{}",
            "null",
            r#"["SecretName"]"#,
            r#"[{"Key":"Colour","Values":["red"]}]"#,
            r#"[{"Key":"TagKey","Values":"k"}]"#,
            r#"[{"Key":"TagKey","Values":[1]}]"#,
            r#"[{"Key":"TagKey","Value":["k"]}]"#,
            r#"[{"Values":["k"]}]"#,
        ] {
            assert_rejected(text);
        }
    }

    proptest! {
        #[test]
        fn any_text_matches_only_itself(text in "\\PC{1,256}|[\u{0}-\u{ff}]{1,256}") {
            let filters = filters("Description", &[&text]);
            prop_assert!(matches(&filters, &EmulatedSecret::new("a").description(&text)));
            let longer = EmulatedSecret::new("a").description(format!("{text}!"));
            prop_assert!(text.contains('*') || !matches(&filters, &longer));
        }

        #[test]
        fn star_matches_whatever_replaces_it(pieces in proptest::collection::vec("[ab]{0,3}", 1..5), filling in "[ab]{0,3}") {
            prop_assert!(matches_pattern(&pieces.join("*"), &pieces.join(&filling)));
        }
    }
}
