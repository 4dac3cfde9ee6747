//! Behaviour that the service's documentation does not state, or states in two ways, and the
//! emulator assumes.
//!
//! Each test is one such assumption, with what is known about it. A test that fails against the
//! real service is a discovery: correct the emulator, the list in its documentation under "Where
//! the service's documentation is silent", and what the test's comment names under "Also"; then
//! move the test to the documented ones.

use alibabacloud_kms::keys::{
    DecryptRequest, DryRunOutcome, EncryptRequest, GenerateMacRequest, KeyState, MacAlgorithm,
    ReEncryptRequest, ScheduleKeyDeletionRequest, SetDeletionProtectionRequest, VerifyMacRequest,
};
use alibabacloud_kms::policies::PolicyEffect;
use alibabacloud_kms::secrets::{
    CreateSecretRequest, DeleteSecretRequest, DescribeSecretRequest, Filter,
    GetSecretPolicyRequest, GetSecretValueRequest, ListSecretVersionIdsRequest, ListSecretsRequest,
    PutSecretValueRequest, RotateSecretRequest, SecretDataType, SecretValue, UpdateSecretRequest,
    UpdateSecretVersionStageRequest as UpdateStage, VersionStage,
};
use alibabacloud_kms::tags::{
    ListTagResourcesRequest, ResourceType, Tag, TagResourceRequest, TagResourcesRequest, TagTarget,
    UntagResourceRequest,
};
use alibabacloud_kms::{Error, ErrorKind};
use futures_util::TryStreamExt as _;

use crate::account::{Account, FIRST, on_every_account, on_every_account_with_keys};

/// Returns the names that filters match, in the order of the listing.
async fn found(account: &Account, filters: impl IntoIterator<Item = Filter>) -> Vec<String> {
    let request = filters.into_iter().fold(ListSecretsRequest::new(), ListSecretsRequest::filter);
    let secrets = account.client.list_secrets_paginator(request).items();
    secrets.map_ok(|secret| secret.secret_name).try_collect().await.unwrap()
}

/// Returns the ids of all versions, in the order of the listing.
async fn versions(account: &Account, name: &str) -> Vec<String> {
    let request = ListSecretVersionIdsRequest::new(name).include_deprecated(true);
    let versions = account.client.list_secret_version_ids_paginator(request).items();
    versions.map_ok(|version| version.version_id).try_collect().await.unwrap()
}

async fn read(account: &Account, request: GetSecretValueRequest) -> Result<String, Error> {
    account.client.get_secret_value(request).await.map(|read| read.version_id)
}

async fn set_stage(account: &Account, name: &str, stage: &str, to: &str) -> Result<(), Error> {
    let request = UpdateStage::new(name, stage.into()).move_to_version(to);
    account.client.update_secret_version_stage(request).await.map(|_| ())
}

async fn schedule_deletion(account: &Account, name: &str) {
    let request = DeleteSecretRequest::new(name).recovery_window_in_days(7);
    account.client.delete_secret(request).await.unwrap();
}

/// The documentation does not say if a filter matches the whole text, its beginning or a part; one
/// published example is `test-*`. Also: the documentation of `Filter`.
#[test]
fn filter_matches_the_whole_name_unless_it_has_a_star() {
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

/// That the values of one filter are alternatives is documented; how several filters combine is
/// documented only for ListKeys. Also: the documentation of `ListSecretsRequest::filter`.
#[test]
fn several_filters_must_all_match() {
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

/// No order is documented. `list_all_secrets` needs a stable one; the emulator has others in its
/// `ListOrder`.
#[test]
fn secrets_are_listed_by_name() {
    on_every_account(async |account| {
        let names =
            [account.create("b").await, account.create("c").await, account.create("a").await];
        let listed = found(account, [Filter::secret_name(&names)]).await;
        assert!(listed.is_sorted(), "{listed:?}, created in the order b, c, a");
    });
}

/// Items of a listing have a `PlannedDeleteTime`, so such secrets are assumed to be listed. Also:
/// `SecretInventory::complete`.
#[test]
fn pending_secret_is_listed() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        schedule_deletion(account, &name).await;
        assert_eq!(found(account, [Filter::secret_name([&name])]).await, [name]);
    });
}

