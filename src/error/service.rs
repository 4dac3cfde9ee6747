//! What the service, or something in its place, says in the body of an error.

mod xml;

use serde::Deserialize;
use serde_json::Value;

use super::redactor::Redactor;
use super::{AccessDeniedDetail, ErrorKind};

/// An error as the service words it, made safe to show.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct ServiceError {
    pub(crate) code: String,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) recommendation: Option<String>,
    pub(crate) access_denied_detail: Option<Box<AccessDeniedDetail>>,
    /// The string to sign that the service computed. It holds every parameter: for comparing, never
    /// for showing.
    pub(crate) expected_string_to_sign: Option<String>,
}

/// What the body of an unsuccessful answer is.
#[derive(PartialEq, Eq)]
pub(crate) enum ErrorBody {
    Service(Box<ServiceError>),
    Html,
    Empty,
    /// Neither, or cut off.
    Unreadable,
}

/// Before these, the message is the service's own text; after them, the request that was refused.
/// The first is how the gateway quotes what version 1.0 signs, the others how it quotes the two
/// stages of ACS3.
const STRING_TO_SIGN_FOLLOWS: &str = "server string to sign is:";
const STRING_TO_SIGN_OPENS: &str = "server StringToSign is [";
const CANONICAL_REQUEST_FOLLOWS: &str = "server CanonicalRequest is";

/// Longer than any message of the service; what is longer is a body in disguise.
const MESSAGE_CHARS: usize = 1_000;
const WORD_CHARS: usize = 200;
/// Room for a message that stands for a whole decision about a permission, which is worth nothing
/// in part.
const DETAIL_CHARS: usize = 10_000;

impl ErrorBody {
    /// Reads the JSON and XML forms, of the service itself and of the gateway before it.
    ///
    /// What is `sensitive` is taken out, in case the answer echoes what was sent.
    pub(crate) fn read(body: &[u8], redactor: &Redactor) -> Self {
        let text = String::from_utf8_lossy(body);
        let text = text.trim_start_matches('\u{feff}').trim();
        let wire = if text.is_empty() {
            return Self::Empty;
        } else if text.starts_with('<') {
            WireError::from_xml(text)
        } else {
            serde_json::from_str::<WireError>(text).ok()
        };
        match wire.and_then(|wire| wire.into_service_error(redactor)) {
            Some(error) => Self::Service(Box::new(error)),
            None if is_html(text) => Self::Html,
            None => Self::Unreadable,
        }
    }
}

fn is_html(text: &str) -> bool {
    let start: String = text.chars().take(200).collect::<String>().to_ascii_lowercase();
    start.starts_with('<') && (start.contains("<!doctype html") || start.contains("<html"))
}

/// Both shapes of both formats. The gateway writes lower-case names at times; CloudSSO and the
/// OAuth exchange, which only keys are got from, have names of their own.
#[derive(Default, Deserialize)]
struct WireError {
    #[serde(rename = "Code", alias = "code", alias = "ErrorCode", alias = "error", default)]
    code: Option<String>,
    #[serde(
        rename = "Message",
        alias = "message",
        alias = "ErrorMessage",
        alias = "error_description",
        default
    )]
    message: Option<String>,
    #[serde(rename = "RequestId", alias = "requestId", default)]
    request_id: Option<String>,
    #[serde(rename = "Recommend", default)]
    recommend: Option<String>,
    #[serde(rename = "AccessDeniedDetail", alias = "accessDeniedDetail", default)]
    access_denied_detail: Option<Value>,
}

impl WireError {
    fn from_xml(xml: &str) -> Option<Self> {
        let mut error = Self::default();
        for (name, text) in xml::elements(xml)? {
            match name {
                "Code" | "code" => error.code = Some(text),
                "Message" | "message" => error.message = Some(text),
                "RequestId" | "requestId" => error.request_id = Some(text),
                "Recommend" => error.recommend = Some(text),
                _ => {}
            }
        }
        Some(error)
    }

