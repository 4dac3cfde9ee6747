//! Makes texts of a response fit to be shown.

use crate::error::redactor::Redactor;

const REDACTED: &str = "[redacted]";

/// Returns `text` on one line of at most `max_chars`, without what is redacted, without the
/// parameters of a request and without a final full stop; `None` if nothing remains.
pub(super) fn presentable(text: &str, max_chars: usize, redactor: &Redactor) -> Option<String> {
    // First what is redacted as a whole, of which parameters are a part.
    one_line(&without_parameters(&redactor.redact(text)), max_chars)
}

/// Returns the text of a link, which keeps its parameters.
pub(super) fn presentable_link(
    text: &str,
    max_chars: usize,
    redactor: &Redactor,
) -> Option<String> {
    one_line(&redactor.redact(text), max_chars)
}

fn one_line(text: &str, max_chars: usize) -> Option<String> {
    let line: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(max_chars).collect();
    let line = line.trim().trim_end_matches('.');
    (!line.is_empty()).then(|| line.to_owned())
}

/// Removes the query of every URL and every form body, which a server may echo: as it was sent,
/// escaped for HTML or JSON, or percent-encoded once more.
fn without_parameters(text: &str) -> String {
    let ends_word = |c: char| c.is_whitespace() || "\"'`<>".contains(c);
    let mut shown = String::with_capacity(text.len());
    for piece in text.split_inclusive(ends_word) {
        let word = piece.trim_end_matches(ends_word);
        match parameters_start(word) {
            Some(start) => {
                shown.push_str(&word[..start]);
                shown.push_str(REDACTED);
            }
            None => shown.push_str(word),
        }
        shown.push_str(&piece[word.len()..]);
    }
    shown
}

/// Returns where the parameters in `word` start: behind a question mark, or at the first of
/// several.
fn parameters_start(word: &str) -> Option<usize> {
    let behind_mark = ["?", "%3F", "%3f"]
        .into_iter()
        .filter_map(|mark| Some(word.find(mark)? + mark.len()))
        .filter(|start| name_and_equals(&word[*start..]))
        .min();
    behind_mark.or_else(|| {
        let several = ["&", "%26"].into_iter().any(|separator| {
            word.split(separator)
                .skip(1)
                .any(|parameter| name_and_equals(parameter.trim_start_matches("amp;")))
        });
        (several && has_equals(word)).then_some(0)
    })
}

/// Returns true if `text` starts with a parameter's name and an equals sign.
fn name_and_equals(text: &str) -> bool {
    let in_name = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let behind = text.trim_start_matches(in_name);
    behind.len() < text.len()
        && (behind.starts_with('=') || behind.starts_with("%3D") || behind.starts_with("%3d"))
}

fn has_equals(text: &str) -> bool {
    ["=", "%3D", "%3d"].iter().any(|equals| text.contains(equals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_one_line_without_secrets() {
        let redactor = Redactor::new(&["fake-secret"]);
        let show = |text| presentable(text, 1_000, &redactor);
        let echo = "got fake-secret\n\u{1b}[31m twice: fake-secret.";
        assert_eq!(show(echo).unwrap(), "got [redacted]  [31m twice: [redacted]");
        assert_eq!(show(" . \n"), None);
        let redactor = Redactor::new(&["a=\"fake\"&b=fake secret"]);
        let show = |text| presentable(text, 1_000, &redactor);
        assert_eq!(show("got a=\"fake\"&b=fake secret").unwrap(), "got [redacted]");
    }

    #[test]
    fn echoed_urls_and_forms_lose_their_parameters() {
        let query = "AccessKeyId=fake-id&Action=ListSecrets&Timestamp=2026-01-02T03%3A04%3A05Z";
        let again = query.replace('%', "%25").replace('=', "%3D").replace('&', "%26");
        for (echo, shown) in [
            (format!("bad URL: /?{query} here"), "bad URL: /?[redacted] here"),
            (format!("https://kms.example/?{query}"), "https://kms.example/?[redacted]"),
            (format!("no route for \"/?{query}\""), "no route for \"/?[redacted]\""),
            (format!("<p>/?{}</p>", query.replace('&', "&amp;")), "<p>/?[redacted]</p>"),
            (format!("/?{}", query.replace('&', "\\u0026")), "/?[redacted]"),
            (format!("back=%2F%3F{again}"), "back=%2F%3F[redacted]"),
            (format!("body {query}."), "body [redacted]"),
            (again, "[redacted]"),
        ] {
            assert_eq!(without_parameters(&echo), shown, "{echo}");
        }
    }

    #[test]
    fn ordinary_words_are_kept() {
        for text in [
            "The parameter PageSize=500 is not valid, 1 to 100 are.",
            "What? No=1. Research & Development",
            "a&b, R&D = x",
            "see https://help.example/page",
            "",
        ] {
            assert_eq!(without_parameters(text), text);
        }
    }
}
