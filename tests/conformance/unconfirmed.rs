//! What the service's documentation does not say, or says in two ways, and what the emulator takes for granted all the same.
//!
//! Each test is one such point, with what is known of it. A test that fails against the real service is news: correct the
//! emulator, the list in its documentation under "Where the service's documentation is silent", and what the test's comment
//! names; then move the test to where the documented ones are.

use alibabacloud_kms::secrets::{
    CreateSecretRequest, DeleteSecretRequest, DescribeSecretRequest, DryRunOutcome, Filter,
    GetSecretPolicyRequest, GetSecretValueRequest, ListSecretVersionIdsRequest, ListSecretsRequest,
    PolicyEffect, PutSecretValueRequest, RotateSecretRequest, SecretDataType, SecretValue,
    UpdateSecretRequest, UpdateSecretVersionStageRequest as UpdateStage, VersionStage,
};
use alibabacloud_kms::tags::{
    ListTagResourcesRequest, ResourceType, Tag, TagResourceRequest, TagResourcesRequest, TagTarget,
    UntagResourceRequest,
};
use alibabacloud_kms::{Error, ErrorKind};
use futures_util::TryStreamExt as _;

use crate::account::{Account, FIRST, on_every_account};

/// The names that filters find, in the order in which they are listed.
async fn found(account: &Account, filters: impl IntoIterator<Item = Filter>) -> Vec<String> {
    let request = filters.into_iter().fold(ListSecretsRequest::new(), ListSecretsRequest::filter);
    let secrets = account.client.list_secrets_paginator(request).items();
    secrets.map_ok(|secret| secret.secret_name).try_collect().await.unwrap()
}

/// The ids of all versions, in the order in which they are listed.
async fn versions(account: &Account, name: &str) -> Vec<String> {
    let request = ListSecretVersionIdsRequest::new(name).include_deprecated(true);
    let versions = account.client.list_secret_version_ids_paginator(request).items();
    versions.map_ok(|version| version.version_id).try_collect().await.unwrap()
}

async fn read(account: &Account, request: GetSecretValueRequest) -> Result<String, Error> {
    account.client.get_secret_value(request).await.map(|read| read.version_id)
}

async fn set_label(account: &Account, name: &str, label: &str, to: &str) -> Result<(), Error> {
    let request = UpdateStage::new(name, label.into()).move_to_version(to);
    account.client.update_secret_version_stage(request).await.map(|_| ())
}

async fn plan_deletion(account: &Account, name: &str) {
    let request = DeleteSecretRequest::new(name).recovery_window_in_days(7);
    account.client.delete_secret(request).await.unwrap();
}

/// Whether a filter looks for the whole text, its beginning or a part is told nowhere; one example in use is `test-*`.
/// Beside the emulator: the documentation of `Filter`.
#[test]
fn a_filter_has_to_match_the_whole_name_case_and_all_unless_it_has_a_star() {
    on_every_account(async |account| {
        let names = [account.create("db-1").await, account.create("db-2").await];
        let by_name = async |value: String| found(account, [Filter::secret_name([value])]).await;
        let one = &names[..1];
        assert_eq!(by_name(names[0].clone()).await, one, "the whole name");
        assert_eq!(by_name(format!("{}/*", account.prefix)).await, names, "a star at the end");
        assert_eq!(by_name(format!("*{}*-1", &account.prefix[12..])).await, one, "stars before");
        assert_eq!(by_name(format!("{}/db", account.prefix)).await, [""; 0], "the beginning");
        assert_eq!(by_name(names[0].to_uppercase()).await, [""; 0], "in another case");
    });
}

/// That the values of one filter are alternatives is documented; how several filters combine is for ListKeys alone.
/// Beside the emulator: the documentation of `ListSecretsRequest::filter`.
#[test]
fn several_filters_have_to_match_all() {
    on_every_account(async |account| {
        let names = [account.create("a").await, account.create("b").await];
        let tag = TagResourcesRequest::new(
            ResourceType::Secret,
            [&names[1]],
            [Tag::new("conformance", &account.prefix)],
        );
        account.client.tag_resources(tag).await.unwrap();
        let both = Filter::secret_name(&names);
        let tagged = Filter::tag_value([&account.prefix]);
        assert_eq!(found(account, [both, tagged]).await, names[1..]);
    });
}

