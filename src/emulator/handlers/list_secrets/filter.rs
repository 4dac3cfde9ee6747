//! The `Filters` of ListSecrets: parsed, held to the documented limits, and matched.
//!
//! The service does not document how a value is compared, nor how several entries combine. Our reading: a value matches the
//! whole text, case and all, save that `*` stands for any text, as in the service's own samples (`test-*`); the values of an
//! entry are alternatives, and every entry has to match; an entry without values restricts nothing.

use serde::Deserialize;

use crate::emulator::error_response::Refusal;
use crate::emulator::secret::EmulatedSecret;

/// The most entries, and the most values of an entry.
const MOST: usize = 10;

pub(super) struct Filters(Vec<Filter>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Filter {
    key: Field,
    #[serde(default)]
    values: Vec<String>,
}

/// What a filter looks at, by the `Key` that stands for it.
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
    /// Reads the parameter's JSON; an empty text is as good as none.
    pub(super) fn parse(text: &str) -> Result<Self, Refusal> {
        if text.is_empty() {
            return Ok(Self(Vec::new()));
        }
        let filters: Vec<Filter> = serde_json::from_str(text)
            .map_err(|error| Refusal::invalid_parameter("Filters", &error.to_string()))?;
        check_limits(&filters)
            .map_err(|allowed| Refusal::invalid_parameter("Filters", &allowed))?;
        Ok(Self(filters))
    }

    pub(super) fn match_secret(&self, secret: &EmulatedSecret) -> bool {
        self.0.iter().all(|filter| filter.matches(secret))
    }
}

/// Says what is allowed where something is not.
fn check_limits(filters: &[Filter]) -> Result<(), String> {
    if filters.len() > MOST {
        return Err(format!("at most {MOST} entries"));
    }
    for filter in filters {
        if filter.values.len() > MOST {
            return Err(format!("at most {MOST} values in an entry"));
        }
        let longest = filter.key.longest_value();
        for value in &filter.values {
            let length = value.chars().count();
            if length == 0 || longest.is_some_and(|longest| length > longest) {
                let longest = longest.map_or_else(String::new, |longest| format!(" to {longest}"));
                return Err(format!("a value of this key has 1{longest} characters"));
            }
        }
    }
    Ok(())
}

impl Field {
    /// The documented length in characters; the newer keys have none.
    fn longest_value(self) -> Option<usize> {
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

/// Whether `pattern`, in which `*` stands for any text, is all of `text`.
fn matches_pattern(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    // Taking each piece at its first occurrence leaves the most for those after it, so nothing has to be tried again.
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
    fn refused(filters: &str) {
        let refusal = Filters::parse(filters).map(|_| ()).unwrap_err();
        assert_eq!((refusal.status, &*refusal.code), (400, "InvalidParameter"));
    }

    #[test]
    fn each_key_looks_at_its_own_field() {
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
    fn values_are_alternatives_and_every_entry_has_to_match() {
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
    fn a_star_stands_for_any_text() {
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
    fn the_documented_limits_hold() {
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
        refused(&entries(11));
        refused(&values(11));
        refused(&long("SecretName", 193));
        refused(&long("Description", 257));
        refused(&long("TagKey", 257));
        refused(&long("TagValue", 257));
        refused(&filters("Creator", &[""]));
    }

    #[test]
    fn what_is_not_a_list_of_known_filters_is_refused() {
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
            refused(text);
        }
    }

    proptest! {
        #[test]
        fn any_text_finds_the_secret_it_describes_and_no_other(text in "\\PC{1,256}|[\u{0}-\u{ff}]{1,256}") {
            let filters = filters("Description", &[&text]);
            prop_assert!(matches(&filters, &EmulatedSecret::new("a").description(&text)));
            let longer = EmulatedSecret::new("a").description(format!("{text}!"));
            prop_assert!(text.contains('*') || !matches(&filters, &longer));
        }

        #[test]
        fn a_pattern_matches_whatever_its_stars_are_replaced_by(pieces in proptest::collection::vec("[ab]{0,3}", 1..5), filling in "[ab]{0,3}") {
            prop_assert!(matches_pattern(&pieces.join("*"), &pieces.join(&filling)));
        }
    }
}
