//! Signature version 1.0: common parameters in the query or in a form body.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/signature-method>

use super::claim::{Claim, SignedText, invalid_signature_method, required_timestamp};
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::{Parameters, Request, required_common};
use crate::sign::canonical::{canonical_query, string_to_sign};

pub(super) fn read_claim(request: &Request) -> Result<Claim<'_>, ErrorResponse> {
    let parameters = &request.parameters;
    let needed = |name| required_common(name, parameters.get(name));
    let access_key_id = needed("AccessKeyId")?;
    let signature = needed("Signature")?;
    let nonce = needed("SignatureNonce")?;
    check_scheme(parameters)?;
    let timestamp = required_timestamp(parameters.get("Timestamp"))?;
    let mut signed: Vec<_> = parameters.iter().filter(|(name, _)| *name != "Signature").collect();
    let string_to_sign = string_to_sign(&request.method, &canonical_query(&mut signed));
    Ok(Claim {
        access_key_id,
        security_token: parameters.get("SecurityToken"),
        timestamp,
        nonce,
        signature,
        signed: SignedText::V1 { string_to_sign },
    })
}

fn check_scheme(parameters: &Parameters) -> Result<(), ErrorResponse> {
    let needed = |name| required_common(name, parameters.get(name));
    if needed("SignatureMethod")? != "HMAC-SHA1" {
        return Err(invalid_signature_method());
    }
    if needed("SignatureVersion")? != "1.0" {
        let message = "Specified signature version is not valid.";
        return Err(ErrorResponse::gateway(400, "InvalidSignatureVersion", message));
    }
    Ok(())
}
