//! `GenerateMac`: the authentication code of a message.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-generatemac>

use serde::Deserialize;

use super::algorithms::MacAlgorithm;
use super::mac::Mac;
use crate::operation::dry_run::DryRunRequest;
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{SecretBytes, wire};

/// The parameters of
/// [`GenerateMac`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-generatemac).
///
/// Only keys of KMS instances from version 4.1.0 on make codes.
///
/// ```
/// use alibabacloud_kms::keys::{GenerateMacRequest, MacAlgorithm};
///
/// let request = GenerateMacRequest::new("alias/tokens", MacAlgorithm::HmacSha256, "user 7");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use]
pub struct GenerateMacRequest {
    /// The key: its id, alias or ARN (`KeyId`). A key of another account is named by its ARN.
    pub key_id: String,
    /// The algorithm (`Algorithm`), which the key determines.
    pub algorithm: MacAlgorithm,
    /// The message (`Message`), treated as secret. No limit is documented.
    pub message: SecretBytes,
}

impl GenerateMacRequest {
    /// Creates a request for the code of this message.
    pub fn new(
        key_id: impl Into<String>,
        algorithm: impl Into<MacAlgorithm>,
        message: impl Into<SecretBytes>,
    ) -> Self {
        Self { key_id: key_id.into(), algorithm: algorithm.into(), message: message.into() }
    }
}

impl Operation for GenerateMacRequest {
    const SPEC: OperationSpec = OperationSpec::read("GenerateMac", QuotaGroup::Undocumented)
        .in_body()
        .served_by_instances();
    type Response = GenerateMacResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.key_id(&self.key_id);
        encoder.mac_message(&self.message, &self.algorithm);
    }

    fn request_id(response: &mut GenerateMacResponse) -> &mut String {
        &mut response.request_id
    }
}

impl DryRunRequest for GenerateMacRequest {}

/// The authentication code of a message: the response to a [`GenerateMacRequest`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct GenerateMacResponse {
    /// The code, to be sent beside the message (`Mac`).
    pub mac: Mac,
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
    use super::GenerateMacRequest as Request;
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn message_is_sent_as_base64() {
        // The example of the documentation.
        let request = Request::new("a", "HMAC_SHA_256", "1234");
        assert_eq!(sent(&request), ["KeyId=a", "Algorithm=HMAC_SHA_256", "Message=MTIzNA=="]);
        assert!(request.validate().is_ok());
        let response =
            request.decode(br#"{"Mac":"AQI=","Algorithm":"HMAC_SHA_256","KeyId":"k"}"#).unwrap();
        assert_eq!(response.mac.as_bytes(), [1, 2]);
        assert_eq!(response.algorithm, Some(MacAlgorithm::HmacSha256));
        assert!(request.decode(br#"{"KeyId":"k"}"#).is_err());
    }
}
