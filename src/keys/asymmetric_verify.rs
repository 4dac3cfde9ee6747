//! `AsymmetricVerify`: a signature verified inside KMS.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-asymmetricverify>

use serde::Deserialize;

use super::algorithms::SigningAlgorithm;
use super::digest::Digest;
use super::signature::Signature;
use crate::operation::dry_run::DryRunRequest;
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`AsymmetricVerify`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-asymmetricverify).
///
/// A program that keeps the [public key](crate::KmsClient::get_public_key) verifies without a call.
///
/// ```
/// use alibabacloud_kms::keys::{AsymmetricVerifyRequest, Digest, Signature, SigningAlgorithm};
///
/// let signature: Signature = "AJ+Slg==".parse()?;
/// let request = AsymmetricVerifyRequest::new(
///     "alias/release",
///     "version-fake",
///     SigningAlgorithm::EcdsaSha256,
///     Digest::sha256(b"a message"),
///     signature,
/// );
/// # Ok::<(), alibabacloud_kms::keys::Base64Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct AsymmetricVerifyRequest {
    /// The key: its id or alias (`KeyId`). The documentation of this operation names no ARN.
    pub key_id: String,
    /// The version of the key (`KeyVersionId`). An asymmetric key has no primary version.
    pub key_version_id: String,
    /// The algorithm (`Algorithm`).
    /// [`KeySpec::signing_algorithms`](crate::keys::KeySpec::signing_algorithms) returns those of a
    /// key.
    pub algorithm: SigningAlgorithm,
    /// The digest of the message, 32 bytes for all known algorithms (`Digest`). The service signs
    /// any 32 bytes.
    pub digest: Digest,
    /// The signature to verify (`Value`), in DER for an elliptic curve key.
    pub signature: Signature,
}

impl AsymmetricVerifyRequest {
    /// Creates a request that verifies this signature of this digest.
    pub fn new(
        key_id: impl Into<String>,
        key_version_id: impl Into<String>,
        algorithm: impl Into<SigningAlgorithm>,
        digest: impl Into<Digest>,
        signature: impl Into<Signature>,
    ) -> Self {
        Self {
            key_id: key_id.into(),
            key_version_id: key_version_id.into(),
            algorithm: algorithm.into(),
            digest: digest.into(),
            signature: signature.into(),
        }
    }
}

impl Operation for AsymmetricVerifyRequest {
    const SPEC: OperationSpec =
        OperationSpec::read("AsymmetricVerify", QuotaGroup::AsymmetricCryptography)
            .in_body()
            .served_by_instances();
    type Response = AsymmetricVerifyResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.key_id(&self.key_id);
        encoder.key_version_id(&self.key_version_id);
        encoder.digest(&self.digest, &self.algorithm);
        encoder.base64("Value", self.signature.as_bytes());
    }

    fn request_id(response: &mut AsymmetricVerifyResponse) -> &mut String {
        &mut response.request_id
    }
}

impl DryRunRequest for AsymmetricVerifyRequest {}

/// The result of a verification: the response to an [`AsymmetricVerifyRequest`]. A wrong signature
/// is not an error.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AsymmetricVerifyResponse {
    /// True if this key made the signature of the digest (`Value`).
    #[serde(rename = "Value")]
    pub is_valid: bool,
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

#[cfg(test)]
mod tests {
    use super::AsymmetricVerifyRequest as Request;
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn wrong_signature_is_a_response() {
        let signature = Signature::from_bytes([1, 2]);
        let request = Request::new("a", "v", SigningAlgorithm::Sm2Dsa, [7; 32], signature);
        assert_eq!(sent(&request)[3..], ["Algorithm=SM2DSA", "Value=AQI="]);
        assert!(request.validate().is_ok());
        let decode = |body: &str| request.decode(body.as_bytes()).map(|response| response.is_valid);
        assert!(decode(r#"{"Value":true,"KeyId":"k","KeyVersionId":"v"}"#).unwrap());
        assert!(!decode(r#"{"Value":false}"#).unwrap());
        for body in [r#"{"KeyId":"k"}"#, r#"{"Value":"true"}"#, r#"{"Value":null}"#] {
            assert!(decode(body).is_err(), "{body}");
        }
    }
}
