//! The life of keys, their aliases, versions, rotation and policies.

use std::time::Duration;

use alibabacloud_kms::keys::{
    AccountStatus, CreateAliasRequest, DeletionProtection, DescribeKeyVersionRequest, KeyFilter,
    KeySpec, KeyState, KeyUsage, ListAliasesRequest, ListKeysRequest, OpenKmsServiceRequest,
    Origin, ScheduleKeyDeletionRequest, SetDeletionProtectionRequest, SetKeyPolicyRequest,
    UpdateAliasRequest, UpdateKeyDescriptionRequest, UpdateRotationPolicyRequest,
};
use alibabacloud_kms::policies::{Policy, PolicyPrincipal, PolicyStatement};
use alibabacloud_kms::secrets::RotationState;
use alibabacloud_kms::tags::{
    ListResourceTagsRequest, Tag, TagResourceRequest, TagTarget, UntagResourceRequest,
};
use alibabacloud_kms::{Error, KmsClient};
use futures_util::TryStreamExt as _;

use crate::account::{on_every_account, on_every_account_with_keys};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn state(client: &KmsClient, key: &str) -> KeyState {
    client.describe_key(key).await.unwrap().key_metadata.key_state.unwrap()
}

#[track_caller]
fn assert_code<T: std::fmt::Debug>(outcome: Result<T, Error>, code: &str) {
    let error = outcome.unwrap_err();
    assert_eq!(error.code(), Some(code), "{error}");
}

#[test]
fn created_key_is_described() {
    on_every_account_with_keys(async |account| {
        let request = account.key_creation().description("a test");
        let key = account.create_key(request).await;
        assert_eq!(key.key_spec, Some(KeySpec::Aes256));
        assert_eq!(key.key_usage, Some(KeyUsage::EncryptDecrypt));
        assert_eq!(key.origin, Some(Origin::AliyunKms));
        assert_eq!(key.description.as_deref(), Some("a test"));
        assert_eq!(key.arn.as_ref().unwrap().key_id(), key.key_id);
        assert_eq!(key.instance_id.is_some(), account.has_instance());
        assert!(key.is_enabled() && key.delete_date.is_none());

        let described = account.client.describe_key(&key.key_id).await.unwrap().key_metadata;
        assert_eq!(described.primary_key_version, key.primary_key_version);
        assert_eq!(described.creation_date, key.creation_date);
        assert_eq!(described.deletion_protection, Some(DeletionProtection::Disabled));
        let by_arn = account.client.describe_key(key.arn.unwrap()).await.unwrap();
        assert_eq!(by_arn.key_metadata.key_id, key.key_id);
    });
}

#[test]
fn missing_key_and_alias_are_not_found() {
    on_every_account(async |account| {
        let client = &account.client;
        let none = "00000000-0000-0000-0000-000000000000";
        assert_code(client.describe_key(none).await, "Forbidden.KeyNotFound");
        let alias = format!("alias/{}/none", account.prefix);
        assert_code(client.describe_key(&alias).await, "Forbidden.AliasNotFound");
    });
}

#[test]
fn external_key_waits_for_its_material() {
    on_every_account_with_keys(async |account| {
        let request = account.key_creation().origin(Origin::External);
        let key = account.create_key(request).await;
        assert_eq!(key.key_state, Some(KeyState::PendingImport));
        let enabling = account.client.enable_key(&key.key_id).await;
        assert_code(enabling, "Rejected.StateModifiedFailed");
    });
}

#[test]
fn disabling_and_enabling_can_be_repeated() {
    on_every_account_with_keys(async |account| {
        let (client, key) = (&account.client, account.key().await);
        for _ in 0..2 {
            client.disable_key(&key).await.unwrap();
            assert_eq!(state(client, &key).await, KeyState::Disabled);
        }
        for _ in 0..2 {
            client.enable_key(&key).await.unwrap();
            assert_eq!(state(client, &key).await, KeyState::Enabled);
        }
    });
}

