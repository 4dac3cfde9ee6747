//! [`authenticate`]: accepts a request whose sender, timestamp, signature and nonce are valid.
//!
//! It is as strict as the service; otherwise passing tests would prove nothing. Pure: the time is
//! an argument. Codes and statuses are those of the gateway's list of common errors
//! (<https://www.alibabacloud.com/help/en/openapi/error-codes>) and of the service's own
//! (<https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/responses>).

mod acs3;
mod claim;
mod v1;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use secrecy::ExposeSecret;

use super::error_response::ErrorResponse;
use super::nonces::Nonces;
use super::request::Request;
use crate::credentials::Credentials;

/// The largest accepted difference between a request's timestamp and the service's time.
const MAX_SKEW: TimeDelta = TimeDelta::minutes(15);

/// Rejects what the service rejects before it checks the operation. Only a request that is accepted
/// uses up its nonce.
pub(super) fn authenticate(
    request: &Request,
    credentials: &[Credentials],
    nonces: &mut Nonces,
    now: DateTime<Utc>,
) -> Result<(), ErrorResponse> {
    let claim = match request.header("authorization") {
        Some(authorization) => acs3::read_claim(request, authorization)?,
        None => v1::read_claim(request)?,
    };
    let timestamp = check_timestamp(claim.timestamp, now)?;
    let known = find_access_key(credentials, claim.access_key_id)?;
    check_token(claim.security_token, credentials, known, now)?;
    if claim.signed.signature(known.access_key_secret().expose_secret()) != claim.signature {
        return Err(claim.signed.mismatch());
    }
    // Until then the timestamp is acceptable, so the request could be replayed.
    if nonces.insert(claim.access_key_id, claim.nonce, timestamp + MAX_SKEW) {
        Ok(())
    } else {
        let message = "Specified signature nonce was used already.";
        Err(ErrorResponse::gateway(400, "SignatureNonceUsed", message))
    }
}

/// Returns the request's timestamp if it is well formed and near enough to `now`.
fn check_timestamp(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, ErrorResponse> {
    let timestamp = parse_timestamp(text).ok_or_else(|| {
        let message = "Specified time stamp or date value is not well formatted.";
        ErrorResponse::gateway(400, "InvalidTimeStamp.Format", message)
    })?;
    if (now - timestamp).abs() > MAX_SKEW {
        let message = "Specified time stamp or date value is expired.";
        return Err(ErrorResponse::gateway(400, "InvalidTimeStamp.Expired", message));
    }
    Ok(timestamp)
}

fn parse_timestamp(text: &str) -> Option<DateTime<Utc>> {
    const FORMAT: &str = "%Y-%m-%dT%H:%M:%SZ";
    let parsed = NaiveDateTime::parse_from_str(text, FORMAT).ok()?;
    // chrono also reads numbers with a sign, with spaces, and with fewer digits.
    (parsed.format(FORMAT).to_string() == text).then(|| parsed.and_utc())
}

fn find_access_key<'a>(
    credentials: &'a [Credentials],
    access_key_id: &str,
) -> Result<&'a Credentials, ErrorResponse> {
    credentials.iter().find(|known| known.access_key_id() == access_key_id).ok_or_else(|| {
        let message = "Specified access key is not found.";
        ErrorResponse::gateway(404, "InvalidAccessKeyId.NotFound", message)
    })
}

/// Checks the security token. The statuses are not documented; 400 is that of every other malformed
/// part of credentials.
fn check_token(
    given: Option<&str>,
    credentials: &[Credentials],
    known: &Credentials,
    now: DateTime<Utc>,
) -> Result<(), ErrorResponse> {
    let expected = known.security_token().map(ExposeSecret::expose_secret);
    let given = given.filter(|token| !token.is_empty());
    if given == expected {
        return check_expiration(known, now);
    }
    let Some(given) = given else {
        return Err(ErrorResponse::missing_common_parameter("SecurityToken"));
    };
    // A token contains the access key that it was issued with, so a token of other credentials is
    // distinguished from a text that is not a token.
    let is_issued = credentials
        .iter()
        .filter_map(Credentials::security_token)
        .any(|token| token.expose_secret() == given);
    let (code, message) = if is_issued {
        (
            "InvalidSecurityToken.MismatchWithAccessKey",
            "Specified SecurityToken mismatch with the AccessKey.",
        )
    } else {
        ("InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed.")
    };
    Err(ErrorResponse::gateway(400, code, message))
}

