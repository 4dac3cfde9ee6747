//! Names of aliases.

use super::parsed_text::impl_parsed_text;

const PREFIX: &str = "alias/";
/// Texts differ on whether the prefix counts: so much is certainly too long.
const MAX_LENGTH: usize = PREFIX.len() + 255;

/// The name of an alias: `alias/` and up to 255 letters, digits and `_-/`.
///
/// An alias is a second name for one key, unique in its account and region. Names that start with
/// `alias/acs/` belong to keys of other services, such as `alias/acs/oss`.
///
/// <https://www.alibabacloud.com/help/en/kms/key-management-service/user-guide/manage-key-aliases>
///
/// ```
/// use alibabacloud_kms::keys::AliasName;
///
/// let alias: AliasName = "alias/app".parse()?;
/// assert_eq!(alias, "alias/app");
/// assert!("app".parse::<AliasName>().is_err());
/// # Ok::<(), alibabacloud_kms::keys::AliasNameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AliasName(String);

impl AliasName {
    /// Returns the name with its prefix.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn into_string(self) -> String {
        self.0
    }
}

/// A text is not the name of an alias.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the name of an alias must be alias/ and 1 to 255 letters, digits and _-/")]
pub struct AliasNameError(());

impl TryFrom<String> for AliasName {
    type Error = AliasNameError;

    fn try_from(text: String) -> Result<Self, AliasNameError> {
        if is_alias_name(&text) { Ok(Self(text)) } else { Err(AliasNameError(())) }
    }
}

impl_parsed_text!(AliasName, AliasNameError);

/// Returns whether a text has the form of an alias's name.
pub(super) fn is_alias_name(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_-/".contains(c);
    let name = text.strip_prefix(PREFIX).unwrap_or_default();
    !name.is_empty() && name.chars().all(allowed) && text.len() <= MAX_LENGTH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_need_the_prefix_and_allow_few_characters() {
        for name in ["alias/a", "alias/acs/oss", "alias/Example_1-2/3"] {
            assert_eq!(name.parse::<AliasName>().unwrap(), name);
        }
        for name in ["", "a", "alias/", "alias", "Alias/a", "alias/a b", "alias/a:b", "alias/é"] {
            assert_eq!(name.parse::<AliasName>(), Err(AliasNameError(())), "{name}");
        }
    }

    #[test]
    fn longest_name_is_allowed() {
        let name = |length| format!("alias/{}", "n".repeat(length));
        assert!(is_alias_name(&name(255)));
        assert!(!is_alias_name(&name(256)));
    }
}
