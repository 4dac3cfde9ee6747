//! What a request of ACS3-HMAC-SHA256 says of itself, all of it in headers.
//!
//! <https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature>

use url::form_urlencoded;

use super::{Claim, Signed, required, required_timestamp};
use crate::emulator::error_response::Refusal;
use crate::emulator::request::Request;
use crate::sign::canonical::{ACS3_ALGORITHM, canonical_query, canonical_request};
use crate::sign::digest::sha256;

pub(super) fn read<'a>(request: &'a Request, authorization: &'a str) -> Result<Claim<'a>, Refusal> {
    let Authorization { access_key_id, signed_headers, signature } = parse(authorization)?;
    let headers = covered(request, signed_headers)?;
    let nonce = required("SignatureNonce", request.header("x-acs-signature-nonce"))?;
    let timestamp = required_timestamp(request.header("x-acs-date"))?;
    let told_sha256 = request.header("x-acs-content-sha256").ok_or_else(incomplete)?;

    let mut query: Vec<_> = form_urlencoded::parse(request.query.as_bytes()).collect();
    let query = canonical_query(&mut query);
    let body_sha256 = sha256(&request.body);
    let canonical_request = canonical_request(&request.method, &query, &headers, &body_sha256);
    let signed = Signed::Acs3 { canonical_request };
    // A hash that is signed but is not that of the body that came.
    if told_sha256 != body_sha256 {
        return Err(signed.does_not_match());
    }
    let security_token = request.header("x-acs-security-token");
    Ok(Claim { access_key_id, security_token, timestamp, nonce, signature, signed })
}

struct Authorization<'a> {
    access_key_id: &'a str,
    signed_headers: Vec<&'a str>,
    signature: &'a str,
}

/// Reads `ACS3-HMAC-SHA256 Credential=<id>,SignedHeaders=<names>,Signature=<hex>`.
fn parse(authorization: &str) -> Result<Authorization<'_>, Refusal> {
    let (algorithm, fields) = authorization.split_once(' ').ok_or_else(incomplete)?;
    if algorithm != ACS3_ALGORITHM {
        return Err(Refusal::gateway(
            400,
            "InvalidSignatureMethod",
            "Specified signature method is not valid.",
        ));
    }
    let field = |name| {
        let mut fields = fields.split(',').filter_map(|field| field.trim().split_once('='));
        let (_, value) = fields.find(|(found, value)| *found == name && !value.is_empty())?;
        Some(value)
    };
    Ok(Authorization {
        access_key_id: field("Credential").ok_or_else(incomplete)?,
        signed_headers: field("SignedHeaders").ok_or_else(incomplete)?.split(';').collect(),
        signature: field("Signature").ok_or_else(incomplete)?,
    })
}

/// The headers that the signature covers, sorted. More than the needed ones may be among them: some official libraries sign
/// whatever they send.
fn covered<'a>(
    request: &'a Request,
    signed: Vec<&'a str>,
) -> Result<Vec<(&'a str, &'a str)>, Refusal> {
    let needed = |name: &str| matches!(name, "host" | "content-type") || name.starts_with("x-acs-");
    let is_left_out = request.headers.keys().any(|name| needed(name) && !signed.contains(&&**name));
    if is_left_out || !request.headers.contains_key("host") {
        return Err(incomplete());
    }
    let mut headers = signed
        .into_iter()
        .map(|name| request.header(name).map(|value| (name, value)).ok_or_else(incomplete))
        .collect::<Result<Vec<_>, _>>()?;
    headers.sort_unstable();
    Ok(headers)
}