    fn into_service_error(self, redactor: &Redactor) -> Option<ServiceError> {
        let show = |text: Option<String>, chars| presentable(&text?, chars, redactor);
        let (message, expected_string_to_sign) = match self.message {
            Some(message) => split_string_to_sign(message),
            None => (None, None),
        };
        let code = match self.code {
            // What is documented is no secret, though one may be a part of it.
            Some(code) if ErrorKind::from_known_code(&code).is_some() => Some(code),
            Some(code) => match code.strip_prefix(ErrorKind::THROTTLED_FAMILY) {
                Some(which) => presentable(which, WORD_CHARS, redactor)
                    .map(|which| format!("{}{which}", ErrorKind::THROTTLED_FAMILY)),
                None => presentable(&code, WORD_CHARS, redactor),
            },
            None => None,
        };
        let detail = self.access_denied_detail.map(|detail| {
            let detail =
                AccessDeniedDetail::read(&detail, |text| presentable(text, DETAIL_CHARS, redactor));
            Box::new(detail)
        });
        Some(ServiceError {
            code: code?,
            access_denied_detail: detail,
            message: show(message, MESSAGE_CHARS),
            request_id: show(self.request_id, WORD_CHARS),
            recommendation: show(self.recommend, MESSAGE_CHARS),
            expected_string_to_sign,
        })
    }
}

fn split_string_to_sign(message: String) -> (Option<String>, Option<String>) {
    let (words, string_to_sign) = if let Some(split) = message.split_once(STRING_TO_SIGN_FOLLOWS) {
        split
    } else if let Some((words, quoted)) = message.split_once(STRING_TO_SIGN_OPENS) {
        (words, quoted.split(']').next().unwrap_or_default())
    } else {
        return (Some(before_canonical_request(&message)), None);
    };
    (Some(before_canonical_request(words)), Some(string_to_sign.trim().to_owned()))
}

fn before_canonical_request(words: &str) -> String {
    words.split(CANONICAL_REQUEST_FOLLOWS).next().unwrap_or_default().to_owned()
}

