//! Signature version ACS3-HMAC-SHA256: everything is in headers.
//!
//! <https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature>

use url::form_urlencoded;

use super::claim::{Claim, SignedText, invalid_signature_method, required_timestamp};
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::{Request, required_common};
use crate::sign::canonical::{ACS3_ALGORITHM, canonical_query, canonical_request};
use crate::sign::digest::sha256;

pub(super) fn read_claim<'a>(
    request: &'a Request,
    authorization: &'a str,
) -> Result<Claim<'a>, ErrorResponse> {
    let Authorization { access_key_id, signed_headers, signature } = parse(authorization)?;
    let body = request.body.as_deref().unwrap_or_default();
    let headers = signed_headers_of(request, signed_headers, !body.is_empty())?;
    let nonce = required_common("SignatureNonce", request.header("x-acs-signature-nonce"))?;
    let timestamp = required_timestamp(request.header("x-acs-date"))?;
    let claimed_sha256 = request
        .header("x-acs-content-sha256")
        .ok_or_else(|| incomplete("the header x-acs-content-sha256 is missing"))?;

    let mut query: Vec<_> = form_urlencoded::parse(request.query.as_bytes()).collect();
    let query = canonical_query(&mut query);
    let body_sha256 = sha256(body);
    let canonical_request = canonical_request(&request.method, &query, &headers, &body_sha256);
    let signed = SignedText::Acs3 { canonical_request };
    // The hash is signed, but it is not that of the body that arrived.
    if claimed_sha256 != body_sha256 {
        return Err(signed.mismatch());
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
fn parse(authorization: &str) -> Result<Authorization<'_>, ErrorResponse> {
    let malformed = "the header Authorization has another form";
    let (algorithm, fields) = authorization.split_once(' ').ok_or_else(|| incomplete(malformed))?;
    if algorithm != ACS3_ALGORITHM {
        return Err(invalid_signature_method());
    }
    let field = |name| {
        let mut fields = fields.split(',').filter_map(|field| field.trim().split_once('='));
        let found = fields.find(|(found, value)| *found == name && !value.is_empty());
        let missing = || incomplete(&format!("the header Authorization has no {name}"));
        found.map(|(_, value)| value).ok_or_else(missing)
    };
    Ok(Authorization {
        access_key_id: field("Credential")?,
        signed_headers: field("SignedHeaders")?.split(';').collect(),
        signature: field("Signature")?,
    })
}

/// Returns the headers that the signature covers, sorted by name, once all that must be signed are
/// among them. More than those may be signed: some official libraries sign every header they send.
fn signed_headers_of<'a>(
    request: &'a Request,
    signed: Vec<&'a str>,
    has_body: bool,
) -> Result<Vec<(&'a str, &'a str)>, ErrorResponse> {
    // The official Python library sends an unsigned `Content-Type` when its body is empty, since
    // aiohttp adds one to every POST.
    let must_be_signed = |name: &str| {
        name == "host" || name.starts_with("x-acs-") || (name == "content-type" && has_body)
    };
    if !request.headers.contains_key("host") {
        return Err(incomplete("the header host is missing"));
    }
    let mut unsigned = request.headers.keys().filter(|name| !signed.contains(&&***name));
    if let Some(name) = unsigned.find(|name| must_be_signed(name)) {
        return Err(incomplete(&format!("the header {name} is not signed")));
    }
    let value = |name| {
        let missing = || incomplete(&format!("the signed header {name} is missing"));
        request.header(name).map(|value| (name, value)).ok_or_else(missing)
    };
    let mut headers = signed.into_iter().map(value).collect::<Result<Vec<_>, _>>()?;
    headers.sort_unstable();
    Ok(headers)
}

