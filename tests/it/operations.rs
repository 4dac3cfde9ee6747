//! One call of every operation.

mod cryptography;
mod keys_life;

use std::error::Error as _;
use std::fmt::{Debug, Write as _};
use std::future::Future;
use std::time::Duration;

use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
use alibabacloud_kms::keys::DescribeRegionsRequest;
use alibabacloud_kms::policies::Policy;
use alibabacloud_kms::secrets::{
    BatchGetSecretValueRequest, CreateSecretRequest, DeleteSecretRequest, DescribeSecretRequest,
    ExtendedConfig, Filter, GetRandomPasswordRequest, GetSecretPolicyRequest,
    GetSecretValueRequest, ListSecretVersionIdsRequest, ListSecretsRequest, PutSecretValueRequest,
    RestoreSecretRequest, RotateSecretRequest, SecretSubType, SecretValue, SetSecretPolicyRequest,
    UpdateSecretRequest, UpdateSecretRotationPolicyRequest, UpdateSecretVersionStageRequest,
    VersionStage,
};
use alibabacloud_kms::tags::{
    ListTagResourcesRequest, ResourceType, Tag, TagResourceRequest, TagResourcesRequest, TagTarget,
    UntagResourceRequest, UntagResourcesRequest,
};
use alibabacloud_kms::{Error, KmsClient, Result};
use chrono::TimeDelta;
use futures_util::future::{BoxFuture, FutureExt as _};
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};

use self::cryptography::CryptographyKeys;
use self::keys_life::LifeKeys;

/// The operations that send a secret value, which a response may echo.
pub(crate) const SEND_A_VALUE: [&str; 6] =
    ["AsymmetricEncrypt", "CreateSecret", "Encrypt", "GenerateMac", "PutSecretValue", "VerifyMac"];

/// A finished call.
pub(crate) struct Made {
    /// Every text of its request and of its outcome.
    pub(crate) shown: String,
    pub(crate) succeeded: bool,
}

const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);
const SOON: Duration = Duration::from_millis(1);

/// The keys that the calls name.
pub(crate) struct Keys {
    life: LifeKeys,
    cryptography: CryptographyKeys,
}

impl Keys {
    /// Returns names of keys that exist nowhere, for a client without an emulator.
    pub(crate) fn placeholders() -> Self {
        Self { life: LifeKeys::placeholders(), cryptography: CryptographyKeys::placeholders() }
    }
}

/// Returns at least one call of each operation. Those that send a value send this one, which has
/// the form of an Rds secret's. The calls do not depend on each other, and succeed with the secrets
/// and keys of [`fill`].
pub(crate) fn all<'c>(client: &'c KmsClient, value: &str, keys: &Keys) -> Vec<BoxFuture<'c, Made>> {
    let mut calls = on_secrets(client, value);
    calls.extend(keys_life::all(client, &keys.life));
    calls.extend(cryptography::all(client, &keys.cryptography, value));
    calls
}

