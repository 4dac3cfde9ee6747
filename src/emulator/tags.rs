//! The limits of tags, and what setting them does. Pure.

use super::error_response::ErrorResponse;
use super::secret::EmulatedTag;

/// The longest key, and the longest value.
const MAX_CHARACTERS: usize = 128;
/// One source says 10.
const MAX_TAGS: usize = 20;

/// The part of a tag that is not valid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum InvalidPart {
    Key,
    Value,
}

pub(super) fn check(key: &str, value: &str) -> Result<(), InvalidPart> {
    let is_valid = |text: &str| {
        let is_allowed = |c: char| c.is_alphanumeric() || "/\\_-.+=:@".contains(c);
        text.chars().count() <= MAX_CHARACTERS && text.chars().all(is_allowed)
    };
    if key.is_empty() || !is_valid(key) || key.starts_with("aliyun") || key.starts_with("acs:") {
        return Err(InvalidPart::Key);
    }
    if is_valid(value) { Ok(()) } else { Err(InvalidPart::Value) }
}

/// Returns the tags after setting `added`, whose values replace those of the same keys.
pub(super) fn merged(
    tags: &[EmulatedTag],
    added: impl IntoIterator<Item = EmulatedTag>,
) -> Result<Vec<EmulatedTag>, ErrorResponse> {
    let mut tags = tags.to_vec();
    for tag in added {
        tags.retain(|old| old.key != tag.key);
        tags.push(tag);
    }
    if tags.len() > MAX_TAGS {
        let message = "The number of tags of the resource exceeds the limit of 20.";
        return Err(ErrorResponse::service(400, "Rejected.LimitExceeded", message));
    }
    Ok(tags)
}

/// Returns the error for a request that contains a tag key more than once.
pub(super) fn duplicate_key() -> ErrorResponse {
    ErrorResponse::service(400, "Duplicate.TagKey", "A tag key is given more than once.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(key: &str, value: &str) -> EmulatedTag {
        EmulatedTag { key: key.to_owned(), value: value.to_owned() }
    }

    #[test]
    fn keys_and_values_outside_their_limits_are_rejected() {
        assert_eq!(check("团队/a\\b_c-d.e+f=g:h@i", ""), Ok(()));
        assert_eq!(check(&"团".repeat(128), &"v".repeat(128)), Ok(()));
        for key in ["", "a b", "aliyun:team", "acs:team", &"k".repeat(129)] {
            assert_eq!(check(key, "v"), Err(InvalidPart::Key), "{key}");
        }
        for value in ["a b", "{}", &"v".repeat(129)] {
            assert_eq!(check("k", value), Err(InvalidPart::Value), "{value}");
        }
    }

    #[test]
    fn value_is_replaced_and_a_twenty_first_key_is_rejected() {
        let tags = merged(&[tag("a", "1"), tag("b", "1")], [tag("a", "2")]).unwrap();
        let pairs: Vec<_> = tags.iter().map(|tag| (&*tag.key, &*tag.value)).collect();
        assert_eq!(pairs, [("b", "1"), ("a", "2")]);
        let many = merged(&[], (0..20).map(|n| tag(&n.to_string(), ""))).unwrap();
        assert!(merged(&many, [tag("0", "again")]).is_ok());
        let error = merged(&many, [tag("20", "")]).unwrap_err();
        assert_eq!((error.status, &*error.code), (400, "Rejected.LimitExceeded"));
    }
}
