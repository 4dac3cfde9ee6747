//! Secrets as a whole, from creation to deletion.

use std::time::Duration;

use alibabacloud_kms::secrets::{
    DeleteSecretRequest, DescribeSecretRequest, DescribeSecretResponse, Filter,
    GetSecretValueRequest, ListSecretVersionIdsRequest, ListSecretsRequest, PutOrCreateOutcome,
    PutSecretValueRequest, RestoreSecretRequest, SecretType, SecretValue, UpdateSecretRequest,
    UpdateSecretVersionStageRequest, VersionStage,
};
use alibabacloud_kms::tags::Tag;
use alibabacloud_kms::{Error, ErrorKind};
use chrono::{TimeDelta, Utc};

use crate::account::{Account, FIRST, on_every_account};

async fn describe(account: &Account, name: &str) -> DescribeSecretResponse {
    let request = DescribeSecretRequest::new(name).fetch_tags(true);
    account.client.describe_secret(request).await.unwrap()
}

/// Asserts that the service rejected the request with this kind and code.
#[track_caller]
fn assert_rejected<T>(outcome: Result<T, Error>, kind: ErrorKind, code: &str) {
    let Err(error) = outcome else { panic!("not rejected with {code}") };
    assert_eq!((error.kind(), error.code()), (kind, Some(code)), "{error}");
    assert!(error.request_id().is_some_and(|id| !id.is_empty()), "{error}");
    assert!(!error.is_outcome_unknown(), "{error}");
}

#[test]
fn secret_is_created_and_described() {
    on_every_account(async |account| {
        let request = account.creation("db", SecretValue::text("fake-1"));
        let request = request.description("main é").tag("team", "core");
        let created = account.client.create_secret(request).await.unwrap();
        assert_eq!((&*created.version_id, created.secret_type), (FIRST, Some(SecretType::Generic)));
        assert!(!created.request_id.is_empty());

        let secret = describe(account, &created.secret_name).await;
        assert_eq!(secret.secret_name, created.secret_name);
        assert_eq!(secret.arn.as_ref().unwrap().secret_name(), created.secret_name);
        assert_eq!(secret.arn, created.arn);
        assert_eq!(secret.secret_type, Some(SecretType::Generic));
        assert_eq!(secret.description.as_deref(), Some("main é"));
        assert_eq!(secret.tags, Some(vec![Tag::new("team", "core")]));
        assert_eq!(secret.planned_delete_time, None);
        assert_eq!(secret.instance_id.is_some(), account.has_instance());
        let age = Utc::now() - secret.create_time.unwrap();
        assert!(age.abs() < TimeDelta::minutes(15), "created {age} ago");
    });
}

#[test]
fn name_in_use_is_a_conflict() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        for value in ["fake-1", "fake-other"] {
            let again = account.creation("db", SecretValue::text(value));
            let outcome = account.client.create_secret(again).await;
            assert_rejected(outcome, ErrorKind::Conflict, "Rejected.ResourceExist");
        }
        assert_eq!(account.read(&name).await, "fake-1");
    });
}

#[test]
fn secret_is_listed_with_its_tags_on_request() {
    on_every_account(async |account| {
        let request = account.creation("db", SecretValue::text("fake-1")).tag("team", "core");
        let name = account.client.create_secret(request).await.unwrap().secret_name;
        account.create("other").await;
        let named = ListSecretsRequest::new().filter(Filter::secret_name([&name]));
        for (request, tag) in [(named.clone(), None), (named.fetch_tags(true), Some("core"))] {
            let page = account.client.list_secrets(request).await.unwrap();
            assert_eq!((page.total_count, page.secrets.len()), (1, 1));
            let secret = &page.secrets[0];
            assert_eq!((&secret.secret_name, secret.tag("team")), (&name, tag));
            assert_eq!(secret.secret_type, Some(SecretType::Generic));
            assert!(secret.create_time.is_some() && secret.planned_delete_time.is_none());
        }
    });
}

#[test]
fn secret_is_identified_by_its_arn() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        let arn = describe(account, &name).await.arn.unwrap();
        let put =
            PutSecretValueRequest::new(arn.clone(), SecretValue::text("fake-2")).version_id("v2");
        account.client.put_secret_value(put).await.unwrap();
        let read = GetSecretValueRequest::new(arn.clone());
        let read = account.client.get_secret_value(read).await.unwrap();
        assert_eq!((read.secret_name, read.value.expose_secret()), (name, "fake-2"));
        let versions = ListSecretVersionIdsRequest::new(arn);
        let versions = account.client.list_secret_version_ids(versions).await.unwrap();
        assert_eq!(versions.total_count, 2);
    });
}

