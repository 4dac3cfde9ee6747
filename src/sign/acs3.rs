//! ACS3-HMAC-SHA256: signs a hash over the method, the query, the headers and the body, and sends
//! it in headers.
//!
//! <https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature>

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::Method;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue};
use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use super::canonical::{
    ACS3_ALGORITHM, acs3_string_to_sign, canonical_query, canonical_request, signed_headers,
};
use super::digest::{SigningKey, sha256};
use super::request::{FORM, SignedRequest, UnsignedRequest, timestamp};
use crate::identity::Credentials;

const SECURITY_TOKEN: &str = "x-acs-security-token";

pub(super) fn key(credentials: &Credentials) -> SigningKey {
    SigningKey::acs3(credentials.access_key_secret().expose_secret())
}

pub(super) fn sign(
    request: UnsignedRequest<'_>,
    credentials: &Credentials,
    key: &SigningKey,
    at: DateTime<Utc>,
    nonce: &str,
) -> SignedRequest {
    let UnsignedRequest { method, version, action, host, mut parameters } = request;
    let parameters = Zeroizing::new(canonical_query(&mut parameters));
    let (query, body) =
        if method == Method::GET { (&**parameters, "") } else { ("", &**parameters) };
    let body_sha256 = sha256(body.as_bytes());
    let date = timestamp(at);

    let form = (method != Method::GET).then_some(FORM);
    let token = credentials.security_token().map(ExposeSecret::expose_secret);
    // Sorted by name, as they are signed.
    let signed = [
        form.map(|form| (CONTENT_TYPE.as_str(), form)),
        Some((HOST.as_str(), host)),
        token.map(|_| ("x-acs-accesskey-id", credentials.access_key_id())),
        Some(("x-acs-action", action)),
        Some(("x-acs-content-sha256", &body_sha256)),
        Some(("x-acs-date", &date)),
        token.map(|token| (SECURITY_TOKEN, token)),
        Some(("x-acs-signature-nonce", nonce)),
        Some(("x-acs-version", version)),
    ];
    let signed: Vec<_> = signed.into_iter().flatten().collect();

    let canonical = canonical_request(method.as_str(), query, &signed, &body_sha256);
    let string_to_sign = Zeroizing::new(acs3_string_to_sign(&Zeroizing::new(canonical)));
    let signature = key.signature(&string_to_sign);
    let authorization = format!(
        "{ACS3_ALGORITHM} Credential={},SignedHeaders={},Signature={signature}",
        credentials.access_key_id(),
        signed_headers(&signed)
    );
    let headers = headers(&signed, &authorization);
    SignedRequest {
        method,
        headers,
        signature,
        nonce: nonce.to_owned(),
        string_to_sign,
        timestamp: date,
        parameters,
    }
}

