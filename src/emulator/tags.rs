//! The limits of tags, and what setting and removing them does. Pure.

use super::error_response::Refusal;
use super::secret::EmulatedTag;

const MOST_CHARACTERS: usize = 128;
/// One source says 10.
const MOST_TAGS: usize = 20;

/// What is wrong with a tag that is to be set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum BadTag {
    Key,
    Value,
}

pub(super) fn check(key: &str, value: &str) -> Result<(), BadTag> {
    let fits = |text: &str| {
        let allowed = |c: char| c.is_alphanumeric() || "/\\_-.+=:@".contains(c);
        text.chars().count() <= MOST_CHARACTERS && text.chars().all(allowed)
    };
    if key.is_empty() || !fits(key) || key.starts_with("aliyun") || key.starts_with("acs:") {
        return Err(BadTag::Key);
    }
    if fits(value) { Ok(()) } else { Err(BadTag::Value) }
}

/// What a resource has after these tags were set on it, the old values of their keys replaced.
pub(super) fn with(
    tags: &[EmulatedTag],
    set: impl IntoIterator<Item = EmulatedTag>,
) -> Result<Vec<EmulatedTag>, Refusal> {
    let mut tags = tags.to_vec();
    for tag in set {
        tags.retain(|old| old.key != tag.key);
        tags.push(tag);
    }
    if tags.len() > MOST_TAGS {
        let message = "The number of tags of the resource exceeds the limit of 20.";
        return Err(Refusal::service(400, "Rejected.LimitExceeded", message));
    }
    Ok(tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(key: &str, value: &str) -> EmulatedTag {
        EmulatedTag { key: key.to_owned(), value: value.to_owned() }
    }

    #[test]
    fn keys_and_values_have_limits() {
        assert_eq!(check("团队/a\\b_c-d.e+f=g:h@i", ""), Ok(()));
        for key in ["", "a b", "aliyun:team", "acs:team", &"k".repeat(129)] {
            assert_eq!(check(key, "v"), Err(BadTag::Key), "{key}");
        }
        for value in ["a b", "{}", &"v".repeat(129)] {
            assert_eq!(check("k", value), Err(BadTag::Value), "{value}");
        }
    }

    #[test]
    fn a_key_has_one_value_and_there_are_twenty_keys() {
        let tags = with(&[tag("a", "1"), tag("b", "1")], [tag("a", "2")]).unwrap();
        let told: Vec<_> = tags.iter().map(|tag| (&*tag.key, &*tag.value)).collect();
        assert_eq!(told, [("b", "1"), ("a", "2")]);
        let many = with(&[], (0..20).map(|n| tag(&n.to_string(), ""))).unwrap();
        assert!(with(&many, [tag("0", "again")]).is_ok());
        let refusal = with(&many, [tag("20", "")]).unwrap_err();
        assert_eq!(refusal.code, "Rejected.LimitExceeded");
    }
}
