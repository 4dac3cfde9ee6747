//! `AsymmetricSign`: the signature of a digest.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-asymmetricsign>

use serde::Deserialize;

use super::algorithms::SigningAlgorithm;
use super::digest::Digest;
use super::signature::Signature;
use crate::operation::dry_run::DryRunRequest;
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`AsymmetricSign`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-asymmetricsign).
///
/// ```
/// use alibabacloud_kms::keys::{AsymmetricSignRequest, Digest, SigningAlgorithm};
///
/// let digest = Digest::sha256(b"a message");
/// let request = AsymmetricSignRequest::new(
///     "alias/release",
///     "version-fake",
///     SigningAlgorithm::EcdsaSha256,
///     digest,
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct AsymmetricSignRequest {
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
}

impl AsymmetricSignRequest {
    /// Creates a request that signs this digest.
    pub fn new(
        key_id: impl Into<String>,
        key_version_id: impl Into<String>,
        algorithm: impl Into<SigningAlgorithm>,
        digest: impl Into<Digest>,
    ) -> Self {
        Self {
            key_id: key_id.into(),
            key_version_id: key_version_id.into(),
            algorithm: algorithm.into(),
            digest: digest.into(),
        }
    }
}

impl Operation for AsymmetricSignRequest {
    const SPEC: OperationSpec =
        OperationSpec::read("AsymmetricSign", QuotaGroup::AsymmetricCryptography)
            .in_body()
            .served_by_instances();
    type Response = AsymmetricSignResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.key_id(&self.key_id);
        encoder.key_version_id(&self.key_version_id);
        encoder.digest(&self.digest, &self.algorithm);
    }

    fn request_id(response: &mut AsymmetricSignResponse) -> &mut String {
        &mut response.request_id
    }
}

impl DryRunRequest for AsymmetricSignRequest {}

/// The signature and the key version that made it: the response to an [`AsymmetricSignRequest`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AsymmetricSignResponse {
    /// The signature (`Value`). With an elliptic curve key it is in DER, and its `s` may be high.
    #[serde(rename = "Value")]
    pub signature: Signature,
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
    use super::AsymmetricSignRequest as Request;
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn digest_is_sent_as_base64() {
        let request = Request::new("alias/a", "v", "ECDSA_SHA_256", [7; 32]);
        assert_eq!(
            sent(&request),
            [
                "KeyId=alias/a",
                "KeyVersionId=v",
                "Digest=BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=",
                "Algorithm=ECDSA_SHA_256",
            ]
        );
        let response =
            request.decode(br#"{"Value":"AQI=","KeyId":"k","KeyVersionId":"v"}"#).unwrap();
        assert_eq!(response.signature.as_bytes(), [1, 2]);
        assert!(request.decode(br#"{"KeyId":"k"}"#).is_err());
    }

    #[test]
    fn other_digests_and_empty_versions_are_rejected() {
        let request =
            |version: &str, algorithm: &str| Request::new("a", version, algorithm, [7; 48]);
        let error = request("v", "ECDSA_SHA_256").validate().unwrap_err().to_string();
        assert_eq!(error, "the length of `digest` in bytes must be 32 for ECDSA_SHA_256, got 48");
        assert!(request("v", "ECDSA_SHA_384").validate().is_ok());
        let error = request("", "ECDSA_SHA_384").validate().unwrap_err().to_string();
        assert_eq!(error, "`key_version_id` must be at least 1 character, got \"\"");
    }
}
