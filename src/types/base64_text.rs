//! Base64 in the forms that people store it in.

use base64::engine::general_purpose::STANDARD_NO_PAD;
use base64::{Engine as _, decoded_len_estimate};
use zeroize::Zeroizing;

/// A text is not Base64. The error does not quote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text is not Base64 of the standard alphabet")]
pub struct Base64Error(());

/// Decodes standard Base64 with or without padding and line breaks.
pub(crate) fn decode_base64(text: &str) -> Result<Zeroizing<Vec<u8>>, Base64Error> {
    let one_line = Zeroizing::new(text.replace(['\r', '\n'], ""));
    let digits = one_line.trim_end_matches('=');
    let mut bytes = Zeroizing::new(vec![0; decoded_len_estimate(digits.len())]);
    let len = STANDARD_NO_PAD.decode_slice(digits, &mut bytes).map_err(|_| Base64Error(()))?;
    bytes.truncate(len);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_and_line_breaks_are_optional() {
        for text in ["AJ+Slg==", "AJ+Slg", "AJ+Slg=", "AJ+S\r\nlg==\n"] {
            assert_eq!(**decode_base64(text).unwrap(), [0, 159, 146, 150], "{text}");
        }
        assert!(decode_base64("").unwrap().is_empty());
    }

    #[test]
    fn other_texts_are_rejected() {
        for text in ["testdata1", "AJ-Slg==", "a", "A J=", "AJ=+Slg"] {
            assert_eq!(decode_base64(text), Err(Base64Error(())), "{text}");
        }
    }
}
