//! One section of an INI file.

use std::fmt;

use zeroize::Zeroizing;

use super::super::settings::Settings;
use crate::identity::describe;

/// A line that is not INI. A file with such a line is an error as a whole: a damaged header would
/// otherwise give the access key of another section.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct IniError {
    line: usize,
    problem: Problem,
}

#[derive(Debug, PartialEq, Eq)]
enum Problem {
    Syntax,
    Header,
    NoSection,
    Character(char),
    DuplicateSection(String),
    DuplicateKey(String),
}

/// Reads the section called `name`; `None` if there is no such section.
pub(super) fn read(text: &str, name: &str) -> Result<Option<Settings>, IniError> {
    let mut section: Option<Settings> = None;
    let mut current = None;
    for (index, line) in text.lines().enumerate() {
        let error = |problem| IniError { line: index + 1, problem };
        match parse(line.trim()).map_err(error)? {
            Line::Blank => {}
            Line::Header(header) => {
                if header == name && section.is_some() {
                    return Err(error(Problem::DuplicateSection(header.to_owned())));
                }
                if header == name {
                    section = Some(Settings::default());
                }
                current = Some(header);
            }
            Line::Setting(key, value) => {
                let current = current.ok_or_else(|| error(Problem::NoSection))?;
                let Some(section) = section.as_mut().filter(|_| current == name) else { continue };
                let key = key.to_ascii_lowercase();
                if section.contains(&key) {
                    return Err(error(Problem::DuplicateKey(key)));
                }
                section.set(key, Zeroizing::new(value.to_owned()));
            }
        }
    }
    Ok(section)
}

enum Line<'a> {
    /// Empty, or a comment.
    Blank,
    Header(&'a str),
    Setting(&'a str, &'a str),
}

fn parse(line: &str) -> Result<Line<'_>, Problem> {
    if is_comment_or_empty(line) {
        return Ok(Line::Blank);
    }
    if let Some(c) = line.chars().next().filter(|c| is_invisible(*c)) {
        return Err(Problem::Character(c));
    }
    if let Some(rest) = line.strip_prefix('[') {
        let (header, rest) = rest.split_once(']').ok_or(Problem::Header)?;
        let header = header.trim();
        if header.is_empty() || !is_comment_or_empty(rest.trim_start()) {
            return Err(Problem::Header);
        }
        // Names may be in any script, so only what is invisible is rejected.
        return match header.chars().find(|c| is_invisible(*c)) {
            Some(c) => Err(Problem::Character(c)),
            None => Ok(Line::Header(header)),
        };
    }
    let (key, value) = line.split_once(['=', ':']).ok_or(Problem::Syntax)?;
    let key = key.trim_end();
    match key.chars().find(|c| !matches!(c, ' '..='~')) {
        Some(c) => Err(Problem::Character(c)),
        None if key.is_empty() => Err(Problem::Syntax),
        None => Ok(Line::Setting(key, unquote(value))),
    }
}

fn is_comment_or_empty(text: &str) -> bool {
    text.is_empty() || text.starts_with(['#', ';'])
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        || c.is_whitespace() && c != ' '
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fffd}')
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

/// A clause such as `cannot be read as an INI file: line 3 is not a [section]`.
impl fmt::Display for IniError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, problem } = self;
        write!(f, "cannot be read as an INI file: line {line} ")?;
        match problem {
            Problem::Syntax => f.write_str("must be a [section], key = value, or a comment"),
            Problem::Header => f.write_str("starts like a [section] and does not end like one"),
            Problem::NoSection => f.write_str("is before the first [section]"),
            Problem::Character(c) => write!(f, "contains {}", describe(*c)),
            Problem::DuplicateSection(name) => write!(f, "starts section {name} again"),
            Problem::DuplicateKey(key) => write!(f, "sets {key} again"),
        }
    }
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
        let text = "; first\n[default] # a comment [x]\ntype = access_key\n  Access_Key_ID = a\r\n\
                    none =\n# c\n[ 测试 ]\naccess_key_id: b\n";
        let section = read(text, "default").unwrap().unwrap();
        assert_eq!(section.text("type"), Some("access_key"));
        assert_eq!(section.text("access_key_id"), Some("a"));
        assert_eq!(section.text("none"), None);
        assert_eq!(read(text, "测试").unwrap().unwrap().text("access_key_id"), Some("b"));
        assert!(read(text, "Default").unwrap().is_none());
        assert!(read("", "default").unwrap().is_none());
        assert!(read("[a]\n", "a").unwrap().is_some());
    }

    #[test]
    fn damaged_line_is_named() {
        let error = |text| match read(text, "dev") {
            Ok(section) => panic!("{:?}", section.map(|_| "a section")),
            Err(error) => error.to_string(),
        };
        let starts = "cannot be read as an INI file: line ";
        for (text, problem) in [
            ("[dev\na = 1", "1 starts like a [section] and does not end like one"),
            ("[dev]\na = 1\n[prod] x [y]\n", "3 starts like a [section] and does not end like one"),
            ("[]\n", "1 starts like a [section] and does not end like one"),
            ("[dev]\nprod]\na = 1", "2 must be a [section], key = value, or a comment"),
            ("[dev]\na = 1\naccess_key", "3 must be a [section], key = value, or a comment"),
            ("[dev]\n= 1", "2 must be a [section], key = value, or a comment"),
            ("a = 1\n[dev]\n", "1 is before the first [section]"),
            ("\u{200b}[prod]\na = 1\n[dev]", "1 contains U+200B (zero width space)"),
            ("[dev]\na = 1\n\u{feff}[prod]\n", "3 contains U+FEFF (byte order mark)"),
            ("[prod\u{200b}]\na = 1\n[dev]", "1 contains U+200B (zero width space)"),
            ("[dev]\n\u{200b}a = 1", "2 contains U+200B (zero width space)"),
            ("[dev]\na = 1\n[prod]\n[dev]", "4 starts section dev again"),
            ("[dev]\na = 1\nA: 2", "3 sets a again"),
            ("[dev]\ra = 1", "1 starts like a [section] and does not end like one"),
        ] {
            assert_eq!(error(text), format!("{starts}{problem}"), "{text:?}");
        }
        // What another section sets twice does not matter.
        assert!(read("[a]\nx = 1\nx = 2\n[a]\n[dev]\n", "dev").is_ok());
    }
}
