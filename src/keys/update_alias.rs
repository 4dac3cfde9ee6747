//! `UpdateAlias`: binds an alias to another key.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatealias>

use serde::{Deserialize, Serialize};

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`UpdateAlias`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatealias).
///
/// ```
/// use alibabacloud_kms::keys::UpdateAliasRequest;
///
/// let request = UpdateAliasRequest::new("alias/app", "key-fake");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct UpdateAliasRequest {
    /// The name of an existing alias (`AliasName`), such as `alias/app`.
    pub alias_name: String,
    /// The id of the key that the alias then refers to (`KeyId`).
    pub key_id: String,
}

impl UpdateAliasRequest {
    /// Creates a request to bind this alias to this key.
    pub fn new(alias_name: impl Into<String>, key_id: impl Into<String>) -> Self {
        Self { alias_name: alias_name.into(), key_id: key_id.into() }
    }
}

impl Operation for UpdateAliasRequest {
    const SPEC: OperationSpec =
        OperationSpec::write("UpdateAlias", QuotaGroup::TagWrite).without_required_fields();
    type Response = UpdateAliasResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        // The key is added first, since errors are about the alias.
        encoder.key_id(&self.key_id);
        encoder.alias_name(&self.alias_name);
    }

    fn request_id(response: &mut UpdateAliasResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The confirmation that the alias was bound to the key: the response to an [`UpdateAliasRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct UpdateAliasResponse {
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    fn request() -> UpdateAliasRequest {
        UpdateAliasRequest::new("alias/app", "key-fake")
    }

    #[test]
    fn alias_and_key_are_sent() {
        assert_eq!(sent(&request()), ["KeyId=key-fake", "AliasName=alias/app"]);
    }

    #[test]
    fn names_that_no_alias_can_have_are_rejected() {
        for name in ["", "app", "alias/", "alias/a b"] {
            let error =
                UpdateAliasRequest::new(name, "key-fake").validate().unwrap_err().to_string();
            assert!(error.starts_with("`alias_name` must be "), "{error}");
        }
        assert!(UpdateAliasRequest::new("alias/app", "").validate().is_err());
    }

    #[test]
    fn decodes_response() {
        let response = request().decode(br#"{"RequestId":"r"}"#).unwrap();
        assert_eq!(response.request_id, "r");
    }
}
