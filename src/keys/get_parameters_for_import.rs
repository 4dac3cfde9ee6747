//! `GetParametersForImport`: the public key and the token for an import of key material.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getparametersforimport>

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::algorithms::WrappingAlgorithm;
use super::key_spec::KeySpec;
use super::response_fields;
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`GetParametersForImport`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getparametersforimport).
///
/// ```
/// use alibabacloud_kms::keys::{GetParametersForImportRequest, WrappingAlgorithm};
///
/// let algorithm = WrappingAlgorithm::RsaesOaepSha256;
/// let request = GetParametersForImportRequest::new("key-fake", algorithm);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct GetParametersForImportRequest {
    /// The id of the key, whose origin is [`External`](crate::keys::Origin::External) (`KeyId`).
    pub key_id: String,
    /// The algorithm that will encrypt the key material (`WrappingAlgorithm`).
    pub wrapping_algorithm: WrappingAlgorithm,
    /// The type of the public key (`WrappingKeySpec`): [`EcSm2`](KeySpec::EcSm2) for the SM2
    /// algorithms, and otherwise [`Rsa2048`](KeySpec::Rsa2048), the default.
    pub wrapping_key_spec: KeySpec,
}

impl GetParametersForImportRequest {
    /// Creates a request for parameters of this algorithm, with the type of public key that it
    /// needs.
    pub fn new(
        key_id: impl Into<String>,
        wrapping_algorithm: impl Into<WrappingAlgorithm>,
    ) -> Self {
        let wrapping_algorithm = wrapping_algorithm.into();
        let wrapping_key_spec = match &wrapping_algorithm {
            WrappingAlgorithm::Sm2Pke | WrappingAlgorithm::Sm2PkeSm4Ecb => KeySpec::EcSm2,
            _ => KeySpec::Rsa2048,
        };
        Self { key_id: key_id.into(), wrapping_algorithm, wrapping_key_spec }
    }

    /// Sets the type of the public key.
    pub fn wrapping_key_spec(mut self, spec: impl Into<KeySpec>) -> Self {
        self.wrapping_key_spec = spec.into();
        self
    }
}

impl Operation for GetParametersForImportRequest {
    const SPEC: OperationSpec = OperationSpec::read("GetParametersForImport", QuotaGroup::TagRead);
    type Response = GetParametersForImportResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.key_id(&self.key_id);
        encoder.text("WrappingAlgorithm", self.wrapping_algorithm.as_str());
        encoder.text("WrappingKeySpec", self.wrapping_key_spec.as_str());
    }

    fn request_id(response: &mut GetParametersForImportResponse) -> &mut String {
        &mut response.request_id
    }
}

/// A public key and a token that belong together: the response to a
/// [`GetParametersForImportRequest`]. [`wrap`](Self::wrap) makes the import of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct GetParametersForImportResponse {
    /// The id of the key.
    pub key_id: String,
    /// The token, which can be used for several imports of the same key until it expires.
    pub import_token: String,
    /// The public key in DER, as a `SubjectPublicKeyInfo`.
    #[serde(deserialize_with = "response_fields::bytes")]
    pub public_key: Vec<u8>,
    /// The time when the token expires, 24 hours after the request; `None` if the response does not
    /// contain it.
    #[serde(default, deserialize_with = "wire::lenient_time")]
    pub token_expire_time: Option<DateTime<Utc>>,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::GetParametersForImportRequest as Request;
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn type_of_the_public_key_follows_the_algorithm() {
        let request = Request::new("key-fake", WrappingAlgorithm::RsaesPkcs1V15);
        assert_eq!(
            sent(&request),
            ["KeyId=key-fake", "WrappingAlgorithm=RSAES_PKCS1_V1_5", "WrappingKeySpec=RSA_2048"]
        );
        assert!(request.validate().is_ok());
        for algorithm in ["SM2PKE", "SM2PKE_SM4_ECB"] {
            assert_eq!(sent(&Request::new("a", algorithm))[2], "WrappingKeySpec=EC_SM2");
        }
        let other = Request::new("a", "RSAES_OAEP_SHA_256").wrapping_key_spec("RSA_3072");
        assert_eq!(sent(&other)[2], "WrappingKeySpec=RSA_3072");
    }

    #[test]
    fn key_and_token_are_read_together() {
        let request = Request::new("a", "SM2PKE");
        let body = br#"{"KeyId":"k","ImportToken":"fake","PublicKey":"MAA=","TokenExpireTime":"2018-01-25T00:01:02Z"}"#;
        let response = request.decode(body).unwrap();
        assert_eq!((&*response.key_id, &*response.import_token), ("k", "fake"));
        assert_eq!(response.public_key, [0x30, 0]);
        assert!(response.token_expire_time.is_some());
        for body in [r#"{"KeyId":"k","PublicKey":"MAA="}"#, r#"{"KeyId":"k","ImportToken":"fake"}"#]
        {
            assert!(request.decode(body.as_bytes()).is_err(), "{body}");
        }
    }
}
