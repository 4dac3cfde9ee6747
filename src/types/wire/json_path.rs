//! Finds where in a JSON document reading stopped, as a path of names and indexes.
//!
//! The document is scanned a second time, by one function for all types. Tracking the path while
//! reading, or reading again with a deserializer that does, would compile each type's code twice.

use std::fmt;

enum Step<'a> {
    /// A field of an object, with an empty name before the first.
    Field(&'a str),
    Element(usize),
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) if is_plain_name(name) => write!(f, ".{name}"),
            Self::Field(_) => f.write_str(".?"),
            Self::Element(index) => write!(f, "[{index}]"),
        }
    }
}

/// Returns whether a path may show a name. Names of fields are words, so that anything else may be
/// data that was used as a name, such as a token that a map is keyed by.
fn is_plain_name(text: &str) -> bool {
    text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
}

/// Returns the path, such as `SecretList.Secret[1].SecretName`, of the value at which reading
/// `json` failed; `.` for the document itself. A name that is not a word of ASCII letters and `_`
/// is shown as `?`.
pub(crate) fn path_of_error(json: &str, error: &serde_json::Error) -> String {
    let lines = json.split_inclusive('\n').take(error.line().saturating_sub(1));
    // Columns count bytes.
    let end = lines.map(str::len).sum::<usize>() + error.column();
    path_of_end(json.get(..end).unwrap_or(json))
}

/// Returns the path of the value that the last byte of `read` belongs to. A bracket that opens a
/// value belongs to what contains the value.
fn path_of_end(read: &str) -> String {
    let read = read.strip_suffix(['{', '[']).unwrap_or(read);
    let mut steps = Vec::new();
    let mut rest = read;
    while let Some(at) = rest.find(['{', '}', '[', ']', ',', '"']) {
        let found = rest.as_bytes()[at];
        rest = &rest[at + 1..];
        match (found, steps.last_mut()) {
            (b'{', _) => steps.push(Step::Field("")),
            (b'[', _) => steps.push(Step::Element(0)),
            (b'}' | b']', _) => drop(steps.pop()),
            (b',', Some(Step::Element(index))) => *index += 1,
            (b'"', last) => {
                let (text, after) = split_text(rest);
                rest = after;
                if let Some(Step::Field(name)) = last
                    && rest.trim_start().starts_with(':')
                {
                    *name = text;
                }
            }
            _ => {}
        }
    }
    let path: String = steps.iter().map(Step::to_string).collect();
    match path.strip_prefix('.') {
        Some(path) => path.to_owned(),
        None if path.is_empty() => ".".to_owned(),
        None => path,
    }
}

/// Splits at the quotation mark that ends a text.
fn split_text(rest: &str) -> (&str, &str) {
    let mut escaped = false;
    let ends = |c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    };
    rest.split_once(ends).unwrap_or((rest, ""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn end_belongs_to_the_open_value() {
        for (read, path) in [
            ("", "."),
            ("<html>", "."),
            ("[", "."),
            ("{", "."),
            (r#"{"A":1"#, "A"),
            (r#"{"A" : [ 1, 2"#, "A[1]"),
            (r#"{"A":{"B":[{"C":1},{"C":["#, "A.B[1].C"),
            (r#"{"A":{"B":[{"C":1},{"C":[1]}"#, "A.B[1]"),
            (r#"{"A":1}"#, "."),
            (r#"{"A":{"B":"#, "A.B"),
            (r#"{"A":"x\"y:{[","B":"z"#, "B"),
            (r#"{"A":"\\","B\"":"#, "?"),
            (r#"{"A":["b",":"]"#, "A"),
            ("]}],", "."),
            (r#"[{"A":1"#, "[0].A"),
        ] {
            assert_eq!(path_of_end(read), path, "{read}");
        }
    }

    #[test]
    fn only_words_are_shown() {
        let path = |name: &str| path_of_end(&format!(r#"{{"{name}":1"#));
        assert_eq!(path("db_password"), "db_password");
        for name in ["fake-secret", "tok_4f9a8b", "a b", "\u{e9}", &"n".repeat(65)] {
            assert_eq!(path(name), "?", "{name}");
        }
    }

    #[test]
    fn error_is_found_on_its_line() {
        let json = "{\n  \"a\": [1,\n  \"é\", 2]\n}";
        let error = serde_json::from_str::<std::collections::HashMap<String, Vec<u8>>>(json);
        assert_eq!(path_of_error(json, &error.unwrap_err()), "a[1]");
    }

    proptest! {
        #[test]
        fn any_text_has_a_path(text in any::<String>(), json in "[\\[\\]{}\",:a\\\\]{0,40}") {
            path_of_end(&text);
            path_of_end(&json);
        }
    }
}
