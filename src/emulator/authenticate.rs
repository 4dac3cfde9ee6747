//! Who asks, and is the request theirs, fresh and new? As strictly as the service, or green tests would prove nothing.
//!
//! Pure: the time is an argument. Codes and statuses are those of the gateway's list of common errors
//! (<https://www.alibabacloud.com/help/en/openapi/error-codes>) and of the service's own
//! (<https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/responses>).

mod acs3;
mod nonces;
mod v1;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use secrecy::ExposeSecret;

pub(super) use nonces::Nonces;

use super::error_response::Refusal;
use super::request::Request;
use crate::credentials::Credentials;
use crate::sign::canonical::acs3_string_to_sign;
use crate::sign::digest::SigningKey;

/// How far a request's timestamp may be from the service's time, either way.
const ALLOWED_SKEW: TimeDelta = TimeDelta::minutes(15);

/// What a request says of itself, by whichever scheme it is signed.
struct Claim<'a> {
    access_key_id: &'a str,
    security_token: Option<&'a str>,
    timestamp: &'a str,
    nonce: &'a str,
    signature: &'a str,
    signed: Signed,
}

/// What the service computes a signature over, to compare with the one that came.
enum Signed {
    V1 { string_to_sign: String },
    Acs3 { canonical_request: String },
}

impl Signed {
    fn signature(&self, access_key_secret: &str) -> String {
        match self {
            Self::V1 { string_to_sign } => {
                SigningKey::v1(access_key_secret).signature(string_to_sign)
            }
            Self::Acs3 { canonical_request } => SigningKey::acs3(access_key_secret)
                .signature(&acs3_string_to_sign(canonical_request)),
        }
    }

    /// The service quotes what it signed, and with it every parameter: clients must keep that out of their logs.
    fn does_not_match(&self) -> Refusal {
        let message = match self {
            Self::V1 { string_to_sign } => format!(
                "Specified signature is not matched with our calculation. server string to sign is:{string_to_sign}"
            ),
            Self::Acs3 { canonical_request } => format!(
                "Specified signature does not match our calculation. server StringToSign is [{}] server CanonicalRequest is [{canonical_request}]",
                acs3_string_to_sign(canonical_request)
            ),
        };
        Refusal::gateway(400, "SignatureDoesNotMatch", message)
    }
}

/// Refuses what the service would refuse before it looks at the operation. Only a request that passes spends its nonce.
pub(super) fn authenticate(
    request: &Request,
    keys: &[Credentials],
    nonces: &mut Nonces,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let claim = match request.header("authorization") {
        Some(authorization) => acs3::read(request, authorization)?,
        None => v1::read(request)?,
    };
    let timestamp = check_timestamp(claim.timestamp, now)?;
    let key = find_key(keys, claim.access_key_id)?;
    check_token(claim.security_token, keys, key, now)?;
    if claim.signed.signature(key.access_key_secret().expose_secret()) != claim.signature {
        return Err(claim.signed.does_not_match());
    }
    if nonces.spend(claim.access_key_id, claim.nonce, timestamp + ALLOWED_SKEW) {
        Ok(())
    } else {
        Err(Refusal::gateway(
            400,
            "SignatureNonceUsed",
            "Specified signature nonce was used already.",
        ))
    }
}

/// The value of something common to all requests that must be there, by the gateway's rule `Missing<Name>`.
pub(super) fn required<'a>(name: &str, value: Option<&'a str>) -> Result<&'a str, Refusal> {
    value.filter(|value| !value.is_empty()).ok_or_else(|| {
        Refusal::gateway(
            400,
            format!("Missing{name}"),
            format!("{name} is mandatory for this action."),
        )
    })
}

/// The one thing whose absence has a code of its own in the service's list.
fn required_timestamp(value: Option<&str>) -> Result<&str, Refusal> {
    required("Timestamp", value).map_err(|_| {
        Refusal::gateway(
            400,
            "IllegalTimestamp",
            "The input parameter \"Timestamp\" that is mandatory for processing this request is not supplied.",
        )
    })
}

/// Gives the request's timestamp if it is well formed and near enough to `now`.
fn check_timestamp(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
    let timestamp = parse_timestamp(text).ok_or_else(|| {
        Refusal::gateway(
            400,
            "InvalidTimeStamp.Format",
            "Specified time stamp or date value is not well formatted.",
        )
    })?;
    if (now - timestamp).abs() > ALLOWED_SKEW {
        return Err(Refusal::gateway(
            400,
            "InvalidTimeStamp.Expired",
            "Specified time stamp or date value is expired.",
        ));
    }
    Ok(timestamp)
}

