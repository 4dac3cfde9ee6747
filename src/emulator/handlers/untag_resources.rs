//! UntagResources:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-untagresources>

use super::named_resources::{MAX_TAGS, NamedResources};
use super::response_fields::request_id_only;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let keys = parameters.list("TagKey");
    if keys.len() > MAX_TAGS {
        return Err(ErrorResponse::invalid_parameter("TagKey", "at most 20"));
    }
    // `All` has an effect only without keys.
    let all = parameters.boolean("All")? && keys.is_empty();
    let resources = NamedResources::read(parameters, store, context)?.require_any()?;
    for id in &resources.ids {
        resources.kind.tags(id, store, context)?;
    }
    for id in resources.ids {
        let tags = resources.kind.tags(id, store, context)?;
        tags.retain(|tag| !all && !keys.contains(&tag.key.as_str()));
    }
    request_id_only(context)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::emulator::EmulatedSecret;
    use crate::emulator::handlers::{Handler, list_tag_resources, tag_resources};

    const CONTEXT: RequestContext<'_> =
        RequestContext { now: DateTime::UNIX_EPOCH, request_id: "r-1", host: "host" };

    fn store() -> Store {
        let mut store = Store::default();
        for name in ["a", "b"] {
            store.add(EmulatedSecret::new(name).tag("env", "prod"), CONTEXT.now);
        }
        store
    }

    fn parameters(more: &[(&str, &str)]) -> Parameters {
        let common = [("RegionId", "cn-hangzhou"), ("ResourceType", "secret")];
        common.into_iter().chain(more.iter().copied()).collect()
    }

    fn keys(store: &mut Store, name: &str) -> Vec<String> {
        let tags = &store.find(name, CONTEXT.now).unwrap().secret.tags;
        tags.iter().map(|tag| tag.key.clone()).collect()
    }

    #[track_caller]
    fn assert_not_tagged(more: &[(&str, &str)], status: u16, code: &str) {
        let mut store = store();
        let parameters = parameters(more);
        let error = tag_resources::handle(&parameters, &mut store, &CONTEXT).unwrap_err();
        assert_eq!((error.status, &*error.code), (status, code));
        assert_eq!(keys(&mut store, "a"), ["env"]);
    }

    #[test]
    fn several_secrets_are_tagged_and_untagged() {
        let mut store = store();
        let both = [("ResourceId.1", "a"), ("ResourceId.2", "b")];
        let set = [
            both[0],
            both[1],
            ("Tag.1.Key", "team"),
            ("Tag.1.Value", "core"),
            ("Tag.2.Key", "empty"),
        ];
        tag_resources::handle(&parameters(&set), &mut store, &CONTEXT).unwrap();
        assert_eq!(keys(&mut store, "b"), ["env", "team", "empty"]);
        let off =
            [both[0], both[1], ("TagKey.1", "team"), ("TagKey.2", "never-there"), ("All", "true")];
        handle(&parameters(&off), &mut store, &CONTEXT).unwrap();
        assert_eq!(keys(&mut store, "a"), ["env", "empty"]);
        handle(&parameters(&[both[0], ("All", "True")]), &mut store, &CONTEXT).unwrap();
        assert_eq!(keys(&mut store, "a"), [""; 0]);
        handle(&parameters(&[("ResourceId.1", "b")]), &mut store, &CONTEXT).unwrap();
        assert_eq!(keys(&mut store, "b"), ["env", "empty"]);
    }

    #[test]
    fn rejected_request_changes_nothing() {
        let tag = ("Tag.1.Key", "team");
        assert_not_tagged(
            &[("ResourceId.1", "a"), ("ResourceId.2", "c"), tag],
            404,
            "InvalidResourceId.NotFound",
        );
        assert_not_tagged(&[tag], 400, "MissingParameter");
        assert_not_tagged(&[("ResourceId.1", "a")], 400, "InvalidParameter");
        let a = ("ResourceId.1", "a");
        assert_not_tagged(&[a, ("Tag.1.Key", "acs:x")], 400, "InvalidParameter.TagKey");
        assert_not_tagged(&[a, tag, ("Tag.1.Value", "{}")], 400, "InvalidParameter.TagValue");
        assert_not_tagged(&[a, tag, ("Tag.2.Key", "team")], 400, "Duplicate.TagKey");
        let many: Vec<_> = (1..=20).map(|n| (format!("Tag.{n}.Key"), format!("k{n}"))).collect();
        let many: Vec<_> = many.iter().map(|(name, key)| (name.as_str(), key.as_str())).collect();
        assert_not_tagged(&[&many[..], &[a]].concat(), 400, "Rejected.LimitExceeded");
    }

    #[test]
    fn region_and_known_type_are_required() {
        let code = |parameters: &[(&str, &str)]| {
            let parameters = parameters.iter().copied().collect();
            handle(&parameters, &mut store(), &CONTEXT).unwrap_err().code
        };
        let region = ("RegionId", "cn-hangzhou");
        assert_eq!(code(&[("ResourceType", "secret")]), "MissingParameter");
        assert_eq!(code(&[region]), "MissingParameter");
        assert_eq!(code(&[region, ("ResourceType", "alias")]), "InvalidParameter");
        let key = [region, ("ResourceType", "key"), ("ResourceId.1", "a")];
        assert_eq!(code(&key), "InvalidResourceId.NotFound");
    }

    #[test]
    fn names_tags_and_keys_over_the_limits_are_rejected() {
        let numbered = |name: &str, count: u32, value: &str| -> Vec<(String, String)> {
            (1..=count)
                .map(|n| (name.replace('N', &n.to_string()), format!("{value}{n}")))
                .collect()
        };
        let outcome = |handler: Handler, more: &[(String, String)]| {
            let mut store = Store::default();
            for n in 1..=51 {
                store.add(EmulatedSecret::new(format!("a{n}")), CONTEXT.now);
            }
            let more: Vec<_> = more.iter().map(|(name, value)| (&**name, &**value)).collect();
            let error = handler(&parameters(&more), &mut store, &CONTEXT).err();
            error.map(|error| (error.status, error.code.into_owned()))
        };
        let invalid = Some((400, "InvalidParameter".to_owned()));
        let one = numbered("ResourceId.N", 1, "a");
        let key = numbered("TagKey.N", 1, "k");
        for (count, expected) in [(50, None), (51, invalid.clone())] {
            let named = [numbered("ResourceId.N", count, "a"), key.clone()].concat();
            assert_eq!(outcome(handle, &named), expected, "{count} resources");
        }
        for (count, expected) in [(20, None), (21, invalid)] {
            let keys = [numbered("TagKey.N", count, "k"), one.clone()].concat();
            assert_eq!(outcome(handle, &keys), expected, "{count} keys");
            let tags = [numbered("Tag.N.Key", count, "k"), one.clone()].concat();
            assert_eq!(outcome(tag_resources::handle, &tags), expected, "{count} tags");
            assert_eq!(outcome(list_tag_resources::handle, &tags), expected, "{count} tags");
        }
    }
}
