//! [`Claim`]: what a request states about its sender, in either signature version.

use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::required_common;
use crate::sign::canonical::acs3_string_to_sign;
use crate::sign::digest::SigningKey;

/// The parts of a request that authenticate it, wherever its signature version puts them.
pub(super) struct Claim<'a> {
    pub(super) access_key_id: &'a str,
    pub(super) security_token: Option<&'a str>,
    pub(super) timestamp: &'a str,
    pub(super) nonce: &'a str,
    pub(super) signature: &'a str,
    pub(super) signed: SignedText,
}

/// The text that the service signs itself, to compare its signature with that of the request.
pub(super) enum SignedText {
    V1 { string_to_sign: String },
    Acs3 { canonical_request: String },
}

impl SignedText {
    pub(super) fn signature(&self, access_key_secret: &str) -> String {
        match self {
            Self::V1 { string_to_sign } => {
                SigningKey::v1(access_key_secret).signature(string_to_sign)
            }
            Self::Acs3 { canonical_request } => SigningKey::acs3(access_key_secret)
                .signature(&acs3_string_to_sign(canonical_request)),
        }
    }

    /// Returns the error for a signature that does not match. As the service does, it quotes what
    /// was signed, so it contains every parameter: clients must not log it.
    pub(super) fn mismatch(&self) -> ErrorResponse {
        let message = match self {
            Self::V1 { string_to_sign } => format!(
                "Specified signature is not matched with our calculation. server string to sign is:{string_to_sign}"
            ),
            Self::Acs3 { canonical_request } => format!(
                "Specified signature does not match our calculation. server StringToSign is [{}] server CanonicalRequest is [{canonical_request}]",
                acs3_string_to_sign(canonical_request)
            ),
        };
        ErrorResponse::gateway(400, "SignatureDoesNotMatch", message)
    }
}

/// Returns the timestamp. It is the only value whose absence has a code of its own in the service's
/// list.
pub(super) fn required_timestamp(value: Option<&str>) -> Result<&str, ErrorResponse> {
    required_common("Timestamp", value).map_err(|_| {
        ErrorResponse::gateway(
            400,
            "IllegalTimestamp",
            "The input parameter \"Timestamp\" that is mandatory for processing this request is not supplied.",
        )
    })
}

/// Returns the error for a signature method other than those of the two versions.
pub(super) fn invalid_signature_method() -> ErrorResponse {
    let message = "Specified signature method is not valid.";
    ErrorResponse::gateway(400, "InvalidSignatureMethod", message)
}
