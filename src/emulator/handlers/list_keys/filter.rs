//! [`KeyFilters`]: the `Filters` of ListKeys, parsed, limited as documented, and matched.
//!
//! The values of an entry are alternatives, as are those of several entries of the same key; the
//! keys must all match. An entry without values restricts nothing. A value that no key can have,
//! such as an unknown specification, is not an error: it matches nothing.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::keys::{Key, Keys};
use crate::emulator::region::ACCOUNT_ID;

/// The largest number of entries, and of values in an entry.
const MAX_COUNT: usize = 10;

/// The accepted values by the field that they are compared with.
#[derive(Default)]
pub(super) struct KeyFilters(BTreeMap<Field, Vec<String>>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Filter {
    key: Field,
    #[serde(default)]
    values: Vec<String>,
}

/// The field that a filter compares, as its `Key` names it.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    KeyState,
    KeySpec,
    KeyUsage,
    ProtectionLevel,
    CreatorType,
    #[serde(rename = "DKMSInstanceId")]
    InstanceId,
    /// The documentation spells it with a small letter.
    #[serde(rename = "keyId", alias = "KeyId")]
    KeyId,
    AliasName,
    Creator,
    TagKey,
    TagValue,
}

impl KeyFilters {
    /// Parses the parameter's JSON. An empty text is the same as no filter.
    pub(super) fn parse(text: &str) -> Result<Self, ErrorResponse> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let invalid = |allowed: &str| Err(ErrorResponse::invalid_parameter("Filters", allowed));
        let filters: Vec<Filter> = match serde_json::from_str(text) {
            Ok(filters) => filters,
            Err(error) => return invalid(&error.to_string()),
        };
        if filters.len() > MAX_COUNT || filters.iter().any(|f| f.values.len() > MAX_COUNT) {
            return invalid("at most 10 entries of at most 10 values");
        }
        let mut by_field = BTreeMap::<_, Vec<_>>::new();
        for Filter { key, values } in filters.into_iter().filter(|f| !f.values.is_empty()) {
            by_field.entry(key).or_default().extend(values);
        }
        Ok(Self(by_field))
    }

    pub(super) fn match_key(&self, key: &Key, keys: &Keys, context: &RequestContext<'_>) -> bool {
        let matches = |(field, values): (&Field, &Vec<String>)| {
            let accepts = |text: &str| values.iter().any(|value| value == text);
            let attributes = &key.attributes;
            match field {
                Field::KeyState => accepts(&key.state(context.now).to_string()),
                Field::KeySpec => accepts(attributes.spec.as_str()),
                Field::KeyUsage => accepts(attributes.usage.as_str()),
                Field::ProtectionLevel => accepts(attributes.protection_level.as_str()),
                // Services create no keys here.
                Field::CreatorType => accepts("User"),
                Field::InstanceId => accepts(&attributes.instance_id),
                Field::KeyId => accepts(&key.id),
                Field::AliasName => {
                    let mut aliases = keys.aliases(context.now);
                    aliases.any(|(alias, key_id)| key_id == key.id && accepts(alias))
                }
                Field::Creator => accepts(ACCOUNT_ID),
                Field::TagKey => attributes.tags.iter().any(|tag| accepts(&tag.key)),
                Field::TagValue => attributes.tags.iter().any(|tag| accepts(&tag.value)),
            }
        };
        self.0.iter().all(matches)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::emulator::handlers::test_account::TestAccount;
    use crate::emulator::handlers::{create_alias, list_keys};

    /// Returns the ids of the listed keys.
    fn listed(account: &mut TestAccount, filters: &serde_json::Value) -> Vec<String> {
        let parameters = [("Filters", &*filters.to_string())];
        let response = account.call(list_keys::handle, &parameters).unwrap();
        let keys = response["Keys"]["Key"].as_array().unwrap();
        keys.iter().map(|key| key["KeyId"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn entries_must_all_match_and_values_are_alternatives() {
        let mut account = TestAccount::new();
        let enabled = account.key(&[("Tags", r#"[{"TagKey":"team","TagValue":"core"}]"#)]);
        let disabled = account.key_in_state("Disabled");
        let signing = account.instance_key("EC_P256");
        let alias = [("AliasName", "alias/app"), ("KeyId", &*disabled)];
        account.call(create_alias::handle, &alias).unwrap();
        for (filters, ids) in [
            (json!([]), vec![&enabled, &disabled, &signing]),
            (json!([{"Key": "KeyState", "Values": ["Enabled"]}]), vec![&enabled, &signing]),
            (
                json!([{"Key": "KeyState", "Values": ["Enabled", "Disabled"]},
                       {"Key": "KeySpec", "Values": ["Aliyun_AES_256", "unknown"]}]),
                vec![&enabled, &disabled],
            ),
            (
                json!([{"Key": "keyId", "Values": [enabled]}, {"Key": "KeyId", "Values": [signing]}]),
                vec![&enabled, &signing],
            ),
            (json!([{"Key": "AliasName", "Values": ["alias/app"]}]), vec![&disabled]),
            (json!([{"Key": "DKMSInstanceId", "Values": ["kst-fake"]}]), vec![&signing]),
            (json!([{"Key": "KeyUsage", "Values": ["SIGN/VERIFY"]}]), vec![&signing]),
            (json!([{"Key": "TagKey", "Values": ["team"]}]), vec![&enabled]),
            (json!([{"Key": "TagValue", "Values": ["web"]}]), vec![]),
            (json!([{"Key": "CreatorType", "Values": ["Service"]}]), vec![]),
            (json!([{"Key": "KeyState", "Values": []}]), vec![&enabled, &disabled, &signing]),
        ] {
            assert_eq!(listed(&mut account, &filters).iter().collect::<Vec<_>>(), ids, "{filters}");
        }
    }

    #[test]
    fn filters_over_their_limits_are_rejected() {
        let entry = |values: usize| json!({"Key": "TagKey", "Values": vec!["a"; values]});
        let code = |filters: &str| KeyFilters::parse(filters).err().map(|error| error.code);
        assert_eq!(code(&json!(vec![entry(10); 10]).to_string()), None);
        for filters in [json!(vec![entry(1); 11]), json!([entry(11)]), json!([{"Key": "Color"}])] {
            assert_eq!(code(&filters.to_string()).as_deref(), Some("InvalidParameter"));
        }
        assert_eq!(code("not json").as_deref(), Some("InvalidParameter"));
        assert_eq!(code(""), None);
    }
}