fn parse_timestamp(text: &str) -> Option<DateTime<Utc>> {
    // The length too, since chrono would take single digits.
    let whole_seconds = text.len() == "2006-01-02T15:04:05Z".len();
    let parsed = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ").ok()?;
    whole_seconds.then(|| parsed.and_utc())
}

fn find_key<'a>(keys: &'a [Credentials], access_key_id: &str) -> Result<&'a Credentials, Refusal> {
    keys.iter().find(|key| key.access_key_id() == access_key_id).ok_or_else(|| {
        Refusal::gateway(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
    })
}

/// The statuses are not documented; 400 is that of every other malformed credential.
fn check_token(
    given: Option<&str>,
    keys: &[Credentials],
    key: &Credentials,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let expected = key.security_token().map(ExposeSecret::expose_secret);
    let given = given.filter(|token| !token.is_empty());
    if given == expected {
        return check_expiration(key, now);
    }
    let Some(given) = given else {
        return Err(Refusal::gateway(
            400,
            "MissingSecurityToken",
            "SecurityToken is mandatory for this action.",
        ));
    };
    // A token says which key it was issued with, so one of ours is told from one that is no token at all.
    let issued = keys
        .iter()
        .filter_map(Credentials::security_token)
        .any(|token| token.expose_secret() == given);
    Err(if issued {
        Refusal::gateway(
            400,
            "InvalidSecurityToken.MismatchWithAccessKey",
            "Specified SecurityToken mismatch with the AccessKey.",
        )
    } else {
        Refusal::gateway(
            400,
            "InvalidSecurityToken.Malformed",
            "Specified SecurityToken is malformed.",
        )
    })
}

