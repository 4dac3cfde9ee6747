//! UntagResource: <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-untagresource>

use super::{Context, done, one_resource};
use crate::emulator::error_response::Refusal;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &Context<'_>,
) -> Result<Vec<u8>, Refusal> {
    parameters.required("TagKeys")?;
    let keys: Vec<String> = parameters.json("TagKeys")?.unwrap_or_default();
    let stored = one_resource(parameters, store, context)?;
    // A key that is not there does no harm, as UntagResources promises.
    stored.secret.tags.retain(|tag| !keys.contains(&tag.key));
    done(context)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::super::tag_resource;
    use super::*;
    use crate::emulator::EmulatedSecret;

    const CONTEXT: Context<'_> =
        Context { now: DateTime::UNIX_EPOCH, request_id: "r-1", host: "host" };
    const TAGS: (&str, &str) = ("Tags", r#"[{"TagKey":"team","TagValue":"core"}]"#);

    fn store() -> Store {
        let mut store = Store::default();
        store.add(EmulatedSecret::new("a").tag("team", "old").tag("env", "prod"), CONTEXT.now);
        store
    }

    fn tags(store: &mut Store) -> Vec<(String, String)> {
        let tags = &store.find("a", CONTEXT.now).unwrap().secret.tags;
        tags.iter().map(|tag| (tag.key.clone(), tag.value.clone())).collect()
    }

    #[test]
    fn tags_are_replaced_and_removed_by_key() {
        let mut store = store();
        tag_resource::handle(&[("SecretName", "a"), TAGS].into(), &mut store, &CONTEXT).unwrap();
        let tag = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(tags(&mut store), [tag("env", "prod"), tag("team", "core")]);
        let keys = ("TagKeys", r#"["env","never-there"]"#);
        handle(&[("SecretName", "a"), keys].into(), &mut store, &CONTEXT).unwrap();
        assert_eq!(tags(&mut store), [tag("team", "core")]);
    }

    #[test]
    fn there_is_one_target_and_keys_are_not_emulated() {
        let refusal = |target: &[(&str, &str)]| {
            let parameters = target.iter().copied().chain([TAGS]).collect();
            let refusal = tag_resource::handle(&parameters, &mut store(), &CONTEXT).unwrap_err();
            (refusal.status, refusal.code.into_owned())
        };
        assert_eq!(refusal(&[]), (400, "InvalidParameter".to_owned()));
        let two = [("SecretName", "a"), ("KeyId", "k")];
        assert_eq!(refusal(&two), (400, "InvalidParameter".to_owned()));
        assert_eq!(refusal(&[("KeyId", "k")]), (404, "Forbidden.KeyNotFound".to_owned()));
        let gone = (404, "Forbidden.ResourceNotFound".to_owned());
        assert_eq!(refusal(&[("SecretName", "b")]), gone);
        assert_eq!(refusal(&[("CertificateId", "c")]), gone);
    }

    #[test]
    fn tags_that_are_none_are_refused() {
        for tags in ["[]", "{}", r#"[{"TagKey":"acs:x","TagValue":""}]"#, r#"[{"TagKey":"a"}]"#] {
            let parameters = [("SecretName", "a"), ("Tags", tags)].into();
            let refusal = tag_resource::handle(&parameters, &mut store(), &CONTEXT).unwrap_err();
            assert_eq!(refusal.code, "InvalidParameter", "{tags}");
        }
    }
}
