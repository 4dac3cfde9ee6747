//! `VerifyMac`: an authentication code verified inside KMS.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-verifymac>

use serde::Deserialize;

use super::algorithms::MacAlgorithm;
use super::mac::Mac;
use crate::operation::dry_run::DryRunRequest;
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{SecretBytes, wire};

/// The parameters of
/// [`VerifyMac`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-verifymac).
///
/// ```
/// use alibabacloud_kms::keys::{Mac, MacAlgorithm, VerifyMacRequest};
///
/// # let received = [7; 32];
/// let mac = Mac::from_bytes(received);
/// let request = VerifyMacRequest::new("alias/tokens", MacAlgorithm::HmacSha256, "user 7", mac);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use]
pub struct VerifyMacRequest {
    /// The key: its id, alias or ARN (`KeyId`). A key of another account is named by its ARN.
    pub key_id: String,
    /// The algorithm (`Algorithm`), which the key determines.
    pub algorithm: MacAlgorithm,
    /// The message (`Message`), treated as secret. No limit is documented.
    pub message: SecretBytes,
    /// The code to verify (`Mac`), as long as the algorithm's codes are.
    pub mac: Mac,
}

impl VerifyMacRequest {
    /// Creates a request that verifies this code of this message.
    pub fn new(
        key_id: impl Into<String>,
        algorithm: impl Into<MacAlgorithm>,
        message: impl Into<SecretBytes>,
        mac: Mac,
    ) -> Self {
        Self { key_id: key_id.into(), algorithm: algorithm.into(), message: message.into(), mac }
    }
}

impl Operation for VerifyMacRequest {
    const SPEC: OperationSpec =
        OperationSpec::read("VerifyMac", QuotaGroup::Undocumented).in_body().served_by_instances();
    type Response = VerifyMacResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.key_id(&self.key_id);
        encoder.mac_message(&self.message, &self.algorithm);
        encoder.mac(&self.mac, &self.algorithm);
    }

    fn request_id(response: &mut VerifyMacResponse) -> &mut String {
        &mut response.request_id
    }
}

impl DryRunRequest for VerifyMacRequest {}

/// The result of a verification: the response to a [`VerifyMacRequest`]. A wrong code is not an
/// error.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct VerifyMacResponse {
    /// True if this key made the code of the message (`Value`).
    #[serde(rename = "Value")]
    pub is_valid: bool,
    /// The algorithm; `None` if the response does not contain it.
    #[serde(default, deserialize_with = "wire::parse_or_none")]
    pub algorithm: Option<MacAlgorithm>,
    /// The id of the key, also if the request has an alias or an ARN; empty if the response does
    /// not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub key_id: String,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::VerifyMacRequest as Request;
    use super::*;
    use crate::operation::{Validate as _, sent};

    fn request(algorithm: &str, len: usize) -> Request {
        Request::new("a", algorithm, "1234", Mac::from_bytes(vec![7; len]))
    }

    #[test]
    fn wrong_code_is_a_response() {
        let request = request("HMAC_NEW", 1);
        assert_eq!(sent(&request)[1..], ["Algorithm=HMAC_NEW", "Mac=Bw==", "Message=MTIzNA=="]);
        let decode = |body: &str| request.decode(body.as_bytes()).map(|response| response.is_valid);
        assert!(decode(r#"{"Value":true,"Algorithm":"HMAC_SM3","KeyId":"k"}"#).unwrap());
        assert!(!decode(r#"{"Value":false}"#).unwrap());
        assert!(decode(r#"{"KeyId":"k"}"#).is_err());
    }

    #[test]
    fn code_must_have_the_length_of_the_algorithm() {
        assert!(request("HMAC_SHA_384", 48).validate().is_ok());
        assert!(request("HMAC_NEW", 7).validate().is_ok());
        let error = request("HMAC_SHA_384", 32).validate().unwrap_err().to_string();
        assert_eq!(error, "the length of `mac` in bytes must be 48 for HMAC_SHA_384, got 32");
    }
}
