//! One call of each operation on the life of keys.

use std::time::Duration;

use alibabacloud_kms::KmsClient;
use alibabacloud_kms::emulator::Emulator;
use alibabacloud_kms::keys::{
    CancelKeyDeletionRequest, CreateAliasRequest, CreateKeyRequest, CreateKeyVersionRequest,
    DeleteAliasRequest, DescribeKeyRequest, DescribeKeyVersionRequest, DisableKeyRequest,
    EnableKeyRequest, GetKeyPolicyRequest, KeyFilter, KeySpec, KeyState, KeyStorageMechanism,
    KeyUsage, ListAliasesByKeyIdRequest, ListAliasesRequest, ListKeyVersionsRequest,
    ListKeysRequest, OpenKmsServiceRequest, Origin, ProtectedResource, ProtectionLevel,
    ScheduleKeyDeletionRequest, SetDeletionProtectionRequest, SetKeyPolicyRequest,
    UpdateAliasRequest, UpdateKeyDescriptionRequest, UpdateRotationPolicyRequest,
};
use alibabacloud_kms::policies::Policy;
use alibabacloud_kms::tags::{
    ListResourceTagsRequest, Tag, TagResourceRequest, TagTarget, UntagResourceRequest,
};
use futures_util::TryStreamExt as _;
use futures_util::future::BoxFuture;

use super::{Made, made};

const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The keys that the calls need, so that they succeed and do not depend on each other.
pub(crate) struct LifeKeys {
    /// Enabled, in an instance, with the aliases `alias/app`, `alias/moved` and `alias/old`.
    key: String,
    key_version: String,
    enabled: String,
    disabled: String,
    doomed: String,
    pending_deletion: String,
}

impl LifeKeys {
    /// Returns names of keys that exist nowhere, for a client without an emulator.
    pub(crate) fn placeholders() -> Self {
        let id = |name| format!("key-fake-{name}");
        Self {
            key: id("app"),
            key_version: id("app-20v29b0000"),
            enabled: id("enabled"),
            disabled: id("disabled"),
            doomed: id("doomed"),
            pending_deletion: id("pending-deletion"),
        }
    }

    pub(crate) async fn create(emulator: &Emulator) -> Self {
        let client = emulator.client().unwrap();
        let create = async |request: CreateKeyRequest| {
            client.create_key(request).await.unwrap().key_metadata
        };
        let app = create(CreateKeyRequest::new().instance_id("kst-fake").tag("old", "tag")).await;
        for alias in ["alias/app", "alias/moved", "alias/old"] {
            let request = CreateAliasRequest::new(alias, &*app.key_id);
            client.create_alias(request).await.unwrap();
        }
        let keys = Self {
            key: app.key_id,
            key_version: app.primary_key_version.unwrap(),
            enabled: create(CreateKeyRequest::new()).await.key_id,
            disabled: create(CreateKeyRequest::new()).await.key_id,
            doomed: create(CreateKeyRequest::new()).await.key_id,
            pending_deletion: create(CreateKeyRequest::new()).await.key_id,
        };
        client.disable_key(&keys.disabled).await.unwrap();
        let deletion = ScheduleKeyDeletionRequest::new(&*keys.pending_deletion, 7);
        client.schedule_key_deletion(deletion).await.unwrap();
        keys
    }
}

