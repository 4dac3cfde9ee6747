//! Conditions on the keys to list.

use std::borrow::Cow;

use serde::Serialize;

use super::{CreatorType, KeySpec, KeyState, KeyUsage, ProtectionLevel};
use crate::error::ValidationError;

const MAX_VALUES: usize = 10;

/// One condition on the keys to list: a property and up to 10 values, any of which may match.
///
/// A specification or protection level that the region does not have matches nothing.
///
/// ```
/// use alibabacloud_kms::keys::{KeyFilter, KeySpec};
///
/// let signing = KeyFilter::key_spec([KeySpec::EcP256, KeySpec::EcP256K]);
/// let newer_than_this_crate = KeyFilter::custom("Color", ["blue"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct KeyFilter {
    key: Cow<'static, str>,
    values: Vec<String>,
}

impl KeyFilter {
    /// Matches the states of keys (`KeyState`), values of [`KeyState`] or their names.
    #[must_use]
    pub fn key_state<V: Into<KeyState>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::custom("KeyState", values.into_iter().map(Into::into))
    }

    /// Matches the specifications of keys (`KeySpec`), values of [`KeySpec`] or their names.
    #[must_use]
    pub fn key_spec<V: Into<KeySpec>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::custom("KeySpec", values.into_iter().map(Into::into))
    }

    /// Matches the usages of keys (`KeyUsage`), values of [`KeyUsage`] or their names.
    #[must_use]
    pub fn key_usage<V: Into<KeyUsage>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::custom("KeyUsage", values.into_iter().map(Into::into))
    }

    /// Matches the protection levels of keys (`ProtectionLevel`), values of [`ProtectionLevel`] or
    /// their names.
    #[must_use]
    pub fn protection_level<V: Into<ProtectionLevel>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::custom("ProtectionLevel", values.into_iter().map(Into::into))
    }

    /// Matches the types of creators (`CreatorType`): the account itself or a service.
    #[must_use]
    pub fn creator_type<V: Into<CreatorType>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::custom("CreatorType", values.into_iter().map(Into::into))
    }

    /// Matches creators (`Creator`): the id of an account, or the name of a service such as `Ecs`.
    #[must_use]
    pub fn creator<V: Into<String>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::custom("Creator", values)
    }

    /// Matches the KMS instances that hold keys (`DKMSInstanceId`), values such as `kst-hzz6****`.
    #[must_use]
    pub fn instance_id<V: Into<String>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::custom("DKMSInstanceId", values)
    }

    /// Matches the ids of keys (`keyId`, in the spelling of the service's documentation).
    #[must_use]
    pub fn key_id<V: Into<String>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::custom("keyId", values)
    }

    /// Matches the aliases of keys (`AliasName`), values such as `alias/app`.
    #[must_use]
    pub fn alias_name<V: Into<String>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::custom("AliasName", values)
    }

    /// Matches the keys of tags (`TagKey`). The service searches at most 4,000 resources.
    #[must_use]
    pub fn tag_key<V: Into<String>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::custom("TagKey", values)
    }

    /// Matches the values of tags (`TagValue`). The service searches at most 4,000 resources.
    #[must_use]
    pub fn tag_value<V: Into<String>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::custom("TagValue", values)
    }

    /// Matches a property that this version of the crate does not know, in the service's spelling.
    #[must_use]
    pub fn custom<V: Into<String>>(
        property: impl Into<Cow<'static, str>>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        Self { key: property.into(), values: values.into_iter().map(Into::into).collect() }
    }

    pub(super) fn validate(&self) -> Result<(), ValidationError> {
        let Self { key, values } = self;
        if key.is_empty() {
            let allowed = "a name such as KeyState";
            return Err(ValidationError::new("the property of a filter", key, allowed));
        }
        if values.len() > MAX_VALUES {
            let field = format!("the number of values of filter {key}");
            return Err(ValidationError::new(field, values.len(), "0 to 10"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_their_names_make_the_same_filter() {
        assert_eq!(KeyFilter::key_state(["enabled"]), KeyFilter::key_state([KeyState::Enabled]));
        let user = KeyFilter::creator_type([CreatorType::User]);
        assert_eq!(user, KeyFilter::custom("CreatorType", ["User"]));
    }

    #[test]
    fn more_than_ten_values_are_rejected() {
        let values = |count| KeyFilter::tag_value(vec!["v"; count]).validate();
        assert!(values(0).is_ok() && values(10).is_ok());
        let error = values(11).unwrap_err().to_string();
        assert_eq!(error, "the number of values of filter TagValue must be 0 to 10, got 11");
    }

    #[test]
    fn filter_without_a_property_is_rejected() {
        assert!(KeyFilter::custom("", ["v"]).validate().is_err());
    }
}