#[test]
fn scheduled_deletion_forbids_changes_until_it_is_cancelled() {
    on_every_account_with_keys(async |account| {
        let (client, key) = (&account.client, account.key().await);
        assert_code(client.cancel_key_deletion(&key).await, "Rejected.StateModifiedFailed");
        let schedule = || ScheduleKeyDeletionRequest::new(&*key, 30);
        client.schedule_key_deletion(schedule()).await.unwrap();
        let described = client.describe_key(&key).await.unwrap().key_metadata;
        assert!(described.is_pending_deletion() && described.delete_date.is_some());

        assert_code(client.schedule_key_deletion(schedule()).await, "Rejected.StateModifiedFailed");
        assert_code(client.enable_key(&key).await, "Rejected.StateModifiedFailed");
        assert_code(client.disable_key(&key).await, "Rejected.StateModifiedFailed");
        let describe = UpdateKeyDescriptionRequest::new(&*key, "new");
        assert_code(client.update_key_description(describe).await, "Rejected.PendingDeletion");
        let tag = TagResourceRequest::new(TagTarget::key(&*key), [Tag::new("a", "b")]);
        assert_code(client.tag_resource(tag).await, "Rejected.PendingDeletion");
        let alias = CreateAliasRequest::new(format!("alias/{}/late", account.prefix), &*key);
        assert_code(client.create_alias(alias).await, "Rejected.StateModifiedFailed");

        client.cancel_key_deletion(&key).await.unwrap();
        assert_eq!(state(client, &key).await, KeyState::Enabled);
    });
}

#[test]
fn deletion_protection_is_set_and_described() {
    on_every_account_with_keys(async |account| {
        let (client, key) = (&account.client, account.key().await);
        let enable = SetDeletionProtectionRequest::enable(&*key).description("in use");
        client.set_deletion_protection(enable).await.unwrap();
        let described = client.describe_key(&key).await.unwrap().key_metadata;
        assert_eq!(described.deletion_protection, Some(DeletionProtection::Enabled));
        assert_eq!(described.deletion_protection_description.as_deref(), Some("in use"));
        let schedule = ScheduleKeyDeletionRequest::new(&*key, 7);
        client.schedule_key_deletion(schedule).await.unwrap_err();

        let disable = SetDeletionProtectionRequest::disable(&*key);
        client.set_deletion_protection(disable).await.unwrap();
        let described = client.describe_key(&key).await.unwrap().key_metadata;
        assert_eq!(described.deletion_protection, Some(DeletionProtection::Disabled));
    });
}

#[test]
fn description_is_replaced() {
    on_every_account_with_keys(async |account| {
        let (client, key) = (&account.client, account.key().await);
        let update = UpdateKeyDescriptionRequest::new(&*key, "密钥");
        client.update_key_description(update).await.unwrap();
        let described = client.describe_key(&key).await.unwrap().key_metadata;
        assert_eq!(described.description.as_deref(), Some("密钥"));
    });
}

#[test]
fn listing_finds_keys_by_their_filters() {
    on_every_account_with_keys(async |account| {
        let client = &account.client;
        let [enabled, disabled] = [account.key().await, account.key().await];
        client.disable_key(&disabled).await.unwrap();
        let ours = || ListKeysRequest::new().filter(KeyFilter::tag_value([&*account.prefix]));
        let find = async |filter: Option<KeyFilter>| {
            let request = ours().filters(filter).page_size(1);
            let keys = client.list_keys_paginator(request).items();
            let mut ids: Vec<_> = keys.map_ok(|key| key.key_id).try_collect().await.unwrap();
            ids.sort();
            ids
        };
        let mut both = vec![enabled.clone(), disabled.clone()];
        both.sort();
        assert_eq!(find(None).await, both);
        let states = KeyFilter::key_state([KeyState::Enabled, KeyState::Disabled]);
        assert_eq!(find(Some(states)).await, both);
        assert_eq!(find(Some(KeyFilter::key_state([KeyState::Disabled]))).await, [disabled]);
        assert_eq!(find(Some(KeyFilter::key_spec([KeySpec::Rsa2048]))).await, [""; 0]);

        let page = client.list_keys(ours().page_size(1)).await.unwrap();
        assert_eq!((page.total_count, page.keys.len()), (2, 1));
        let found = client.find_keys_by_tag(Tag::new("test", &*account.prefix)).await.unwrap();
        assert_eq!(found.len(), 2);
    });
}

