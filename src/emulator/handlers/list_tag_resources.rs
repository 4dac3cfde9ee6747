//! ListTagResources:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listtagresources>

use std::collections::BTreeSet;

use serde::Serialize;

use super::named_resources::{Kind, MAX_TAGS, NamedResources};
use super::response_fields::json;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::secret::EmulatedTag;
use crate::emulator::store::Store;
use crate::emulator::tags;

const PAGE_SIZE: usize = 200;

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let required = parameters.tags();
    if required.len() > MAX_TAGS {
        return Err(ErrorResponse::invalid_parameter("Tag", "at most 20"));
    }
    let keys: BTreeSet<_> = required.iter().map(|(key, _)| key).collect();
    if keys.len() < required.len() {
        return Err(tags::duplicate_key());
    }
    let skipped = skipped_rows(parameters)?;
    let NamedResources { kind, ids } = NamedResources::read(parameters, store, context)?;
    let resources = tagged(kind, store, context)
        .filter(|(id, _)| ids.is_empty() || ids.contains(id))
        .filter(|(_, tags)| required.iter().all(|&(key, value)| has_tag(tags, key, value)));
    let mut rows = resources.flat_map(|(id, tags)| rows(kind, id, tags)).skip(skipped);
    let page: Vec<_> = rows.by_ref().take(PAGE_SIZE).collect();
    let next_token = rows.next().map(|_| token(skipped + PAGE_SIZE));
    json(&Response {
        request_id: context.request_id,
        next_token: next_token.unwrap_or_default(),
        tag_resources: TagResources { tag_resource: page },
    })
}

/// Returns the token of a page: the number of rows before it.
fn token(rows: usize) -> String {
    format!("{rows:016x}")
}

fn skipped_rows(parameters: &Parameters) -> Result<usize, ErrorResponse> {
    match parameters.get("NextToken").filter(|token| !token.is_empty()) {
        None => Ok(0),
        Some(token) => usize::from_str_radix(token, 16).map_err(|_| {
            ErrorResponse::invalid_parameter("NextToken", "the token of an earlier response")
        }),
    }
}

/// Returns each resource of a kind, with its tags.
fn tagged<'s>(
    kind: Kind,
    store: &'s Store,
    context: &RequestContext<'_>,
) -> Box<dyn Iterator<Item = (&'s str, &'s [EmulatedTag])> + 's> {
    let now = context.now;
    match kind {
        Kind::Key => Box::new(store.keys.iter(now).map(|key| (&*key.id, &*key.attributes.tags))),
        Kind::Secret => {
            Box::new(store.iter(now).map(|stored| (stored.secret.name(), &*stored.secret.tags)))
        }
    }
}

fn has_tag(tags: &[EmulatedTag], key: &str, value: Option<&str>) -> bool {
    tags.iter().any(|tag| tag.key == key && value.is_none_or(|value| tag.value == value))
}

fn rows<'s>(
    kind: Kind,
    id: &'s str,
    tags: &'s [EmulatedTag],
) -> impl Iterator<Item = TagResource<'s>> {
    tags.iter().map(move |tag| TagResource {
        resource_id: id,
        resource_type: match kind {
            Kind::Key => "key",
            Kind::Secret => "secret",
        },
        tag_key: &tag.key,
        tag_value: &tag.value,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    /// Empty on the last page.
    next_token: String,
    tag_resources: TagResources<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TagResources<'a> {
    tag_resource: Vec<TagResource<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TagResource<'a> {
    resource_id: &'a str,
    resource_type: &'static str,
    tag_key: &'a str,
    tag_value: &'a str,
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::{Value, json};

    use super::*;
    use crate::emulator::EmulatedSecret;

    fn list(store: &mut Store, more: &[(&str, &str)]) -> Result<Value, ErrorResponse> {
        let common = [("RegionId", "cn-hangzhou"), ("ResourceType", "secret")];
        let parameters = common.into_iter().chain(more.iter().copied()).collect();
        let context = RequestContext { now: DateTime::UNIX_EPOCH, request_id: "r-1", host: "host" };
        let body = handle(&parameters, store, &context)?;
        Ok(serde_json::from_slice(&body).unwrap())
    }

    fn ids(response: &Value) -> Vec<&str> {
        let rows = response["TagResources"]["TagResource"].as_array().unwrap();
        rows.iter().map(|row| row["ResourceId"].as_str().unwrap()).collect()
    }

    fn store() -> Store {
        let mut store = Store::default();
        for (name, team) in [("a", "core"), ("b", "web"), ("c", "core")] {
            let secret = EmulatedSecret::new(name).tag("team", team).tag(name, "");
            store.add(secret, DateTime::UNIX_EPOCH);
        }
        store.add(EmulatedSecret::new("untagged"), DateTime::UNIX_EPOCH);
        store
    }

    #[test]
    fn each_tag_of_each_secret_has_a_row() {
        let response = list(&mut store(), &[("ResourceId.1", "a")]).unwrap();
        let row = |key: &str, value: &str| {
            let (id, kind) = ("a", "secret");
            json!({"ResourceId": id, "ResourceType": kind, "TagKey": key, "TagValue": value})
        };
        let expected = json!({
            "RequestId": "r-1",
            "NextToken": "",
            "TagResources": {"TagResource": [row("team", "core"), row("a", "")]},
        });
        assert_eq!(response, expected);
        assert_eq!(ids(&list(&mut store(), &[]).unwrap()), ["a", "a", "b", "b", "c", "c"]);
    }

    #[test]
    fn secret_must_have_every_requested_tag() {
        let mut store = store();
        let core = [("Tag.1.Key", "team"), ("Tag.1.Value", "core")];
        assert_eq!(ids(&list(&mut store, &core).unwrap()), ["a", "a", "c", "c"]);
        let and_c = [core[0], core[1], ("Tag.2.Key", "c")];
        assert_eq!(ids(&list(&mut store, &and_c).unwrap()), ["c", "c"]);
        let twice = [core[0], core[1], ("Tag.2.Key", "team")];
        let error = list(&mut store, &twice).unwrap_err();
        assert_eq!((error.status, &*error.code), (400, "Duplicate.TagKey"));
    }

    #[test]
    fn page_has_two_hundred_rows() {
        let mut store = Store::default();
        for n in 0..67 {
            let secret = EmulatedSecret::new(format!("s{n:02}")).tag("a", "").tag("b", "");
            store.add(secret.tag("c", ""), DateTime::UNIX_EPOCH);
        }
        let first = list(&mut store, &[]).unwrap();
        let token = first["NextToken"].as_str().unwrap();
        assert_eq!((ids(&first).len(), ids(&first)[199]), (200, "s66"));
        let second = list(&mut store, &[("NextToken", token)]).unwrap();
        assert_eq!((ids(&second), second["NextToken"].as_str()), (vec!["s66"], Some("")));
        let error = list(&mut store, &[("NextToken", "no token")]).unwrap_err();
        assert_eq!(error.code, "InvalidParameter");
    }
}
