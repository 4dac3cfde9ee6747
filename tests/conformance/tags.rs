//! Tags on secrets, by both families of operations.

use std::collections::BTreeMap;

use alibabacloud_kms::ErrorKind;
use alibabacloud_kms::secrets::DescribeSecretRequest;
use alibabacloud_kms::tags::{
    ListTagResourcesRequest, ResourceType, Tag, TagResourceRequest, TagResourcesRequest, TagTarget,
    UntagResourceRequest, UntagResourcesRequest,
};
use futures_util::TryStreamExt as _;

use crate::account::{Account, on_every_account};

type Tags = BTreeMap<String, String>;

fn tags<const N: usize>(tags: [(&str, &str); N]) -> Tags {
    tags.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// Returns the tags in `ListTagResources`, which are the same in `DescribeSecret`.
async fn read_tags(account: &Account, name: &str) -> Tags {
    let request = ListTagResourcesRequest::new(ResourceType::Secret).resource_id(name);
    let rows = account.client.list_tag_resources_paginator(request).items();
    let rows: Tags = rows.map_ok(|row| (row.tag.key, row.tag.value)).try_collect().await.unwrap();
    let request = DescribeSecretRequest::new(name).fetch_tags(true);
    let described = account.client.describe_secret(request).await.unwrap().tags;
    let described = described.into_iter().flatten().map(|tag| (tag.key, tag.value));
    assert_eq!(described.collect::<Tags>(), rows);
    rows
}

#[test]
fn one_secret_is_tagged_and_untagged() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        let target = || TagTarget::Secret(name.clone());
        let set = [Tag::new("team", "core"), Tag::new("组+/@", "=:\\")];
        account.client.tag_resource(TagResourceRequest::new(target(), set)).await.unwrap();
        assert_eq!(read_tags(account, &name).await, tags([("team", "core"), ("组+/@", "=:\\")]));
        let off = UntagResourceRequest::new(target(), ["组+/@"]);
        account.client.untag_resource(off).await.unwrap();
        assert_eq!(read_tags(account, &name).await, tags([("team", "core")]));
    });
}

#[test]
fn several_secrets_are_tagged_and_untagged() {
    on_every_account(async |account| {
        let both = [account.create("a").await, account.create("b").await];
        let set = [Tag::new("team", "core"), Tag::new("env", "prod")];
        let set = TagResourcesRequest::new(ResourceType::Secret, &both, set);
        account.client.tag_resources(set).await.unwrap();
        for name in &both {
            assert_eq!(read_tags(account, name).await, tags([("env", "prod"), ("team", "core")]));
        }
        let off = UntagResourcesRequest::new(ResourceType::Secret, &both, ["env"]);
        account.client.untag_resources(off).await.unwrap();
        assert_eq!(read_tags(account, &both[1]).await, tags([("team", "core")]));
        let all = UntagResourcesRequest::all(ResourceType::Secret, &both[..1]);
        account.client.untag_resources(all).await.unwrap();
        assert_eq!(read_tags(account, &both[0]).await, tags([]));
        assert_eq!(read_tags(account, &both[1]).await, tags([("team", "core")]));
    });
}

#[test]
fn tags_set_by_one_family_are_removed_by_the_other() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        let set = TagResourcesRequest::new(ResourceType::Secret, [&name], [Tag::new("a", "1")]);
        account.client.tag_resources(set).await.unwrap();
        let target = TagTarget::Secret(name.clone());
        let set = TagResourceRequest::new(target.clone(), [Tag::new("b", "2")]);
        account.client.tag_resource(set).await.unwrap();
        let off = UntagResourceRequest::new(target, ["a"]);
        account.client.untag_resource(off).await.unwrap();
        assert_eq!(read_tags(account, &name).await, tags([("b", "2")]));
        let off = UntagResourcesRequest::new(ResourceType::Secret, [&name], ["b"]);
        account.client.untag_resources(off).await.unwrap();
        assert_eq!(read_tags(account, &name).await, tags([]));
    });
}

#[test]
fn resources_are_listed_by_their_tags() {
    on_every_account(async |account| {
        let (tagged, other) = (account.create("tagged").await, account.create("other").await);
        for (name, value) in [(&tagged, &*account.prefix), (&other, "other")] {
            let set = [Tag::new("conformance", value)];
            let set = TagResourcesRequest::new(ResourceType::Secret, [name], set);
            account.client.tag_resources(set).await.unwrap();
        }
        let request = ListTagResourcesRequest::new(ResourceType::Secret);
        let rows = account
            .client
            .list_tag_resources_paginator(request.tag("conformance", &account.prefix))
            .items();
        let rows: Vec<_> = rows.map_ok(|row| row.resource_id).try_collect().await.unwrap();
        assert_eq!(rows, [tagged]);
    });
}

#[test]
fn tags_of_a_missing_secret_are_not_found() {
    on_every_account(async |account| {
        let none = account.name("none");
        let set = TagResourcesRequest::new(ResourceType::Secret, [&none], [Tag::new("a", "1")]);
        let off = UntagResourcesRequest::new(ResourceType::Secret, [&none], ["a"]);
        let list = ListTagResourcesRequest::new(ResourceType::Secret).resource_id(&none);
        for error in [
            account.client.tag_resources(set).await.unwrap_err(),
            account.client.untag_resources(off).await.unwrap_err(),
            account.client.list_tag_resources(list).await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::NotFound);
            assert_eq!(error.code(), Some("InvalidResourceId.NotFound"), "{error}");
        }
    });
}