fn incomplete(reason: &str) -> ErrorResponse {
    let message = format!("The request signature does not conform to Aliyun standards: {reason}.");
    ErrorResponse::gateway(400, "IncompleteSignature", message)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use http::{HeaderMap, HeaderName};

    use super::*;
    use crate::credentials::Credentials;
    use crate::emulator::authenticate::authenticate;
    use crate::emulator::nonces::Nonces;
    use crate::emulator::request::RequestBody;
    use crate::sign::canonical::{acs3_string_to_sign, signed_headers};
    use crate::sign::digest::SigningKey;

    const QUERY: &str = "SecretName=app%2Fdb%2Bmain";
    const BODY: &[u8] = b"SecretData=a+b%2Ac";

    fn now() -> DateTime<Utc> {
        "2026-01-02T03:04:05Z".parse().unwrap()
    }

    /// An unsigned request of the access key `STS.fake`.
    struct Draft(Vec<(&'static str, String)>);

    impl Draft {
        /// Changes some headers, or leaves them out where the value is `None`.
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

        /// Signs all headers but `unsigned`.
        fn signed_except(self, unsigned: &[&str]) -> Request {
            self.signed_over(BODY, unsigned)
        }

        fn signed_over(mut self, body: &[u8], unsigned: &[&str]) -> Request {
            let signed: Vec<_> =
                self.0.iter().filter(|(name, _)| !unsigned.contains(name)).cloned().collect();
            let text = canonical_request("POST", QUERY, &signed, &sha256(body));
            let signature = SigningKey::acs3("fake-secret").signature(&acs3_string_to_sign(&text));
            let names = signed_headers(&signed);
            self.0.push((
                "authorization",
                format!("ACS3-HMAC-SHA256 Credential=STS.fake,SignedHeaders={names},Signature={signature}"),
            ));
            self.sent(body)
        }

        fn signed(self) -> Request {
            self.signed_except(&[])
        }

        fn sent(self, body: &[u8]) -> Request {
            let headers: HeaderMap = self
                .0
                .into_iter()
                .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
                .collect();
            Request::new("POST", "/", QUERY, &headers, RequestBody::Complete(body))
        }
    }

    fn error(request: &Request) -> Option<ErrorResponse> {
        let credentials = [
            Credentials::new("STS.fake", "fake-secret").with_security_token("fake+token"),
            Credentials::new("fake-id", "fake-secret"),
        ];
        authenticate(request, &credentials, &mut Nonces::default(), now()).err()
    }

    #[track_caller]
    fn assert_rejected(request: &Request, code: &str) {
        let error = error(request).map(|error| (error.status, error.code));
        assert_eq!(error, Some((400, code.to_owned().into())));
    }

    #[test]
    fn request_that_signs_the_needed_headers_or_more_is_accepted() {
        assert_eq!(error(&Draft::new(&[]).signed()), None);
        let more = [("accept", Some("application/json")), ("user-agent", Some("sdk/1"))];
        assert_eq!(error(&Draft::new(&more).signed()), None);
        assert_eq!(error(&Draft::new(&more).signed_except(&["accept", "user-agent"])), None);
    }

    #[test]
    fn unsigned_header_is_rejected_by_its_name() {
        for unsigned in ["host", "content-type", "x-acs-action", "x-acs-security-token"] {
            let request = Draft::new(&[]).signed_except(&[unsigned]);
            assert_rejected(&request, "IncompleteSignature");
            let message = error(&request).unwrap().message;
            assert!(message.contains(&format!("the header {unsigned} is not signed")), "{message}");
        }
        let other = Draft::new(&[("x-acs-credentials-provider", Some("static_sts"))]);
        assert_rejected(
            &other.signed_except(&["x-acs-credentials-provider"]),
            "IncompleteSignature",
        );
    }

    /// As the official Python library 3.3.1 sends it over aiohttp.
    #[test]
    fn unsigned_content_type_of_an_empty_body_is_accepted() {
        let sha256 = sha256(b"");
        let draft = Draft::new(&[
            ("content-type", Some("application/octet-stream")),
            ("x-acs-content-sha256", Some(&sha256)),
        ]);
        assert_eq!(error(&draft.signed_over(b"", &["content-type"])), None);
    }

    #[test]
    fn missing_header_is_rejected_with_its_own_code() {
        for (name, code) in [
            ("host", "IncompleteSignature"),
            ("x-acs-content-sha256", "IncompleteSignature"),
            ("x-acs-signature-nonce", "MissingSignatureNonce"),
            ("x-acs-date", "IllegalTimestamp"),
            ("x-acs-security-token", "MissingSecurityToken"),
        ] {
            assert_rejected(&Draft::new(&[(name, None)]).signed(), code);
        }
    }

    #[test]
    fn authorization_in_another_form_is_rejected() {
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
            assert_rejected(
                &Draft::new(&[("authorization", Some(authorization))]).sent(BODY),
                code,
            );
        }
        let mut request = Draft::new(&[]).signed();
        let authorization = request.headers.get_mut("authorization").unwrap();
        *authorization = authorization.replace("SignedHeaders=", "SignedHeaders=not-sent;");
        assert_rejected(&request, "IncompleteSignature");
    }

    #[test]
    fn date_and_token_are_checked_as_in_version_one() {
        let date = |date| Draft::new(&[("x-acs-date", Some(date))]).signed();
        assert_rejected(&date("2026-01-02 03:04:05"), "InvalidTimeStamp.Format");
        assert_rejected(&date("2026-01-02T02:49:04Z"), "InvalidTimeStamp.Expired");
        let token = Draft::new(&[("x-acs-security-token", Some("nonsense"))]).signed();
        assert_rejected(&token, "InvalidSecurityToken.Malformed");
    }

    #[test]
    fn tampered_request_is_rejected_with_the_canonical_request() {
        let tampered: [fn(&mut Request); 5] = [
            |request| request.method = "GET".to_owned(),
            |request| request.query = "SecretName=other".to_owned(),
            |request| request.body.as_mut().unwrap().push(b' '),
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
            assert_rejected(&request, "SignatureDoesNotMatch");
        }
        let mut request = Draft::new(&[]).signed();
        request.method = "GET".to_owned();
        let message = error(&request).unwrap().message;
        assert!(message.contains("server StringToSign is [ACS3-HMAC-SHA256\n"), "{message}");
        let canonical = format!("server CanonicalRequest is [GET\n/\n{QUERY}\ncontent-type:");
        assert!(message.contains(&*canonical), "{message}");
    }

    #[test]
    fn signed_hash_of_another_body_is_rejected() {
        let other = sha256(b"SecretData=other");
        assert_rejected(
            &Draft::new(&[("x-acs-content-sha256", Some(&other))]).signed(),
            "SignatureDoesNotMatch",
        );
    }
}