/// No order is promised. `list_all_secrets` needs one that secrets keep; the emulator has others as its `ListOrder`.
#[test]
fn secrets_are_listed_by_name() {
    on_every_account(async |account| {
        let names =
            [account.create("b").await, account.create("c").await, account.create("a").await];
        let listed = found(account, [Filter::secret_name(&names)]).await;
        assert!(listed.is_sorted(), "{listed:?}, created in the order b, c, a");
    });
}

/// Items of a list have a `PlannedDeleteTime`, so they are assumed to be listed. Beside the emulator: `SecretInventory::complete`.
#[test]
fn a_secret_that_awaits_deletion_is_listed() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        plan_deletion(account, &name).await;
        assert_eq!(found(account, [Filter::secret_name([&name])]).await, [name]);
    });
}

/// Which operations refuse such a secret is told for others than these two.
#[test]
fn a_secret_that_awaits_deletion_is_read_and_takes_no_new_value() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        plan_deletion(account, &name).await;
        let put = PutSecretValueRequest::new(&name, SecretValue::text("fake-2")).version_id("v2");
        let error = account.client.put_secret_value(put).await.unwrap_err();
        assert_eq!(error.code(), Some("Rejected.ResourceInDeleteWindow"), "{error}");
        assert_eq!(account.read(&name).await, "fake-1");
    });
}

/// How soon it is free is not told.
#[test]
fn a_name_is_free_as_soon_as_its_secret_was_deleted_without_recovery() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        let delete = DeleteSecretRequest::without_recovery(&name);
        account.client.delete_secret(delete).await.unwrap();
        let describe = account.client.describe_secret(DescribeSecretRequest::new(&name)).await;
        assert!(describe.unwrap_err().is_not_found());
        assert_eq!(account.create("db").await, name);
    });
}

/// The list of errors has no code for versions. Beside the emulator: `Error::is_not_found` of `get_secret_value`.
#[test]
fn a_version_that_does_not_exist_is_answered_as_a_secret_that_does_not() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        let request = || GetSecretValueRequest::new(&name);
        for request in [request().version_id("v9"), request().version_stage("canary")] {
            let error = read(account, request).await.unwrap_err();
            assert_eq!(error.code(), Some("Forbidden.ResourceNotFound"), "{error}");
        }
        let error = set_label(account, &name, "canary", "v9").await.unwrap_err();
        assert_eq!(error.code(), Some("Forbidden.ResourceNotFound"), "{error}");
    });
}

/// Beside the emulator: `GetSecretValueRequest::version_stage`.
#[test]
fn a_version_id_and_a_label_that_disagree_name_no_version() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        account.put(&name, 2).await;
        let request = GetSecretValueRequest::new(&name).version_id(FIRST);
        let agreeing = request.clone().version_stage(VersionStage::Previous);
        assert_eq!(read(account, agreeing).await.unwrap(), FIRST);
        let disagreeing = request.version_stage(VersionStage::Current);
        assert!(read(account, disagreeing).await.unwrap_err().is_not_found());
    });
}

/// It follows from what labels are. Beside the emulator: `PutSecretValueRequest::version_stage`.
#[test]
fn a_value_that_is_put_under_another_label_does_not_become_the_current_one() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        let put = PutSecretValueRequest::new(&name, SecretValue::text("fake-2")).version_id("v2");
        account.client.put_secret_value(put.version_stage("canary")).await.unwrap();
        assert_eq!(account.read(&name).await, "fake-1");
        let canary = GetSecretValueRequest::new(&name).version_stage("canary");
        assert_eq!(read(account, canary).await.unwrap(), "v2");
    });
}

/// Whether labels take part in telling that a version is the same is not said. Beside the emulator: the repeat of a
/// PutSecretValue whose answer was lost.
#[test]
fn a_version_that_is_put_again_under_other_labels_keeps_those_it_has() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        let again =
            PutSecretValueRequest::new(&name, SecretValue::text("fake-1")).version_id(FIRST);
        account.client.put_secret_value(again.version_stage("canary")).await.unwrap();
        let canary = GetSecretValueRequest::new(&name).version_stage("canary");
        assert!(read(account, canary).await.unwrap_err().is_not_found());
        assert_eq!(account.read(&name).await, "fake-1");
    });
}

