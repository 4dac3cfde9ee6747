//! Sets, removes and lists tags on secrets and keys, and lists regions, through the client.

use alibabacloud_kms::emulator::{CannedResponse, EmulatedSecret, Emulator, Fault};
use alibabacloud_kms::keys::DescribeRegionsRequest;
use alibabacloud_kms::secrets::ListSecretsRequest;
use alibabacloud_kms::tags::{
    ListResourceTagsRequest, ListTagResourcesRequest, ResourceType, Tag, TagResourceRequest,
    TagResourcesRequest, TagTarget, UntagResourceRequest, UntagResourcesRequest,
};
use alibabacloud_kms::{ErrorKind, KmsClient, KmsClientBuilder};
use futures_core::FusedStream;
use futures_util::{StreamExt, TryStreamExt};
use serde_json::json;

fn builder(emulator: &Emulator) -> KmsClientBuilder {
    KmsClient::builder().endpoint(emulator.endpoint()).credentials(emulator.credentials())
}

/// Starts an emulator with two secrets without tags, and a client with a region.
async fn with_secrets() -> (Emulator, KmsClient) {
    let emulator = Emulator::start().await.unwrap();
    emulator.add_secret(EmulatedSecret::new("app/a"));
    emulator.add_secret(EmulatedSecret::new("app/b"));
    let client = builder(&emulator).region("cn-hangzhou").build().unwrap();
    (emulator, client)
}

/// Starts an emulator with this many tags, two on each secret.
async fn with_rows(rows: usize) -> (Emulator, KmsClient) {
    let emulator = Emulator::start().await.unwrap();
    for n in 0..rows / 2 {
        emulator.add_secret(
            EmulatedSecret::new(format!("app/{n:04}")).tag("team", "core").tag("env", ""),
        );
    }
    let client = builder(&emulator).region("cn-hangzhou").build().unwrap();
    (emulator, client)
}

fn list() -> ListTagResourcesRequest {
    ListTagResourcesRequest::new(ResourceType::Secret)
}

async fn tags(client: &KmsClient, name: &str) -> Vec<(String, String)> {
    let response = client.list_tag_resources(list().resource_id(name)).await.unwrap();
    let rows = response.tag_resources.into_iter();
    rows.map(|row| (row.tag.key, row.tag.value)).collect()
}

fn tag(key: &str, value: &str) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

#[tokio::test]
async fn tags_of_one_secret_are_set_and_removed() {
    let (_emulator, client) = with_secrets().await;
    let secret = TagTarget::secret("app/a");
    let two = [Tag::new("team", "core"), Tag::new("组+/@", "=:\\")];
    client.tag_resource(TagResourceRequest::new(secret.clone(), two)).await.unwrap();
    let other = [Tag::new("team", "web")];
    client.tag_resource(TagResourceRequest::new(secret.clone(), other)).await.unwrap();
    assert_eq!(tags(&client, "app/a").await, [tag("组+/@", "=:\\"), tag("team", "web")]);
    let page = client.list_secrets(ListSecretsRequest::new().fetch_tags(true)).await.unwrap();
    assert_eq!(page.secrets[0].tag("team"), Some("web"));

    let keys = UntagResourceRequest::new(secret, ["team", "never-there"]);
    client.untag_resource(keys).await.unwrap();
    assert_eq!(tags(&client, "app/a").await, [tag("组+/@", "=:\\")]);

    let key = TagResourceRequest::new(TagTarget::Key("key-1".to_owned()), [Tag::new("a", "b")]);
    assert!(client.tag_resource(key).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn tags_of_several_secrets_survive_a_lost_response() {
    let (emulator, client) = with_secrets().await;
    let both = ["app/a", "app/b"];
    let set = [Tag::new("team", "core"), Tag::new("env", "")];
    emulator.inject(Fault::LostResponse);
    client.tag_resources(TagResourcesRequest::new(ResourceType::Secret, both, set)).await.unwrap();
    assert_eq!(tags(&client, "app/b").await, [tag("team", "core"), tag("env", "")]);

    emulator.inject(Fault::LostResponse);
    let remove = UntagResourcesRequest::new(ResourceType::Secret, both, ["env"]);
    client.untag_resources(remove).await.unwrap();
    assert_eq!(tags(&client, "app/a").await, [tag("team", "core")]);
    let all = UntagResourcesRequest::all(ResourceType::Secret, ["app/a"]);
    client.untag_resources(all).await.unwrap();
    assert_eq!(tags(&client, "app/a").await, []);
    assert_eq!(tags(&client, "app/b").await, [tag("team", "core")]);

    let none = TagResourcesRequest::new(ResourceType::Secret, ["app/c"], [Tag::new("a", "b")]);
    let error = client.tag_resources(none).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::NotFound, Some("InvalidResourceId.NotFound"))
    );
}

