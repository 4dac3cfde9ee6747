//! A request before and after it is signed.

use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, Utc};
use http::{HeaderMap, Method};
use zeroize::Zeroizing;

/// The API version of KMS, sent with every request to it.
/// <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/request-syntax>
pub(crate) const API_VERSION: &str = "2016-01-20";

/// The media type of the body of every `POST`.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// Parameters of a request by name, with values that are not encoded yet. Names of lists are
/// numbered, such as `TagKey.1`.
pub(crate) type Parameters<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

/// The parts of a request before anything of the signature is added.
#[derive(Debug)]
pub(crate) struct UnsignedRequest<'a> {
    pub(crate) method: Method,
    /// The API version of the service that is called: that of STS is another than that of KMS.
    pub(crate) version: &'static str,
    pub(crate) action: &'a str,
    /// The value of the `Host` header: with the port unless that is the scheme's default.
    pub(crate) host: &'a str,
    pub(crate) parameters: Parameters<'a>,
}

/// A request that is ready to be sent, and what explains a signature that does not match.
pub(crate) struct SignedRequest {
    pub(crate) method: Method,
    /// All parameters, percent-encoded: the query of a `GET`, the form body of a `POST`.
    pub(crate) parameters: Zeroizing<String>,
    /// The headers that the signature version sends beside them.
    pub(crate) headers: HeaderMap,
    /// The signature itself, so that it can be redacted.
    pub(crate) signature: String,
    /// The nonce and the time in it, so that a URL that is echoed can be redacted.
    pub(crate) nonce: String,
    pub(crate) timestamp: String,
    /// The text that was signed. It may contain every parameter, so it must not reach a log or an
    /// error.
    pub(crate) string_to_sign: Zeroizing<String>,
}

/// Formats a time as requests contain it, `yyyy-MM-ddTHH:mm:ssZ`: with whole seconds, or the
/// service returns `InvalidTimeStamp.Format`.
pub(crate) fn timestamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
