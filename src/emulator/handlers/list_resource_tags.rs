//! ListResourceTags:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listresourcetags>

use serde::Serialize;

use super::response_fields::json;
use super::target;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::keys::KeyNames;
use crate::emulator::request::Parameters;
use crate::emulator::secret::EmulatedTag;
use crate::emulator::store::Store;

/// Lists the tags of a key, in any state. Secrets have other operations.
pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let key = target::key(parameters, store, KeyNames::Ids, context)?;
    let tag = |tag| KeyTag::new(&key.id, tag);
    json(&Response {
        request_id: context.request_id,
        tags: Tags { tag: key.attributes.tags.iter().map(tag).collect() },
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    tags: Tags<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Tags<'a> {
    tag: Vec<KeyTag<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct KeyTag<'a> {
    key_id: &'a str,
    tag_key: &'a str,
    tag_value: &'a str,
}

impl<'a> KeyTag<'a> {
    fn new(key_id: &'a str, tag: &'a EmulatedTag) -> Self {
        Self { key_id, tag_key: &tag.key, tag_value: &tag.value }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::emulator::handlers::test_account::TestAccount;
    use crate::emulator::handlers::{list_tag_resources, tag_resources, untag_resources};

    #[test]
    fn tags_of_keys_are_those_of_every_operation() {
        let mut account = TestAccount::new();
        let id = account.key(&[("Tags", r#"[{"TagKey":"team","TagValue":"core"}]"#)]);
        let key = [("RegionId", "cn-hangzhou"), ("ResourceType", "key"), ("ResourceId.1", &*id)];
        let added = [("Tag.1.Key", "stage"), ("Tag.1.Value", "prod")];
        account
            .call(tag_resources::handle, &[key, [added[0], added[1], added[0]]].concat()[..5])
            .unwrap();
        let listed = account.call(handle, &[("KeyId", &id)]).unwrap();
        let tag = |tag_key, value| json!({"KeyId": id, "TagKey": tag_key, "TagValue": value});
        assert_eq!(listed["Tags"]["Tag"], json!([tag("team", "core"), tag("stage", "prod")]));
        let rows = account.call(list_tag_resources::handle, &key[..2]).unwrap();
        let row = &rows["TagResources"]["TagResource"][1];
        assert_eq!((&row["ResourceId"], &row["ResourceType"]), (&json!(id), &json!("key")));
        account.call(untag_resources::handle, &[key[0], key[1], key[2], ("All", "true")]).unwrap();
        let listed = account.call(handle, &[("KeyId", &id)]).unwrap();
        assert_eq!(listed["Tags"]["Tag"], json!([]));
        let unknown = [key[0], key[1], ("ResourceId.1", "key-unknown")];
        let code = account.code(untag_resources::handle, &unknown);
        assert_eq!(code, "InvalidResourceId.NotFound");
    }
}