#[tokio::test]
async fn client_without_region_needs_one_in_the_request() {
    let (emulator, _) = with_secrets().await;
    let client = builder(&emulator).build().unwrap();
    let error = client.list_tag_resources(list()).await.unwrap_err();
    assert!(error.is_invalid_input());
    assert!(error.to_string().contains("`region` is missing: set a region"), "{error}");
    let error =
        client.list_tag_resources_paginator(list()).items().next().await.unwrap().unwrap_err();
    assert!(error.is_invalid_input());
    assert_eq!(emulator.request_count(), 0);
    client.list_tag_resources(list().region("cn-hangzhou")).await.unwrap();
    let nowhere = builder(&emulator).region("no.where").build().unwrap_err();
    assert!(nowhere.to_string().ends_with(", got \"no.where\""), "{nowhere}");
}

#[tokio::test]
async fn all_tags_are_streamed_without_fetching_pages_ahead() {
    let (emulator, client) = with_rows(450).await;
    let mut rows = client.list_tag_resources_paginator(list()).items();
    assert_eq!(emulator.request_count(), 0);
    for _ in 0..200 {
        rows.try_next().await.unwrap().unwrap();
    }
    assert_eq!(emulator.request_count(), 1);
    let rest: Vec<_> = rows.by_ref().try_collect().await.unwrap();
    assert_eq!((rest.len(), emulator.request_count()), (250, 3));
    assert_eq!((&*rest[249].resource_id, &*rest[249].tag.key), ("app/0224", "env"));
    assert!(rows.is_terminated() && rows.next().await.is_none());

    let core = client
        .list_tag_resources_paginator(list().tag("team", "core").resource_id("app/0007"))
        .items();
    assert_eq!(core.count().await, 2);
    let web = client.list_tag_resources_paginator(list().tag("team", "web")).items();
    assert_eq!(web.count().await, 0);
}

#[tokio::test]
async fn failed_page_is_fetched_again_by_the_next_poll() {
    let (emulator, client) = with_rows(450).await;
    let page = client.list_tag_resources(list()).await.unwrap();
    let second = list().next_token(page.next_token.unwrap());
    let mut rows = client.list_tag_resources_paginator(second).items();
    let mut ids = vec![rows.try_next().await.unwrap().unwrap().resource_id];
    assert_eq!(ids, ["app/0100"]);
    emulator.inject(Fault::error(500, "InternalFailure").times(3));
    let mut failures = 0;
    while let Some(row) = rows.next().await {
        match row {
            Ok(row) => ids.push(row.resource_id),
            Err(error) => {
                assert!(error.is_retryable());
                failures += 1;
            }
        }
    }
    assert_eq!((ids.len(), failures), (250, 1));

    let mut rejected = client.list_tag_resources_paginator(list().resource_id("app/none")).items();
    assert!(rejected.next().await.unwrap().unwrap_err().is_not_found());
    assert!(rejected.is_terminated() && rejected.next().await.is_none());
}

#[tokio::test]
async fn repeated_token_ends_the_stream_with_an_error() {
    let (emulator, client) = with_secrets().await;
    let row = json!({"ResourceId": "a", "ResourceType": "secret", "TagKey": "k", "TagValue": "v"});
    let body =
        json!({"RequestId": "r", "NextToken": "same", "TagResources": {"TagResource": [row]}});
    emulator.inject(Fault::from(CannedResponse::new(200).body(body.to_string())).always());
    let rows: Vec<_> = client.list_tag_resources_paginator(list()).items().collect().await;
    assert_eq!(rows.len(), 2);
    assert!(rows[0].is_ok());
    let error = rows[1].as_ref().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Pagination);
    assert!(error.to_string().starts_with("ListTagResources failed: a page leads back"), "{error}");
}

#[tokio::test]
async fn tags_of_a_key_are_listed() {
    let (emulator, client) = with_secrets().await;
    let request = ListResourceTagsRequest::new("key-1");
    assert!(client.list_resource_tags(request.clone()).await.unwrap_err().is_not_found());
    let tag = json!({"KeyId": "key-1", "TagKey": "team", "TagValue": "core"});
    let body = json!({"RequestId": "r", "Tags": {"Tag": [tag]}}).to_string();
    emulator.inject(CannedResponse::new(200).body(body));
    let response = client.list_resource_tags(request).await.unwrap();
    assert_eq!((&*response.tags[0].key_id, &*response.tags[0].tag.value), ("key-1", "core"));
}

#[tokio::test]
async fn invalid_tag_is_not_sent() {
    let (emulator, client) = with_secrets().await;
    let set = TagResourcesRequest::new(ResourceType::Secret, ["app/a"], [Tag::new("acs:x", "y")]);
    let error = client.tag_resources(set).await.unwrap_err();
    assert!(error.to_string().contains(", got \"acs:x\""), "{error}");
    assert_eq!((error.attempts(), emulator.request_count()), (0, 0));
}

#[tokio::test]
async fn regions_are_listed() {
    let (_emulator, client) = with_secrets().await;
    let response = client.describe_regions(DescribeRegionsRequest::new()).await.unwrap();
    assert!(response.regions.iter().any(|region| region.region_id == "cn-hangzhou"));
    for region in response.regions {
        KmsClient::builder().region(region.region_id).build().unwrap();
    }
}
