//! [`ErrorBody`]: the error in the body of a response, of the service itself or of something in its
//! place.

mod fields;
mod presentable;
mod xml;

use self::fields::ErrorFields;
use self::presentable::{presentable, presentable_link};
use super::redactor::Redactor;
use super::{AccessDeniedDetail, ErrorKind};

/// An error as the service reported it, made safe to show.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct ServiceError {
    pub(crate) code: String,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) recommendation: Option<String>,
    pub(crate) access_denied_detail: Option<Box<AccessDeniedDetail>>,
    /// The string to sign that the service computed. It contains every parameter: for comparing,
    /// never for showing.
    pub(crate) expected_string_to_sign: Option<String>,
}

/// The body of a response that is not a result.
#[derive(PartialEq, Eq)]
pub(crate) enum ErrorBody {
    Service(Box<ServiceError>),
    /// JSON or XML without an error code, or damaged before it.
    WithoutCode {
        message: Option<String>,
        request_id: Option<String>,
    },
    Html,
    /// Compressed, which no request asks for.
    Compressed,
    Empty,
}

/// Text before these markers is the service's own message, text after them quotes the rejected
/// request: what version 1.0 signs, and the two stages of ACS3.
const STRING_TO_SIGN_FOLLOWS: &str = "server string to sign is:";
const STRING_TO_SIGN_OPENS: &str = "server StringToSign is [";
const CANONICAL_REQUEST_FOLLOWS: &str = "server CanonicalRequest is";

/// Longer than any message of the service; a longer text is a body in disguise.
const MAX_MESSAGE_CHARS: usize = 1_000;
const MAX_WORD_CHARS: usize = 200;
/// Room for the encoded decision about a permission, which is useless if cut.
const MAX_DETAIL_CHARS: usize = 10_000;