#[test]
fn tags_of_a_key_are_set_listed_and_removed() {
    on_every_account_with_keys(async |account| {
        let (client, key) = (&account.client, account.key().await);
        let target = || TagTarget::key(&*key);
        let tag = Tag::new("team", "core");
        client.tag_resource(TagResourceRequest::new(target(), [tag.clone()])).await.unwrap();
        let list = || client.list_resource_tags(ListResourceTagsRequest::new(&*key));
        assert!(list().await.unwrap().tags.iter().any(|found| found.tag == tag));
        client.untag_resource(UntagResourceRequest::new(target(), ["team"])).await.unwrap();
        assert!(list().await.unwrap().tags.iter().all(|found| found.tag != tag));
    });
}

#[test]
fn alias_names_one_key_at_a_time() {
    on_every_account_with_keys(async |account| {
        let client = &account.client;
        let [first, second] = [account.key().await, account.key().await];
        let alias = account.alias("app", &first).await;
        let named = async || client.describe_key(&alias).await.unwrap().key_metadata.key_id;
        assert_eq!(named().await, first);
        let taken = client.create_alias(CreateAliasRequest::new(&*alias, &*second)).await;
        assert_code(taken, "AliasAlreadyExists");

        let of_key = async |key: &str| {
            let aliases = client.list_aliases_by_key_id_paginator(key).items();
            aliases.map_ok(|alias| alias.alias_name).try_collect::<Vec<_>>().await.unwrap()
        };
        assert_eq!(of_key(&first).await, [&*alias]);
        client.update_alias(UpdateAliasRequest::new(&*alias, &*second)).await.unwrap();
        assert_eq!(named().await, second);
        assert_eq!(of_key(&first).await, [""; 0]);
        let page = client.list_aliases_by_key_id(&second).await.unwrap();
        assert_eq!((page.total_count, &*page.aliases[0].key_id), (1, &*second));

        let all = client.list_aliases_paginator(ListAliasesRequest::new()).items();
        let all: Vec<_> = all.try_collect().await.unwrap();
        assert!(all.iter().any(|listed| listed.alias_name == alias && listed.key_id == second));
        assert!(client.list_aliases(ListAliasesRequest::new()).await.unwrap().total_count >= 1);

        client.delete_alias(&*alias).await.unwrap();
        assert_code(client.describe_key(&alias).await, "Forbidden.AliasNotFound");
        assert_eq!(state(client, &second).await, KeyState::Enabled);
    });
}

#[test]
fn versions_are_listed_and_described() {
    on_every_account_with_keys(async |account| {
        let client = &account.client;
        let key = account.create_key(account.key_creation()).await;
        let page = client.list_key_versions(&key.key_id).await.unwrap();
        assert_eq!(page.total_count, 1);
        let version = &page.versions[0];
        assert_eq!(version.key_version_id.len(), 36);
        assert_eq!(key.primary_key_version.as_deref(), Some(&*version.key_version_id));
        let describe = DescribeKeyVersionRequest::new(&*key.key_id, &*version.key_version_id);
        let described = client.describe_key_version(describe).await.unwrap().key_version;
        assert_eq!(described, *version);
        let none = DescribeKeyVersionRequest::new(&*key.key_id, "none");
        assert_code(client.describe_key_version(none).await, "Forbidden.KeyVersionNotFound");
    });
}

