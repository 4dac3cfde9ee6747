//! GetParametersForImport:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getparametersforimport>

use base64::prelude::{BASE64_STANDARD, Engine as _};
use chrono::TimeDelta;
use serde::Serialize;

use super::response_fields::{json, whole_seconds};
use super::target;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::keys::{ImportParameters, Key, KeyNames, WrappingKey};
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

const VALIDITY: TimeDelta = TimeDelta::hours(24);

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let spec = parameters.required("WrappingKeySpec")?;
    let algorithm = parameters.required("WrappingAlgorithm")?;
    let token = BASE64_STANDARD.encode(store.keys.random().bytes::<48>());
    let wrapping_key = WrappingKey::generate(spec, algorithm)?;
    let key = target::key(parameters, store, KeyNames::Ids, context)?;
    key.require_external()?;
    require_supported(algorithm, key)?;
    let expire_time = context.now + VALIDITY;
    let body = json(&Response {
        request_id: context.request_id,
        key_id: &key.id,
        import_token: &token,
        public_key: BASE64_STANDARD.encode(wrapping_key.public_key_der()),
        token_expire_time: whole_seconds(expire_time),
    });
    key.add_import(ImportParameters { token, wrapping_key, expire_time });
    body
}

/// Rejects an algorithm for another kind of key: a private key is too long for RSA by itself. No
/// instance accepts SHA-1.
fn require_supported(algorithm: &str, key: &Key) -> Result<(), ErrorResponse> {
    let is_hybrid =
        matches!(algorithm, "RSAES_OAEP_SHA_256_AES_256_ECB_PKCS7_PAD" | "SM2PKE_SM4_ECB");
    let is_in_instance = !key.attributes.instance_id.is_empty();
    if is_hybrid == key.is_symmetric() || (is_in_instance && algorithm == "RSAES_OAEP_SHA_1") {
        let allowed = "an algorithm for keys of this specification";
        return Err(ErrorResponse::invalid_parameter("WrappingAlgorithm", allowed));
    }
    Ok(())
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    key_id: &'a str,
    import_token: &'a str,
    /// Base64 of the SubjectPublicKeyInfo in DER.
    public_key: String,
    token_expire_time: String,
}