fn check_expiration(key: &Credentials, now: DateTime<Utc>) -> Result<(), Refusal> {
    if key.expiration().is_none_or(|expiration| now < expiration) {
        return Ok(());
    }
    Err(Refusal::gateway(
        400,
        "InvalidSecurityToken.Expired",
        "Specified SecurityToken is expired.",
    ))
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use serde_json::Value;
    use url::form_urlencoded;

    use super::*;
    use crate::sign::canonical::{canonical_query, string_to_sign};

    const NOW: &str = "2026-01-02T03:04:05Z";

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn keys() -> Vec<Credentials> {
        vec![
            Credentials::new("fake-id", "fake-secret"),
            Credentials::new("STS.one", "fake-secret").with_security_token("fake-token-one"),
            Credentials::new("STS.two", "fake-secret").with_security_token("fake-token-two"),
        ]
    }

    /// A request of the key `fake-id` with some parameters changed (or, given `None`, left out), then signed.
    fn signed(method: &str, changes: &[(&str, Option<&str>)]) -> Request {
        let mut pairs = vec![
            ("Action", "ListSecrets"),
            ("AccessKeyId", "fake-id"),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureVersion", "1.0"),
            ("SignatureNonce", "nonce-1"),
            ("Timestamp", NOW),
        ];
        for (name, value) in changes {
            pairs.retain(|(kept, _)| kept != name);
            pairs.extend(value.map(|value| (*name, value)));
        }
        let text = string_to_sign(method, &canonical_query(&mut pairs));
        let signature = SigningKey::v1("fake-secret").signature(&text);
        if !changes.iter().any(|(name, _)| *name == "Signature") {
            pairs.push(("Signature", &signature));
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        Request::new(method, "/", &query, &HeaderMap::new(), b"")
    }

    fn outcome(request: &Request) -> Result<(), (u16, String)> {
        authenticate(request, &keys(), &mut Nonces::default(), at(NOW))
            .map_err(|refusal| (refusal.status, refusal.code.into_owned()))
    }

    #[track_caller]
    fn refused(changes: &[(&str, Option<&str>)], status: u16, code: &str) {
        assert_eq!(outcome(&signed("GET", changes)), Err((status, code.to_owned())));
    }

    #[test]
    fn a_signed_request_passes_by_either_method() {
        assert_eq!(outcome(&signed("GET", &[])), Ok(()));
        assert_eq!(outcome(&signed("POST", &[("Filters", Some("a b*c~d/é&=%\""))])), Ok(()));
        let temporary =
            [("AccessKeyId", Some("STS.one")), ("SecurityToken", Some("fake-token-one"))];
        assert_eq!(outcome(&signed("GET", &temporary)), Ok(()));
    }

    #[test]
    fn each_missing_parameter_has_its_code() {
        for name in
            ["AccessKeyId", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Signature"]
        {
            refused(&[(name, None)], 400, &format!("Missing{name}"));
            refused(&[(name, Some(""))], 400, &format!("Missing{name}"));
        }
        refused(&[("Timestamp", None)], 400, "IllegalTimestamp");
    }

    #[test]
    fn only_signature_version_one_is_known() {
        refused(&[("SignatureMethod", Some("HMAC-SHA256"))], 400, "InvalidSignatureMethod");
        refused(&[("SignatureVersion", Some("2.0"))], 400, "InvalidSignatureVersion");
    }

    #[test]
    fn a_timestamp_is_whole_seconds_of_utc() {
        for text in [
            "now",
            "2026-01-02 03:04:05",
            "2026-01-02T03:04:05.1Z",
            "2026-01-02T03:04:05+00:00",
            "2026-1-2T3:4:5Z",
        ] {
            refused(&[("Timestamp", Some(text))], 400, "InvalidTimeStamp.Format");
        }
    }

    #[test]
    fn a_timestamp_may_be_fifteen_minutes_off_either_way() {
        for text in ["2026-01-02T02:49:05Z", "2026-01-02T03:19:05Z"] {
            assert_eq!(outcome(&signed("GET", &[("Timestamp", Some(text))])), Ok(()));
        }
        for text in ["2026-01-02T02:49:04Z", "2026-01-02T03:19:06Z"] {
            refused(&[("Timestamp", Some(text))], 400, "InvalidTimeStamp.Expired");
        }
    }

    #[test]
    fn an_unknown_key_is_not_found() {
        refused(&[("AccessKeyId", Some("other"))], 404, "InvalidAccessKeyId.NotFound");
    }

    #[test]
    fn a_token_is_refused_from_its_expiration_on() {
        let temporary =
            [("AccessKeyId", Some("STS.one")), ("SecurityToken", Some("fake-token-one"))];
        let request = signed("GET", &temporary);
        for (expiration, code) in
            [("2026-01-02T03:04:06Z", None), (NOW, Some("InvalidSecurityToken.Expired"))]
        {
            let keys: Vec<_> =
                keys().into_iter().map(|key| key.with_expiration(at(expiration))).collect();
            let outcome = authenticate(&request, &keys, &mut Nonces::default(), at(NOW));
            assert_eq!(outcome.err().map(|refusal| refusal.code), code.map(Into::into));
        }
    }

    #[test]
    fn a_token_has_to_be_the_one_issued_with_the_key() {
        let key = ("AccessKeyId", Some("STS.one"));
        let token = |token| ("SecurityToken", Some(token));
        refused(&[key], 400, "MissingSecurityToken");
        refused(&[key, token("")], 400, "MissingSecurityToken");
        refused(&[key, token("nonsense")], 400, "InvalidSecurityToken.Malformed");
        refused(&[key, token("fake-token-two")], 400, "InvalidSecurityToken.MismatchWithAccessKey");
        refused(&[token("nonsense")], 400, "InvalidSecurityToken.Malformed");
    }

    #[test]
    fn a_tampered_request_is_refused_with_the_string_that_was_signed() {
        let mut request = signed("GET", &[]);
        request.method = "POST".to_owned();
        let refusal = authenticate(&request, &keys(), &mut Nonces::default(), at(NOW)).unwrap_err();
        assert_eq!((refusal.status, &*refusal.code), (400, "SignatureDoesNotMatch"));
        let body: Value = serde_json::from_slice(&refusal.body("r", "h")).unwrap();
        let message = body["Message"].as_str().unwrap();
        assert!(
            message.contains("server string to sign is:POST&%2F&AccessKeyId%3Dfake-id%26Action"),
            "{message}"
        );
    }

    #[test]
    fn a_nonce_is_spent_only_by_a_request_that_passes() {
        let mut nonces = Nonces::default();
        let mut code = |request: &Request| {
            authenticate(request, &keys(), &mut nonces, at(NOW)).map_err(|refusal| refusal.code)
        };
        assert_eq!(
            code(&signed("GET", &[("Signature", Some("x"))])),
            Err("SignatureDoesNotMatch".into())
        );
        assert_eq!(code(&signed("GET", &[])), Ok(()));
        assert_eq!(code(&signed("GET", &[])), Err("SignatureNonceUsed".into()));
        assert_eq!(code(&signed("GET", &[("SignatureNonce", Some("nonce-2"))])), Ok(()));
    }
}
