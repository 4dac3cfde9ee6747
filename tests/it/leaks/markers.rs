//! Secrets that differ from everything else, the forms in which they could be shown, and the search
//! for them.

use std::fmt::Debug;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::form_urlencoded;

/// Each begins and ends with a word of letters, and has between them what encodings differ in.
pub(super) const KEY: &str = "fakeKeyHead/a/b+c=d-e~f*g%fakeKeyTail";
pub(super) const TOKEN: &str = "fakeTokenHead/a/b+c=d-e~f*g%fakeTokenTail";
/// In the form of a managed secret's value.
pub(super) const VALUE: &str = concat!(
    r#"{"Accounts": [{"AccountName": "fakeValueHead", "#,
    "\n",
    r#""AccountPassword": "a/b+c=d-e~f*g 密钥 fakeValueTail"}]}"#
);

const WORDS: [&str; 6] = [
    "fakeKeyHead",
    "fakeKeyTail",
    "fakeTokenHead",
    "fakeTokenTail",
    "fakeValueHead",
    "fakeValueTail",
];

/// Returns the forms in which a response may echo a text.
pub(super) fn forms(text: &str) -> Vec<String> {
    /// The signature's rule leaves these as they are.
    const UNRESERVED_STAY: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    let by_the_signatures_rule = utf8_percent_encode(text, UNRESERVED_STAY).to_string();
    let quoted = serde_json::to_string(text).unwrap();
    let mut forms = vec![
        text.to_owned(),
        STANDARD.encode(text),
        // As a part of the string to sign.
        utf8_percent_encode(&by_the_signatures_rule, UNRESERVED_STAY).to_string(),
        by_the_signatures_rule,
        form_urlencoded::byte_serialize(text.as_bytes()).collect(),
        utf8_percent_encode(text, NON_ALPHANUMERIC).to_string(),
        quoted[1..quoted.len() - 1].to_owned(),
    ];
    // As a part of a longer text.
    forms.extend(["", "k", "k="].map(|before| STANDARD.encode(format!("{before}{text}&more"))));
    forms
}

/// Returns what a word leaves in a text that shows it. Letters stay as they are in all forms but
/// Base64 and lists of bytes.
fn traces(word: &str) -> Vec<String> {
    let bytes = format!("{:?}", word.as_bytes());
    let mut traces = vec![word.to_owned(), bytes[1..bytes.len() - 1].to_owned()];
    for shift in 0..3 {
        let encoded = STANDARD_NO_PAD.encode([&b"kkk"[..shift], word.as_bytes()].concat());
        // The first and the last characters depend on what surrounds the word.
        let start = [0, 2, 3][shift];
        traces.push(encoded[start..encoded.len() - 1].to_owned());
    }
    traces
}

/// The words of `text` that are in the open in `shown`.
pub(super) fn found<'a>(text: &'a str, shown: &'a str) -> impl Iterator<Item = &'static str> + 'a {
    WORDS.into_iter().filter(|word| text.contains(word)).filter(|word| {
        let traces = traces(word);
        traces.iter().any(|trace| shown.contains(trace.as_str()))
    })
}

/// Fails if anything of the markers, or a signature, is in the open in `shown`.
#[track_caller]
pub(super) fn clean(shown: &str) {
    for line in shown.lines() {
        for marker in [KEY, TOKEN, VALUE] {
            let words: Vec<_> = found(marker, line).collect();
            assert!(words.is_empty(), "{words:?} in {line}");
        }
        for after in line.split("Signature=").skip(1) {
            assert!(after.starts_with("[redacted]"), "a signature in {line}");
        }
    }
}

#[track_caller]
pub(super) fn clean_value(value: &impl Debug) {
    clean(&format!("{value:?}"));
    clean(&format!("{value:#?}"));
}

/// The search finds what it is for.
#[test]
fn marker_in_any_form_is_found() {
    for marker in [KEY, TOKEN, VALUE] {
        let bytes = format!("{:?}", marker.as_bytes());
        for form in forms(marker).into_iter().chain([bytes]) {
            assert_eq!(found(marker, &format!("a {form} b")).count(), 2, "{form}");
        }
    }
    assert_eq!(found(KEY, TOKEN).count(), 0);
}
