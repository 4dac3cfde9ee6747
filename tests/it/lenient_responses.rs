//! Responses with malformed fields: what only accompanies a thing never loses it, and what
//! identifies it is an error with its path.

use std::fmt::Debug;

use alibabacloud_kms::secrets::{
    CreateSecretResponse, DeleteSecretResponse, DescribeSecretResponse, GetSecretValueResponse,
    ListSecretVersionIdsRequest, ListSecretVersionIdsResponse, ListSecretsRequest,
    ListSecretsResponse, PutSecretValueResponse, RotateSecretResponse, VersionStage,
};
use alibabacloud_kms::tags::{
    ListResourceTagsResponse, ListTagResourcesRequest, ListTagResourcesResponse, ResourceType,
};
use alibabacloud_kms::transport::HttpResponse;
use alibabacloud_kms::{ErrorKind, KmsClient};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::transports::client_with_responses;

fn malformed_values() -> Vec<Value> {
    let list = json!([null, 7, "text", {"New": []}, [{}]]);
    vec![json!(null), json!(""), json!(7), json!(true), json!("yesterday"), list, json!({"A": 1})]
}

/// Replaces each of the fields, in the object that `item` selects, with malformed values, and
/// returns what the responses show of themselves.
fn with_malformed<R: DeserializeOwned + Debug>(
    sample: &Value,
    item: &str,
    fields: &[&str],
) -> Vec<String> {
    let mut shown = Vec::new();
    for field in fields {
        for malformed in malformed_values() {
            let mut body = sample.clone();
            let object = body.pointer_mut(item).unwrap();
            assert!(object.get(field).is_some(), "the sample lacks {field}");
            object[field] = malformed;
            match serde_json::from_value::<R>(body.clone()) {
                Ok(response) => shown.push(format!("{response:?}")),
                Err(error) => panic!("{error}: {body}"),
            }
        }
    }
    shown
}

#[track_caller]
fn assert_all_contain(shown: &[String], texts: &[&str]) {
    for response in shown {
        for text in texts {
            assert!(response.contains(text), "{response}");
        }
    }
}

fn secret() -> Value {
    json!({
        "SecretName": "app/db", "SecretType": "Rds", "CreateTime": "2024-07-17T07:59:05Z",
        "UpdateTime": "2024-07-17T07:59:05Z", "PlannedDeleteTime": "2024-08-17T07:59:05Z",
        "OwingService": "rds", "Tags": {"Tag": [{"TagKey": "team", "TagValue": "core"}]},
        "Description": "d", "EncryptionKeyId": "key-fake", "DKMSInstanceId": "kst-fake",
        "Arn": "acs:kms:cn-hangzhou:1:secret/app/db", "AutomaticRotation": "Enabled",
        "RotationInterval": "604800s", "NextRotationDate": "2024-07-24T07:59:05Z",
        "LastRotationDate": "2024-07-17T07:59:05Z", "ExtendedConfig": "{\"UserName\":\"u\"}",
        "RequestId": "r-1", "VersionId": "v1", "VersionStages": {"VersionStage": ["ACSCurrent"]},
        "SecretData": "fake-value", "SecretDataType": "text",
    })
}

#[test]
fn malformed_fields_of_a_listed_secret_lose_no_page() {
    let page = json!({
        "TotalCount": 2, "PageNumber": 1, "PageSize": 10, "RequestId": "r-1",
        "SecretList": {"Secret": [secret(), {"SecretName": "app/api"}]},
    });
    let fields =
        ["SecretType", "CreateTime", "UpdateTime", "PlannedDeleteTime", "OwingService", "Tags"];
    let shown = with_malformed::<ListSecretsResponse>(&page, "/SecretList/Secret/0", &fields);
    assert_all_contain(&shown, &["app/db", "app/api"]);
    let shown = with_malformed::<ListSecretsResponse>(&page, "", &["RequestId"]);
    assert_all_contain(&shown, &["app/db", "app/api"]);
}

#[test]
fn malformed_fields_of_a_listed_version_lose_no_page() {
    let version = json!({
        "VersionId": "v1", "CreateTime": "2024-07-17T07:59:05Z",
        "VersionStages": {"VersionStage": ["ACSCurrent"]},
    });
    let page = json!({
        "SecretName": "app/db", "VersionIds": {"VersionId": [version, {"VersionId": "v2"}]},
    });
    let shown = with_malformed::<ListSecretVersionIdsResponse>(
        &page,
        "/VersionIds/VersionId/0",
        &["CreateTime", "VersionStages"],
    );
    assert_all_contain(&shown, &["\"v1\"", "\"v2\""]);
}

#[test]
fn malformed_values_of_tags_lose_no_page() {
    let row = json!({
        "ResourceId": "app/db", "ResourceType": "secret", "TagKey": "team", "TagValue": "core",
    });
    let page = json!({"TagResources": {"TagResource": [row]}, "RequestId": "r-1"});
    let shown = with_malformed::<ListTagResourcesResponse>(
        &page,
        "/TagResources/TagResource/0",
        &["TagValue"],
    );
    assert_all_contain(&shown, &["app/db", "team"]);
    let tag = json!({"KeyId": "key-fake", "TagKey": "team", "TagValue": "core"});
    let page = json!({"Tags": {"Tag": [tag]}, "RequestId": "r-1"});
    let shown =
        with_malformed::<ListResourceTagsResponse>(&page, "/Tags/Tag/0", &["KeyId", "TagValue"]);
    assert_all_contain(&shown, &["team"]);
}

