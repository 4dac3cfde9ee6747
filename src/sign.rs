//! Request parts, credentials, a time and a nonce in; a signed request out.
//!
//! Pure: nothing here reads a clock, draws randomness or knows a socket. The scheme is an implementation detail of this
//! room: operations only name their parameters, and [`SignedRequest`] is all that the call loop sees of the result.

pub(crate) mod canonical;
pub(crate) mod digest;
mod v1;

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use http::Method;
use zeroize::Zeroizing;

use crate::credentials::Credentials;

/// The API version of KMS, sent with every request to it.
/// <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/request-syntax>
pub(crate) const API_VERSION: &str = "2016-01-20";

/// Parameters of a request by name, values not yet encoded. Names of lists are numbered, such as `TagKey.1`.
pub(crate) type Parameters<'a> = Vec<(Cow<'static, str>, Cow<'a, str>)>;

/// What one attempt of a call asks for, before anything of the signature is added.
#[derive(Debug)]
pub(crate) struct UnsignedRequest<'a> {
    pub(crate) method: Method,
    /// The API version of the service that is asked: STS has another one than KMS.
    pub(crate) version: &'static str,
    pub(crate) action: &'static str,
    pub(crate) parameters: Parameters<'a>,
}

/// A request that is ready to be sent, and what a mismatch of signatures is explained with.
pub(crate) struct SignedRequest {
    pub(crate) method: Method,
    /// All parameters with the signature among them, percent-encoded: the query of a `GET`, the form body of a `POST`.
    pub(crate) parameters: Zeroizing<String>,
    /// The signature by itself, so that it can be kept out of what is shown.
    pub(crate) signature: String,
    /// What was signed. It holds every parameter, so it goes into no log and no error.
    pub(crate) string_to_sign: Zeroizing<String>,
}

/// Signs `request` as `credentials`, at the time `at`, with a `nonce` that was never used before.
pub(crate) fn sign(
    request: UnsignedRequest<'_>,
    credentials: &Credentials,
    at: DateTime<Utc>,
    nonce: &str,
) -> SignedRequest {
    v1::sign(request, credentials, at, nonce)
}

/// A time as requests carry it, `yyyy-MM-ddTHH:mm:ssZ`: whole seconds, or the service answers `InvalidTimeStamp.Format`.
pub(crate) fn timestamp(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
