//! UntagResource:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-untagresource>

use super::response_fields::request_id_only;
use super::target;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    parameters.required("TagKeys")?;
    let keys: Vec<String> = parameters.json("TagKeys")?.unwrap_or_default();
    let tags = target::tags(parameters, store, context)?;
    // A key that the resource does not have is ignored, as UntagResources documents.
    tags.retain(|tag| !keys.contains(&tag.key));
    request_id_only(context)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::emulator::EmulatedSecret;
    use crate::emulator::handlers::tag_resource;

    const CONTEXT: RequestContext<'_> =
        RequestContext { now: DateTime::UNIX_EPOCH, request_id: "r-1", host: "host" };
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
    fn target_is_one_secret() {
        let error = |target: &[(&str, &str)]| {
            let parameters = target.iter().copied().chain([TAGS]).collect();
            let error = tag_resource::handle(&parameters, &mut store(), &CONTEXT).unwrap_err();
            (error.status, error.code.into_owned())
        };
        assert_eq!(error(&[]), (400, "InvalidParameter".to_owned()));
        let two = [("SecretName", "a"), ("KeyId", "k")];
        assert_eq!(error(&two), (400, "InvalidParameter".to_owned()));
        assert_eq!(error(&[("KeyId", "k")]), (404, "Forbidden.KeyNotFound".to_owned()));
        let gone = (404, "Forbidden.ResourceNotFound".to_owned());
        assert_eq!(error(&[("SecretName", "b")]), gone);
        assert_eq!(error(&[("CertificateId", "c")]), gone);
    }

    #[test]
    fn text_that_is_not_a_list_of_tags_is_rejected() {
        for tags in ["[]", "{}", r#"[{"TagKey":"acs:x","TagValue":""}]"#, r#"[{"TagKey":"a"}]"#] {
            let parameters = [("SecretName", "a"), ("Tags", tags)].into();
            let error = tag_resource::handle(&parameters, &mut store(), &CONTEXT).unwrap_err();
            assert_eq!(error.code, "InvalidParameter", "{tags}");
        }
    }
}