pub(crate) fn all<'c>(client: &'c KmsClient, keys: &LifeKeys) -> Vec<BoxFuture<'c, Made>> {
    let key = || keys.key.clone();
    let arn = "acs:kms:cn-hangzhou:1234567890123456:key/";
    let mut calls = requests(client, keys);
    calls.extend([
        made(SetDeletionProtectionRequest::enable(key()).description("in use"), |r| {
            client.set_deletion_protection(r)
        }),
        made(SetDeletionProtectionRequest::disable(format!("{arn}{}", keys.enabled)), |r| {
            client.set_deletion_protection(r)
        }),
        made(SetDeletionProtectionRequest::enable(ProtectedResource::instance("kst-fake")), |r| {
            client.set_deletion_protection(r)
        }),
        // Tags of keys.
        made(ListResourceTagsRequest::new(key()), |r| client.list_resource_tags(r)),
        made(TagResourceRequest::new(TagTarget::key(key()), [Tag::new("team", "core")]), |r| {
            client.tag_resource(r)
        }),
        made(UntagResourceRequest::new(TagTarget::key(key()), ["old"]), |r| {
            client.untag_resource(r)
        }),
        // Workflows and streams.
        made(Tag::new("team", "core"), |tag| client.find_keys_by_tag(tag)),
        made(ListKeysRequest::new(), |r| {
            client.list_keys_paginator(r).items().try_collect::<Vec<_>>()
        }),
        made(ListAliasesRequest::new(), |r| {
            client.list_aliases_paginator(r).items().try_collect::<Vec<_>>()
        }),
        made(ListAliasesByKeyIdRequest::new(key()), |r| {
            client.list_aliases_by_key_id_paginator(r).items().try_collect::<Vec<_>>()
        }),
        made(ListKeyVersionsRequest::new(key()), |r| {
            client.list_key_versions_paginator(r).items().try_collect::<Vec<_>>()
        }),
    ]);
    calls
}

fn requests<'c>(client: &'c KmsClient, keys: &LifeKeys) -> Vec<BoxFuture<'c, Made>> {
    let key = || keys.key.clone();
    let states = KeyFilter::key_state([KeyState::Enabled]);
    let page = || ListKeysRequest::new().filter(states.clone()).page_number(1).page_size(5);
    vec![
        made(CancelKeyDeletionRequest::new(&keys.pending_deletion), |r| {
            client.cancel_key_deletion(r)
        }),
        made(CreateAliasRequest::new("alias/new", key()), |r| client.create_alias(r)),
        made(
            CreateKeyRequest::new()
                .key_spec(KeySpec::Aes256)
                .key_usage(KeyUsage::EncryptDecrypt)
                .origin(Origin::AliyunKms)
                .protection_level(ProtectionLevel::Hsm)
                .instance_id("kst-fake")
                .key_storage_mechanism(KeyStorageMechanism::HsmEncryptedDatabase)
                .description("new")
                .rotation_interval(WEEK)
                .policy(Policy::new([]))
                .tag("team", "core"),
            |r| client.create_key(r),
        ),
        made(CreateKeyVersionRequest::new(key()), |r| client.create_key_version(r)),
        made(DeleteAliasRequest::new("alias/old"), |r| client.delete_alias(r)),
        made((), |()| client.describe_account_kms_status()),
        made(DescribeKeyRequest::new("alias/app"), |r| client.describe_key(r)),
        made(DescribeKeyVersionRequest::new(key(), &*keys.key_version), |r| {
            client.describe_key_version(r)
        }),
        made(DisableKeyRequest::new(&keys.enabled), |r| client.disable_key(r)),
        made(EnableKeyRequest::new(&keys.disabled), |r| client.enable_key(r)),
        made(GetKeyPolicyRequest::new(key()), |r| client.get_key_policy(r)),
        made(ListAliasesRequest::new(), |r| client.list_aliases(r)),
        made(ListAliasesByKeyIdRequest::new(key()), |r| client.list_aliases_by_key_id(r)),
        made(ListKeyVersionsRequest::new(key()), |r| client.list_key_versions(r)),
        made(page(), |r| client.list_keys(r)),
        made(OpenKmsServiceRequest::new(), |r| client.open_kms_service(r)),
        made(ScheduleKeyDeletionRequest::new(&*keys.doomed, 7), |r| {
            client.schedule_key_deletion(r)
        }),
        made(SetKeyPolicyRequest::new(key(), Policy::new([])), |r| client.set_key_policy(r)),
        made(UpdateAliasRequest::new("alias/moved", key()), |r| client.update_alias(r)),
        made(UpdateKeyDescriptionRequest::new(key(), "new"), |r| client.update_key_description(r)),
        made(UpdateRotationPolicyRequest::enable(key(), WEEK), |r| {
            client.update_rotation_policy(r)
        }),
    ]
}
