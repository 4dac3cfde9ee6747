//! UntagResources: <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-untagresources>

use super::resources::{MOST_TAGS, Resources};
use super::{Context, done};
use crate::emulator::error_response::Refusal;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &Context<'_>,
) -> Result<Vec<u8>, Refusal> {
    let keys = parameters.list("TagKey");
    if keys.len() > MOST_TAGS {
        return Err(Refusal::invalid_parameter("TagKey", "at most 20"));
    }
    // It counts only where no keys are given.
    let all = parameters.boolean("All")? && keys.is_empty();
    let resources = Resources::named(parameters, store, context)?.at_least_one()?;
    for id in resources.ids {
        let tags = &mut store.find(id, context.now)?.secret.tags;
        tags.retain(|tag| !all && !keys.contains(&tag.key.as_str()));
    }
    done(context)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::super::tag_resources;
    use super::*;
    use crate::emulator::EmulatedSecret;

    const CONTEXT: Context<'_> =
        Context { now: DateTime::UNIX_EPOCH, request_id: "r-1", host: "host" };

    fn store() -> Store {
        let mut store = Store::default();
        for name in ["a", "b"] {
            store.add(EmulatedSecret::new(name).tag("env", "prod"), CONTEXT.now);
        }
        store
    }

    fn parameters(of_this_call: &[(&str, &str)]) -> Parameters {
        let common = [("RegionId", "cn-hangzhou"), ("ResourceType", "secret")];
        common.into_iter().chain(of_this_call.iter().copied()).collect()
    }

    fn keys(store: &mut Store, name: &str) -> Vec<String> {
        let tags = &store.find(name, CONTEXT.now).unwrap().secret.tags;
        tags.iter().map(|tag| tag.key.clone()).collect()
    }

    #[track_caller]
    fn not_tagged(of_this_call: &[(&str, &str)], status: u16, code: &str) {
        let mut store = store();
        let parameters = parameters(of_this_call);
        let refusal = tag_resources::handle(&parameters, &mut store, &CONTEXT).unwrap_err();
        assert_eq!((refusal.status, &*refusal.code), (status, code));
        assert_eq!(keys(&mut store, "a"), ["env"]);
    }

    #[test]
    fn tags_go_on_several_secrets_and_off_again() {
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
    fn what_is_refused_changes_nothing() {
        let tag = ("Tag.1.Key", "team");
        not_tagged(
            &[("ResourceId.1", "a"), ("ResourceId.2", "c"), tag],
            404,
            "InvalidResourceId.NotFound",
        );
        not_tagged(&[tag], 400, "MissingParameter");
        not_tagged(&[("ResourceId.1", "a")], 400, "InvalidParameter");
        let a = ("ResourceId.1", "a");
        not_tagged(&[a, ("Tag.1.Key", "acs:x")], 400, "InvalidParameter.TagKey");
        not_tagged(&[a, tag, ("Tag.1.Value", "{}")], 400, "InvalidParameter.TagValue");
        not_tagged(&[a, tag, ("Tag.2.Key", "team")], 400, "Duplicate.TagKey");
        let many: Vec<_> = (1..=20).map(|n| (format!("Tag.{n}.Key"), format!("k{n}"))).collect();
        let many: Vec<_> = many.iter().map(|(name, key)| (name.as_str(), key.as_str())).collect();
        not_tagged(&[&many[..], &[a]].concat(), 400, "Rejected.LimitExceeded");
    }

    #[test]
    fn there_is_a_region_and_a_known_type_and_no_key() {
        let refusal = |parameters: &[(&str, &str)]| {
            let parameters = parameters.iter().copied().collect();
            handle(&parameters, &mut store(), &CONTEXT).unwrap_err().code
        };
        let region = ("RegionId", "cn-hangzhou");
        assert_eq!(refusal(&[("ResourceType", "secret")]), "MissingParameter");
        assert_eq!(refusal(&[region]), "MissingParameter");
        assert_eq!(refusal(&[region, ("ResourceType", "alias")]), "InvalidParameter");
        let key = [region, ("ResourceType", "key"), ("ResourceId.1", "a")];
        assert_eq!(refusal(&key), "InvalidResourceId.NotFound");
    }
}
