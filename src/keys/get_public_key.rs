//! `GetPublicKey`: the public key of an asymmetric key.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getpublickey>

use serde::Deserialize;

use crate::operation::dry_run::DryRunRequest;
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{Base64Error, decode_base64, wire};

/// The parameters of
/// [`GetPublicKey`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getpublickey).
///
/// ```
/// use alibabacloud_kms::keys::GetPublicKeyRequest;
///
/// let request = GetPublicKeyRequest::new("alias/release", "version-fake");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct GetPublicKeyRequest {
    /// The key: its id or alias (`KeyId`). The documentation of this operation names no ARN.
    pub key_id: String,
    /// The version of the key (`KeyVersionId`). An asymmetric key has no primary version.
    pub key_version_id: String,
}

impl GetPublicKeyRequest {
    /// Creates a request for the public key of this version.
    pub fn new(key_id: impl Into<String>, key_version_id: impl Into<String>) -> Self {
        Self { key_id: key_id.into(), key_version_id: key_version_id.into() }
    }
}

impl Operation for GetPublicKeyRequest {
    const SPEC: OperationSpec =
        OperationSpec::read("GetPublicKey", QuotaGroup::TagRead).served_by_instances();
    type Response = GetPublicKeyResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.key_id(&self.key_id);
        encoder.key_version_id(&self.key_version_id);
    }

    fn request_id(response: &mut GetPublicKeyResponse) -> &mut String {
        &mut response.request_id
    }
}

impl DryRunRequest for GetPublicKeyRequest {}

/// The public key of a key version: the response to a [`GetPublicKeyRequest`]. It never changes, so
/// it can be kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct GetPublicKeyResponse {
    /// The public key in PEM, as a `SubjectPublicKeyInfo` (`PublicKey`). The curves secp256k1 and
    /// SM2 are named by their object identifiers.
    #[serde(rename = "PublicKey")]
    pub public_key_pem: String,
    /// The id of the key, also if the request has an alias or an ARN; empty if the response does
    /// not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub key_id: String,
    /// The version of the key; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub key_version_id: String,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

impl GetPublicKeyResponse {
    /// Returns the public key in DER.
    ///
    /// # Errors
    ///
    /// If the response does not contain PEM.
    pub fn public_key_der(&self) -> Result<Vec<u8>, Base64Error> {
        let lines = self.public_key_pem.lines().filter(|line| !line.starts_with("-----"));
        decode_base64(&lines.collect::<String>()).map(|der| der.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::GetPublicKeyRequest as Request;
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn public_key_is_returned_as_pem_and_as_der() {
        let request = Request::new("alias/a", "v");
        assert_eq!(sent(&request), ["KeyId=alias/a", "KeyVersionId=v"]);
        assert!(request.validate().is_ok());
        let pem = r"-----BEGIN PUBLIC KEY-----\nMAAw\nAA==\n-----END PUBLIC KEY-----\n";
        let body = format!(r#"{{"PublicKey":"{pem}","KeyId":"k","KeyVersionId":"v"}}"#);
        let response = request.decode(body.as_bytes()).unwrap();
        assert!(response.public_key_pem.starts_with("-----BEGIN PUBLIC KEY-----\nMAAw\n"));
        assert_eq!(response.public_key_der().unwrap(), [0x30, 0, 0x30, 0]);
        let other = request.decode(br#"{"PublicKey":"not a key"}"#).unwrap();
        assert!(other.public_key_der().is_err());
    }
}