/// `RemoveFromVersion` is optional beside `MoveToVersion`, and the service's documentation does not say for which labels.
/// Beside the emulator: `UpdateSecretVersionStageRequest::move_to`.
#[test]
fn a_label_is_moved_from_whichever_version_has_it_unless_one_is_named() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        account.put(&name, 2).await;
        for version in [FIRST, "v2"] {
            for label in ["canary", "ACSCurrent"] {
                set_label(account, &name, label, version).await.unwrap();
                let labelled = GetSecretValueRequest::new(&name).version_stage(label);
                assert_eq!(read(account, labelled).await.unwrap(), version);
            }
        }
        let elsewhere = UpdateStage::new(&name, "canary".into())
            .move_to_version(FIRST)
            .remove_from_version(FIRST);
        let error = account.client.update_secret_version_stage(elsewhere).await.unwrap_err();
        assert_eq!(error.code(), Some("Rejected.InvalidRequest"), "{error}");
    });
}

/// Beside the emulator: how a removal whose answer was lost is looked up.
#[test]
fn a_label_cannot_be_taken_off_twice() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        set_label(account, &name, "canary", FIRST).await.unwrap();
        let off = || UpdateStage::new(&name, "canary".into()).remove_from_version(FIRST);
        account.client.update_secret_version_stage(off()).await.unwrap();
        let error = account.client.update_secret_version_stage(off()).await.unwrap_err();
        assert_eq!(error.code(), Some("Rejected.InvalidRequest"), "{error}");
    });
}

/// "At most 8 labels", and nowhere whose.
#[test]
fn the_labels_of_the_service_count_among_the_eight() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        for n in 1..=7 {
            set_label(account, &name, &format!("label-{n}"), FIRST).await.unwrap();
        }
        let error = set_label(account, &name, "label-8", FIRST).await.unwrap_err();
        assert_eq!(error.code(), Some("Rejected.LimitExceeded"), "{error}");
    });
}

/// One text has the earliest version make room, another the earliest without a label.
#[test]
fn an_eleventh_version_spares_those_that_have_a_label() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        set_label(account, &name, "canary", FIRST).await.unwrap();
        for n in 2..=11 {
            account.put(&name, n).await;
        }
        let kept = versions(account, &name).await;
        assert_eq!(kept.len(), 10);
        assert!(kept.iter().any(|id| id == FIRST) && !kept.iter().any(|id| id == "v2"), "{kept:?}");
    });
}

/// No order is promised, and the client needs none.
#[test]
fn versions_are_listed_newest_first() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        account.put(&name, 2).await;
        account.put(&name, 3).await;
        assert_eq!(versions(account, &name).await, ["v3", "v2", FIRST]);
    });
}

/// How bytes are to be written is told nowhere, and one example of a `binary` value is not Base64. Beside the emulator:
/// `SecretValue::binary` and `SecretValue::encoded`.
#[test]
fn the_text_of_a_binary_value_is_not_looked_into() {
    on_every_account(async |account| {
        let value = SecretValue::encoded("fake-data-1", SecretDataType::Binary);
        let create = account.creation("bytes", value);
        let name = account.client.create_secret(create).await.unwrap().secret_name;
        assert_eq!(account.read(&name).await, "fake-data-1");
    });
}

/// The codes of a dry run are documented, their status is not, nor which refusals they stand for. Beside the emulator:
/// `DryRunOutcome`.
#[test]
fn a_dry_run_that_would_be_refused_is_a_validation_error_with_status_400() {
    on_every_account(async |account| {
        let request = GetSecretValueRequest::new(account.name("none"));
        match account.client.dry_run_get_secret_value(request).await.unwrap() {
            DryRunOutcome::Invalid(error) => {
                assert_eq!(error.code(), Some("ValidationError"));
                assert_eq!(error.http_status(), Some(400), "{error}");
            }
            other => panic!("{other:?}"),
        }
    });
}

/// Whether an absent description keeps the old one is of use to managed secrets alone, which have other things to update.
/// Beside the emulator: `UpdateSecretRequest::description`.
#[test]
fn an_empty_description_takes_the_old_one_away() {
    on_every_account(async |account| {
        let create = account.creation("db", SecretValue::text("fake-1")).description("old");
        let name = account.client.create_secret(create).await.unwrap().secret_name;
        let update = UpdateSecretRequest::new(&name).description("");
        account.client.update_secret(update).await.unwrap();
        let secret = account.client.describe_secret(DescribeSecretRequest::new(&name)).await;
        assert_eq!(secret.unwrap().description.unwrap_or_default(), "");
    });
}

