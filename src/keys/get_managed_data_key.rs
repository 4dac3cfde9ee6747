//! `GetManagedDataKey`: a data key that KMS stores.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getmanageddatakey>

use serde::Deserialize;

use super::response_fields;
use crate::error::Resource;
use crate::operation::{Encoder, Operation, OperationSpec, not_empty};
use crate::rate_limit::QuotaGroup;
use crate::types::{SecretBytes, wire};

/// The parameters of
/// [`GetManagedDataKey`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getmanageddatakey).
///
/// The service's default is the first version of the data key and not the latest.
///
/// ```
/// use alibabacloud_kms::keys::GetManagedDataKeyRequest;
///
/// let latest = GetManagedDataKeyRequest::new("orders").use_latest(true);
/// let by_version = GetManagedDataKeyRequest::new("orders").data_key_version_id("v1");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct GetManagedDataKeyRequest {
    /// The name of the data key (`DataKeyName`).
    pub data_key_name: String,
    /// The id of the version to return (`DataKeyVersionId`), default the first or the latest one by
    /// [`use_latest`](Self::use_latest).
    pub data_key_version_id: Option<String>,
    /// True to return the latest version instead of the first if no version id is set
    /// (`UseLatest`), default `false`.
    pub use_latest: Option<bool>,
}

impl GetManagedDataKeyRequest {
    /// Creates a request for the first version of this data key.
    pub fn new(data_key_name: impl Into<String>) -> Self {
        Self { data_key_name: data_key_name.into(), data_key_version_id: None, use_latest: None }
    }

    /// Selects the version with this id.
    pub fn data_key_version_id(mut self, version_id: impl Into<String>) -> Self {
        self.data_key_version_id = Some(version_id.into());
        self
    }

    /// Sets whether the latest version is returned and not the first.
    pub fn use_latest(mut self, use_latest: bool) -> Self {
        self.use_latest = Some(use_latest);
        self
    }
}

impl Operation for GetManagedDataKeyRequest {
    const SPEC: OperationSpec =
        OperationSpec::read("GetManagedDataKey", QuotaGroup::Undocumented).in_body();
    type Response = GetManagedDataKeyResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.check(not_empty("data_key_name", &self.data_key_name));
        encoder.text("DataKeyName", &self.data_key_name);
        encoder.resource(Some(Resource::named(&self.data_key_name)));
        if let Some(id) = &self.data_key_version_id {
            encoder.check(not_empty("data_key_version_id", id));
            encoder.text("DataKeyVersionId", id);
            encoder.resource_version(id);
        }
        if let Some(use_latest) = self.use_latest {
            encoder.flag("UseLatest", use_latest);
        }
    }

    fn request_id(response: &mut GetManagedDataKeyResponse) -> &mut String {
        &mut response.request_id
    }
}

/// A version of a data key that KMS stores: the response to a [`GetManagedDataKeyRequest`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct GetManagedDataKeyResponse {
    /// The data key, which is wiped from memory on drop.
    #[serde(deserialize_with = "response_fields::data_key")]
    pub plaintext: SecretBytes,
    /// The name of the data key; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub data_key_name: String,
    /// The id of the version; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub data_key_version_id: String,
    /// The name of the secret in which KMS stores this version; empty if the response does not
    /// contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub data_key_version_name: String,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::GetManagedDataKeyRequest as Request;
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn only_what_was_set_is_sent() {
        assert_eq!(sent(&Request::new("a")), ["DataKeyName=a"]);
        let request = Request::new("a").data_key_version_id("v").use_latest(true);
        assert_eq!(sent(&request)[1..], ["DataKeyVersionId=v", "UseLatest=true"]);
        assert!(Request::new("").validate().is_err());
        assert!(Request::new("a").data_key_version_id("").validate().is_err());
    }

    #[test]
    fn data_key_is_decoded_and_not_shown() {
        let body = br#"{"Plaintext":"ZmFrZQ==","DataKeyName":"a","DataKeyVersionId":"v","DataKeyVersionName":"s"}"#;
        let response = Request::new("a").decode(body).unwrap();
        assert_eq!(response.plaintext.expose_secret(), b"fake");
        assert_eq!((&*response.data_key_name, &*response.data_key_version_name), ("a", "s"));
        assert!(!format!("{response:?}").contains("102, 97"));
        assert!(Request::new("a").decode(br#"{"DataKeyName":"a"}"#).is_err());
    }
}
