//! Signature version 1.0: HMAC-SHA1 over the method and every parameter, in the query or in a form
//! body.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/signature-method>

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use http::HeaderMap;
use secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

use super::canonical::{canonical_query, encode_into, string_to_sign};
use super::digest::SigningKey;
use super::request::{SignedRequest, UnsignedRequest, timestamp};
use crate::identity::Credentials;

pub(super) fn key(credentials: &Credentials) -> SigningKey {
    SigningKey::v1(credentials.access_key_secret().expose_secret())
}

pub(super) fn sign(
    request: UnsignedRequest<'_>,
    credentials: &Credentials,
    key: &SigningKey,
    at: DateTime<Utc>,
    nonce: &str,
) -> SignedRequest {
    let UnsignedRequest { method, version, action, mut parameters, .. } = request;
    let timestamp = timestamp(at);
    parameters.reserve(9);
    let mut add = |name, value| parameters.push((Cow::Borrowed(name), value));
    add("AccessKeyId", Cow::Borrowed(credentials.access_key_id()));
    add("Action", Cow::Borrowed(action));
    // The default is JSON on one page of the documentation and XML on another.
    add("Format", Cow::Borrowed("JSON"));
    if let Some(token) = credentials.security_token() {
        add("SecurityToken", Cow::Borrowed(token.expose_secret()));
    }
    add("SignatureMethod", Cow::Borrowed("HMAC-SHA1"));
    add("SignatureNonce", Cow::Borrowed(nonce));
    add("SignatureVersion", Cow::Borrowed("1.0"));
    add("Timestamp", Cow::Borrowed(&timestamp));
    add("Version", Cow::Borrowed(version));

    let mut query = Zeroizing::new(canonical_query(&mut parameters));
    let string_to_sign = Zeroizing::new(string_to_sign(method.as_str(), &query));
    let signature = key.signature(&string_to_sign);
    query.push_str("&Signature=");
    encode_into(&mut query, &signature);
    SignedRequest {
        method,
        parameters: query,
        headers: HeaderMap::new(),
        signature,
        nonce: nonce.to_owned(),
        timestamp,
        string_to_sign,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use http::Method;
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
        access_key_secret: String,
        params: BTreeMap<String, String>,
        canonicalized_query: String,
        string_to_sign: String,
        signature: String,
        signed_query: String,
    }

    fn vectors() -> Vec<Vector> {
        let text = include_str!("../../tests/cases/signature_v1.json");
        serde_json::from_str::<Vectors>(text).unwrap().vectors
    }

    #[test]
    fn every_stage_of_every_vector_agrees() {
        let vectors = vectors();
        assert_eq!(vectors.len(), 57);
        for vector in vectors {
            let mut parameters: Vec<_> = vector.params.into_iter().collect();
            // The vectors are in an order of their own: reversed, the sort has something to do.
            parameters.reverse();
            let mut query = canonical_query(&mut parameters);
            assert_eq!(query, vector.canonicalized_query, "{}", vector.name);
            let text = string_to_sign(&vector.method, &query);
            assert_eq!(text, vector.string_to_sign, "{}", vector.name);
            let signature = SigningKey::v1(&vector.access_key_secret).signature(&text);
            assert_eq!(signature, vector.signature, "{}", vector.name);
            query.push_str("&Signature=");
            encode_into(&mut query, &signature);
            assert_eq!(query, vector.signed_query, "{}", vector.name);
        }
    }

    /// The vector that has exactly the common parameters of this crate's own requests.
    #[test]
    fn whole_request_is_signed_as_its_vector() {
        let vectors = vectors();
        let vector = vectors.iter().find(|vector| vector.name == "filters-unicode-get").unwrap();
        let own = ["Filters", "FetchTags", "PageNumber", "PageSize"];
        let request = UnsignedRequest {
            method: Method::GET,
            version: API_VERSION,
            action: "ListSecrets",
            host: "kms.cn-hangzhou.aliyuncs.com",
            parameters: own
                .into_iter()
                .filter_map(|name| {
                    Some((name.into(), Cow::Borrowed(vector.params.get(name)?.as_str())))
                })
                .collect(),
        };
        let mut credentials =
            Credentials::new(&vector.params["AccessKeyId"], &vector.access_key_secret);
        if let Some(token) = vector.params.get("SecurityToken") {
            credentials = credentials.with_security_token(token);
        }
        let at = vector.params["Timestamp"].parse().unwrap();
        let signed =
            sign(request, &credentials, &key(&credentials), at, &vector.params["SignatureNonce"]);
        assert_eq!(*signed.parameters, vector.signed_query);
        assert_eq!(*signed.string_to_sign, vector.string_to_sign);
    }

    /// As the official Node.js library signs it: a policy with a space and a token with `+` and
    /// `=`, where implementations differ.
    #[test]
    fn call_of_sts_is_signed_as_the_official_library_does() {
        let parameters = [
            ("RoleSessionName", "rust-kms"),
            ("RoleArn", "acs:ram::1234567890123456:role/demo-role"),
            ("DurationSeconds", "3600"),
            ("Policy", r#"{"Version":"1", "Statement":[]}"#),
        ];
        let request = UnsignedRequest {
            method: Method::POST,
            version: "2015-04-01",
            action: "AssumeRole",
            host: "sts.aliyuncs.com",
            parameters: parameters.map(|(name, value)| (name.into(), Cow::Borrowed(value))).into(),
        };
        let credentials = Credentials::new("STS.FakeSourceId", "FakeSourceSecret")
            .with_security_token("fake+source/token==");
        let signed = sign(
            request,
            &credentials,
            &key(&credentials),
            "2026-11-24T00:00:00Z".parse().unwrap(),
            "fixed-nonce-1",
        );
        assert_eq!(signed.signature, "462LK3NoLGgqcjUYBXwH2X/+aW8=");
    }

    #[test]
    fn token_is_sent_only_if_there_is_one() {
        let request = || UnsignedRequest {
            method: Method::GET,
            version: API_VERSION,
            action: "ListSecrets",
            host: "kms.cn-hangzhou.aliyuncs.com",
            parameters: vec![],
        };
        let at = "2026-01-02T03:04:05.999Z".parse().unwrap();
        let credentials = Credentials::new("fake-id", "fake-secret");
        let without = sign(request(), &credentials, &key(&credentials), at, "n").parameters;
        assert!(!without.contains("SecurityToken"));
        assert!(
            without.contains("Timestamp=2026-01-02T03%3A04%3A05Z"),
            "whole seconds: {}",
            *without
        );
        let with = sign(
            request(),
            &credentials.clone().with_security_token("fake-token"),
            &key(&credentials),
            at,
            "n",
        )
        .parameters;
        assert!(with.contains("&SecurityToken=fake-token&"));
        assert!(!with.contains("fake-secret"));
    }
}