/// Returns the headers to send: the signed ones except `Host`, which the transport adds, and
/// `Authorization`.
fn headers(signed: &[(&'static str, &str)], authorization: &str) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(signed.len());
    for (name, value) in signed.iter().filter(|(name, _)| *name != HOST.as_str()) {
        let value = if *name == SECURITY_TOKEN { token_value(value) } else { header_value(value) };
        headers.insert(HeaderName::from_static(name), value);
    }
    let mut authorization = header_value(authorization);
    authorization.set_sensitive(true);
    headers.insert(AUTHORIZATION, authorization);
    headers
}

/// Returns the value of a header that is wiped when its last copy is dropped.
fn token_value(token: &str) -> HeaderValue {
    let wiped = Bytes::from_owner(Zeroizing::new(token.as_bytes().to_vec()));
    let mut value = valid(HeaderValue::from_maybe_shared(wiped));
    value.set_sensitive(true);
    value
}

fn header_value(text: &str) -> HeaderValue {
    valid(HeaderValue::from_bytes(text.as_bytes()))
}

fn valid<E>(value: Result<HeaderValue, E>) -> HeaderValue {
    match value {
        Ok(value) => value,
        Err(_) => unreachable!("credentials with control characters are rejected before they sign"),
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;
    use crate::sign::API_VERSION;

    #[derive(Deserialize)]
    struct Vectors {
        vectors: Vec<Vector>,
    }

    #[derive(Deserialize)]
    struct Vector {
        name: String,
        method: String,
        access_key_id: String,
        access_key_secret: String,
        query: BTreeMap<String, String>,
        body: String,
        headers: BTreeMap<String, String>,
        canonical_query: String,
        body_sha256: String,
        signed_headers: String,
        canonical_request: String,
        string_to_sign: String,
        signature: String,
        authorization: String,
    }

    fn vectors() -> Vec<Vector> {
        let text = include_str!("../../tests/cases/signature_acs3.json");
        serde_json::from_str::<Vectors>(text).unwrap().vectors
    }

    #[test]
    fn every_stage_of_every_vector_agrees() {
        let vectors = vectors();
        assert_eq!(vectors.len(), 16);
        for vector in vectors {
            let name = &vector.name;
            let mut query: Vec<_> = vector.query.into_iter().rev().collect();
            let query = canonical_query(&mut query);
            assert_eq!(query, vector.canonical_query, "{name}");
            let body_sha256 = sha256(vector.body.as_bytes());
            assert_eq!(body_sha256, vector.body_sha256, "{name}");
            let headers: Vec<_> = vector.headers.into_iter().collect();
            assert_eq!(signed_headers(&headers), vector.signed_headers, "{name}");
            let canonical = canonical_request(&vector.method, &query, &headers, &body_sha256);
            assert_eq!(canonical, vector.canonical_request, "{name}");
            let text = acs3_string_to_sign(&canonical);
            assert_eq!(text, vector.string_to_sign, "{name}");
            let signature = SigningKey::acs3(&vector.access_key_secret).signature(&text);
            assert_eq!(signature, vector.signature, "{name}");
        }
    }

    /// Signs the request of the vector with this name, and returns both.
    fn signed_as(
        name: &str,
        action: &'static str,
        parameters: &[(&'static str, &str)],
    ) -> (Vector, SignedRequest) {
        let vector = vectors().into_iter().find(|vector| vector.name == name).unwrap();
        let header = |name| vector.headers.get(name).map(String::as_str);
        let mut credentials = Credentials::new(&vector.access_key_id, &vector.access_key_secret);
        if let Some(token) = header("x-acs-security-token") {
            credentials = credentials.with_security_token(token);
        }
        let request = UnsignedRequest {
            method: vector.method.parse().unwrap(),
            version: API_VERSION,
            action,
            host: header("host").unwrap(),
            parameters: parameters
                .iter()
                .map(|(name, value)| (Cow::Borrowed(*name), Cow::Borrowed(*value)))
                .collect(),
        };
        let at = header("x-acs-date").unwrap().parse().unwrap();
        let nonce = header("x-acs-signature-nonce").unwrap();
        let signed = sign(request, &credentials, &key(&credentials), at, nonce);
        (vector, signed)
    }

    #[track_caller]
    fn assert_matches(vector: &Vector, signed: &SignedRequest) {
        assert_eq!(signed.headers[AUTHORIZATION], vector.authorization);
        assert_eq!(*signed.string_to_sign, vector.string_to_sign);
        for (name, value) in vector.headers.iter().filter(|(name, _)| *name != "host") {
            assert_eq!(signed.headers[name], *value, "{name}");
        }
        assert_eq!(
            signed.headers.len(),
            vector.headers.len(),
            "the host is the transport's to send"
        );
    }

    #[test]
    fn read_has_only_its_parameters_in_the_query() {
        let parameters = [("PageSize", "100"), ("PageNumber", "1")];
        let (vector, signed) = signed_as("list-secrets-get", "ListSecrets", &parameters);
        assert_matches(&vector, &signed);
        assert_eq!(*signed.parameters, "PageNumber=1&PageSize=100");
    }

    #[test]
    fn write_has_parameters_in_the_body_and_token_in_a_header() {
        let parameters = [
            ("SecretName", "app/db+main@eu=1"),
            ("VersionId", "v~1"),
            ("VersionStages", r#"["ACSCurrent"]"#),
            ("SecretData", "a b*c~d/é&=%\""),
        ];
        let (vector, signed) =
            signed_as("put-secret-value-token-form", "PutSecretValue", &parameters);
        assert_matches(&vector, &signed);
        assert_eq!(*signed.parameters, vector.body);
    }

    #[test]
    fn port_that_is_not_the_default_is_signed() {
        let (vector, signed) = signed_as("loopback-port", "ListSecrets", &[("PageSize", "5")]);
        assert_matches(&vector, &signed);
    }

    #[test]
    fn debug_shows_neither_token_nor_signature() {
        let (_, signed) = signed_as("list-secrets-token-get", "ListSecrets", &[]);
        let shown = format!("{:?}", signed.headers);
        assert!(shown.contains("ListSecrets"), "{shown}");
        assert!(!shown.contains("fake+token") && !shown.contains(&signed.signature), "{shown}");
    }
}
