//! Text with credentials: files, responses and the output of programs.

use super::CredentialsError;

/// Decodes text, and skips the byte order mark that some editors and shells write. `what` is named
/// in errors, which quote nothing of the text.
pub(super) fn decode<'a>(what: &str, bytes: &'a [u8]) -> Result<&'a str, CredentialsError> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(CredentialsError::new(format!("{what} is UTF-16: save it as UTF-8")));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let lines = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
            Err(CredentialsError::new(format!("{what} is not UTF-8, at line {}", lines + 1)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_mark_is_skipped() {
        assert_eq!(decode("it", b"\xef\xbb\xbf{}").unwrap(), "{}");
        assert_eq!(decode("it", b"{}").unwrap(), "{}");
        assert_eq!(decode("it", b"").unwrap(), "");
    }

    #[test]
    fn other_encodings_are_named_with_their_line() {
        let error = |bytes| decode("it", bytes).unwrap_err().to_string();
        assert_eq!(error(b"a\n\xe9b"), "it is not UTF-8, at line 2");
        assert_eq!(error(b"\xff\xfe{\0"), "it is UTF-16: save it as UTF-8");
        assert_eq!(error(b"\xfe\xff\0{"), "it is UTF-16: save it as UTF-8");
    }
}
