//! ListSecrets:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-listsecrets>

mod filter;

use serde::Serialize;

use self::filter::Filters;
use super::paging::Page;
use super::response_fields::{Tags, json, whole_seconds};
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::store::{Store, StoredSecret};

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let page = Page::read(parameters, 10)?;
    let fetch_tags = parameters.boolean("FetchTags")?;
    let filters = Filters::parse(parameters.get("Filters").unwrap_or_default())?;

    let listed = store.listed(context.now).into_iter();
    let matching = listed.filter(|stored| filters.match_secret(&stored.secret));
    let (secrets, total_count) = page.of(matching);
    let secret = secrets.into_iter().map(|stored| Entry::new(stored, fetch_tags)).collect();

    json(&Response {
        request_id: context.request_id,
        page_number: page.number,
        page_size: page.size,
        total_count,
        secret_list: SecretList { secret },
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    page_number: i32,
    page_size: i32,
    /// All matching secrets, not only those of this page.
    total_count: usize,
    secret_list: SecretList<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SecretList<'a> {
    secret: Vec<Entry<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry<'a> {
    secret_name: &'a str,
    secret_type: &'a str,
    create_time: String,
    update_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    planned_delete_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Tags<'a>>,
    owing_service: &'a str,
}

impl<'a> Entry<'a> {
    fn new(stored: &'a StoredSecret, fetch_tags: bool) -> Self {
        let StoredSecret { secret, create_time, update_time, .. } = stored;
        Self {
            secret_name: &secret.name,
            secret_type: &secret.secret_type,
            create_time: whole_seconds(*create_time),
            update_time: whole_seconds(*update_time),
            planned_delete_time: secret.planned_delete_time.map(whole_seconds),
            tags: fetch_tags.then(|| Tags::from_secret(secret)).flatten(),
            owing_service: &secret.owning_service,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use serde_json::{Value, json};

    use super::*;
    use crate::emulator::EmulatedSecret;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn list_from(
        store: &mut Store,
        parameters: impl Into<Parameters>,
    ) -> Result<Value, ErrorResponse> {
        let context =
            RequestContext { now: at("2026-01-02T03:04:05.678Z"), request_id: "r-1", host: "host" };
        handle(&parameters.into(), store, &context)
            .map(|body| serde_json::from_slice(&body).unwrap())
    }

    fn store(count: usize) -> Store {
        let mut store = Store::default();
        for index in 0..count {
            store.add(EmulatedSecret::new(format!("s{index:03}")), at("2026-01-01T00:00:00Z"));
        }
        store
    }

    fn names(response: &Value) -> Vec<&str> {
        let secrets = response["SecretList"]["Secret"].as_array().unwrap();
        secrets.iter().map(|secret| secret["SecretName"].as_str().unwrap()).collect()
    }

    #[track_caller]
    fn assert_rejected<const N: usize>(parameters: [(&str, &str); N]) {
        let error = list_from(&mut store(1), parameters).unwrap_err();
        assert_eq!((error.status, &*error.code), (400, "InvalidParameter"));
    }

    #[test]
    fn secret_has_the_fields_of_the_service() {
        let mut store = Store::default();
        let created = at("2024-07-17T07:59:05.999Z");
        store.add(EmulatedSecret::new("plain"), created);
        store.add(
            EmulatedSecret::new("rich")
                .secret_type("Rds")
                .description("not shown")
                .update_time(at("2024-07-18T00:00:00Z"))
                .planned_delete_time(at("2026-02-01T00:00:00.5Z"))
                .owning_service("rds")
                .tag("team", "core"),
            created,
        );
        let plain = json!({
            "SecretName": "plain",
            "SecretType": "Generic",
            "CreateTime": "2024-07-17T07:59:05Z",
            "UpdateTime": "2024-07-17T07:59:05Z",
            "OwingService": "",
        });
        let mut rich = json!({
            "SecretName": "rich",
            "SecretType": "Rds",
            "CreateTime": "2024-07-17T07:59:05Z",
            "UpdateTime": "2024-07-18T00:00:00Z",
            "PlannedDeleteTime": "2026-02-01T00:00:00Z",
            "OwingService": "rds",
        });
        let page = |rich: &Value| {
            json!({
                "RequestId": "r-1",
                "PageNumber": 1,
                "PageSize": 10,
                "TotalCount": 2,
                "SecretList": {"Secret": [plain, rich]},
            })
        };
        assert_eq!(list_from(&mut store, []), Ok(page(&rich)));
        rich["Tags"] = json!({"Tag": [{"TagKey": "team", "TagValue": "core"}]});
        assert_eq!(list_from(&mut store, [("FetchTags", "True")]), Ok(page(&rich)));
    }

    #[test]
    fn pages_contain_all_secrets_in_order() {
        let mut store = store(25);
        let mut seen = Vec::new();
        for page in ["1", "2", "3", "4", "2147483647"] {
            let response = list_from(&mut store, [("PageNumber", page)]).unwrap();
            assert_eq!(response["TotalCount"], 25);
            seen.push(names(&response).len());
        }
        assert_eq!(seen, [10, 10, 5, 0, 0]);
        let response = list_from(&mut store, [("PageNumber", "7"), ("PageSize", "4")]).unwrap();
        assert_eq!(names(&response), ["s024"]);
    }

    #[test]
    fn total_count_is_that_of_the_matching_secrets() {
        let filters = r#"[{"Key":"SecretName","Values":["s00*"]}]"#;
        let response =
            list_from(&mut store(25), [("PageSize", "2"), ("Filters", filters)]).unwrap();
        assert_eq!(response["TotalCount"], 10);
        assert_eq!(names(&response), ["s000", "s001"]);
    }

    #[test]
    fn parameters_outside_their_limits_are_rejected() {
        for number in ["0", "-1", "2147483648", "1.0", "", "one"] {
            assert_rejected([("PageNumber", number)]);
            assert_rejected([("PageSize", number)]);
        }
        assert_rejected([("PageSize", "101")]);
        assert!(list_from(&mut store(1), [("PageSize", "100")]).is_ok());
        assert_rejected([("FetchTags", "yes")]);
        assert_rejected([("Filters", "{}")]);
    }
}
