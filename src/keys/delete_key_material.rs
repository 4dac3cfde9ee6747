//! `DeleteKeyMaterial`: the imported material of a key, deleted.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-deletekeymaterial>

use serde::Deserialize;

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`DeleteKeyMaterial`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-deletekeymaterial).
///
/// ```
/// use alibabacloud_kms::keys::DeleteKeyMaterialRequest;
///
/// let request = DeleteKeyMaterialRequest::new("key-fake");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct DeleteKeyMaterialRequest {
    /// The id of the key, whose material was imported (`KeyId`).
    pub key_id: String,
}

impl DeleteKeyMaterialRequest {
    /// Creates a request that deletes the material of this key.
    pub fn new(key_id: impl Into<String>) -> Self {
        Self { key_id: key_id.into() }
    }
}

impl Operation for DeleteKeyMaterialRequest {
    const SPEC: OperationSpec =
        OperationSpec::write("DeleteKeyMaterial", QuotaGroup::TagWrite).without_required_fields();
    type Response = DeleteKeyMaterialResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.key_id(&self.key_id);
    }

    fn request_id(response: &mut DeleteKeyMaterialResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The confirmation that the material was deleted: the response to a [`DeleteKeyMaterialRequest`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DeleteKeyMaterialResponse {
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::DeleteKeyMaterialRequest as Request;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn key_is_sent_and_must_not_be_empty() {
        assert_eq!(sent(&Request::new("key-fake")), ["KeyId=key-fake"]);
        assert!(Request::new("").validate().is_err());
    }
}
