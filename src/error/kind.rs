//! [`ErrorKind`]: the class of an error, by the service's exact code first and the HTTP status
//! second.

use std::fmt;

/// The class of an [`Error`](crate::Error), by what a caller does next.
///
/// More kinds may follow: a `match` needs a wildcard arm.
///
/// ```
/// use alibabacloud_kms::ErrorKind;
///
/// assert_eq!(ErrorKind::AccessDenied.as_str(), "AccessDenied");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting of the client or something it needs from the process is missing or wrong, or its
    /// endpoint does not serve this API.
    Configuration,
    /// A parameter is outside its documented range, rejected here before it was sent or by the
    /// service.
    InvalidInput,
    /// The credentials provider had no credentials. Nothing was sent.
    Credentials,
    /// The access key, the token or the signature was rejected.
    Authentication,
    /// The request's time differs too much from the service's: the local clock is wrong.
    ClockSkew,
    /// The identity may not call this operation on this resource.
    AccessDenied,
    /// The account or the KMS instance cannot be used now: it is not activated, in debt or expired.
    AccountState,
    /// A secret, version, key or instance that the request named does not exist.
    NotFound,
    /// A ciphertext cannot be decrypted: it was changed or cut off, its key is not in this region
    /// and account, or the encryption context or the algorithm is another one. The service does not
    /// say which.
    InvalidCiphertext,
    /// The state of the resource forbids the operation.
    Conflict,
    /// The account sent too many requests to the region, by the service's count or by this client's
    /// own [`RateLimits`](crate::rate_limit::RateLimits). Nothing was executed.
    Throttled,
    /// A quota on how many resources may exist is used up. Retrying does not help.
    QuotaExceeded,
    /// The service, or something in front of it, had a transient failure.
    Unavailable,
    /// No connection was made, or it broke before the response was complete.
    Network,
    /// No response arrived in time.
    Timeout,
    /// The response is not what the operation returns.
    Decode,
    /// The pages of a listing do not end, or one is not the page that was requested.
    Pagination,
    /// None of the above: the service returned a code and a status that this version does not know,
    /// or the runtime shut down during the call.
    #[default]
    Unknown,
}

impl ErrorKind {
    /// The prefix of an open family of codes: `Throttling.User`, `Throttling.Api` and more.
    pub(super) const THROTTLED_FAMILY: &str = "Throttling.";