/// The documentation says which operations reject such a secret, but not for these two.
#[test]
fn pending_secret_is_read_and_rejects_a_new_value() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        schedule_deletion(account, &name).await;
        let put = PutSecretValueRequest::new(&name, SecretValue::text("fake-2")).version_id("v2");
        let error = account.client.put_secret_value(put).await.unwrap_err();
        assert_eq!(error.code(), Some("Rejected.ResourceInDeleteWindow"), "{error}");
        assert_eq!(account.read(&name).await, "fake-1");
    });
}

/// When the name is available again is not documented.
#[test]
fn name_is_available_after_immediate_deletion() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        let delete = DeleteSecretRequest::without_recovery(&name);
        account.client.delete_secret(delete).await.unwrap();
        let describe = account.client.describe_secret(DescribeSecretRequest::new(&name)).await;
        assert!(describe.unwrap_err().is_not_found());
        assert_eq!(account.create("db").await, name);
    });
}

/// The list of errors has no code for versions. Also: `Error::is_not_found` of `get_secret_value`.
#[test]
fn missing_version_is_rejected_as_a_missing_secret() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        let request = || GetSecretValueRequest::new(&name);
        for request in [request().version_id("v9"), request().version_stage("canary")] {
            let error = read(account, request).await.unwrap_err();
            assert_eq!(error.code(), Some("Forbidden.ResourceNotFound"), "{error}");
        }
        let error = set_stage(account, &name, "canary", "v9").await.unwrap_err();
        assert_eq!(error.code(), Some("Forbidden.ResourceNotFound"), "{error}");
    });
}

/// Not documented. Also: `GetSecretValueRequest::version_stage`.
#[test]
fn contradicting_version_and_stage_are_not_found() {
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

/// It follows from what stages are. Also: `PutSecretValueRequest::version_stage`.
#[test]
fn value_put_with_another_stage_does_not_become_current() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        let put = PutSecretValueRequest::new(&name, SecretValue::text("fake-2")).version_id("v2");
        account.client.put_secret_value(put.version_stage("canary")).await.unwrap();
        assert_eq!(account.read(&name).await, "fake-1");
        let canary = GetSecretValueRequest::new(&name).version_stage("canary");
        assert_eq!(read(account, canary).await.unwrap(), "v2");
    });
}

/// The documentation does not say if two versions with different stages count as the same. Also:
/// the retry of a PutSecretValue whose response was lost.
#[test]
fn version_put_again_with_other_stages_keeps_its_own() {
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

/// `RemoveFromVersion` is optional with `MoveToVersion`; for which stages is not documented. Also:
/// `UpdateSecretVersionStageRequest::move_to_version`.
#[test]
fn stage_is_moved_from_whichever_version_has_it() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        account.put(&name, 2).await;
        for version in [FIRST, "v2"] {
            for stage in ["canary", "ACSCurrent"] {
                set_stage(account, &name, stage, version).await.unwrap();
                let with_stage = GetSecretValueRequest::new(&name).version_stage(stage);
                assert_eq!(read(account, with_stage).await.unwrap(), version);
            }
        }
        let elsewhere = UpdateStage::new(&name, "canary".into())
            .move_to_version(FIRST)
            .remove_from_version(FIRST);
        let error = account.client.update_secret_version_stage(elsewhere).await.unwrap_err();
        assert_eq!(error.code(), Some("Rejected.InvalidRequest"), "{error}");
    });
}

/// Not documented. Also: how the outcome of a removal whose response was lost is verified.
#[test]
fn stage_is_not_removed_twice() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        set_stage(account, &name, "canary", FIRST).await.unwrap();
        let off = || UpdateStage::new(&name, "canary".into()).remove_from_version(FIRST);
        account.client.update_secret_version_stage(off()).await.unwrap();
        let error = account.client.update_secret_version_stage(off()).await.unwrap_err();
        assert_eq!(error.code(), Some("Rejected.InvalidRequest"), "{error}");
    });
}

