//! Texts that no error may show, in the encodings in which an answer could echo them.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use serde_json::Value;
use url::form_urlencoded;
use zeroize::Zeroizing;

/// What signed requests leave as it is (RFC 3986, section 2.3).
const UNRESERVED_STAY: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// What was secret in a request.
#[derive(Default)]
pub(crate) struct Redactor {
    encodings: Vec<Zeroizing<String>>,
}

/// Of what is shorter, parts of ordinary words would be taken out.
const SHORTEST: usize = 4;

impl Redactor {
    pub(crate) fn new(texts: &[&str]) -> Self {
        let mut longest_first: Vec<Zeroizing<String>> = Vec::new();
        for text in texts.iter().filter(|text| text.len() >= SHORTEST) {
            for form in encodings(text) {
                // What is a part of another would leave the rest of that.
                let longer = longest_first.partition_point(|other| other.len() >= form.len());
                longest_first.insert(longer, form);
            }
        }
        Self { encodings: longest_first }
    }

    /// `text` with every form of what is sensitive taken out.
    pub(crate) fn redact(&self, text: &str) -> String {
        self.encodings
            .iter()
            .fold(text.to_owned(), |text, form| text.replace(form.as_str(), "[redacted]"))
    }
}

/// The text itself, percent-encoded by the signature's rule and once more as in the string to sign, by the rule of encodings and in
/// full, as part of a JSON text, and in Base64.
fn encodings(text: &str) -> [Zeroizing<String>; 10] {
    let encoded = percent_encode(text.as_bytes(), UNRESERVED_STAY).to_string();
    let quoted = Zeroizing::new(Value::from(text).to_string());
    let encodings = [
        text.to_owned(),
        percent_encode(encoded.as_bytes(), UNRESERVED_STAY).to_string(),
        encoded,
        form_urlencoded::byte_serialize(text.as_bytes()).collect(),
        percent_encode(text.as_bytes(), NON_ALPHANUMERIC).to_string(),
        quoted[1..quoted.len() - 1].to_owned(),
        STANDARD.encode(text),
        base64_within(text, 0),
        base64_within(text, 1),
        base64_within(text, 2),
    ];
    encodings.map(Zeroizing::new)
}

/// What stays the same in the Base64 form of every text that has `text` in it, so many bytes behind a multiple of three.
fn base64_within(text: &str, bytes_before: usize) -> String {
    let before = &[0; 2][..bytes_before];
    let bytes = Zeroizing::new([before, text.as_bytes()].concat());
    let encoded = Zeroizing::new(STANDARD_NO_PAD.encode(&*bytes));
    // Six bits a character: those at the ends may have some of what stands there.
    let whole = (bytes_before * 8).div_ceil(6)..bytes.len() * 8 / 6;
    encoded[whole].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_of_each_text_is_taken_out() {
        let redactor = Redactor::new(&["fake/secret", "fake-token", "fake \"pass-word\"", ""]);
        let echoes = [
            ["fake/secret", "fake%2Fsecret", "ZmFrZS9zZWNyZXQ=", "fake-token"],
            [
                "fake%20%22pass-word%22",
                "fake+%22pass-word%22",
                "fake%20%22pass%2Dword%22",
                r#"fake \"pass-word\""#,
            ],
            ["fake%252Fsecret", "ZmFrZS10b2tlbg==", "fake-token", "fake%2Dtoken"],
        ];
        for echo in echoes.as_flattened() {
            assert_eq!(redactor.redact(&format!("a {echo}, fake")), "a [redacted], fake");
        }
    }

    #[test]
    fn base64_is_taken_out_wherever_it_begins_in_a_longer_text() {
        let redactor = Redactor::new(&["fake/secret"]);
        for before in ["", "a", "ab", "abc"] {
            let echo = STANDARD.encode(format!("{before}fake/secret, more"));
            let redacted = redactor.redact(&echo);
            let left = redacted.replace("[redacted]", "").len();
            assert!(redacted.contains("[redacted]") && left < echo.len() - 11, "{redacted}");
        }
    }

    #[test]
    fn what_begins_with_another_sensitive_text_is_taken_out_whole() {
        let redactor = Redactor::new(&["fake-key", "fake-key-and-more"]);
        assert_eq!(redactor.redact("fake-key-and-more, fake-key"), "[redacted], [redacted]");
    }

    #[test]
    fn what_is_too_short_to_be_a_secret_leaves_the_words_whole() {
        assert_eq!(Redactor::new(&["a", ""]).redact("a message"), "a message");
    }
}