    /// Returns the kind's name, such as `AccessDenied`: a stable label for metrics and logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "Configuration",
            Self::InvalidInput => "InvalidInput",
            Self::Credentials => "Credentials",
            Self::Authentication => "Authentication",
            Self::ClockSkew => "ClockSkew",
            Self::AccessDenied => "AccessDenied",
            Self::AccountState => "AccountState",
            Self::NotFound => "NotFound",
            Self::InvalidCiphertext => "InvalidCiphertext",
            Self::Conflict => "Conflict",
            Self::Throttled => "Throttled",
            Self::QuotaExceeded => "QuotaExceeded",
            Self::Unavailable => "Unavailable",
            Self::Network => "Network",
            Self::Timeout => "Timeout",
            Self::Decode => "Decode",
            Self::Pagination => "Pagination",
            Self::Unknown => "Unknown",
        }
    }

    /// Returns the kind of a response with an error code.
    ///
    /// Prefixes mislead (`Forbidden.` comes with 400, 403 and 404), so only whole codes count. An
    /// unknown code is classed by the status.
    pub(crate) fn from_code(code: &str, status: u16) -> Self {
        match Self::from_known_code(code) {
            Some(kind) => kind,
            None if code.starts_with(Self::THROTTLED_FAMILY) => Self::Throttled,
            None => Self::from_unknown_code(status),
        }
    }

    /// Returns the kind of a code that the service or its gateway documents.
    pub(super) fn from_known_code(code: &str) -> Option<Self> {
        Some(match code {
            "SignatureDoesNotMatch"
            | "IncompleteSignature"
            | "InvalidSignatureMethod"
            | "SignatureNonceUsed"
            | "InvalidAccessKeyId.NotFound"
            | "InvalidAccessKeyId.Inactive"
            | "Forbidden.AccessKey"
            | "Forbidden.AccessKeyDisabled"
            | "MissingSecurityToken"
            | "InvalidSecurityToken.Malformed"
            | "InvalidSecurityToken.MismatchWithAccessKey"
            | "InvalidSecurityToken.Expired" => Self::Authentication,

            "InvalidTimeStamp.Expired" | "IllegalTimestamp" => Self::ClockSkew,

            "Rejected.Throttling" | "Throttling" | "Throttling.User" | "Throttling.Api" => {
                Self::Throttled
            }

            "InternalFailure"
            | "InternalError"
            | "UnknownError"
            | "ServiceUnavailable"
            | "ServiceUnavailableTemporary"
            // Both misspellings are the service's own.
            | "SerivceUnvailableTemporary"
            | "SerivceUnavailableTemporary" => Self::Unavailable,

            "Forbidden.ResourceNotFound"
            | "Forbidden.KeyNotFound"
            | "Forbidden.KeyVersionNotFound"
            | "Forbidden.AliasNotFound"
            | "Forbidden.DKMSInstanceNotFound"
            | "InvalidResourceId.NotFound" => Self::NotFound,

            "InvalidApi.NotFound"
            | "InvalidProduct.NotFound"
            | "InvalidRegion.NotFound"
            | "InvalidAction.NotFound"
            | "InvalidVersion"
            | "InvalidProtocol.NeedSsl"
            | "UnsupportedHTTPMethod" => Self::Configuration,

            "Forbidden.NoPermission" | "Forbidden.RAM" | "NoPermission" | "AccessDeniedError" => {
                Self::AccessDenied
            }

            // Outcomes of a dry run, as `AccessDeniedError` is; their statuses are not documented.
            "ValidationError" => Self::InvalidInput,
            "DryRunOperationError" => Self::Unknown,

            "Forbidden.KmsServiceNotEnabled"
            | "Forbidden.RiskControl"
            | "Forbidden.ProhibitedByRiskControl"
            | "Forbidden.InDebt"
            | "Forbidden.InDebtOverdue"
            | "Forbidden.UbsmsInvalidUserid"
            | "Forbidden.UbsmsInvalidBid"
            | "Forbidden.DKMSInstanceStateInvalid"
            | "Forbidden.NoBackup"
            | "Forbidden.Opened"
            | "Forbidden.NoRealNameAuthentication" => Self::AccountState,

            "Rejected.LimitExceeded" | "Rejected.ShareQuotaExceedLimit" => Self::QuotaExceeded,

            "Rejected.ResourceExist"
            | "AliasAlreadyExists"
            | "Rejected.ResourceInDeleteWindow"
            | "Rejected.ResourceInUse"
            | "Rejected.StateModifiedFailed"
            | "Rejected.Disabled"
            | "Rejected.PendingDeletion"
            // The older page's spelling.
            | "Rejetced.PendingDeletion"
            | "Rejected.PendingImport"
            | "Rejected.Unavailable" => Self::Conflict,

            _ => return None,
        })
    }

    /// Returns the kind of an error response to a request that has a ciphertext decrypted.
    /// `names_key` is whether the request names the key, which then is what was not found.
    ///
    /// The codes for a ciphertext that was changed, and for another encryption context, are not
    /// documented: any 400 means that, except those that have another documented meaning.
    pub(crate) fn from_decryption_code(code: &str, status: u16, names_key: bool) -> Self {
        match (Self::from_code(code, status), code) {
            (
                kind,
                "MissingParameter"
                | "InvalidTimeStamp.Format"
                | "Unsupported.Alias"
                | "UnsupportedOperation"
                | "Rejected.UnsupportedOperation"
                | "ValidationError",
            ) => kind,
            (Self::InvalidInput, _) if status == 400 => Self::InvalidCiphertext,
            (Self::NotFound, "Forbidden.KeyNotFound") if !names_key => Self::InvalidCiphertext,
            (kind, _) => kind,
        }
    }

    fn from_unknown_code(status: u16) -> Self {
        match status {
            400 => Self::InvalidInput,
            401 | 403 => Self::AccessDenied,
            404 => Self::NotFound,
            409 => Self::Conflict,
            429 => Self::Throttled,
            500..=599 => Self::Unavailable,
            _ => Self::Unknown,
        }
    }

    /// Returns the kind of a response without an error code. It is not from KMS, so a 404 is not a
    /// missing secret.
    pub(crate) fn from_foreign_status(status: u16) -> Self {
        match status {
            // A server that closes an idle connection may send it, so it did not read the request
            // (RFC 9110, section 15.5.9).
            408 => Self::Timeout,
            429 => Self::Throttled,
            500..=599 => Self::Unavailable,
            _ => Self::Decode,
        }
    }

    /// Returns true if the same request may succeed later with nothing changed.
    pub(super) fn is_transient(self) -> bool {
        matches!(self, Self::Throttled | Self::Unavailable | Self::Network | Self::Timeout)
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::ErrorKind::{self, *};

    /// Statuses and codes with their kinds, as the service and its gateway document them.
    const KNOWN: &[(u16, &str, ErrorKind)] = &[
        (400, "SignatureDoesNotMatch", Authentication),
        (403, "SignatureDoesNotMatch", Authentication),
        (400, "IncompleteSignature", Authentication),
        (400, "InvalidSignatureMethod", Authentication),
        (400, "SignatureNonceUsed", Authentication),
        (404, "InvalidAccessKeyId.NotFound", Authentication),
        (400, "InvalidAccessKeyId.Inactive", Authentication),
        (403, "Forbidden.AccessKey", Authentication),
        (403, "Forbidden.AccessKeyDisabled", Authentication),
        (400, "MissingSecurityToken", Authentication),
        (400, "InvalidSecurityToken.Malformed", Authentication),
        (400, "InvalidSecurityToken.MismatchWithAccessKey", Authentication),
        (400, "InvalidSecurityToken.Expired", Authentication),
        (400, "InvalidTimeStamp.Expired", ClockSkew),
        (400, "IllegalTimestamp", ClockSkew),
        (400, "InvalidTimeStamp.Format", InvalidInput),
        (429, "Rejected.Throttling", Throttled),
        (400, "Throttling", Throttled),
        (400, "Throttling.User", Throttled),
        (400, "Throttling.Api", Throttled),
        (400, "Throttling.Anything", Throttled),
        (400, "ThrottlingIsNotAWholeWord", InvalidInput),
        (500, "InternalFailure", Unavailable),
        (500, "InternalError", Unavailable),
        (500, "UnknownError", Unavailable),
        (503, "ServiceUnavailable", Unavailable),
        (503, "ServiceUnavailableTemporary", Unavailable),
        (503, "SerivceUnvailableTemporary", Unavailable),
        (503, "SerivceUnavailableTemporary", Unavailable),
        (404, "Forbidden.ResourceNotFound", NotFound),
        (404, "Forbidden.KeyNotFound", NotFound),
        (404, "Forbidden.KeyVersionNotFound", NotFound),
        (404, "Forbidden.AliasNotFound", NotFound),
        (403, "Forbidden.DKMSInstanceNotFound", NotFound),
        (404, "InvalidResourceId.NotFound", NotFound),
        (404, "InvalidApi.NotFound", Configuration),
        (404, "InvalidProduct.NotFound", Configuration),
        (404, "InvalidRegion.NotFound", Configuration),
        (404, "InvalidAction.NotFound", Configuration),
        (400, "InvalidVersion", Configuration),
        (404, "InvalidProtocol.NeedSsl", Configuration),
        (403, "UnsupportedHTTPMethod", Configuration),
        (403, "Forbidden.NoPermission", AccessDenied),
        (400, "Forbidden.NoPermission", AccessDenied),
        (403, "Forbidden.RAM", AccessDenied),
        (403, "NoPermission", AccessDenied),
        (403, "Forbidden.RiskControl", AccountState),
        (403, "Forbidden.ProhibitedByRiskControl", AccountState),
        (403, "Forbidden.KmsServiceNotEnabled", AccountState),
        (403, "Forbidden.InDebt", AccountState),
        (403, "Forbidden.InDebtOverdue", AccountState),
        (403, "Forbidden.UbsmsInvalidUserid", AccountState),
        (403, "Forbidden.UbsmsInvalidBid", AccountState),
        (403, "Forbidden.DKMSInstanceStateInvalid", AccountState),
        (403, "Forbidden.NoBackup", AccountState),
        (400, "Forbidden.Opened", AccountState),
        (400, "Forbidden.NoRealNameAuthentication", AccountState),
        (400, "Forbidden.KeyPolicyUnSupported", InvalidInput),
        (400, "InvalidParameter", InvalidInput),
        (400, "MissingParameter", InvalidInput),
        (400, "Rejected.LimitExceeded", QuotaExceeded),
        (400, "Rejected.ShareQuotaExceedLimit", QuotaExceeded),
        (409, "Rejected.ResourceExist", Conflict),
        (400, "AliasAlreadyExists", Conflict),
        (409, "Rejected.ResourceInDeleteWindow", Conflict),
        (409, "Rejected.ResourceInUse", Conflict),
        (409, "Rejected.StateModifiedFailed", Conflict),
        (409, "Rejected.Disabled", Conflict),
        (409, "Rejected.PendingDeletion", Conflict),
        (409, "Rejetced.PendingDeletion", Conflict),
        (409, "Rejected.PendingImport", Conflict),
        (409, "Rejected.Unavailable", Conflict),
        (400, "InvalidParameter.TagKey", InvalidInput),
        (400, "InvalidParameter.TagValue", InvalidInput),
        (400, "Duplicate.TagKey", InvalidInput),
        (400, "UnsupportedOperation", InvalidInput),
        (400, "Rejected.UnsupportedOperation", InvalidInput),
        (400, "Rejected.InvalidRequest", InvalidInput),
    ];

    #[track_caller]
    fn check(status: u16, code: &str, kind: ErrorKind) {
        assert_eq!(ErrorKind::from_code(code, status), kind, "{status} {code}");
    }

    #[test]
    fn exact_code_decides_whatever_the_status() {
        for &(status, code, kind) in KNOWN {
            check(status, code, kind);
        }
    }

    #[test]
    fn every_documented_error_of_an_operation_is_known() {
        let text = include_str!("../../tests/cases/operation_errors.json");
        let operations: BTreeMap<&str, Vec<(u16, &str)>> = serde_json::from_str(text).unwrap();
        assert_eq!(operations.len(), 22);
        for (operation, errors) in operations {
            for (status, code) in errors {
                let known = KNOWN.iter().any(|row| (row.0, row.1) == (status, code));
                assert!(known, "{operation}: {status} {code}");
            }
        }
    }

    #[test]
    fn rejected_ciphertext_has_a_kind_of_its_own() {
        for (status, code, names_key, kind) in [
            (400, "InvalidParameter", false, InvalidCiphertext),
            (400, "InvalidParameter", true, InvalidCiphertext),
            (400, "Brand.NewCode", false, InvalidCiphertext),
            (404, "Forbidden.KeyNotFound", false, InvalidCiphertext),
            (404, "Forbidden.KeyNotFound", true, NotFound),
            (404, "Forbidden.KeyVersionNotFound", true, NotFound),
            (400, "MissingParameter", false, InvalidInput),
            (400, "UnsupportedOperation", false, InvalidInput),
            (400, "ValidationError", false, InvalidInput),
            (400, "Throttling.User", false, Throttled),
            (403, "Forbidden.NoPermission", false, AccessDenied),
            (409, "Rejected.Disabled", false, Conflict),
            (500, "InternalFailure", false, Unavailable),
        ] {
            let found = ErrorKind::from_decryption_code(code, status, names_key);
            assert_eq!(found, kind, "{status} {code}");
        }
    }

    #[test]
    fn unknown_code_is_classed_by_the_status() {
        for (status, kind) in [
            (400, InvalidInput),
            (401, AccessDenied),
            (403, AccessDenied),
            (404, NotFound),
            (409, Conflict),
            (429, Throttled),
            (500, Unavailable),
            (504, Unavailable),
            (418, Unknown),
        ] {
            check(status, "Brand.NewCode", kind);
        }
    }

    #[test]
    fn missing_page_of_a_proxy_is_not_a_missing_secret() {
        assert_eq!(ErrorKind::from_foreign_status(404), Decode);
        assert_eq!(ErrorKind::from_foreign_status(302), Decode);
        assert_eq!(ErrorKind::from_foreign_status(502), Unavailable);
        assert_eq!(ErrorKind::from_foreign_status(429), Throttled);
        assert_eq!(ErrorKind::from_foreign_status(408), Timeout);
    }

    #[test]
    fn only_transient_kinds_are_retryable() {
        for kind in [Throttled, Unavailable, Network, Timeout] {
            assert!(kind.is_transient(), "{kind:?}");
        }
        for kind in
            [QuotaExceeded, Authentication, NotFound, Conflict, InvalidInput, Decode, Configuration]
        {
            assert!(!kind.is_transient(), "{kind:?}");
        }
    }

    #[test]
    fn kind_is_displayed_by_its_name() {
        for &(_, _, kind) in KNOWN {
            assert_eq!(kind.as_str(), format!("{kind:?}"));
        }
        assert_eq!(format!("[{:>8}]", Timeout), "[ Timeout]");
    }
}
