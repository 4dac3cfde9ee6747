//! `DeleteAlias`: deletes an alias, and not its key.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-deletealias>

use serde::{Deserialize, Serialize};

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{AliasName, wire};

/// The parameters of
/// [`DeleteAlias`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-deletealias).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct DeleteAliasRequest {
    /// The name of the alias (`AliasName`), such as `alias/app`.
    pub alias_name: String,
}

impl DeleteAliasRequest {
    /// Creates a request to delete this alias.
    pub fn new(alias_name: impl Into<String>) -> Self {
        Self { alias_name: alias_name.into() }
    }
}

impl From<&str> for DeleteAliasRequest {
    fn from(alias_name: &str) -> Self {
        Self::new(alias_name)
    }
}

impl From<String> for DeleteAliasRequest {
    fn from(alias_name: String) -> Self {
        Self::new(alias_name)
    }
}

impl From<AliasName> for DeleteAliasRequest {
    fn from(alias_name: AliasName) -> Self {
        Self::new(alias_name)
    }
}

impl Operation for DeleteAliasRequest {
    const SPEC: OperationSpec =
        OperationSpec::write("DeleteAlias", QuotaGroup::TagWrite).without_required_fields();
    type Response = DeleteAliasResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.alias_name(&self.alias_name);
    }

    fn request_id(response: &mut DeleteAliasResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The confirmation that the alias was deleted: the response to a [`DeleteAliasRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DeleteAliasResponse {
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    fn request() -> DeleteAliasRequest {
        DeleteAliasRequest::new("alias/app")
    }

    #[test]
    fn only_the_alias_is_sent() {
        assert_eq!(sent(&request()), ["AliasName=alias/app"]);
        assert!(DeleteAliasRequest::new("app").validate().is_err());
    }

    #[test]
    fn decodes_response() {
        let response = request().decode(br#"{"RequestId":"r"}"#).unwrap();
        assert_eq!(response.request_id, "r");
    }
}
