//! Where in a JSON document reading stopped, as a path of names and numbers.
//!
//! The document is looked through a second time, and by one function for all: to keep track of the path while every answer is
//! read, or to read again with a deserializer that does, costs each type a copy of its code.

use std::fmt;

enum Step<'a> {
    /// A member of an object, with an empty name before its first.
    Member(&'a str),
    Element(usize),
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(name) if is_a_name(name) => write!(f, ".{name}"),
            Self::Member(_) => f.write_str(".?"),
            Self::Element(number) => write!(f, "[{number}]"),
        }
    }
}

/// Names in the service's answers are short and have no other characters. What is no such name may be a value in its place.
fn is_a_name(text: &str) -> bool {
    text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The path, such as `SecretList.Secret[1].SecretName`, of what the last byte of `read` belongs to; `.` for the whole.
///
/// `read` is a document as far as it was read. An object or list that is just opened is a value of what holds it.
pub(super) fn path_of_end(read: &str) -> String {
    let read = read.strip_suffix(['{', '[']).unwrap_or(read);
    let mut steps = Vec::new();
    let mut rest = read;
    while let Some(at) = rest.find(['{', '}', '[', ']', ',', '"']) {
        let found = rest.as_bytes()[at];
        rest = &rest[at + 1..];
        match (found, steps.last_mut()) {
            (b'{', _) => steps.push(Step::Member("")),
            (b'[', _) => steps.push(Step::Element(0)),
            (b'}' | b']', _) => drop(steps.pop()),
            (b',', Some(Step::Element(number))) => *number += 1,
            (b'"', last) => {
                let (text, behind) = split_text(rest);
                rest = behind;
                if let Some(Step::Member(name)) = last
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

/// What is before the quotation mark that ends a text, and what is behind it.
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
    use super::*;

    #[test]
    fn the_end_belongs_to_what_is_open() {
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
}
