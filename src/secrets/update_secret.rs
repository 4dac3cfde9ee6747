//! `UpdateSecret`: another description, or other custom data of a managed secret.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecret>

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::{Resource, ValidationError};
use crate::operation::parameters::ParameterList;
use crate::operation::{Operation, limits};
use crate::rate_limit::QuotaGroup;
use crate::sign::Parameters;
use crate::types::wire;

/// What is to be told of a secret from now on: the parameters of
/// [`UpdateSecret`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecret).
///
/// Whether the service keeps what is not set is not documented; for both it is the plain reading.
///
/// ```
/// use alibabacloud_kms::secrets::UpdateSecretRequest;
///
/// let request = UpdateSecretRequest::new("prod/rds")
///     .description("main database")
///     .custom_data([("Port", "3306")]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct UpdateSecretRequest {
    secret_name: String,
    description: Option<String>,
    custom_data: Option<Map<String, Value>>,
}

impl UpdateSecretRequest {
    /// Updates the secret of this name or ARN (`SecretName`).
    pub fn new(secret_name: impl Into<String>) -> Self {
        Self { secret_name: secret_name.into(), description: None, custom_data: None }
    }

    /// What is said of it in words (`Description`).
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// What its users keep with it (`ExtendedConfig.CustomData`), at most 10 pairs, in place of all that they kept before. For
    /// secrets of any type but [`Generic`](crate::secrets::SecretType::Generic).
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
    const NAME: &'static str = "UpdateSecret";
    const METHOD: Method = Method::POST;
    const QUOTA: QuotaGroup = QuotaGroup::Manage;

    type Response = UpdateSecretResponse;

    fn validate(&self) -> Result<(), ValidationError> {
        limits::secret_name_or_arn(&self.secret_name)?;
        self.custom_data.as_ref().map_or(Ok(()), limits::custom_data)
    }

    fn parameters(&self) -> Parameters<'_> {
        ParameterList::new()
            .text("SecretName", &self.secret_name)
            .optional_text("Description", self.description.as_deref())
            // One parameter with a dot in its name, by all but the newest of the official libraries.
            .optional_json("ExtendedConfig.CustomData", self.custom_data.as_ref())
            .done()
    }

    fn resource(&self) -> Option<Resource<'_>> {
        Some(Resource::named(&self.secret_name))
    }

    fn request_id(response: &UpdateSecretResponse) -> &str {
        &response.request_id
    }
}

/// That the secret was updated: the answer to an [`UpdateSecretRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct UpdateSecretResponse {
    /// The secret's name.
    pub secret_name: String,
    /// The id under which the service knows the request; empty if it left it out.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::sent;

    #[test]
    fn only_what_was_set_is_sent_and_an_empty_description_is_set() {
        let request = UpdateSecretRequest::new("a");
        assert_eq!(sent(&request), ["SecretName=a"]);
        let request = request.description("").custom_data([("Port", "3306"), ("DBName", "app1")]);
        let custom_data = r#"ExtendedConfig.CustomData={"DBName":"app1","Port":"3306"}"#;
        assert_eq!(sent(&request), ["SecretName=a", "Description=", custom_data]);
        let emptied = request.custom_data([] as [(&str, &str); 0]);
        assert_eq!(sent(&emptied)[2], "ExtendedConfig.CustomData={}");
    }

    #[test]
    fn custom_data_are_ten_pairs_at_most() {
        let pairs = |count: u32| (0..count).map(|n| (n.to_string(), n));
        assert!(UpdateSecretRequest::new("a").custom_data(pairs(10)).validate().is_ok());
        let refusal = UpdateSecretRequest::new("a").custom_data(pairs(11)).validate().unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "the number of pairs in custom_data is 11, allowed are 0 to 10"
        );
        assert!(UpdateSecretRequest::new("").validate().is_err());
    }

    #[test]
    fn the_answer_is_read() {
        let body = br#"{"RequestId":"r-1","SecretName":"a"}"#;
        let answer = UpdateSecretRequest::new("a").decode(body).unwrap();
        assert_eq!((&*answer.secret_name, &*answer.request_id), ("a", "r-1"));
    }
}
