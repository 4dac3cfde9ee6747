//! Texts that no error may show, in the forms in which an answer could echo them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use zeroize::Zeroizing;

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

/// The text itself, in Base64, and percent-encoded.
fn forms(text: &str) -> [Zeroizing<String>; 3] {
    [
        text.to_owned(),
        STANDARD.encode(text),
        percent_encode(text.as_bytes(), NON_ALPHANUMERIC).to_string(),
    ]
    .map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_of_each_text_is_taken_out() {
        let sensitive = Sensitive::new(["fake/secret", "fake-token", ""]);
        let echo = "fake/secret, fake%2Fsecret, ZmFrZS9zZWNyZXQ=, fake-token, fake";
        assert_eq!(
            sensitive.redacted(echo),
            "[redacted], [redacted], [redacted], [redacted], fake"
        );
    }

    #[test]
    fn what_is_too_short_to_be_a_secret_leaves_the_words_whole() {
        assert_eq!(Sensitive::new(["a", ""]).redacted("a message"), "a message");
    }
}