/// The first bytes of gzip (RFC 1952), zstd (RFC 8878) and, by its usual levels, zlib (RFC 1950).
const COMPRESSED: [&[u8]; 6] =
    [b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"];

impl ErrorBody {
    /// Reads the JSON and XML forms, of the service itself and of the gateway in front of it. The
    /// `redactor` removes what the response echoes of the request.
    pub(crate) fn read(body: &[u8], redactor: &Redactor) -> Self {
        if COMPRESSED.iter().any(|start| body.starts_with(start)) {
            return Self::Compressed;
        }
        let text = String::from_utf8_lossy(body);
        let text = text.trim_start_matches('\u{feff}').trim();
        let fields = if text.is_empty() {
            return Self::Empty;
        } else if is_html(text) {
            return Self::Html;
        } else if text.starts_with('<') {
            ErrorFields::from_xml(text)
        } else {
            ErrorFields::from_json(text)
        };
        Self::from_fields(fields, redactor)
    }

    /// Takes the request id out of a body without a code.
    pub(crate) fn take_request_id(&mut self) -> Option<String> {
        match self {
            Self::WithoutCode { request_id, .. } => request_id.take(),
            _ => None,
        }
    }

    fn from_fields(fields: ErrorFields, redactor: &Redactor) -> Self {
        let show = |text: Option<String>, chars| presentable(&text?, chars, redactor);
        let (message, expected_string_to_sign) = match fields.message {
            Some(message) => split_string_to_sign(&message),
            None => (None, None),
        };
        let message = show(message, MAX_MESSAGE_CHARS);
        let request_id = show(fields.request_id, MAX_WORD_CHARS);
        let Some(code) = fields.code.and_then(|code| presentable_code(code, redactor)) else {
            return Self::WithoutCode { message, request_id };
        };
        let access_denied_detail = fields.access_denied_detail.map(|detail| {
            let show = |text: &str| presentable(text, MAX_DETAIL_CHARS, redactor);
            Box::new(AccessDeniedDetail::read(&detail, show))
        });
        Self::Service(Box::new(ServiceError {
            code,
            message,
            request_id,
            recommendation: fields
                .recommendation
                .and_then(|link| presentable_link(&link, MAX_MESSAGE_CHARS, redactor)),
            access_denied_detail,
            expected_string_to_sign,
        }))
    }
}

fn is_html(text: &str) -> bool {
    let start: String = text.chars().take(200).collect::<String>().to_ascii_lowercase();
    start.starts_with('<') && (start.contains("<!doctype html") || start.contains("<html"))
}

/// Keeps a documented code whole, although a secret may be a part of it.
fn presentable_code(code: String, redactor: &Redactor) -> Option<String> {
    if ErrorKind::from_known_code(&code).is_some() {
        return Some(code);
    }
    match code.strip_prefix(ErrorKind::THROTTLED_FAMILY) {
        Some(which) => presentable(which, MAX_WORD_CHARS, redactor)
            .map(|which| format!("{}{which}", ErrorKind::THROTTLED_FAMILY)),
        None => presentable(&code, MAX_WORD_CHARS, redactor),
    }
}

/// Returns the service's own words, and the string to sign that follows them.
fn split_string_to_sign(message: &str) -> (Option<String>, Option<String>) {
    let (words, string_to_sign) = if let Some(split) = message.split_once(STRING_TO_SIGN_FOLLOWS) {
        split
    } else if let Some((words, quoted)) = message.split_once(STRING_TO_SIGN_OPENS) {
        (words, quoted.split(']').next().unwrap_or_default())
    } else {
        return (Some(before_canonical_request(message)), None);
    };
    (Some(before_canonical_request(words)), Some(string_to_sign.trim().to_owned()))
}

fn before_canonical_request(words: &str) -> String {
    words.split(CANONICAL_REQUEST_FOLLOWS).next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: impl AsRef<[u8]>) -> ErrorBody {
        ErrorBody::read(body.as_ref(), &Redactor::new(&["fake-secret"]))
    }

    #[track_caller]
    fn service(body: &str) -> ServiceError {
        match read(body) {
            ErrorBody::Service(error) => *error,
            _ => panic!("not read as an error of the service: {body}"),
        }
    }

    #[track_caller]
    fn without_code(body: &[u8]) -> (Option<String>, Option<String>) {
        match read(body) {
            ErrorBody::WithoutCode { message, request_id } => (message, request_id),
            _ => panic!("not read as a body without a code: {}", String::from_utf8_lossy(body)),
        }
    }

    #[test]
    fn decodes_json_and_xml_of_service_and_gateway() {
        for body in [
            r#"{"HttpStatus":429,"Code":"Rejected.Throttling","Message":"QPS Limit Exceeded","RequestId":"r-1"}"#,
            r#"{"HttpStatus":"429","code":"Rejected.Throttling","message":"QPS Limit Exceeded","requestId":"r-1"}"#,
            r#"{"RequestId":"r-1","HostId":"kms.x","Code":"Rejected.Throttling","Message":"QPS Limit Exceeded.","More":[1]}"#,
            "\u{feff} <?xml version='1.0' encoding='UTF-8'?><KMS><HttpStatus>429</HttpStatus>\
             <Code>Rejected.Throttling</Code><Message>QPS Limit Exceeded</Message><RequestId>r-1</RequestId></KMS>",
            "<Error><RequestId>r-1</RequestId><HostId>kms.x</HostId><Code>Rejected.Throttling</Code>\
             <Message><![CDATA[QPS Limit Exceeded]]></Message><Extra><Deep>1</Deep></Extra></Error>",
        ] {
            let error = service(body);
            assert_eq!(error.code, "Rejected.Throttling", "{body}");
            assert_eq!(error.message.as_deref(), Some("QPS Limit Exceeded"), "{body}");
            assert_eq!(error.request_id.as_deref(), Some("r-1"), "{body}");
        }
    }

    #[test]
    fn decodes_recommendation_in_json_and_xml() {
        let link = "https://help.example/?q=X";
        let json = service(&format!(r#"{{"Code":"X","Recommend":"{link}"}}"#));
        let xml = service(&format!("<KMS><Code>X</Code><Recommend>{link}</Recommend></KMS>"));
        for error in [json, xml] {
            assert_eq!(error.recommendation.as_deref(), Some(link));
        }
    }

    #[test]
    fn malformed_field_keeps_the_other_fields() {
        for body in [
            r#"{"Code":"Throttling.User","RequestId":7}"#,
            r#"{"Code":"Throttling.User","RequestId":7,"Message":["m"]}"#,
            r#"{"Code":"Throttling.User","RequestId":7,"RequestId":"second"}"#,
            r#"{"Code":"","code":"Throttling.User","RequestId":null,"requestId":7}"#,
            r#"{"Message":{},"code":"Throttling.User","RequestId":7,"Code":"Second"}"#,
            r#"{"Code":"Throttling.User","RequestId":7} and more"#,
            r#"{"Code":"Throttling.User","RequestId":7,"Message":"cut o"#,
            "<KMS><Code>Throttling.User</Code><RequestId>7</RequestId><Message>cut o",
            "<KMS><Code>Throttling.User</Code><RequestId>7</RequestId></Other>",
        ] {
            let error = service(body);
            assert_eq!(error.code, "Throttling.User", "{body}");
            assert_eq!(error.request_id.as_deref(), Some("7"), "{body}");
            assert_eq!(error.message, None, "{body}");
        }
        assert_eq!(service(r#"{"Code":403,"Message":"denied"}"#).code, "403");
    }

    #[test]
    fn body_without_a_code_keeps_its_message_and_request_id() {
        let expected = (Some("denied".to_owned()), Some("r-1".to_owned()));
        for body in [
            r#"{"Message":"denied","RequestId":"r-1"}"#,
            r#"{"Code":"","Message":"denied","RequestId":"r-1"}"#,
            r#"{"Code":null,"Message":"denied","RequestId":"r-1"}"#,
            "<KMS><Message>denied</Message><RequestId>r-1</RequestId></KMS>",
        ] {
            assert_eq!(without_code(body.as_bytes()), expected, "{body}");
        }
    }

    #[test]
    fn unrelated_body_has_no_code() {
        let deep = "[".repeat(10_000);
        for body in [
            &br#"{"Code":"Rejected.Throt"#[..],
            br#"{"Code":""}"#,
            br#"{"Code":[]}"#,
            b"[]",
            b"7",
            b"upstream connect error",
            b"\xff\xfe{",
            b"<KMS><Code>Rejected.Thr",
            deep.as_bytes(),
            format!(r#"{{"Code":{deep}"#).as_bytes(),
        ] {
            assert_eq!(without_code(body), (None, None), "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn empty_html_and_compressed_bodies_are_distinguished() {
        assert!(read("") == ErrorBody::Empty);
        assert!(read(" \r\n ") == ErrorBody::Empty);
        assert!(read("\u{feff}") == ErrorBody::Empty);
        assert!(read("<!DOCTYPE HTML><title>502</title>") == ErrorBody::Html);
        assert!(read("<html><body><h1>502 Bad Gateway</h1></body></html>") == ErrorBody::Html);
        assert!(read("<html><code>502</code></html>") == ErrorBody::Html);
        assert!(read(b"\x1f\x8b\x08\x00fake") == ErrorBody::Compressed);
        assert!(read(b"\x28\xb5\x2f\xfdfake") == ErrorBody::Compressed);
        assert!(read(b"\x78\x9cfake") == ErrorBody::Compressed);
    }

    #[test]
    fn string_to_sign_is_removed_from_the_message() {
        let error = service(
            r#"{"Code":"SignatureDoesNotMatch","Message":"Specified signature is not matched with our calculation. server string to sign is:GET&%2F&A%3D1"}"#,
        );
        assert_eq!(
            error.message.as_deref(),
            Some("Specified signature is not matched with our calculation")
        );
        assert_eq!(error.expected_string_to_sign.as_deref(), Some("GET&%2F&A%3D1"));
    }

    #[test]
    fn both_stages_of_acs3_are_cut_out_of_the_message() {
        let error = service(
            r#"{"Code":"SignatureDoesNotMatch","Message":"Specified signature does not match our calculation. server StringToSign is [ACS3-HMAC-SHA256\n0a1b] server CanonicalRequest is [GET\n/\nA=1\n]"}"#,
        );
        assert_eq!(
            error.message.as_deref(),
            Some("Specified signature does not match our calculation")
        );
        assert_eq!(error.expected_string_to_sign.as_deref(), Some("ACS3-HMAC-SHA256\n0a1b"));
        let only = service(r#"{"Code":"X","Message":"No. server CanonicalRequest is [A=1]"}"#);
        assert_eq!(only.message.as_deref(), Some("No"));
    }

    #[test]
    fn documented_code_that_contains_a_secret_is_kept() {
        let redactor = Redactor::new(&["Exist", "Brand", "Throttling", "fake-secret"]);
        let code = |body: &str| match ErrorBody::read(body.as_bytes(), &redactor) {
            ErrorBody::Service(error) => error.code,
            _ => panic!("not read as an error of the service: {body}"),
        };
        assert_eq!(code(r#"{"Code":"Rejected.ResourceExist"}"#), "Rejected.ResourceExist");
        assert_eq!(code(r#"{"Code":"Throttling.User"}"#), "Throttling.User");
        assert_eq!(code(r#"{"Code":"Throttling.fake-secret"}"#), "Throttling.[redacted]");
        assert_eq!(code(r#"{"Code":"Brand.NewCode"}"#), "[redacted].NewCode");
    }

    #[test]
    fn missing_permission_is_decoded_and_redacted() {
        let error = service(
            r#"{"Code":"NoPermission","AccessDeniedDetail":{"AuthAction":"kms:Decrypt","NoPermissionType":"ImplicitDeny",
                "PolicyType":null,"AuthPrincipalOwnerId":7,"AuthPrincipalDisplayName":"fake-secret","New":{}}}"#,
        );
        let detail = error.access_denied_detail.unwrap();
        assert_eq!(detail.auth_action.as_deref(), Some("kms:Decrypt"));
        assert_eq!(detail.no_permission_type.as_deref(), Some("ImplicitDeny"));
        assert_eq!((detail.policy_type, detail.auth_principal_owner_id), (None, None));
        assert_eq!(detail.auth_principal_display_name.as_deref(), Some("[redacted]"));
        for malformed in ["null", "7", "[]", r#""text""#] {
            let error = service(&format!(r#"{{"Code":"X","AccessDeniedDetail":{malformed}}}"#));
            let detail = error.access_denied_detail.unwrap_or_default();
            assert_eq!(*detail, AccessDeniedDetail::default(), "{malformed}");
        }
    }

    #[test]
    fn long_texts_are_shortened() {
        let long = "m".repeat(20_000);
        let error = service(&format!(
            r#"{{"Code":"{long}","Message":"{long}","RequestId":"{long}","Recommend":"{long}",
                "AccessDeniedDetail":{{"EncodedDiagnosticMessage":"{long}"}}}}"#
        ));
        assert_eq!(error.code.len(), 200);
        assert_eq!(error.message.unwrap().len(), 1_000);
        assert_eq!(error.request_id.unwrap().len(), 200);
        assert_eq!(error.recommendation.unwrap().len(), 1_000);
        let detail = error.access_denied_detail.unwrap();
        assert_eq!(detail.encoded_diagnostic_message.unwrap().len(), 10_000);
        let xml = format!("<KMS><Code>{long}</Code><Recommend>{long}</Recommend></KMS>");
        let error = service(&xml);
        assert_eq!((error.code.len(), error.recommendation.unwrap().len()), (200, 1_000));
        let family = service(&format!(r#"{{"Code":"Throttling.{long}"}}"#)).code;
        assert_eq!(family.len(), "Throttling.".len() + 200);
    }
}
