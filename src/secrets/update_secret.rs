//! `UpdateSecret`: the description of a secret, and the custom data of a managed one.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecret>

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`UpdateSecret`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecret).
///
/// It is not documented whether the service keeps a field that is not set. This crate assumes that
/// it does.
///
/// ```
/// use alibabacloud_kms::secrets::UpdateSecretRequest;
///
/// let request = UpdateSecretRequest::new("prod/rds")
///     .description("main database")
///     .custom_data([("Port", "3306")]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub struct UpdateSecretRequest {
    /// The secret's name or ARN (`SecretName`).
    pub secret_name: String,
    /// The new description (`Description`); empty removes it.
    pub description: Option<String>,
    /// The new custom data (`ExtendedConfig.CustomData`), at most 10 pairs, which replaces all
    /// present pairs. For secrets of any type but [`Generic`](crate::secrets::SecretType::Generic).
    pub custom_data: Option<Map<String, Value>>,
}

impl UpdateSecretRequest {
    /// Creates a request that changes nothing of this secret yet.
    pub fn new(secret_name: impl Into<String>) -> Self {
        Self { secret_name: secret_name.into(), description: None, custom_data: None }
    }

    /// Sets the new description.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Sets the new custom data.
    pub fn custom_data<K: Into<String>, V: Into<Value>>(
        mut self,
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let pairs = pairs.into_iter().map(|(key, value)| (key.into(), value.into()));
        self.custom_data = Some(pairs.collect());
        self
    }
}

impl Operation for UpdateSecretRequest {
    const SPEC: OperationSpec = OperationSpec::write("UpdateSecret", QuotaGroup::Manage);
    type Response = UpdateSecretResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.secret_name(&self.secret_name);
        encoder.optional_text("Description", self.description.as_deref());
        encoder.custom_data(self.custom_data.as_ref());
    }

    fn request_id(response: &mut UpdateSecretResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The secret that was updated: the response to an [`UpdateSecretRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct UpdateSecretResponse {
    /// The secret's name.
    pub secret_name: String,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn only_set_fields_are_sent_and_an_empty_description_is_set() {
        let request = UpdateSecretRequest::new("a");
        assert_eq!(sent(&request), ["SecretName=a"]);
        let request = request.description("").custom_data([("Port", "3306"), ("DBName", "app1")]);
        let custom_data = r#"ExtendedConfig.CustomData={"DBName":"app1","Port":"3306"}"#;
        assert_eq!(sent(&request), ["SecretName=a", "Description=", custom_data]);
        let emptied = request.custom_data([] as [(&str, &str); 0]);
        assert_eq!(sent(&emptied)[2], "ExtendedConfig.CustomData={}");
    }

    #[test]
    fn more_than_ten_pairs_of_custom_data_are_rejected() {
        let pairs = |count: u32| (0..count).map(|n| (n.to_string(), n));
        assert!(UpdateSecretRequest::new("a").custom_data(pairs(10)).validate().is_ok());
        let violation =
            UpdateSecretRequest::new("a").custom_data(pairs(11)).validate().unwrap_err();
        assert_eq!(
            violation.to_string(),
            "the number of pairs in `custom_data` must be 0 to 10, got 11"
        );
        assert!(UpdateSecretRequest::new("").validate().is_err());
    }

    #[test]
    fn decodes_response() {
        let body = br#"{"RequestId":"r-1","SecretName":"a"}"#;
        let response = UpdateSecretRequest::new("a").decode(body).unwrap();
        assert_eq!((&*response.secret_name, &*response.request_id), ("a", "r-1"));
    }
}