#[test]
fn malformed_fields_lose_no_secret_value() {
    let fields = [
        "VersionId",
        "VersionStages",
        "SecretType",
        "CreateTime",
        "AutomaticRotation",
        "RotationInterval",
        "NextRotationDate",
        "LastRotationDate",
        "ExtendedConfig",
        "RequestId",
    ];
    let shown = with_malformed::<GetSecretValueResponse>(&secret(), "", &fields);
    assert_all_contain(&shown, &["app/db", "SecretValue(text, 10 bytes)"]);
}

#[test]
fn malformed_fields_lose_no_description() {
    let fields = [
        "Arn",
        "SecretType",
        "Description",
        "EncryptionKeyId",
        "DKMSInstanceId",
        "CreateTime",
        "UpdateTime",
        "PlannedDeleteTime",
        "AutomaticRotation",
        "RotationInterval",
        "NextRotationDate",
        "LastRotationDate",
        "ExtendedConfig",
        "Tags",
        "OwingService",
        "RequestId",
    ];
    let shown = with_malformed::<DescribeSecretResponse>(&secret(), "", &fields);
    assert_all_contain(&shown, &["app/db"]);
}

#[test]
fn malformed_fields_lose_no_write() {
    let fields = [
        "Arn",
        "VersionId",
        "SecretType",
        "DKMSInstanceId",
        "AutomaticRotation",
        "RotationInterval",
        "NextRotationDate",
        "ExtendedConfig",
        "RequestId",
    ];
    let shown = with_malformed::<CreateSecretResponse>(&secret(), "", &fields);
    assert_all_contain(&shown, &["app/db"]);
    let fields = ["VersionId", "VersionStages", "RequestId"];
    let shown = with_malformed::<PutSecretValueResponse>(&secret(), "", &fields);
    assert_all_contain(&shown, &["app/db"]);
    let fields = ["PlannedDeleteTime", "RequestId"];
    let shown = with_malformed::<DeleteSecretResponse>(&secret(), "", &fields);
    assert_all_contain(&shown, &["app/db"]);
    let fields = ["Arn", "VersionId", "RequestId"];
    let shown = with_malformed::<RotateSecretResponse>(&secret(), "", &fields);
    assert_all_contain(&shown, &["app/db"]);
}

#[test]
fn stages_are_read_from_a_json_text_and_from_one_text() {
    for stages in [
        json!(r#"["ACSCurrent","canary"]"#),
        json!(r#"{"VersionStage":["ACSCurrent","canary"]}"#),
        json!({"VersionStage": r#"["ACSCurrent","canary"]"#}),
        json!(["ACSCurrent", null, "canary"]),
    ] {
        let mut body = secret();
        body["VersionStages"] = stages;
        let response: GetSecretValueResponse = serde_json::from_value(body).unwrap();
        assert_eq!(response.version_stages, [VersionStage::Current, "canary".into()]);
    }
    let mut body = secret();
    body["VersionStages"] = json!({"VersionStage": "ACSCurrent"});
    let response: GetSecretValueResponse = serde_json::from_value(body).unwrap();
    assert_eq!(response.version_stages, ["ACSCurrent"]);
}

#[test]
fn lists_of_one_object_and_empty_wrappers_are_read() {
    let page = |list: Value| {
        let body = json!({"SecretList": list, "TotalCount": 1, "RequestId": "r-1"});
        serde_json::from_value::<ListSecretsResponse>(body).unwrap().secrets
    };
    let one = page(json!({"Secret": {"SecretName": "a", "Tags": {"Tag": {"TagKey": "k"}}}}));
    assert_eq!((&*one[0].secret_name, one[0].tag("k")), ("a", Some("")));
    for empty in [json!(""), json!(null), json!({}), json!({"Secret": ""}), json!([])] {
        assert!(page(empty.clone()).is_empty(), "{empty}");
    }
}

async fn list_error<R>(
    body: Value,
    call: impl AsyncFnOnce(KmsClient) -> alibabacloud_kms::Result<R>,
) -> String {
    let body = body.to_string();
    let client = client_with_responses(move |_| HttpResponse::new(200, body.clone()));
    match call(client).await {
        Ok(_) => panic!("the listing succeeded"),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Decode);
            error.to_string()
        }
    }
}

#[tokio::test(start_paused = true)]
async fn malformed_identity_is_an_error_with_its_path() {
    for (item, path) in [
        (json!(null), "SecretList.Secret[1]"),
        (json!("marker"), "SecretList.Secret[1]"),
        (json!({"SecretName": null}), "SecretList.Secret[1].SecretName"),
        (json!({"SecretName": ["marker"]}), "SecretList.Secret[1].SecretName"),
        (json!({"SecretType": "Rds"}), "SecretList.Secret[1]"),
    ] {
        let list = json!({"Secret": [{"SecretName": "a"}, item]});
        let body = json!({"RequestId": "r-1", "TotalCount": 2, "SecretList": list});
        let request = ListSecretsRequest::new();
        let error = list_error(body, async |client| client.list_secrets(request).await).await;
        assert!(error.contains(&format!("at {path}, line 1")), "{error}");
        assert!(!error.contains("marker"), "{error}");
    }
    let version = json!({"SecretName": "a", "VersionIds": {"VersionId": [{"VersionId": 7}]}});
    let request = ListSecretVersionIdsRequest::new("a");
    let error =
        list_error(version, async |client| client.list_secret_version_ids(request).await).await;
    assert!(error.contains("VersionIds.VersionId[0].VersionId"), "{error}");
    let row = json!({"ResourceId": 7, "ResourceType": "secret", "TagKey": "k", "TagValue": "v"});
    let body = json!({"RequestId": "r-1", "TagResources": {"TagResource": [row]}});
    let request = ListTagResourcesRequest::new(ResourceType::Secret).region("cn-hangzhou");
    let error = list_error(body, async |client| client.list_tag_resources(request).await).await;
    assert!(error.contains("TagResources.TagResource[0].ResourceId"), "{error}");
}
