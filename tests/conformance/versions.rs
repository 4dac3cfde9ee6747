//! The versions of a secret and the labels on them.

use std::collections::BTreeMap;

use alibabacloud_kms::ErrorKind;
use alibabacloud_kms::secrets::{
    GetSecretValueRequest, ListSecretVersionIdsRequest, PutSecretValueRequest, SecretValue,
    UpdateSecretVersionStageRequest as UpdateStage, VersionStage,
};
use futures_util::TryStreamExt as _;

use crate::account::{Account, FIRST, on_every_account};

/// The labels of each version, by the version's id; of all versions, or of those that have a label.
async fn labels(account: &Account, name: &str, all: bool) -> BTreeMap<String, Vec<String>> {
    let request = ListSecretVersionIdsRequest::new(name).include_deprecated(all).page_size(4);
    let versions = account.client.list_secret_version_ids_paginator(request).items();
    let versions = versions.map_ok(|version| {
        let mut stages: Vec<_> = version.version_stages.iter().map(ToString::to_string).collect();
        stages.sort();
        (version.version_id, stages)
    });
    versions.try_collect().await.unwrap()
}

/// Versions by id, with their labels in order.
fn versions<const N: usize>(versions: [(&str, &[&str]); N]) -> BTreeMap<String, Vec<String>> {
    let owned = |labels: &[&str]| labels.iter().map(ToString::to_string).collect();
    versions.into_iter().map(|(id, labels)| (id.to_owned(), owned(labels))).collect()
}

#[test]
fn the_newest_value_is_read_and_those_before_by_version_or_label() {
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
fn a_version_keeps_the_value_that_it_was_first_given() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        account.put(&name, 2).await;
        account.put(&name, 3).await;
        account.put(&name, 2).await; // once more, and it is not the newest
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
fn labels_are_set_moved_and_taken_off() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        account.put(&name, 2).await;
        let update = async |request| {
            account.client.update_secret_version_stage(request).await.unwrap();
            labels(account, &name, true).await
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
fn versions_without_a_label_are_listed_when_asked_for() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        account.put(&name, 2).await;
        account.put(&name, 3).await;
        let labelled = versions([("v2", &["ACSPrevious"]), ("v3", &["ACSCurrent"])]);
        assert_eq!(labels(account, &name, false).await, labelled);
        let all = versions([(FIRST, &[]), ("v2", &["ACSPrevious"]), ("v3", &["ACSCurrent"])]);
        assert_eq!(labels(account, &name, true).await, all);
    });
}

#[test]
fn an_eleventh_version_takes_the_place_of_the_earliest() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        for n in 2..=10 {
            account.put(&name, n).await;
        }
        assert_eq!(labels(account, &name, true).await.len(), 10);
        account.put(&name, 11).await;
        let all = labels(account, &name, true).await;
        assert!(all.len() == 10 && !all.contains_key(FIRST), "{all:?}");
        assert_eq!(account.read(&name).await, "fake-11");
    });
}

#[test]
fn a_secret_never_has_nine_labels() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        let mut refusal = None;
        for n in 1..=9 {
            let label = UpdateStage::new(&name, format!("label-{n}").into()).move_to_version(FIRST);
            if let Err(error) = account.client.update_secret_version_stage(label).await {
                refusal = Some(error);
                break;
            }
        }
        let refusal = refusal.expect("more labels than a secret may have");
        assert_eq!(refusal.code(), Some("Rejected.LimitExceeded"), "{refusal}");
        assert_eq!(refusal.kind(), ErrorKind::QuotaExceeded);
    });
}
