//! [`Redactor`]: removes from a response's texts what the request must not reveal.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use url::form_urlencoded;
use zeroize::Zeroizing;

/// Signed requests leave these characters as they are (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Removes given texts from other texts, in every encoding in which a response could echo them.
#[derive(Default)]
pub(crate) struct Redactor {
    /// The longest first, since the removal of a part would leave the rest of the whole.
    encodings: Vec<Zeroizing<String>>,
}

/// Shorter texts are kept: they occur in ordinary words.
const MIN_BYTES: usize = 4;

const REDACTED: &str = "[redacted]";

impl Redactor {
    /// Makes a redactor of `texts`: an access key secret, a token, a signature, a secret value.
    pub(crate) fn new(texts: &[&str]) -> Self {
        let mut encodings: Vec<_> = texts
            .iter()
            .filter(|text| text.len() >= MIN_BYTES)
            .flat_map(|text| encodings(text))
            .collect();
        encodings.sort_unstable_by_key(|encoding| std::cmp::Reverse(encoding.len()));
        Self { encodings }
    }

    /// Returns `text` with every encoding of the given texts replaced.
    pub(crate) fn redact(&self, text: &str) -> String {
        self.encodings
            .iter()
            .fold(text.to_owned(), |text, encoding| text.replace(encoding.as_str(), REDACTED))
    }
}

/// Returns the text itself; percent-encoded as signed requests are, once and, as in the string to
/// sign, twice; percent-encoded as forms are, and in full; as part of a JSON text; and in Base64.
fn encodings(text: &str) -> [Zeroizing<String>; 10] {
    let percent_encoded =
        |text: &str, set| joined(3 * text.len(), percent_encode(text.as_bytes(), set));
    let encoded = percent_encoded(text, RESERVED);
    let encodings = [
        text.to_owned(),
        percent_encoded(&encoded, RESERVED),
        encoded,
        joined(3 * text.len(), form_urlencoded::byte_serialize(text.as_bytes())),
        percent_encoded(text, NON_ALPHANUMERIC),
        json_escaped(text),
        STANDARD.encode(text),
        base64_within(text, 0),
        base64_within(text, 1),
        base64_within(text, 2),
    ];
    encodings.map(Zeroizing::new)
}

/// Joins the parts of a text of at most `max_len` bytes. A text that grows leaves copies behind,
/// which nobody wipes.
fn joined<'t>(max_len: usize, parts: impl Iterator<Item = &'t str>) -> String {
    let mut text = String::with_capacity(max_len);
    text.extend(parts);
    text
}

/// Returns `text` as JSON has it between quotation marks.
fn json_escaped(text: &str) -> String {
    // At most `\u0000` for a byte.
    let mut quoted = Zeroizing::new(Vec::with_capacity(6 * text.len() + 2));
    // Nothing fails in writing a text to memory.
    let _ = serde_json::to_writer(&mut *quoted, text);
    String::from_utf8_lossy(&quoted[1..quoted.len() - 1]).into_owned()
}

/// Returns the part that is the same in the Base64 of every longer text which contains `text` at an
/// offset of `bytes_before` beyond a multiple of three.
fn base64_within(text: &str, bytes_before: usize) -> String {
    let before = &[0; 2][..bytes_before];
    let bytes = Zeroizing::new([before, text.as_bytes()].concat());
    let encoded = Zeroizing::new(STANDARD_NO_PAD.encode(&*bytes));
    // A character encodes six bits: the first and the last may contain bits of the neighbours.
    let whole = (bytes_before * 8).div_ceil(6)..bytes.len() * 8 / 6;
    encoded[whole].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_of_every_text_is_redacted() {
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
    fn base64_is_redacted_at_every_offset() {
        let redactor = Redactor::new(&["fake/secret"]);
        for before in ["", "a", "ab", "abc"] {
            let echo = STANDARD.encode(format!("{before}fake/secret, more"));
            let redacted = redactor.redact(&echo);
            let left = redacted.replace(REDACTED, "").len();
            assert!(redacted.contains(REDACTED) && left < echo.len() - 11, "{redacted}");
        }
    }

    #[test]
    fn text_that_starts_with_another_is_redacted_whole() {
        let redactor = Redactor::new(&["fake-key", "fake-key-and-more"]);
        assert_eq!(redactor.redact("fake-key-and-more, fake-key"), "[redacted], [redacted]");
    }

    #[test]
    fn texts_of_three_bytes_are_kept_and_of_four_redacted() {
        assert_eq!(Redactor::new(&["a", "", "mes"]).redact("a message"), "a message");
        assert_eq!(Redactor::new(&["mess"]).redact("a message"), "a [redacted]age");
    }
}
