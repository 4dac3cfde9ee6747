//! The canonical query of both signature versions, and the texts that they sign.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/signature-method>,
//! <https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature>

use percent_encoding::percent_encode_byte;

use super::digest::sha256;

/// Appends `text` percent-encoded, each reserved byte of its UTF-8 form as `%` and two upper-case
/// hex digits.
pub(crate) fn encode_into(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| RESERVED[usize::from(byte)]) {
        let (unreserved, reserved) = rest.split_at(at);
        out.push_str(unreserved);
        let bytes = reserved.chars().next().map_or(0, char::len_utf8);
        for byte in &reserved.as_bytes()[..bytes] {
            out.push_str(percent_encode_byte(*byte));
        }
        rest = &reserved[bytes..];
    }
    out.push_str(rest);
}

/// The bytes that are not unreserved characters of RFC 3986. Form encoding differs in space, `*`
/// and `~`, so its signature would not verify.
const RESERVED: [bool; 256] = {
    let mut reserved = [true; 256];
    let mut byte = 0;
    while byte < 128 {
        let unreserved =
            (byte as u8).is_ascii_alphanumeric() || matches!(byte as u8, b'-' | b'_' | b'.' | b'~');
        reserved[byte] = !unreserved;
        byte += 1;
    }
    reserved
};

/// Room for `&Signature=` and an HMAC-SHA1 in percent-encoded Base64.
const SIGNATURE_ROOM: usize = 11 + 3 * 28;

/// Sorts `parameters` by name (byte order) and joins them, encoded, as `name=value` with `&`. The
/// text has room for a signature.
pub(crate) fn canonical_query<N: AsRef<str>, V: AsRef<str>>(parameters: &mut [(N, V)]) -> String {
    parameters.sort_unstable_by(|(left, _), (right, _)| left.as_ref().cmp(right.as_ref()));
    // A text that grows leaves a copy of its secrets behind, which nobody wipes.
    let longest = |text: &str| 3 * text.len();
    let sizes = parameters
        .iter()
        .map(|(name, value)| longest(name.as_ref()) + longest(value.as_ref()) + "=&".len());
    let mut query = String::with_capacity(sizes.sum::<usize>() + SIGNATURE_ROOM);
    for (name, value) in parameters.iter() {
        if !query.is_empty() {
            query.push('&');
        }
        encode_into(&mut query, name.as_ref());
        query.push('=');
        encode_into(&mut query, value.as_ref());
    }
    query
}

/// Returns the text that version 1.0 signs: the method, the path (always `/`) and the canonical
/// query, encoded once more.
pub(crate) fn string_to_sign(method: &str, canonical_query: &str) -> String {
    // Only these are left to encode in an encoded text, so no table is needed.
    let is_left = |byte: &u8| matches!(byte, b'%' | b'&' | b'=');
    // At most three bytes for each, so it never grows either; counting them takes longer than
    // wiping the rest.
    let mut text = String::with_capacity(method.len() + 5 + 3 * canonical_query.len());
    text.push_str(method);
    text.push_str("&%2F&");
    let mut rest = canonical_query;
    while let Some(at) = rest.as_bytes().iter().position(is_left) {
        text.push_str(&rest[..at]);
        text.push_str(percent_encode_byte(rest.as_bytes()[at]));
        rest = &rest[at + 1..];
    }
    text.push_str(rest);
    text
}

/// The name of ACS3 in the `Authorization` header and in the text that it signs.
pub(crate) const ACS3_ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// Returns the text that ACS3 hashes: the method, the path (always `/`), the canonical query, the
/// signed headers with their names, and the hash of the body. `headers` are in lower case and
/// sorted.
pub(crate) fn canonical_request<N: AsRef<str>, V: AsRef<str>>(
    method: &str,
    canonical_query: &str,
    headers: &[(N, V)],
    body_sha256: &str,
) -> String {
    let signed_headers = signed_headers(headers);
    let mut parts = vec![method, "\n/\n", canonical_query, "\n"];
    for (name, value) in headers {
        parts.extend([name.as_ref(), ":", value.as_ref().trim(), "\n"]);
    }
    parts.extend(["\n", &signed_headers, "\n", body_sha256]);
    // Allocated once at its full size, so that no token is left behind.
    parts.concat()
}

/// Returns the names of the signed headers, as the `Authorization` header lists them.
pub(crate) fn signed_headers<N: AsRef<str>, V>(headers: &[(N, V)]) -> String {
    let names: Vec<_> = headers.iter().map(|(name, _)| name.as_ref()).collect();
    names.join(";")
}

/// Returns the text that ACS3 signs.
pub(crate) fn acs3_string_to_sign(canonical_request: &str) -> String {
    format!("{ACS3_ALGORITHM}\n{}", sha256(canonical_request.as_bytes()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_unreserved_characters_stay() {
        let mut encoded = String::new();
        encode_into(&mut encoded, "AZaz09-_.~ *+/=&%é");
        assert_eq!(encoded, "AZaz09-_.~%20%2A%2B%2F%3D%26%25%C3%A9");
    }

    #[test]
    fn names_sort_by_byte_upper_case_first() {
        let mut parameters = [("b", "1"), ("B", "2"), ("a", "3"), ("B.1", "4")];
        assert_eq!(canonical_query(&mut parameters), "B=2&B.1=4&a=3&b=1");
    }

    #[test]
    fn text_with_a_secret_never_grows() {
        let secret = "密".repeat(1_000);
        let query = canonical_query(&mut [("SecretData", secret.as_str())]);
        assert_eq!(query.len(), "SecretData=".len() + 9 * 1_000);
        assert!(query.capacity() >= query.len() + SIGNATURE_ROOM);
        assert!(query.capacity() <= query.len() + SIGNATURE_ROOM + 2 * "SecretData&".len());
        // The text that grows most, and an ordinary one.
        for query in ["&".repeat(1_000), query] {
            let text = string_to_sign("POST", &query);
            assert!(text.len() <= text.capacity());
            assert_eq!(text.capacity(), "POST&%2F&".len() + 3 * query.len());
        }
    }

    proptest! {
        #[test]
        fn encoding_is_undone_by_decoding(text in any::<String>()) {
            let mut encoded = String::new();
            encode_into(&mut encoded, &text);
            prop_assert!(encoded.is_ascii());
            let decoded = percent_encoding::percent_decode_str(&encoded).decode_utf8().unwrap();
            prop_assert_eq!(decoded, text);
        }

        #[test]
        fn string_to_sign_encodes_the_query_once_more(values in proptest::collection::btree_map("[A-Za-z.]{1,8}", any::<String>(), 0..8)) {
            let query = canonical_query(&mut values.into_iter().collect::<Vec<_>>());
            let mut expected = "GET&%2F&".to_owned();
            encode_into(&mut expected, &query);
            prop_assert_eq!(string_to_sign("GET", &query), expected);
        }

        #[test]
        fn order_of_parameters_does_not_matter(values in proptest::collection::btree_map("[A-Za-z.]{1,8}", any::<String>(), 0..8)) {
            let mut forward: Vec<_> = values.clone().into_iter().collect();
            let mut backward: Vec<_> = values.into_iter().rev().collect();
            prop_assert_eq!(canonical_query(&mut forward), canonical_query(&mut backward));
        }
    }
}
