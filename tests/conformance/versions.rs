//! The versions of a secret and their stages.

use std::collections::BTreeMap;

use alibabacloud_kms::ErrorKind;
use alibabacloud_kms::secrets::{
    GetSecretValueRequest, ListSecretVersionIdsRequest, PutSecretValueRequest, SecretValue,
    UpdateSecretVersionStageRequest as UpdateStage, VersionStage,
};
use futures_util::TryStreamExt as _;

use crate::account::{Account, FIRST, on_every_account};

/// Returns the stages of each version by its id: of all versions, or of those with a stage.
async fn stages(account: &Account, name: &str, all: bool) -> BTreeMap<String, Vec<String>> {
    let request = ListSecretVersionIdsRequest::new(name).include_deprecated(all).page_size(4);
    let versions = account.client.list_secret_version_ids_paginator(request).items();
    let versions = versions.map_ok(|version| {
        let mut own: Vec<_> = version.version_stages.iter().map(ToString::to_string).collect();
        own.sort();
        (version.version_id, own)
    });
    versions.try_collect().await.unwrap()
}

/// Returns versions by id, with their stages in order.
fn versions<const N: usize>(versions: [(&str, &[&str]); N]) -> BTreeMap<String, Vec<String>> {
    let owned = |stages: &[&str]| stages.iter().map(ToString::to_string).collect();
    versions.into_iter().map(|(id, stages)| (id.to_owned(), owned(stages))).collect()
}

#[test]
fn earlier_values_are_read_by_version_or_stage() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        account.put(&name, 2).await;
        let request = || GetSecretValueRequest::new(&name);
        for (request, version, value) in [
            (request(), "v2", "fake-2"),
            (request().version_stage(VersionStage::Current), "v2", "fake-2"),
            (request().version_stage(VersionStage::Previous), FIRST, "fake-1"),
            (request().version_id(FIRST), FIRST, "fake-1"),
            (request().version_id("v2"), "v2", "fake-2"),
        ] {
            let read = account.client.get_secret_value(request).await.unwrap();
            assert_eq!((&*read.version_id, read.value.expose_secret()), (version, value));
            assert_eq!(read.version_stages.len(), 1);
        }
    });
}

#[test]
fn version_keeps_its_first_value() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        account.put(&name, 2).await;
        account.put(&name, 3).await;
        account.put(&name, 2).await; // again, and it is not the newest
        assert_eq!(account.read(&name).await, "fake-3");
        let other =
            PutSecretValueRequest::new(&name, SecretValue::text("fake-other")).version_id("v2");
        let error = account.client.put_secret_value(other).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert_eq!(error.code(), Some("Rejected.ResourceExist"));
        let read = GetSecretValueRequest::new(&name).version_id("v2");
        let read = account.client.get_secret_value(read).await.unwrap();
        assert_eq!(read.value.expose_secret(), "fake-2");
    });
}

#[test]
fn stages_are_set_moved_and_removed() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        account.put(&name, 2).await;
        let update = async |request| {
            account.client.update_secret_version_stage(request).await.unwrap();
            stages(account, &name, true).await
        };
        let set = UpdateStage::new(&name, "canary".into()).move_to_version(FIRST);
        let expected = versions([(FIRST, &["ACSPrevious", "canary"]), ("v2", &["ACSCurrent"])]);
        assert_eq!(update(set).await, expected);
        let moved = UpdateStage::new(&name, "canary".into())
            .move_to_version("v2")
            .remove_from_version(FIRST);
        let expected = versions([(FIRST, &["ACSPrevious"]), ("v2", &["ACSCurrent", "canary"])]);
        assert_eq!(update(moved).await, expected);
        let back = UpdateStage::new(&name, VersionStage::Current)
            .move_to_version(FIRST)
            .remove_from_version("v2");
        let expected = versions([(FIRST, &["ACSCurrent"]), ("v2", &["ACSPrevious", "canary"])]);
        assert_eq!(update(back).await, expected);
        let off = UpdateStage::new(&name, "canary".into()).remove_from_version("v2");
        let expected = versions([(FIRST, &["ACSCurrent"]), ("v2", &["ACSPrevious"])]);
        assert_eq!(update(off).await, expected);

        let current = UpdateStage::new(&name, VersionStage::Current).remove_from_version(FIRST);
        let error = account.client.update_secret_version_stage(current).await.unwrap_err();
        assert!(error.is_invalid_input() && error.attempts() == 0, "{error}");
    });
}

#[test]
fn versions_without_a_stage_are_listed_on_request() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        account.put(&name, 2).await;
        account.put(&name, 3).await;
        let with_stage = versions([("v2", &["ACSPrevious"]), ("v3", &["ACSCurrent"])]);
        assert_eq!(stages(account, &name, false).await, with_stage);
        let all = versions([(FIRST, &[]), ("v2", &["ACSPrevious"]), ("v3", &["ACSCurrent"])]);
        assert_eq!(stages(account, &name, true).await, all);
    });
}

#[test]
fn eleventh_version_replaces_the_earliest() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        for n in 2..=10 {
            account.put(&name, n).await;
        }
        assert_eq!(stages(account, &name, true).await.len(), 10);
        account.put(&name, 11).await;
        let all = stages(account, &name, true).await;
        assert!(all.len() == 10 && !all.contains_key(FIRST), "{all:?}");
        assert_eq!(account.read(&name).await, "fake-11");
    });
}

#[test]
fn ninth_stage_is_rejected() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        let mut rejection = None;
        for n in 1..=9 {
            let stage = UpdateStage::new(&name, format!("stage-{n}").into()).move_to_version(FIRST);
            if let Err(error) = account.client.update_secret_version_stage(stage).await {
                rejection = Some(error);
                break;
            }
        }
        let rejection = rejection.expect("more stages than a secret may have");
        assert_eq!(rejection.code(), Some("Rejected.LimitExceeded"), "{rejection}");
        assert_eq!(rejection.kind(), ErrorKind::QuotaExceeded);
    });
}