fn check_expiration(known: &Credentials, now: DateTime<Utc>) -> Result<(), ErrorResponse> {
    if known.expiration().is_none_or(|expiration| now < expiration) {
        return Ok(());
    }
    let message = "Specified SecurityToken is expired.";
    Err(ErrorResponse::gateway(400, "InvalidSecurityToken.Expired", message))
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use url::form_urlencoded;

    use super::*;
    use crate::emulator::request::RequestBody;
    use crate::sign::canonical::{canonical_query, string_to_sign};
    use crate::sign::digest::SigningKey;

    const NOW: &str = "2026-01-02T03:04:05Z";

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn credentials() -> Vec<Credentials> {
        vec![
            Credentials::new("fake-id", "fake-secret"),
            Credentials::new("STS.one", "fake-secret").with_security_token("fake-token-one"),
            Credentials::new("STS.two", "fake-secret").with_security_token("fake-token-two"),
        ]
    }

    /// Signs a request of the access key `fake-id` with some parameters changed, or left out where
    /// the value is `None`.
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
        Request::new(method, "/", &query, &HeaderMap::new(), RequestBody::Complete(b""))
    }

    fn outcome(request: &Request) -> Result<(), (u16, String)> {
        authenticate(request, &credentials(), &mut Nonces::default(), at(NOW))
            .map_err(|error| (error.status, error.code.into_owned()))
    }

    #[track_caller]
    fn assert_rejected(changes: &[(&str, Option<&str>)], status: u16, code: &str) {
        assert_eq!(outcome(&signed("GET", changes)), Err((status, code.to_owned())));
    }

    #[test]
    fn signed_request_is_accepted_by_either_method() {
        assert_eq!(outcome(&signed("GET", &[])), Ok(()));
        assert_eq!(outcome(&signed("POST", &[("Filters", Some("a b*c~d/é&=%\""))])), Ok(()));
        let temporary =
            [("AccessKeyId", Some("STS.one")), ("SecurityToken", Some("fake-token-one"))];
        assert_eq!(outcome(&signed("GET", &temporary)), Ok(()));
    }

    #[test]
    fn missing_parameter_is_rejected_with_its_own_code() {
        for name in
            ["AccessKeyId", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Signature"]
        {
            assert_rejected(&[(name, None)], 400, &format!("Missing{name}"));
            assert_rejected(&[(name, Some(""))], 400, &format!("Missing{name}"));
        }
        assert_rejected(&[("Timestamp", None)], 400, "IllegalTimestamp");
    }

    #[test]
    fn other_signature_method_or_version_is_rejected() {
        assert_rejected(&[("SignatureMethod", Some("HMAC-SHA256"))], 400, "InvalidSignatureMethod");
        assert_rejected(&[("SignatureVersion", Some("2.0"))], 400, "InvalidSignatureVersion");
    }

    #[test]
    fn timestamp_in_another_format_is_rejected() {
        for text in [
            "now",
            "2026-01-02 03:04:05",
            "2026-01-02T03:04:05.1Z",
            "2026-01-02T03:04:05+00:00",
            "2026-1-2T3:4:5Z",
            "2026-01-02T 3:04:05Z",
            "+2026-1-02T03:04:05Z",
        ] {
            assert_rejected(&[("Timestamp", Some(text))], 400, "InvalidTimeStamp.Format");
        }
    }

    #[test]
    fn timestamp_is_accepted_up_to_fifteen_minutes_off() {
        for text in ["2026-01-02T02:49:05Z", "2026-01-02T03:19:05Z"] {
            assert_eq!(outcome(&signed("GET", &[("Timestamp", Some(text))])), Ok(()));
        }
        for text in ["2026-01-02T02:49:04Z", "2026-01-02T03:19:06Z"] {
            assert_rejected(&[("Timestamp", Some(text))], 400, "InvalidTimeStamp.Expired");
        }
    }

    #[test]
    fn unknown_access_key_is_not_found() {
        assert_rejected(&[("AccessKeyId", Some("other"))], 404, "InvalidAccessKeyId.NotFound");
    }

    #[test]
    fn token_is_rejected_from_its_expiration_on() {
        let temporary =
            [("AccessKeyId", Some("STS.one")), ("SecurityToken", Some("fake-token-one"))];
        let request = signed("GET", &temporary);
        for (expiration, code) in
            [("2026-01-02T03:04:06Z", None), (NOW, Some("InvalidSecurityToken.Expired"))]
        {
            let keys: Vec<_> =
                credentials().into_iter().map(|key| key.with_expiration(at(expiration))).collect();
            let outcome = authenticate(&request, &keys, &mut Nonces::default(), at(NOW));
            assert_eq!(outcome.err().map(|error| error.code), code.map(Into::into));
        }
    }

    #[test]
    fn token_of_other_credentials_is_rejected() {
        let key = ("AccessKeyId", Some("STS.one"));
        let token = |token| ("SecurityToken", Some(token));
        assert_rejected(&[key], 400, "MissingSecurityToken");
        assert_rejected(&[key, token("")], 400, "MissingSecurityToken");
        assert_rejected(&[key, token("nonsense")], 400, "InvalidSecurityToken.Malformed");
        assert_rejected(
            &[key, token("fake-token-two")],
            400,
            "InvalidSecurityToken.MismatchWithAccessKey",
        );
        assert_rejected(&[token("nonsense")], 400, "InvalidSecurityToken.Malformed");
    }

    #[test]
    fn tampered_request_is_rejected_with_the_string_to_sign() {
        let mut request = signed("GET", &[]);
        request.method = "POST".to_owned();
        let outcome = authenticate(&request, &credentials(), &mut Nonces::default(), at(NOW));
        let error = outcome.unwrap_err();
        assert_eq!((error.status, &*error.code), (400, "SignatureDoesNotMatch"));
        let message = &error.message;
        assert!(
            message.contains("server string to sign is:POST&%2F&AccessKeyId%3Dfake-id%26Action"),
            "{message}"
        );
    }

    #[test]
    fn nonce_is_used_up_only_by_an_accepted_request() {
        let mut nonces = Nonces::default();
        let mut code = |request: &Request| {
            authenticate(request, &credentials(), &mut nonces, at(NOW)).map_err(|error| error.code)
        };
        assert_eq!(
            code(&signed("GET", &[("Signature", Some("x"))])),
            Err("SignatureDoesNotMatch".into())
        );
        assert_eq!(code(&signed("GET", &[])), Ok(()));
        assert_eq!(code(&signed("GET", &[])), Err("SignatureNonceUsed".into()));
        assert_eq!(code(&signed("GET", &[("SignatureNonce", Some("nonce-2"))])), Ok(()));
    }

    /// A timestamp is accepted until 15 minutes after it, inclusive. The nonce must be remembered
    /// until then, whenever the request arrived.
    #[test]
    fn replay_is_rejected_as_long_as_its_timestamp_is_accepted() {
        let request = signed("GET", &[]);
        for first in ["2026-01-02T02:49:05Z", NOW, "2026-01-02T03:19:04Z"] {
            let mut nonces = Nonces::default();
            let mut outcome = |now: &str| {
                nonces.sweep(at(now));
                let outcome = authenticate(&request, &credentials(), &mut nonces, at(now));
                outcome.map_err(|error| (error.status, error.code.into_owned()))
            };
            assert_eq!(outcome(first), Ok(()));
            let used = Err((400, "SignatureNonceUsed".to_owned()));
            assert_eq!(outcome("2026-01-02T03:19:05Z"), used, "first sent at {first}");
            let expired = Err((400, "InvalidTimeStamp.Expired".to_owned()));
            assert_eq!(outcome("2026-01-02T03:19:06Z"), expired);
        }
    }
}