/// `text` on one line, without control characters, what is sensitive or a closing full stop, and
/// not endless.
fn presentable(text: &str, max_chars: usize, redactor: &Redactor) -> Option<String> {
    let text = redactor.redact(text);
    let line: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(max_chars).collect();
    let line = line.trim().trim_end_matches('.');
    (!line.is_empty()).then(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn service(body: &str) -> ServiceError {
        match ErrorBody::read(body.as_bytes(), &Redactor::new(&["fake-secret"])) {
            ErrorBody::Service(error) => *error,
            _ => panic!("not read as an error of the service: {body}"),
        }
    }

    #[test]
    fn the_service_and_the_gateway_are_read_alike_in_json_and_xml() {
        for body in [
            r#"{"HttpStatus":429,"Code":"Rejected.Throttling","Message":"QPS Limit Exceeded","RequestId":"r-1"}"#,
            r#"{"HttpStatus":"429","code":"Rejected.Throttling","message":"QPS Limit Exceeded","requestId":"r-1"}"#,
            r#"{"RequestId":"r-1","HostId":"kms.x","Code":"Rejected.Throttling","Message":"QPS Limit Exceeded.","More":[1]}"#,
            "\u{feff} <?xml version='1.0' encoding='UTF-8'?><KMS><HttpStatus>429</HttpStatus><Code>Rejected.Throttling\
             </Code><Message>QPS Limit Exceeded</Message><RequestId>r-1</RequestId></KMS>",
            "<Error><RequestId>r-1</RequestId><HostId>kms.x</HostId><Code>Rejected.Throttling</Code>\
             <Message><![CDATA[QPS Limit Exceeded]]></Message><Extra><Deep>1</Deep></Extra></Error>",
        ] {
            let error = service(body);
            assert_eq!(error.code, "Rejected.Throttling", "{body}");
            assert_eq!(error.message.as_deref(), Some("QPS Limit Exceeded"), "{body}");
            assert_eq!(error.request_id.as_deref(), Some("r-1"), "{body}");
        }
        assert_eq!(service(r#"{"Code":"X","Message":null}"#).message, None);
        assert_eq!(
            service(r#"{"Code":"X","Recommend":"https://help.example/?q=X"}"#)
                .recommendation
                .as_deref(),
            Some("https://help.example/?q=X")
        );
        assert_eq!(service("<KMS><Code>A&amp;B</Code></KMS>").code, "A&B");
    }

    #[test]
    fn what_is_no_error_of_the_service_is_told_apart() {
        let read = |body: &[u8]| ErrorBody::read(body, &Redactor::default());
        assert!(read(b"") == ErrorBody::Empty);
        assert!(read(b" \r\n ") == ErrorBody::Empty);
        assert!(read(b"<!DOCTYPE HTML><title>502</title>") == ErrorBody::Html);
        assert!(read(b"<html><body><h1>502 Bad Gateway</h1></body></html>") == ErrorBody::Html);
        assert!(read(br#"{"Code":"Rejected.Throt"#) == ErrorBody::Unreadable);
        assert!(read(br#"{"Code":""}"#) == ErrorBody::Unreadable);
        assert!(read(br#"{"Code":7}"#) == ErrorBody::Unreadable);
        assert!(read(b"[]") == ErrorBody::Unreadable);
        assert!(read(b"upstream connect error") == ErrorBody::Unreadable);
        assert!(read(b"\xff\xfe{") == ErrorBody::Unreadable);
        assert!(read(b"<KMS><Code>Rejected.Thr") == ErrorBody::Unreadable);
        let deep = "[".repeat(10_000);
        assert!(read(deep.as_bytes()) == ErrorBody::Unreadable);
        let deep = format!(r#"{{"Code":"X","Extra":{deep}"#);
        assert!(read(deep.as_bytes()) == ErrorBody::Unreadable);
    }

    #[test]
    fn the_string_to_sign_is_cut_out_of_the_message_and_kept_for_comparing() {
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
    fn both_stages_of_acs3_are_cut_out_and_the_one_that_is_signed_is_kept() {
        let error = service(
            r#"{"Code":"SignatureDoesNotMatch","Message":"Specified signature does not match our calculation. server StringToSign is [ACS3-HMAC-SHA256\n0a1b] server CanonicalRequest is [GET\n/\nA=1\n]"}"#,
        );
        assert_eq!(
            error.message.as_deref(),
            Some("Specified signature does not match our calculation")
        );
        assert_eq!(error.expected_string_to_sign.as_deref(), Some("ACS3-HMAC-SHA256\n0a1b"));
        let alone = service(r#"{"Code":"X","Message":"No. server CanonicalRequest is [A=1]"}"#);
        assert_eq!(alone.message.as_deref(), Some("No"));
    }

    #[test]
    fn a_secret_that_is_a_word_of_the_services_does_not_hide_its_codes() {
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
    fn the_missing_permission_is_read_and_what_it_echoes_is_taken_out() {
        let error = service(
            r#"{"Code":"NoPermission","AccessDeniedDetail":{"AuthAction":"kms:Decrypt","NoPermissionType":"ImplicitDeny",
                "PolicyType":null,"AuthPrincipalOwnerId":7,"AuthPrincipalDisplayName":"fake-secret","New":{}}}"#,
        );
        let detail = error.access_denied_detail.unwrap();
        assert_eq!(detail.auth_action.as_deref(), Some("kms:Decrypt"));
        assert_eq!(detail.no_permission_type.as_deref(), Some("ImplicitDeny"));
        assert_eq!((detail.policy_type, detail.auth_principal_owner_id), (None, None));
        assert_eq!(detail.auth_principal_display_name.as_deref(), Some("[redacted]"));
        for odd in ["null", "7", "[]", r#""text""#] {
            let error = service(&format!(r#"{{"Code":"X","AccessDeniedDetail":{odd}}}"#));
            let told = error.access_denied_detail.unwrap_or_default();
            assert_eq!(*told, AccessDeniedDetail::default(), "{odd}");
        }
    }

    #[test]
    fn an_echoing_endless_or_many_lined_message_is_made_presentable() {
        let echo = service(
            r#"{"Code":"InvalidParameter","Message":"got fake-secret\n\u001b[31m twice: fake-secret"}"#,
        );
        assert_eq!(echo.message.as_deref(), Some("got [redacted]  [31m twice: [redacted]"));
        let endless = service(&format!(r#"{{"Code":"X","Message":"{}"}}"#, "m".repeat(5_000)));
        assert_eq!(endless.message.unwrap().len(), MESSAGE_CHARS);
    }
}
