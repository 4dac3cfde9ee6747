//! Versions and their stages, listed and moved through the client.

use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
use alibabacloud_kms::secrets::{
    GetSecretValueRequest, ListSecretVersionIdsRequest, SecretValue,
    UpdateSecretVersionStageRequest, VersionStage,
};
use alibabacloud_kms::{ErrorKind, KmsClient};
use chrono::TimeDelta;
use futures_util::TryStreamExt;

async fn with_versions(count: u32) -> (Emulator, KmsClient) {
    let emulator = Emulator::start().await.unwrap();
    let values = (1..=count).map(|n| SecretValue::text(format!("fake-{n}")));
    emulator.add_secret(values.fold(EmulatedSecret::new("app/db"), EmulatedSecret::value));
    let builder = KmsClient::builder().endpoint(emulator.endpoint());
    let client = builder.credentials(emulator.credentials()).build().unwrap();
    (emulator, client)
}

async fn current(client: &KmsClient) -> String {
    client.get_secret_value(GetSecretValueRequest::new("app/db")).await.unwrap().version_id
}

#[tokio::test]
async fn versions_without_a_stage_are_listed_only_on_request() {
    let (emulator, client) = with_versions(10).await;
    let request = ListSecretVersionIdsRequest::new("app/db");
    let page = client.list_secret_version_ids(request.clone()).await.unwrap();
    assert_eq!((page.total_count, page.versions.len()), (2, 2));
    assert_eq!(page.versions[0].version_stages, [VersionStage::Current]);

    let before = emulator.request_count();
    let all = client
        .list_secret_version_ids_paginator(request.include_deprecated(true).page_size(3))
        .items();
    let ids: Vec<_> = all.map_ok(|version| version.version_id).try_collect().await.unwrap();
    let expected: Vec<_> = (1..=10).rev().map(|n| format!("v{n}")).collect();
    assert_eq!(ids, expected);
    assert_eq!(emulator.request_count() - before, 4);
}

#[tokio::test]
async fn stage_is_added_moved_and_removed() {
    let (_emulator, client) = with_versions(2).await;
    let update = |request| client.update_secret_version_stage(request);
    update(
        UpdateSecretVersionStageRequest::new("app/db", VersionStage::Current).move_to_version("v1"),
    )
    .await
    .unwrap();
    assert_eq!(current(&client).await, "v1");
    update(UpdateSecretVersionStageRequest::new("app/db", "canary".into()).move_to_version("v1"))
        .await
        .unwrap();
    let elsewhere =
        UpdateSecretVersionStageRequest::new("app/db", "canary".into()).move_to_version("v1");
    let error = update(elsewhere.remove_from_version("v2")).await.unwrap_err();
    assert_eq!(error.code(), Some("Rejected.InvalidRequest"));
    update(
        UpdateSecretVersionStageRequest::new("app/db", "canary".into()).remove_from_version("v1"),
    )
    .await
    .unwrap();
    let canary = GetSecretValueRequest::new("app/db").version_stage("canary");
    assert!(client.get_secret_value(canary).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn secret_pending_deletion_keeps_its_stages() {
    let (emulator, client) = with_versions(1).await;
    let planned = emulator.time() + TimeDelta::days(7);
    emulator.add_secret(EmulatedSecret::new("app/db").planned_delete_time(planned));
    let request =
        UpdateSecretVersionStageRequest::new("app/db", "canary".into()).move_to_version("v1");
    let error = client.update_secret_version_stage(request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
}

#[tokio::test]
async fn stages_are_moved_in_order_and_only_once() {
    let (emulator, client) = with_versions(3).await;
    let targets = || {
        let targets = [("canary", "v3"), ("ACSPrevious", "v2"), ("ACSCurrent", "v1")];
        targets.map(|(stage, version_id)| (VersionStage::from(stage), version_id))
    };
    let moved = client.move_secret_version_stages("app/db", targets()).await.unwrap();
    assert_eq!(moved, [VersionStage::Current, VersionStage::Previous, "canary".into()]);
    for (stage, version_id) in targets() {
        let request = GetSecretValueRequest::new("app/db").version_stage(stage);
        assert_eq!(client.get_secret_value(request).await.unwrap().version_id, version_id);
    }

    let before = emulator.request_count();
    let moved = client.move_secret_version_stages("app/db", targets()).await.unwrap();
    assert!(moved.is_empty());
    assert_eq!(emulator.request_count() - before, 1, "the list shows that nothing is left");
}

#[tokio::test]
async fn stage_that_cannot_be_moved_is_an_error() {
    let (emulator, client) = with_versions(1).await;
    let to_missing = [(VersionStage::Current, "v9")];
    let error = client.move_secret_version_stages("app/db", to_missing).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");

    let before = emulator.request_count();
    let twice = [(VersionStage::Current, "v1"), (VersionStage::Current, "v2")];
    let error = client.move_secret_version_stages("app/db", twice).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let expected = "`targets` must be one version for each stage, got ACSCurrent twice";
    assert!(error.to_string().contains(expected), "{error}");
    assert_eq!(emulator.request_count(), before);
}