fn on_secrets<'c>(client: &'c KmsClient, value: &str) -> Vec<BoxFuture<'c, Made>> {
    let value = || SecretValue::text(value);
    let config = || ExtendedConfig::rds(SecretSubType::SingleUser, "rm-fake");
    let (name, secret) = ("app/api", || TagTarget::secret("app/api"));
    let tag = || [Tag::new("team", "core")];
    let current = VersionStage::Current;
    vec![
        made(BatchGetSecretValueRequest::new([name, "app/none"]), |r| {
            client.batch_get_secret_value(r)
        }),
        made(CreateSecretRequest::new("new/a", value()).version_id("v1"), |r| {
            client.create_secret(r)
        }),
        made(
            CreateSecretRequest::rds("new/b", value(), config())
                .version_id("v1")
                .description("new")
                .encryption_key_id("key-fake")
                .instance_id("kst-fake")
                .tag("team", "core")
                .rotation_interval(WEEK)
                .policy(Policy::new([])),
            |r| client.create_secret(r),
        ),
        made(DeleteSecretRequest::new("app/doomed").recovery_window_in_days(7), |r| {
            client.delete_secret(r)
        }),
        made(DeleteSecretRequest::without_recovery("app/lost"), |r| client.delete_secret(r)),
        made(DescribeRegionsRequest::new(), |r| client.describe_regions(r)),
        made(DescribeSecretRequest::new(name), |r| client.describe_secret(r)),
        made(GetRandomPasswordRequest::new().exclude_characters("x"), |r| {
            client.get_random_password(r)
        }),
        made(GetSecretPolicyRequest::new(name), |r| client.get_secret_policy(r)),
        made(GetSecretValueRequest::new(name), |r| client.get_secret_value(r)),
        made(
            GetSecretValueRequest::new("app/rds")
                .version_id("v1")
                .version_stage(VersionStage::Current)
                .fetch_extended_config(true),
            |r| client.get_secret_value(r),
        ),
        made(GetSecretValueRequest::new(name), |r| client.dry_run_get_secret_value(r)),
        made(ListSecretVersionIdsRequest::new(name), |r| client.list_secret_version_ids(r)),
        made(ListSecretsRequest::new().filter(Filter::secret_name([name])), |r| {
            client.list_secrets(r)
        }),
        made(ListTagResourcesRequest::new(ResourceType::Secret), |r| client.list_tag_resources(r)),
        made(
            PutSecretValueRequest::new("app/put", value()).version_id("v9").version_stage("canary"),
            |r| client.put_secret_value(r),
        ),
        made(RestoreSecretRequest::new("app/gone"), |r| client.restore_secret(r)),
        made(RotateSecretRequest::new("app/rds").version_id("v9"), |r| client.rotate_secret(r)),
        made(SetSecretPolicyRequest::new(name, Policy::new([])), |r| client.set_secret_policy(r)),
        made(TagResourceRequest::new(secret(), tag()), |r| client.tag_resource(r)),
        made(TagResourcesRequest::new(ResourceType::Secret, [name], tag()), |r| {
            client.tag_resources(r)
        }),
        made(UntagResourceRequest::new(secret(), ["old"]), |r| client.untag_resource(r)),
        made(UntagResourcesRequest::new(ResourceType::Secret, [name], ["old"]), |r| {
            client.untag_resources(r)
        }),
        made(UntagResourcesRequest::all(ResourceType::Secret, ["app/put"]), |r| {
            client.untag_resources(r)
        }),
        made(UpdateSecretRequest::new(name).description("new"), |r| client.update_secret(r)),
        made(UpdateSecretRequest::new("app/redis").custom_data([("Port", "6379")]), |r| {
            client.update_secret(r)
        }),
        made(UpdateSecretRotationPolicyRequest::enable("app/rds", WEEK), |r| {
            client.update_secret_rotation_policy(r)
        }),
        made(
            UpdateSecretVersionStageRequest::new(name, current)
                .move_to_version("v1")
                .remove_from_version("v2"),
            |r| client.update_secret_version_stage(r),
        ),
        // Workflows of several operations.
        made(CreateSecretRequest::new("new/c", value()).version_id("v1"), |r| {
            client.put_or_create_secret(r)
        }),
        made(CreateSecretRequest::new("app/put", value()).version_id("v8"), |r| {
            client.put_or_create_secret(r)
        }),
        made(GetSecretValueRequest::new(name), |r| {
            first(client.get_secret_values([r])).map(|(_, response)| response)
        }),
        made(ListSecretsRequest::new().filter(Filter::secret_name([name])), |r| {
            client.get_matching_secret_values(r).try_collect::<Vec<_>>()
        }),
        made(
            ListTagResourcesRequest::new(ResourceType::Secret).resource_id(name).tag("old", "tag"),
            |r| client.list_tag_resources_paginator(r).items().try_collect::<Vec<_>>(),
        ),
        made(RotateSecretRequest::new("app/redis").version_id("v9"), |r| {
            client.rotate_secret_and_wait(r, SOON)
        }),
        made("app/gone", |name| client.is_secret_pending_deletion(name)),
        made("app/none", |name| client.wait_until_secret_deleted(name, SOON)),
    ]
}

async fn first<T>(mut items: impl Stream<Item = T> + Unpin) -> T {
    items.next().await.unwrap()
}

/// Adds the secrets and keys that the calls need. Each secret has this value.
pub(crate) async fn fill(emulator: &Emulator, value: &str) -> Keys {
    let value = SecretValue::text(value);
    let secret = |name: &str| EmulatedSecret::new(name).value(value.clone()).value(value.clone());
    let in_a_week = emulator.time() + TimeDelta::days(7);
    emulator.add_secret(secret("app/api").instance_id("kst-fake").tag("old", "tag"));
    emulator.add_secret(secret("app/doomed"));
    emulator.add_secret(secret("app/lost"));
    emulator.add_secret(secret("app/gone").planned_delete_time(in_a_week));
    emulator.add_secret(secret("app/put"));
    emulator.add_secret(secret("app/rds").secret_type("Rds"));
    emulator.add_secret(secret("app/redis").secret_type("Redis"));
    let life = LifeKeys::create(emulator).await;
    Keys { life, cryptography: CryptographyKeys::create(emulator, value.expose_secret()).await }
}

fn made<'c, R, T, F>(request: R, call: impl FnOnce(R) -> F) -> BoxFuture<'c, Made>
where
    R: Debug,
    T: Debug,
    F: Future<Output = Result<T>> + Send + 'c,
{
    let mut shown = debug(&request);
    let response = call(request);
    async move {
        let outcome = response.await;
        shown += &match &outcome {
            Ok(response) => debug(response),
            Err(error) => all_of(error),
        };
        Made { shown, succeeded: outcome.is_ok() }
    }
    .boxed()
}

fn debug(value: &impl Debug) -> String {
    format!("{value:?}\n{value:#?}\n")
}

/// Returns what an error and its sources show of themselves.
pub(crate) fn all_of(error: &Error) -> String {
    let mut shown = debug(error) + &error.to_string();
    let mut source = error.source();
    while let Some(current) = source {
        write!(shown, "\n{current}\n{current:?}\n{current:#?}").unwrap();
        source = current.source();
    }
    let parts =
        [error.message(), error.code(), error.request_id(), error.recommendation(), error.host()];
    shown + &debug(&parts)
}
