//! The canonical query of both signature versions, and what each of them makes of it.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/signature-method>,
//! <https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature>

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode_byte, utf8_percent_encode};

use super::digest::sha256;

/// Everything but the unreserved characters of RFC 3986. Form encoding differs in space, `*` and `~`, and would not verify.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Appends `text` percent-encoded, each reserved byte of its UTF-8 form as `%` and two upper-case hex digits.
pub(crate) fn encode_into(out: &mut String, text: &str) {
    out.extend(utf8_percent_encode(text, RESERVED));
}

/// For `&Signature=` and the Base64 form of an HMAC-SHA1, encoded.
const ROOM_FOR_A_SIGNATURE: usize = 11 + 3 * 28;

/// Sorts `parameters` by name (byte order) and joins them, encoded, as `name=value` with `&`. There is room for a signature
/// behind them.
pub(crate) fn canonical_query<N: AsRef<str>, V: AsRef<str>>(parameters: &mut [(N, V)]) -> String {
    parameters.sort_unstable_by(|(left, _), (right, _)| left.as_ref().cmp(right.as_ref()));
    // A text that grew would leave copies of secrets behind, which nobody wipes.
    let longest = |text: &str| 3 * text.len();
    let sizes = parameters
        .iter()
        .map(|(name, value)| longest(name.as_ref()) + longest(value.as_ref()) + "=&".len());
    let mut query = String::with_capacity(sizes.sum::<usize>() + ROOM_FOR_A_SIGNATURE);
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

/// What version 1.0 signs: the method, the path (always `/`) and the canonical query, the latter encoded once more.
pub(crate) fn string_to_sign(method: &str, canonical_query: &str) -> String {
    // What is encoded has none but these left to encode, so there is no need to look each byte up.
    let is_left = |byte: &u8| matches!(byte, b'%' | b'&' | b'=');
    // Three bytes for each at most, so it never grows, as the query does not; to count them takes longer than to wipe the rest.
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

/// The name of ACS3 in the `Authorization` header and in what it signs.
pub(crate) const ACS3_ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// What ACS3 hashes: the method, the path (always `/`), the canonical query, the signed headers with their names, and the
/// hash of the body. `headers` are in lower case and sorted.
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
    // Of the right size at once, so that no token is left behind.
    parts.concat()
}

/// The names of the signed headers, as the `Authorization` header lists them.
pub(crate) fn signed_headers<N: AsRef<str>, V>(headers: &[(N, V)]) -> String {
    let names: Vec<_> = headers.iter().map(|(name, _)| name.as_ref()).collect();
    names.join(";")
}

/// What ACS3 signs.
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
    fn what_may_hold_a_secret_never_grows() {
        let secret = "密".repeat(1_000);
        let query = canonical_query(&mut [("SecretData", secret.as_str())]);
        assert_eq!(query.len(), "SecretData=".len() + 9 * 1_000);
        assert!(query.capacity() >= query.len() + ROOM_FOR_A_SIGNATURE);
        assert!(query.capacity() <= query.len() + ROOM_FOR_A_SIGNATURE + 2 * "SecretData&".len());
        // The text that grows most, and one as it is.
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
        fn the_string_to_sign_has_the_query_encoded_once_more(values in proptest::collection::btree_map("[A-Za-z.]{1,8}", any::<String>(), 0..8)) {
            let query = canonical_query(&mut values.into_iter().collect::<Vec<_>>());
            let mut expected = "GET&%2F&".to_owned();
            encode_into(&mut expected, &query);
            prop_assert_eq!(string_to_sign("GET", &query), expected);
        }

        #[test]
        fn the_order_of_parameters_does_not_matter(values in proptest::collection::btree_map("[A-Za-z.]{1,8}", any::<String>(), 0..8)) {
            let mut forward: Vec<_> = values.clone().into_iter().collect();
            let mut backward: Vec<_> = values.into_iter().rev().collect();
            prop_assert_eq!(canonical_query(&mut forward), canonical_query(&mut backward));
        }
    }
}
