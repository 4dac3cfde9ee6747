//! What a request of signature version 1.0 says of itself: common parameters, in the query or in a form body.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/signature-method>

use super::{Claim, Signed, required, required_timestamp};
use crate::emulator::error_response::Refusal;
use crate::emulator::request::{Parameters, Request};
use crate::sign::canonical::{canonical_query, string_to_sign};

pub(super) fn read(request: &Request) -> Result<Claim<'_>, Refusal> {
    let parameters = &request.parameters;
    let needed = |name| required(name, parameters.get(name));
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
        signed: Signed::V1 { string_to_sign },
    })
}

fn check_scheme(parameters: &Parameters) -> Result<(), Refusal> {
    let needed = |name| required(name, parameters.get(name));
    if needed("SignatureMethod")? != "HMAC-SHA1" {
        return Err(Refusal::gateway(
            400,
            "InvalidSignatureMethod",
            "Specified signature method is not valid.",
        ));
    }
    if needed("SignatureVersion")? != "1.0" {
        return Err(Refusal::gateway(
            400,
            "InvalidSignatureVersion",
            "Specified signature version is not valid.",
        ));
    }
    Ok(())
}