#[test]
fn created_version_is_the_primary_one_in_an_instance() {
    on_every_account_with_keys(async |account| {
        let (client, key) = (&account.client, account.key().await);
        if !account.has_instance() {
            let rejected = client.create_key_version(&key).await;
            return assert_code(rejected, "Rejected.UnsupportedOperation");
        }
        let created = client.create_key_version(&key).await.unwrap().key_version.key_version_id;
        let described = client.describe_key(&key).await.unwrap().key_metadata;
        assert_eq!(described.primary_key_version, Some(created));
        let versions = client.list_key_versions_paginator(&key).items();
        assert_eq!(versions.try_collect::<Vec<_>>().await.unwrap().len(), 2);

        client.disable_key(&key).await.unwrap();
        assert_code(client.create_key_version(&key).await, "Rejected.Disabled");
    });
}

#[test]
fn rotation_is_enabled_suspended_and_disabled() {
    on_every_account_with_keys(async |account| {
        let (client, key) = (&account.client, account.key().await);
        let enable = UpdateRotationPolicyRequest::enable(&*key, 365 * DAY);
        client.update_rotation_policy(enable.clone()).await.unwrap();
        let described = client.describe_key(&key).await.unwrap().key_metadata;
        assert_eq!(described.automatic_rotation, Some(RotationState::Enabled));
        assert_eq!(described.rotation_interval, Some(365 * DAY));
        assert!(described.next_rotation_date > described.last_rotation_date);

        client.disable_key(&key).await.unwrap();
        let described = client.describe_key(&key).await.unwrap().key_metadata;
        assert_eq!(described.automatic_rotation, Some(RotationState::Suspended));
        assert_code(client.update_rotation_policy(enable).await, "Rejected.Disabled");

        client.enable_key(&key).await.unwrap();
        let disable = UpdateRotationPolicyRequest::disable(&*key);
        client.update_rotation_policy(disable).await.unwrap();
        let described = client.describe_key(&key).await.unwrap().key_metadata;
        assert_eq!(described.automatic_rotation, Some(RotationState::Disabled));
        assert_eq!((described.rotation_interval, described.next_rotation_date), (None, None));
    });
}

#[test]
fn external_key_is_not_rotated() {
    on_every_account_with_keys(async |account| {
        let key = account.create_key(account.key_creation().origin(Origin::External)).await;
        let enable = UpdateRotationPolicyRequest::enable(&*key.key_id, 365 * DAY);
        // The state or the origin is the reason, in no documented order.
        account.client.update_rotation_policy(enable).await.unwrap_err();
    });
}

#[test]
fn key_policy_is_set_only_in_an_instance() {
    on_every_account_with_keys(async |account| {
        let client = &account.client;
        let key = account.create_key(account.key_creation()).await;
        let owner = format!("acs:ram::{}:*", key.arn.as_ref().unwrap().account());
        let everything = PolicyStatement::allow(PolicyPrincipal::ram([owner]), ["kms:*"]);
        let policy = Policy::new([everything.sid("owner")]);
        let set = SetKeyPolicyRequest::new(&*key.key_id, policy.clone());
        if account.has_instance() {
            client.set_key_policy(set).await.unwrap();
            let read = client.get_key_policy(&key.key_id).await.unwrap();
            assert_eq!(read.policy, Some(policy));
        } else {
            assert_code(client.set_key_policy(set).await, "Forbidden.KeyPolicyUnSupported");
            let get = client.get_key_policy(&key.key_id).await;
            assert_code(get, "Forbidden.KeyPolicyUnSupported");
        }
    });
}

#[test]
fn account_that_has_activated_kms_is_enabled() {
    on_every_account(async |account| {
        let status = account.client.describe_account_kms_status().await.unwrap();
        assert_eq!(status.account_status, AccountStatus::Enabled);
    });
}

/// Both outcomes are documented for an account that is active.
#[test]
fn activating_an_active_account_changes_nothing() {
    on_every_account(async |account| {
        match account.client.open_kms_service(OpenKmsServiceRequest::new()).await {
            Ok(response) => assert!(!response.request_id.is_empty()),
            Err(error) => assert_eq!(error.code(), Some("Forbidden.Opened"), "{error}"),
        }
    });
}
