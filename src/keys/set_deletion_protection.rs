//! `SetDeletionProtection`: protects a key or a KMS instance from deletion, or stops protecting it.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-setdeletionprotection>

use serde::{Deserialize, Serialize};

use super::protected_resource::ProtectedResource;
use crate::error::Resource;
use crate::operation::{Encoder, Operation, OperationSpec, not_empty};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`SetDeletionProtection`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-setdeletionprotection).
///
/// ```
/// use alibabacloud_kms::keys::SetDeletionProtectionRequest;
///
/// let on = SetDeletionProtectionRequest::enable("key-fake").description("encrypts all backups");
/// let off = SetDeletionProtectionRequest::disable("key-fake");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct SetDeletionProtectionRequest {
    /// The key or KMS instance (`KeyId`, `ProtectedResourceArn` or `KmsInstanceId`).
    pub resource: ProtectedResource,
    /// True to protect the resource (`EnableDeletionProtection`).
    pub enable: bool,
    /// The reason for the protection (`DeletionProtectionDescription`).
    pub description: Option<String>,
}

impl SetDeletionProtectionRequest {
    /// Creates a request to protect this key or instance.
    pub fn enable(resource: impl Into<ProtectedResource>) -> Self {
        Self { resource: resource.into(), enable: true, description: None }
    }

    /// Creates a request to stop protecting this key or instance.
    pub fn disable(resource: impl Into<ProtectedResource>) -> Self {
        Self { resource: resource.into(), enable: false, description: None }
    }

    /// Sets the reason for the protection.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }
}

impl Operation for SetDeletionProtectionRequest {
    const SPEC: OperationSpec = OperationSpec::write("SetDeletionProtection", QuotaGroup::TagWrite)
        .without_required_fields();
    type Response = SetDeletionProtectionResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        match &self.resource {
            ProtectedResource::Key(id) => encoder.key_id_named("KeyId", "resource", id),
            ProtectedResource::Arn(arn) => {
                encoder.text("ProtectedResourceArn", arn.as_str());
                encoder.resource(Some(Resource::named(arn.as_str())));
            }
            ProtectedResource::Instance(id) => {
                encoder.check(not_empty("resource", id));
                encoder.text("KmsInstanceId", id);
                encoder.resource(Some(Resource::named(id)));
            }
        }
        encoder.flag("EnableDeletionProtection", self.enable);
        encoder.optional_text("DeletionProtectionDescription", self.description.as_deref());
    }

    fn request_id(response: &mut SetDeletionProtectionResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The confirmation that the protection was changed: the response to a
/// [`SetDeletionProtectionRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SetDeletionProtectionResponse {
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    fn request() -> SetDeletionProtectionRequest {
        SetDeletionProtectionRequest::enable("key-fake")
    }

    #[test]
    fn each_resource_has_its_own_parameter() {
        let arn = "acs:kms:cn-hangzhou:1:key/key-fake";
        let first = |request| sent(&request).remove(0);
        assert_eq!(first(request()), "KeyId=key-fake");
        let by_arn = SetDeletionProtectionRequest::enable(arn);
        assert_eq!(first(by_arn), format!("ProtectedResourceArn={arn}"));
        let instance =
            SetDeletionProtectionRequest::enable(ProtectedResource::instance("kst-fake"));
        assert_eq!(first(instance), "KmsInstanceId=kst-fake");
    }

    #[test]
    fn protection_and_its_reason_are_sent() {
        let on = sent(&request().description("backups"));
        let expected = ["EnableDeletionProtection=true", "DeletionProtectionDescription=backups"];
        assert_eq!(on[1..], expected);
        let off = sent(&SetDeletionProtectionRequest::disable("key-fake"));
        assert_eq!(off[1..], ["EnableDeletionProtection=false"]);
    }

    #[test]
    fn empty_ids_and_malformed_arns_are_rejected() {
        for resource in ["".into(), "acs:kms:cn-hangzhou:1".into(), ProtectedResource::instance("")]
        {
            let request = SetDeletionProtectionRequest::enable(resource);
            let error = request.validate().unwrap_err().to_string();
            assert!(error.starts_with("`resource` must be "), "{error}");
        }
    }

    #[test]
    fn decodes_response() {
        let response = request().decode(br#"{"RequestId":"r"}"#).unwrap();
        assert_eq!(response.request_id, "r");
    }
}