/// "At most 8 stages"; whether the service's own count is not documented.
#[test]
fn stages_of_the_service_count_toward_the_limit() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        for n in 1..=7 {
            set_stage(account, &name, &format!("stage-{n}"), FIRST).await.unwrap();
        }
        let error = set_stage(account, &name, "stage-8", FIRST).await.unwrap_err();
        assert_eq!(error.code(), Some("Rejected.LimitExceeded"), "{error}");
    });
}

/// By one text the earliest version is removed, by another the earliest without a stage.
#[test]
fn eleventh_version_keeps_those_with_a_stage() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        set_stage(account, &name, "canary", FIRST).await.unwrap();
        for n in 2..=11 {
            account.put(&name, n).await;
        }
        let kept = versions(account, &name).await;
        assert_eq!(kept.len(), 10);
        assert!(kept.iter().any(|id| id == FIRST) && !kept.iter().any(|id| id == "v2"), "{kept:?}");
    });
}

/// No order is documented, and the client needs none.
#[test]
fn versions_are_listed_newest_first() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        account.put(&name, 2).await;
        account.put(&name, 3).await;
        assert_eq!(versions(account, &name).await, ["v3", "v2", FIRST]);
    });
}

/// The encoding of bytes is not documented, and one example of a `binary` value is not Base64.
/// Also: `SecretValue::binary` and `SecretValue::encoded`.
#[test]
fn text_of_a_binary_value_is_not_checked() {
    on_every_account(async |account| {
        let value = SecretValue::encoded("fake-data-1", SecretDataType::Binary);
        let create = account.creation("bytes", value);
        let name = account.client.create_secret(create).await.unwrap().secret_name;
        assert_eq!(account.read(&name).await, "fake-data-1");
    });
}

/// The codes of a dry run are documented, their status is not, nor which errors they replace. Also:
/// `DryRunOutcome`.
#[test]
fn dry_run_of_an_invalid_request_has_status_400() {
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

/// It is not documented if an absent description keeps the old one, which matters only for managed
/// secrets, which have more to update. Also: `UpdateSecretRequest::description`.
#[test]
fn empty_description_removes_the_old_one() {
    on_every_account(async |account| {
        let create = account.creation("db", SecretValue::text("fake-1")).description("old");
        let name = account.client.create_secret(create).await.unwrap().secret_name;
        let update = UpdateSecretRequest::new(&name).description("");
        account.client.update_secret(update).await.unwrap();
        let secret = account.client.describe_secret(DescribeSecretRequest::new(&name)).await;
        assert_eq!(secret.unwrap().description.unwrap_or_default(), "");
    });
}

/// "Not for secrets of the type Generic", without a code. Also: `rotate_secret`.
#[test]
fn rotating_a_generic_secret_is_an_invalid_parameter() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        let rotate = RotateSecretRequest::new(&name).version_id("v2");
        let error = account.client.rotate_secret(rotate).await.unwrap_err();
        assert_eq!(error.code(), Some("InvalidParameter"), "{error}");
        assert_eq!(account.read(&name).await, "fake-1");
    });
}

