//! One section of an INI file.

use zeroize::Zeroizing;

use super::super::settings::Settings;

/// The section of the lines before the first header.
const FIRST_SECTION: &str = "default";

/// Reads all parts of the section called `name`; `None` if there is no such section. An error is a
/// clause such as `cannot be read as INI`.
pub(super) fn read(text: &str, name: &str) -> Result<Option<Settings>, &'static str> {
    let unreadable = "cannot be read as INI";
    let mut section = None;
    let mut current = FIRST_SECTION;
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(header) = line.strip_prefix('[') {
            let (header, _) = header.rsplit_once(']').ok_or(unreadable)?;
            current = header.trim();
            if current == name {
                section.get_or_insert_with(Settings::default);
            }
            continue;
        }
        // A key without a separator has no value.
        let (key, value) = line.split_once(['=', ':']).unwrap_or((line, ""));
        if key.is_empty() {
            return Err(unreadable);
        }
        if current == name {
            let value = Zeroizing::new(unquote(value).to_owned());
            let section = section.get_or_insert_with(Settings::default);
            section.set(key.trim_end().to_ascii_lowercase(), value);
        }
    }
    Ok(section)
}

/// Removes the quotes around a value and the comment after it.
fn unquote(value: &str) -> &str {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_quotes_are_removed_and_a_hash_inside_is_not() {
        for (text, value) in [
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
            assert_eq!(unquote(text), value, "{text}");
        }
    }

    #[test]
    fn section_names_are_exact_and_keys_ignore_case() {
        let text = "; first\n[default]\ntype = access_key\nAccess_Key_ID = a\nbare\n# c\n[Other]\naccess_key_id: b\n";
        let section = read(text, "default").unwrap().unwrap();
        assert_eq!(section.text("type"), Some("access_key"));
        assert_eq!(section.text("access_key_id"), Some("a"));
        assert_eq!(section.text("bare"), None);
        assert_eq!(read(text, "Other").unwrap().unwrap().text("access_key_id"), Some("b"));
        assert!(read(text, "other").unwrap().is_none());
        assert!(read("[default\na = b", "default").is_err());
        assert!(read("[other]\n= b", "default").is_err());
        assert!(read("", "default").unwrap().is_none());
        assert!(read("[a]\n", "a").unwrap().is_some());
    }

    #[test]
    fn section_may_have_several_parts() {
        let text = "a = 1\n[other]\na = 2\n[default]\nb = 3\na = 4\n";
        let section = read(text, "default").unwrap().unwrap();
        assert_eq!(section.text("a"), Some("4"));
        assert_eq!(section.text("b"), Some("3"));
    }
}