fn incomplete() -> Refusal {
    Refusal::gateway(
        400,
        "IncompleteSignature",
        "The request signature does not conform to Aliyun standards.",
    )
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use http::{HeaderMap, HeaderName};
    use serde_json::Value;

    use super::*;
    use crate::credentials::Credentials;
    use crate::emulator::authenticate::{Nonces, authenticate};
    use crate::sign::canonical::{acs3_string_to_sign, signed_headers};
    use crate::sign::digest::SigningKey;

    const QUERY: &str = "SecretName=app%2Fdb%2Bmain";
    const BODY: &[u8] = b"SecretData=a+b%2Ac";

    fn now() -> DateTime<Utc> {
        "2026-01-02T03:04:05Z".parse().unwrap()
    }

    /// A request of the key `STS.fake` that is yet to be signed, with some headers changed or, given `None`, left out.
    struct Draft(Vec<(&'static str, String)>);

    impl Draft {
        fn new(changes: &[(&'static str, Option<&str>)]) -> Self {
            let sha256 = sha256(BODY);
            let mut headers = vec![
                ("content-type", "application/x-www-form-urlencoded"),
                ("host", "127.0.0.1:8080"),
                ("x-acs-accesskey-id", "STS.fake"),
                ("x-acs-action", "PutSecretValue"),
                ("x-acs-content-sha256", &sha256),
                ("x-acs-date", "2026-01-02T03:04:05Z"),
                ("x-acs-security-token", "fake+token"),
                ("x-acs-signature-nonce", "nonce-1"),
                ("x-acs-version", "2016-01-20"),
            ];
            for (name, value) in changes {
                headers.retain(|(kept, _)| kept != name);
                headers.extend(value.map(|value| (*name, value)));
            }
            headers.sort_unstable();
            Self(headers.into_iter().map(|(name, value)| (name, value.to_owned())).collect())
        }

        /// Signed over all its headers but `unsigned`.
        fn signed_but_for(mut self, unsigned: &[&str]) -> Request {
            let signed: Vec<_> =
                self.0.iter().filter(|(name, _)| !unsigned.contains(name)).cloned().collect();
            let text = canonical_request("POST", QUERY, &signed, &sha256(BODY));
            let signature = SigningKey::acs3("fake-secret").signature(&acs3_string_to_sign(&text));
            let names = signed_headers(&signed);
            self.0.push((
                "authorization",
                format!("ACS3-HMAC-SHA256 Credential=STS.fake,SignedHeaders={names},Signature={signature}"),
            ));
            self.sent(BODY)
        }

        fn signed(self) -> Request {
            self.signed_but_for(&[])
        }

        fn sent(self, body: &[u8]) -> Request {
            let headers: HeaderMap = self
                .0
                .into_iter()
                .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
                .collect();
            Request::new("POST", "/", QUERY, &headers, body)
        }
    }

    fn refusal(request: &Request) -> Option<Refusal> {
        let keys = [
            Credentials::new("STS.fake", "fake-secret").with_security_token("fake+token"),
            Credentials::new("fake-id", "fake-secret"),
        ];
        authenticate(request, &keys, &mut Nonces::default(), now()).err()
    }

    #[track_caller]
    fn refused(request: &Request, code: &str) {
        let refusal = refusal(request).map(|refusal| (refusal.status, refusal.code));
        assert_eq!(refusal, Some((400, code.to_owned().into())));
    }

    #[test]
    fn a_request_passes_that_signs_what_is_needed_or_more() {
        assert_eq!(refusal(&Draft::new(&[]).signed()), None);
        let more = [("accept", Some("application/json")), ("user-agent", Some("sdk/1"))];
        assert_eq!(refusal(&Draft::new(&more).signed()), None);
        assert_eq!(refusal(&Draft::new(&more).signed_but_for(&["accept", "user-agent"])), None);
    }

    #[test]
    fn every_needed_header_that_is_sent_has_to_be_signed() {
        for unsigned in ["host", "content-type", "x-acs-action", "x-acs-security-token"] {
            refused(&Draft::new(&[]).signed_but_for(&[unsigned]), "IncompleteSignature");
        }
        let other = Draft::new(&[("x-acs-credentials-provider", Some("static_sts"))]);
        refused(&other.signed_but_for(&["x-acs-credentials-provider"]), "IncompleteSignature");
    }

    #[test]
    fn what_has_to_be_there_has_a_code_each() {
        for (name, code) in [
            ("host", "IncompleteSignature"),
            ("x-acs-content-sha256", "IncompleteSignature"),
            ("x-acs-signature-nonce", "MissingSignatureNonce"),
            ("x-acs-date", "IllegalTimestamp"),
            ("x-acs-security-token", "MissingSecurityToken"),
        ] {
            refused(&Draft::new(&[(name, None)]).signed(), code);
        }
    }

    #[test]
    fn an_authorization_of_another_form_is_no_signature() {
        for (authorization, code) in [
            ("ACS3-HMAC-SHA256", "IncompleteSignature"),
            ("ACS3-HMAC-SHA256 Credential=STS.fake", "IncompleteSignature"),
            ("ACS3-HMAC-SHA256 Credential=,SignedHeaders=host,Signature=00", "IncompleteSignature"),
            (
                "ACS3-HMAC-SM3 Credential=STS.fake,SignedHeaders=host,Signature=00",
                "InvalidSignatureMethod",
            ),
            ("Basic ZmFrZQ==", "InvalidSignatureMethod"),
        ] {
            refused(&Draft::new(&[("authorization", Some(authorization))]).sent(BODY), code);
        }
        let mut request = Draft::new(&[]).signed();
        let authorization = request.headers.get_mut("authorization").unwrap();
        *authorization = authorization.replace("SignedHeaders=", "SignedHeaders=not-sent;");
        refused(&request, "IncompleteSignature");
    }

    #[test]
    fn date_and_token_are_checked_as_those_of_version_one() {
        let date = |date| Draft::new(&[("x-acs-date", Some(date))]).signed();
        refused(&date("2026-01-02 03:04:05"), "InvalidTimeStamp.Format");
        refused(&date("2026-01-02T02:49:04Z"), "InvalidTimeStamp.Expired");
        let token = Draft::new(&[("x-acs-security-token", Some("nonsense"))]).signed();
        refused(&token, "InvalidSecurityToken.Malformed");
    }

    #[test]
    fn whatever_is_changed_on_the_way_is_refused_with_what_the_service_signed() {
        let tampered: [fn(&mut Request); 5] = [
            |request| request.method = "GET".to_owned(),
            |request| request.query = "SecretName=other".to_owned(),
            |request| request.body.push(b' '),
            |request| {
                request.headers.insert("host".to_owned(), "127.0.0.1:9090".to_owned());
            },
            |request| {
                request.headers.insert("x-acs-action".to_owned(), "DeleteSecret".to_owned());
            },
        ];
        for tamper in tampered {
            let mut request = Draft::new(&[]).signed();
            tamper(&mut request);
            refused(&request, "SignatureDoesNotMatch");
        }
        let mut request = Draft::new(&[]).signed();
        request.method = "GET".to_owned();
        let body: Value =
            serde_json::from_slice(&refusal(&request).unwrap().body("r", "h")).unwrap();
        let message = body["Message"].as_str().unwrap();
        assert!(message.contains("server StringToSign is [ACS3-HMAC-SHA256\n"), "{message}");
        let canonical = format!("server CanonicalRequest is [GET\n/\n{QUERY}\ncontent-type:");
        assert!(message.contains(&canonical), "{message}");
    }

    #[test]
    fn a_signed_hash_has_to_be_that_of_the_body_that_came() {
        let other = sha256(b"SecretData=other");
        refused(
            &Draft::new(&[("x-acs-content-sha256", Some(&other))]).signed(),
            "SignatureDoesNotMatch",
        );
    }
}
