//! One section of an INI file, its secrets out of the parser's reach at once.

use configparser::ini::{Ini, IniDefault};
use secrecy::SecretString;
use zeroize::{Zeroize as _, Zeroizing};

use super::super::CredentialsError;

/// The values of a section. Dropping it wipes them.
pub(super) struct Section {
    values: Vec<(String, Zeroizing<String>)>,
}

/// Reads the section called `name`; `None` when there is none. An error is a clause such as `cannot be read as INI`.
pub(super) fn read(text: &str, name: &str) -> Result<Option<Section>, &'static str> {
    let mut settings = IniDefault::default();
    settings.case_sensitive = true;
    // A key id may have a `#` in it, so what is a comment behind a value is decided here.
    settings.enable_inline_comments = false;
    let mut parser = Ini::new_from_defaults(settings);
    let copy = parser.read(text.to_owned());
    let mut section = None;
    let sections = copy.map_err(|_| "cannot be read as INI")?.into_iter();
    for (found, values) in sections.chain(std::mem::take(parser.get_mut_map())) {
        let values = values.into_iter().map(|(key, value)| {
            let value = Zeroizing::new(value.unwrap_or_default());
            (key.to_ascii_lowercase(), Zeroizing::new(bare(&value).to_owned()))
        });
        // Collected in any case, so that the values of other sections are wiped too.
        let values: Vec<_> = values.collect();
        if found == name {
            section = Some(Section { values });
        }
    }
    Ok(section)
}

/// A value without a comment behind it and without quotes around it.
fn bare(value: &str) -> &str {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some((inner, _)) = value.strip_prefix(quote).and_then(|rest| rest.split_once(quote))
        {
            return inner;
        }
    }
    let mut before = ' ';
    for (position, c) in value.char_indices() {
        if before.is_whitespace() && matches!(c, '#' | ';') {
            return value[..position].trim_end();
        }
        before = c;
    }
    value
}

impl Section {
    /// A value that is no secret; `None` when it is missing or empty.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        let (_, value) = self.values.iter().find(|(known, _)| known == key)?;
        (!value.is_empty()).then(|| value.as_str())
    }

    pub(super) fn required(&self, key: &str) -> Result<&str, CredentialsError> {
        self.text(key).ok_or_else(|| missing(key))
    }

    pub(super) fn secret(&mut self, key: &str) -> Result<SecretString, CredentialsError> {
        let secret = SecretString::from(self.required(key)?);
        for (known, value) in &mut self.values {
            if known == key {
                value.zeroize();
            }
        }
        Ok(secret)
    }

    pub(super) fn has_token(&self) -> bool {
        TOKENS.iter().any(|key| self.text(key).is_some())
    }

    /// The token, under either of its names.
    pub(super) fn token(&mut self) -> Result<SecretString, CredentialsError> {
        let key = TOKENS.iter().find(|key| self.text(key).is_some()).unwrap_or(&TOKENS[0]);
        self.secret(key)
    }
}

const TOKENS: [&str; 2] = ["security_token", "sts_token"];

fn missing(key: &str) -> CredentialsError {
    CredentialsError::new(format!("{key} is missing"))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn comments_and_quotes_are_left_out_and_a_hash_in_a_value_is_not() {
        for (written, read) in [
            ("LTAIfake#1", "LTAIfake#1"),
            ("LTAIfake # a comment", "LTAIfake"),
            ("LTAIfake ; a comment", "LTAIfake"),
            ("\"LTAIfake # 1\" # a comment", "LTAIfake # 1"),
            ("'LTAIfake'", "LTAIfake"),
            ("a=b:c", "a=b:c"),
            ("# all of it", ""),
            ("", ""),
            ("\"open", "\"open"),
        ] {
            assert_eq!(bare(written), read, "{written}");
        }
    }

    #[test]
    fn sections_are_found_by_name_and_keys_in_any_case() {
        let text = "; first\n[default]\ntype = access_key\nAccess_Key_ID = a\nbare\n# c\n[Other]\naccess_key_id: b\n";
        let section = read(text, "default").unwrap().unwrap();
        assert_eq!(section.text("type"), Some("access_key"));
        assert_eq!(section.text("access_key_id"), Some("a"));
        assert_eq!(section.text("bare"), None);
        assert_eq!(read(text, "Other").unwrap().unwrap().text("access_key_id"), Some("b"));
        assert!(read(text, "other").unwrap().is_none());
        assert!(read("[default\na = b", "default").is_err());
        assert!(read("", "default").unwrap().is_none());
    }

    #[test]
    fn a_secret_leaves_the_section_when_it_is_taken() {
        let mut section = read("[s]\nsts_token = t # c\n", "s").unwrap().unwrap();
        assert!(section.has_token());
        assert_eq!(section.token().unwrap().expose_secret(), "t");
        assert!(!section.has_token());
        assert_eq!(section.token().unwrap_err().to_string(), "security_token is missing");
    }
}
