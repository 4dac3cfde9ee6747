//! Texts that no error may show, in the forms in which an answer could echo them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use serde_json::Value;
use url::form_urlencoded;
use zeroize::Zeroizing;

/// What signed requests leave as it is (RFC 3986, section 2.3).
const UNRESERVED_STAY: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// What was secret in a request.
#[derive(Default)]
pub(crate) struct Sensitive {
    forms: Vec<Zeroizing<String>>,
}

/// Of what is shorter, parts of ordinary words would be taken out.
const SHORTEST: usize = 4;

impl Sensitive {
    pub(crate) fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let texts = texts.into_iter().filter(|text| text.len() >= SHORTEST);
        Self { forms: texts.flat_map(forms).collect() }
    }

    /// `text` with every form of what is sensitive taken out.
    pub(crate) fn redacted(&self, text: &str) -> String {
        self.forms
            .iter()
            .fold(text.to_owned(), |text, form| text.replace(form.as_str(), "[redacted]"))
    }
}

/// The text itself, in Base64, percent-encoded by the signature's rule, by that of forms and in full, and as part of a JSON
/// text.
fn forms(text: &str) -> [Zeroizing<String>; 6] {
    let quoted = Value::from(text).to_string();
    [
        text.to_owned(),
        STANDARD.encode(text),
        percent_encode(text.as_bytes(), UNRESERVED_STAY).to_string(),
        form_urlencoded::byte_serialize(text.as_bytes()).collect(),
        percent_encode(text.as_bytes(), NON_ALPHANUMERIC).to_string(),
        quoted[1..quoted.len() - 1].to_owned(),
    ]
    .map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_of_each_text_is_taken_out() {
        let sensitive = Sensitive::new(["fake/secret", "fake-token", "fake \"pass-word\"", ""]);
        let echoes = [
            ["fake/secret", "fake%2Fsecret", "ZmFrZS9zZWNyZXQ=", "fake-token"],
            [
                "fake%20%22pass-word%22",
                "fake+%22pass-word%22",
                "fake%20%22pass%2Dword%22",
                r#"fake \"pass-word\""#,
            ],
        ];
        for echo in echoes.as_flattened() {
            assert_eq!(sensitive.redacted(&format!("a {echo}, fake")), "a [redacted], fake");
        }
    }

    #[test]
    fn what_is_too_short_to_be_a_secret_leaves_the_words_whole() {
        assert_eq!(Sensitive::new(["a", ""]).redacted("a message"), "a message");
    }
}