/// Assumed of both families of operations. Also: such calls are retried after a lost response.
#[test]
fn setting_and_removing_tags_is_idempotent() {
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

/// Not documented. Also: `ListTagResourcesRequest::tag`.
#[test]
fn resources_by_several_tags_have_all_of_them() {
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

/// 20 tags by some texts, 10 by others. Also: the documentation of `CreateSecretRequest::tag` and
/// of `tag_resource`.
#[test]
fn twenty_first_tag_is_rejected() {
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

/// Policies are documented, the default one is not.
#[test]
fn default_policy_allows_the_account_everything() {
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

/// The code is documented; whether it applies to an id of another form too is not.
#[test]
fn missing_instance_is_not_found() {
    on_every_account(async |account| {
        let name = account.name("db");
        let request = CreateSecretRequest::new(name, SecretValue::text("fake-1")).version_id(FIRST);
        let error =
            account.client.create_secret(request.instance_id("fake-instance")).await.unwrap_err();
        assert_eq!(error.code(), Some("Forbidden.DKMSInstanceNotFound"), "{error}");
        assert!(error.is_not_found());
    });
}

/// The texts say that a cancelled deletion enables the key; tests of the service's own libraries
/// began with an enabled one.
#[test]
fn cancelled_deletion_enables_a_key_that_was_disabled() {
    on_every_account_with_keys(async |account| {
        let (client, key) = (&account.client, account.key().await);
        client.disable_key(&key).await.unwrap();
        client.schedule_key_deletion(ScheduleKeyDeletionRequest::new(&*key, 7)).await.unwrap();
        client.cancel_key_deletion(&key).await.unwrap();
        let state = client.describe_key(&key).await.unwrap().key_metadata.key_state;
        assert_eq!(state, Some(KeyState::Enabled));
    });
}

/// The documentation says that protection must be disabled first, and not with which code the
/// service rejects the deletion.
#[test]
fn deletion_of_a_protected_key_is_rejected_by_its_state() {
    on_every_account_with_keys(async |account| {
        let (client, key) = (&account.client, account.key().await);
        let protect = SetDeletionProtectionRequest::enable(&*key);
        client.set_deletion_protection(protect).await.unwrap();
        let schedule = ScheduleKeyDeletionRequest::new(&*key, 7);
        let error = client.schedule_key_deletion(schedule).await.unwrap_err();
        assert_eq!(
            (error.http_status(), error.code()),
            (Some(409), Some("Rejected.StateModifiedFailed"))
        );
    });
}

/// Listings document no order, and programs use the first version. Also: `list_key_versions`.
#[test]
fn newest_version_of_a_key_is_listed_first() {
    on_every_account_with_keys(async |account| {
        if !account.has_instance() {
            return;
        }
        let (client, key) = (&account.client, account.key().await);
        let newest = client.create_key_version(&key).await.unwrap().key_version.key_version_id;
        let page = client.list_key_versions(&key).await.unwrap();
        assert_eq!(page.versions[0].key_version_id, newest);
    });
}

/// One page says that the response names the key that decrypted. Also: `ReEncryptResponse`.
#[test]
fn key_of_a_re_encryption_is_the_one_that_decrypted() {
    on_every_account_with_keys(async |account| {
        let client = &account.client;
        let [from, to] = [account.key().await, account.key().await];
        let blob = client.encrypt(EncryptRequest::new(&*from, b"fake")).await.unwrap();
        let request = ReEncryptRequest::new(blob.ciphertext_blob, &*to);
        assert_eq!(client.re_encrypt(request).await.unwrap().key_id, from);
    });
}

/// The code for a changed ciphertext or another context is not documented. Also: the kind
/// `InvalidCiphertext`, which any 400 of a decryption has.
#[test]
fn other_context_is_an_invalid_parameter() {
    on_every_account_with_keys(async |account| {
        let (client, key) = (&account.client, account.key().await);
        let blob = client.encrypt(EncryptRequest::new(&*key, b"fake")).await.unwrap();
        let request = DecryptRequest::new(blob.ciphertext_blob).encryption_context([("a", "b")]);
        let error = client.decrypt(request).await.unwrap_err();
        assert_eq!((error.http_status(), error.code()), (Some(400), Some("InvalidParameter")));
    });
}

/// The service documents neither the specification nor the usage of keys for message authentication
/// codes. Also: `KeySpec` and `KeyUsage`.
#[test]
fn key_of_a_mac_is_named_after_its_algorithm() {
    on_every_account_with_keys(async |account| {
        if !account.has_instance() {
            return;
        }
        let client = &account.client;
        let key = account.create_key(account.key_creation().key_spec("HMAC_SHA_256")).await.key_id;
        let request = GenerateMacRequest::new(&*key, MacAlgorithm::HmacSha256, b"a message");
        let mac = client.generate_mac(request).await.unwrap().mac;
        assert_eq!(mac.as_bytes().len(), 32);
        for (message, expected) in [(&b"a message"[..], true), (b"another", false)] {
            let request =
                VerifyMacRequest::new(&*key, MacAlgorithm::HmacSha256, message, mac.clone());
            assert_eq!(client.verify_mac(request).await.unwrap().is_valid, expected);
        }
    });
}
