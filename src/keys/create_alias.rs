//! `CreateAlias`: binds a new alias to a key.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-createalias>

use serde::{Deserialize, Serialize};

use crate::error::ValidationError;
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The prefix of the aliases that belong to keys of other services.
const RESERVED: &str = "alias/acs/";

/// The parameters of
/// [`CreateAlias`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-createalias).
///
/// ```
/// use alibabacloud_kms::keys::CreateAliasRequest;
///
/// let request = CreateAliasRequest::new("alias/app", "key-fake");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct CreateAliasRequest {
    /// The name of the alias (`AliasName`): `alias/` and up to 255 letters, digits and `_-/`. It is
    /// unique in the account and region, and does not start with `alias/acs/`.
    pub alias_name: String,
    /// The id of the key that the alias then refers to (`KeyId`).
    pub key_id: String,
}

impl CreateAliasRequest {
    /// Creates a request to bind a new alias to this key.
    pub fn new(alias_name: impl Into<String>, key_id: impl Into<String>) -> Self {
        Self { alias_name: alias_name.into(), key_id: key_id.into() }
    }

    fn validate_prefix(&self) -> Result<(), ValidationError> {
        if self.alias_name.starts_with(RESERVED) {
            let allowed = "a name that does not start with alias/acs/";
            return Err(ValidationError::new("alias_name", &self.alias_name, allowed));
        }
        Ok(())
    }
}

impl Operation for CreateAliasRequest {
    const SPEC: OperationSpec =
        OperationSpec::write("CreateAlias", QuotaGroup::TagWrite).without_required_fields();
    type Response = CreateAliasResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        // The key is added first, since errors are about the alias.
        encoder.key_id(&self.key_id);
        encoder.alias_name(&self.alias_name);
        encoder.check(self.validate_prefix());
    }

    fn request_id(response: &mut CreateAliasResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The confirmation that the alias was created: the response to a [`CreateAliasRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct CreateAliasResponse {
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    fn request() -> CreateAliasRequest {
        CreateAliasRequest::new("alias/app", "key-fake")
    }

    #[test]
    fn alias_and_key_are_sent() {
        assert_eq!(sent(&request()), ["KeyId=key-fake", "AliasName=alias/app"]);
    }

    #[test]
    fn names_that_no_alias_can_have_are_rejected() {
        for name in ["", "app", "alias/", "alias/a b", "alias/acs/oss"] {
            let error =
                CreateAliasRequest::new(name, "key-fake").validate().unwrap_err().to_string();
            assert!(error.starts_with("`alias_name` must be "), "{error}");
        }
        assert!(CreateAliasRequest::new("alias/app", "").validate().is_err());
    }

    #[test]
    fn decodes_response() {
        let response = request().decode(br#"{"RequestId":"r"}"#).unwrap();
        assert_eq!(response.request_id, "r");
    }
}
