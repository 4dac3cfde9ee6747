//! ListSecretVersionIds:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listsecretversionids>

use serde::Serialize;

use super::paging::Page;
use super::response_fields::{VersionStages, json, whole_seconds};
use super::target;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;
use crate::emulator::versions::Version;

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let page = Page::read(parameters, 20)?;
    let include_deprecated = parameters.boolean("IncludeDeprecated")?;
    let stored = target::secret(parameters, store, context)?;

    let listed = |version: &&Version| include_deprecated || !version.stages.is_empty();
    let newest_first = stored.versions.iter().rev().filter(listed).map(Entry::new);
    let (version_id, total_count) = page.of(newest_first);

    json(&Response {
        request_id: context.request_id,
        secret_name: &stored.secret.name,
        page_number: page.number,
        page_size: page.size,
        total_count,
        version_ids: VersionIds { version_id },
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    secret_name: &'a str,
    page_number: i32,
    page_size: i32,
    /// All listed versions, not only those of this page.
    total_count: usize,
    version_ids: VersionIds<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct VersionIds<'a> {
    version_id: Vec<Entry<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry<'a> {
    version_id: &'a str,
    create_time: String,
    version_stages: VersionStages<'a>,
}

impl<'a> Entry<'a> {
    fn new(version: &'a Version) -> Self {
        Self {
            version_id: &version.id,
            create_time: whole_seconds(version.create_time),
            version_stages: VersionStages::new(&version.stages),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::{Value, json};

    use super::*;
    use crate::emulator::EmulatedSecret;
    use crate::types::SecretValue;

    fn list(parameters: impl Into<Parameters>) -> Result<Value, ErrorResponse> {
        let mut store = Store::default();
        let values = ["1", "2", "3"].map(SecretValue::text);
        let secret = values.into_iter().fold(EmulatedSecret::new("a"), EmulatedSecret::value);
        store.add(secret, DateTime::UNIX_EPOCH);
        let context = RequestContext { now: DateTime::UNIX_EPOCH, request_id: "r-1", host: "host" };
        let response = handle(&parameters.into(), &mut store, &context)?;
        Ok(serde_json::from_slice(&response).unwrap())
    }

    #[test]
    fn versions_are_listed_newest_first_and_those_with_a_stage() {
        let v3 = json!({
            "VersionId": "v3", "CreateTime": "1970-01-01T00:00:00Z", "VersionStages": {"VersionStage": ["ACSCurrent"]},
        });
        let v2 = json!({
            "VersionId": "v2", "CreateTime": "1970-01-01T00:00:00Z", "VersionStages": {"VersionStage": ["ACSPrevious"]},
        });
        let expected = json!({
            "RequestId": "r-1", "SecretName": "a", "PageNumber": 1, "PageSize": 20, "TotalCount": 2,
            "VersionIds": {"VersionId": [v3, v2]},
        });
        assert_eq!(list([("SecretName", "a")]), Ok(expected));
        let all = [("SecretName", "a"), ("IncludeDeprecated", "true"), ("PageSize", "2")];
        let first = list(all).unwrap();
        assert_eq!(first["TotalCount"], 3);
        assert_eq!(first["VersionIds"]["VersionId"].as_array().unwrap().len(), 2);
        let [name, flag, size] = all;
        let second = list([name, flag, size, ("PageNumber", "2")]).unwrap();
        assert_eq!(second["VersionIds"]["VersionId"][0]["VersionId"], "v1");
        assert_eq!(
            second["VersionIds"]["VersionId"][0]["VersionStages"]["VersionStage"],
            json!([])
        );
    }

    #[test]
    fn page_outside_the_limits_is_rejected() {
        let code = |parameters| list(parameters).unwrap_err().code;
        assert_eq!(code([("SecretName", "a"), ("PageSize", "0")]), "InvalidParameter");
        assert_eq!(code([("SecretName", "a"), ("PageSize", "101")]), "InvalidParameter");
        assert!(list([("SecretName", "a"), ("PageSize", "100")]).is_ok());
        assert_eq!(code([("SecretName", "a"), ("PageNumber", "0")]), "InvalidParameter");
        assert_eq!(code([("SecretName", "b"), ("PageNumber", "1")]), "Forbidden.ResourceNotFound");
    }
}