/// "Not for secrets of the type Generic", with no code. Beside the emulator: `rotate_secret`.
#[test]
fn to_rotate_a_generic_secret_is_an_invalid_parameter() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        let rotate = RotateSecretRequest::new(&name).version_id("v2");
        let error = account.client.rotate_secret(rotate).await.unwrap_err();
        assert_eq!(error.code(), Some("InvalidParameter"), "{error}");
        assert_eq!(account.read(&name).await, "fake-1");
    });
}

/// Assumed of both families of operations. Beside the emulator: that such calls are repeated when an answer was lost.
#[test]
fn a_tag_that_is_set_again_has_the_new_value_and_one_that_is_not_there_is_taken_off_all_the_same() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        let target = || TagTarget::Secret(name.clone());
        let set = |value| TagResourceRequest::new(target(), [Tag::new("team", value)]);
        account.client.tag_resource(set("core")).await.unwrap();
        account.client.tag_resource(set("web")).await.unwrap();
        let set = [Tag::new("team", "payments")];
        let set = TagResourcesRequest::new(ResourceType::Secret, [&name], set);
        account.client.tag_resources(set).await.unwrap();
        let request = ListTagResourcesRequest::new(ResourceType::Secret).resource_id(&name);
        let rows = account.client.list_tag_resources(request).await.unwrap().tag_resources;
        let rows: Vec<_> = rows.iter().map(|row| (&*row.tag.value, &row.resource_type)).collect();
        assert_eq!(rows, [("payments", &ResourceType::Secret)]);
        let off = UntagResourceRequest::new(target(), ["never-there"]);
        account.client.untag_resource(off).await.unwrap();
    });
}

/// Beside the emulator: `ListTagResourcesRequest::tag`.
#[test]
fn resources_that_are_looked_for_by_several_tags_have_all_of_them() {
    on_every_account(async |account| {
        let names = [account.create("a").await, account.create("b").await];
        let both = [Tag::new("conformance", &account.prefix), Tag::new("team", "core")];
        for (name, tags) in names.iter().zip([&both[..1], &both]) {
            let set = TagResourcesRequest::new(ResourceType::Secret, [name], tags.to_vec());
            account.client.tag_resources(set).await.unwrap();
        }
        let request = ListTagResourcesRequest::new(ResourceType::Secret);
        let request = request.tag("conformance", &account.prefix).tag_key("team");
        let rows = account.client.list_tag_resources(request).await.unwrap().tag_resources;
        let mut found: Vec<_> = rows.into_iter().map(|row| row.resource_id).collect();
        found.dedup();
        assert_eq!(found, names[1..]);
    });
}

/// 20 tags in some texts, 10 in others. Beside the emulator: the documentation of `CreateSecretRequest::tag` and of
/// `tag_resource`.
#[test]
fn a_secret_has_at_most_twenty_tags() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        let twenty = (1..=20).map(|n| Tag::new(format!("key-{n}"), "value"));
        let set = TagResourcesRequest::new(ResourceType::Secret, [&name], twenty);
        account.client.tag_resources(set).await.unwrap();
        let set = TagResourceRequest::new(TagTarget::Secret(name), [Tag::new("key-21", "value")]);
        let error = account.client.tag_resource(set).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::QuotaExceeded, "{error}");
    });
}

/// Policies are documented, the first one of a secret is not.
#[test]
fn a_secret_in_an_instance_begins_with_a_policy_that_allows_the_account_everything() {
    on_every_account(async |account| {
        if !account.has_instance() {
            return;
        }
        let request = GetSecretPolicyRequest::new(account.create("db").await);
        let policy = account.client.get_secret_policy(request).await.unwrap().policy.unwrap();
        let statement = &policy.statements[0];
        assert_eq!((policy.statements.len(), &statement.effect), (1, &PolicyEffect::Allow));
        assert!(statement.actions.iter().any(|action| action == "kms:*"), "{policy}");
    });
}

/// The code is documented, and not whether an id of another form has it too.
#[test]
fn an_instance_that_does_not_exist_is_not_found() {
    on_every_account(async |account| {
        let name = account.name("db");
        let request = CreateSecretRequest::new(name, SecretValue::text("fake-1")).version_id(FIRST);
        let error =
            account.client.create_secret(request.instance_id("fake-instance")).await.unwrap_err();
        assert_eq!(error.code(), Some("Forbidden.DKMSInstanceNotFound"), "{error}");
        assert!(error.is_not_found());
    });
}