#[test]
fn description_is_replaced() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        for text in ["first", "second, \"quoted\" & é"] {
            let request = UpdateSecretRequest::new(&name).description(text);
            account.client.update_secret(request).await.unwrap();
            assert_eq!(describe(account, &name).await.description.as_deref(), Some(text));
        }
    });
}

#[test]
fn pending_secret_rejects_changes_until_it_is_restored() {
    on_every_account(async |account| {
        let client = &account.client;
        let name = account.create("db").await;
        let delete = || DeleteSecretRequest::new(&name).recovery_window_in_days(7);
        let planned = client.delete_secret(delete()).await.unwrap().planned_delete_time.unwrap();
        let window = planned - Utc::now() - TimeDelta::days(7);
        assert!(window.abs() < TimeDelta::minutes(15), "{window} off");
        let described = describe(account, &name).await.planned_delete_time.unwrap();
        assert!((described - planned).abs() <= TimeDelta::seconds(1), "{described}, {planned}");

        assert!(client.is_secret_pending_deletion(&name).await.unwrap());

        let (conflict, code) = (ErrorKind::Conflict, "Rejected.ResourceInDeleteWindow");
        let create = account.creation("db", SecretValue::text("fake-1"));
        assert_rejected(client.create_secret(create).await, conflict, code);
        assert_rejected(client.delete_secret(delete()).await, conflict, code);
        let update = UpdateSecretRequest::new(&name).description("late");
        assert_rejected(client.update_secret(update).await, conflict, code);
        let stage =
            UpdateSecretVersionStageRequest::new(&name, "canary".into()).move_to_version(FIRST);
        assert_rejected(client.update_secret_version_stage(stage).await, conflict, code);

        client.restore_secret(RestoreSecretRequest::new(&name)).await.unwrap();
        assert!(!client.is_secret_pending_deletion(&name).await.unwrap());
        assert_eq!(account.read(&name).await, "fake-1");
        let again = client.restore_secret(RestoreSecretRequest::new(&name)).await;
        assert_rejected(again, conflict, "Rejected.ResourceInUse");
    });
}

#[test]
fn secret_deleted_without_recovery_is_not_restored() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        let delete = DeleteSecretRequest::without_recovery(&name);
        assert_eq!(account.client.delete_secret(delete).await.unwrap().secret_name, name);
        account.client.wait_until_secret_deleted(&name, Duration::from_secs(60)).await.unwrap();
        let restore = account.client.restore_secret(RestoreSecretRequest::new(&name)).await;
        assert_rejected(restore, ErrorKind::NotFound, "Forbidden.ResourceNotFound");
        let read = account.client.get_secret_value(GetSecretValueRequest::new(&name)).await;
        assert_rejected(read, ErrorKind::NotFound, "Forbidden.ResourceNotFound");
    });
}

#[test]
fn value_is_put_or_the_secret_created() {
    on_every_account(async |account| {
        let request = || account.creation("db", SecretValue::text("fake-1"));
        let created = account.client.put_or_create_secret(request()).await.unwrap();
        assert!(matches!(created, PutOrCreateOutcome::Created(_)), "{created:?}");
        let put = account.client.put_or_create_secret(request()).await.unwrap();
        assert!(matches!(put, PutOrCreateOutcome::Put(_)), "{put:?}");
    });
}

#[test]
fn missing_secret_is_not_found_by_any_operation() {
    on_every_account(async |account| {
        let (client, none) = (&account.client, &account.name("none"));
        let (not_found, code) = (ErrorKind::NotFound, "Forbidden.ResourceNotFound");
        let request = DescribeSecretRequest::new(none);
        assert_rejected(client.describe_secret(request).await, not_found, code);
        let request = GetSecretValueRequest::new(none);
        assert_rejected(client.get_secret_value(request).await, not_found, code);
        let request =
            PutSecretValueRequest::new(none, SecretValue::text("fake-2")).version_id("v2");
        assert_rejected(client.put_secret_value(request).await, not_found, code);
        let request = ListSecretVersionIdsRequest::new(none);
        assert_rejected(client.list_secret_version_ids(request).await, not_found, code);
        let request = UpdateSecretVersionStageRequest::new(none, VersionStage::Current)
            .move_to_version(FIRST);
        assert_rejected(client.update_secret_version_stage(request).await, not_found, code);
        let request = UpdateSecretRequest::new(none).description("none");
        assert_rejected(client.update_secret(request).await, not_found, code);
        let request = RestoreSecretRequest::new(none);
        assert_rejected(client.restore_secret(request).await, not_found, code);
        for request in [DeleteSecretRequest::new(none), DeleteSecretRequest::without_recovery(none)]
        {
            assert_rejected(client.delete_secret(request).await, not_found, code);
        }
    });
}
