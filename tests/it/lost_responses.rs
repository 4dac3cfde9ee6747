//! Writes whose response is lost: they are retried, and a rejected retry is reconciled.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault};
use alibabacloud_kms::rate_limit::RateLimits;
use alibabacloud_kms::secrets::{
    CreateSecretRequest, DeleteSecretRequest, DescribeSecretRequest, ExtendedConfig,
    GetSecretValueRequest, RestoreSecretRequest, SecretSubType, SecretValue,
    UpdateSecretVersionStageRequest,
};
use alibabacloud_kms::transport::{
    HttpRequest, HttpResponse, HttpTransport, TransportError, TransportErrorKind, TransportFuture,
};
use alibabacloud_kms::{Error, ErrorKind, KmsClient, KmsClientBuilder};
use chrono::{TimeDelta, Utc};
use tokio::time::{Instant, sleep};

use crate::transports::Parameters;

async fn emulator_and_client() -> (Emulator, KmsClient) {
    let emulator = Emulator::start().await.unwrap();
    let builder = KmsClient::builder().endpoint(emulator.endpoint());
    let client = builder.credentials(emulator.credentials()).build().unwrap();
    (emulator, client)
}

fn create(text: &str) -> CreateSecretRequest {
    let request = CreateSecretRequest::new("app/db", SecretValue::text(text)).version_id("v1");
    request.description("ours").tag("team", "core")
}

/// Returns a secret that is as [`create`] requests it.
fn as_requested(text: &str) -> EmulatedSecret {
    let secret = EmulatedSecret::new("app/db").value(SecretValue::text(text));
    secret.description("ours").tag("team", "core").tag("env", "prod")
}

fn actions(emulator: &Emulator) -> Vec<String> {
    emulator.requests().into_iter().map(|request| request.action).collect()
}

/// Checks that a conflict is known to be another caller's work.
#[track_caller]
fn assert_not_executed(error: &Error) {
    assert!(!error.is_outcome_unknown(), "{error}");
    assert!(!error.to_string().contains("outcome"), "{error}");
    assert!(error.attempts() > 1, "{error}");
}

#[track_caller]
fn assert_unknown(error: &Error, reason: &str) {
    assert!(error.is_outcome_unknown(), "{error}");
    let unknown = "the outcome is unknown: check the resource before retrying";
    assert!(error.to_string().ends_with(&format!("{unknown}; {reason}")), "{error}");
}

#[tokio::test]
async fn lost_creation_is_found_by_time_value_and_settings() {
    let (emulator, client) = emulator_and_client().await;
    emulator.inject(Fault::LostResponse);
    let created = client.create_secret(create("fake-value")).await.unwrap();
    assert_eq!((created.secret_name.as_str(), created.version_id.as_str()), ("app/db", "v1"));
    assert!(created.arn.is_some());
    let expected = ["CreateSecret", "CreateSecret", "DescribeSecret", "GetSecretValue"];
    assert_eq!(actions(&emulator), expected);
}

#[tokio::test]
async fn equal_secret_of_long_ago_was_not_created_by_this_call() {
    for age in [TimeDelta::minutes(16), TimeDelta::days(1_000)] {
        let (emulator, client) = emulator_and_client().await;
        let created = emulator.time() - age;
        emulator.add_secret(as_requested("fake-value").create_time(created));
        emulator.inject(Fault::ResetBeforeResponse);
        let error = client.create_secret(create("fake-value")).await.unwrap_err();
        assert!(error.is_conflict());
        assert_not_executed(&error);
        assert!(
            !actions(&emulator).contains(&"GetSecretValue".to_owned()),
            "its value is not read"
        );
    }
}

#[tokio::test]
async fn new_secret_with_another_value_or_type_is_a_conflict() {
    let secret = || EmulatedSecret::new("app/db").description("ours").tag("team", "core");
    let values = [SecretValue::text("fake-other"), SecretValue::binary(b"fake")];
    let managed = secret().secret_type("Rds").value(SecretValue::text("fake-value"));
    for theirs in values.map(|value| secret().value(value)).into_iter().chain([managed]) {
        let (emulator, client) = emulator_and_client().await;
        emulator.add_secret(theirs);
        emulator.inject(Fault::ResetBeforeResponse);
        let error = client.create_secret(create("fake-value")).await.unwrap_err();
        assert!(error.is_conflict());
        assert_not_executed(&error);
    }
}

#[tokio::test]
async fn new_secret_without_the_requested_version_is_a_conflict() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(as_requested("fake-value"));
    emulator.inject(Fault::ResetBeforeResponse);
    let error = client.create_secret(create("fake-value").version_id("v7")).await.unwrap_err();
    assert!(error.is_conflict());
    assert_not_executed(&error);
}

/// Only the values of generic secrets are documented to stay as they were put.
#[tokio::test]
async fn managed_secret_with_another_value_may_be_of_this_call() {
    let value = |password: &str| {
        let account = format!(r#"{{"AccountName":"a","AccountPassword":"{password}"}}"#);
        SecretValue::text(format!(r#"{{"Accounts":[{account}]}}"#))
    };
    for (is_found, reason) in [
        (true, "a secret of this name was just created with another value"),
        (false, "a secret of this name exists, and this call could not read it"),
    ] {
        let (emulator, client) = emulator_and_client().await;
        let theirs = EmulatedSecret::new("app/db").secret_type("Rds").value(value("fake-other"));
        emulator.add_secret(theirs);
        emulator.inject(Fault::ResetBeforeResponse);
        if !is_found {
            let missing = Fault::error(404, "Forbidden.ResourceNotFound");
            emulator.inject(missing.for_action("GetSecretValue"));
        }
        let config = ExtendedConfig::rds(SecretSubType::SingleUser, "rm-fake");
        let request = CreateSecretRequest::rds("app/db", value("fake-ours"), config);
        let error = client.create_secret(request.version_id("v1")).await.unwrap_err();
        assert!(error.is_conflict(), "{error}");
        assert_unknown(&error, reason);
    }
}

#[tokio::test]
async fn new_secret_with_other_settings_may_be_of_this_call() {
    let other = "a secret of this name was just created with other settings";
    for request in [
        create("fake-value").description("theirs"),
        create("fake-value").tag("owner", "b"),
        create("fake-value").instance_id("kst-fake"),
        create("fake-value").encryption_key_id("key-fake"),
    ] {
        let (emulator, client) = emulator_and_client().await;
        emulator.add_secret(as_requested("fake-value"));
        emulator.inject(Fault::ResetBeforeResponse);
        let error = client.create_secret(request).await.unwrap_err();
        assert!(error.is_conflict());
        assert_unknown(&error, other);
    }
}

#[tokio::test]
async fn creation_that_cannot_be_read_has_an_unknown_outcome() {
    for (action, status, code) in [
        ("DescribeSecret", 403, "Forbidden.NoPermission"),
        ("GetSecretValue", 403, "Forbidden.NoPermission"),
        // Its key, and not the version.
        ("GetSecretValue", 404, "Forbidden.KeyNotFound"),
    ] {
        let (emulator, client) = emulator_and_client().await;
        emulator.inject(Fault::LostResponse);
        emulator.inject(Fault::error(status, code).for_action(action));
        let error = client.create_secret(create("fake-value")).await.unwrap_err();
        assert!(error.is_conflict());
        assert_unknown(&error, "a secret of this name exists, and this call could not read it");
    }
}

#[tokio::test]
async fn conflict_of_the_first_attempt_is_returned_without_a_read() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(as_requested("fake-value"));
    let error = client.create_secret(create("fake-value")).await.unwrap_err();
    assert!(error.is_conflict() && !error.is_outcome_unknown());
    assert_eq!(actions(&emulator), ["CreateSecret"]);
}

#[tokio::test]
async fn generated_value_is_not_compared() {
    let (emulator, client) = emulator_and_client().await;
    emulator.inject(Fault::LostResponse);
    let config = ExtendedConfig::redis("r-fake")
        .region_id("cn-hangzhou")
        .account_name("app")
        .account_privilege("RoleReadOnly");
    let request = CreateSecretRequest::redis("app/redis", config).version_id("v1");
    let created = client.create_secret(request).await.unwrap();
    assert_eq!(created.secret_name, "app/redis");
    assert_eq!(actions(&emulator), ["CreateSecret", "CreateSecret", "DescribeSecret"]);
}

#[tokio::test]
async fn secret_with_a_generated_name_is_not_created_twice() {
    let (emulator, client) = emulator_and_client().await;
    emulator.inject(Fault::LostResponse);
    let access_keys = SecretValue::text(
        r#"{"AccessKeys":[{"AccessKeyId":"fake-id","AccessKeySecret":"fake-secret"}]}"#,
    );
    let config = ExtendedConfig::ram_credentials("robot");
    let request = CreateSecretRequest::ram_credentials(access_keys, config).version_id("v1");
    let error = client.create_secret(request).await.unwrap_err();
    assert!(error.is_outcome_unknown());
    assert_eq!(actions(&emulator), ["CreateSecret"]);
}

#[tokio::test]
async fn lost_deletion_is_found_by_its_window() {
    let (emulator, client) = emulator_and_client().await;
    for (request, days) in [
        (DeleteSecretRequest::new("a"), 30),
        (DeleteSecretRequest::new("b").recovery_window_in_days(7), 7),
    ] {
        for name in ["a", "b"] {
            emulator.add_secret(EmulatedSecret::new(name));
        }
        emulator.inject(Fault::LostResponse);
        let planned = client.delete_secret(request).await.unwrap().planned_delete_time.unwrap();
        assert_eq!((planned - emulator.time()).num_hours(), days * 24 - 1);
    }
}

#[tokio::test]
async fn deletion_scheduled_for_another_time_is_not_of_this_call() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("a"));
    client.delete_secret(DeleteSecretRequest::new("a")).await.unwrap();
    for request in [
        DeleteSecretRequest::new("a").recovery_window_in_days(7),
        DeleteSecretRequest::without_recovery("a"),
    ] {
        emulator.inject(Fault::ResetBeforeResponse);
        let error = client.delete_secret(request).await.unwrap_err();
        assert!(error.is_conflict());
        assert_not_executed(&error);
    }
}

#[tokio::test]
async fn deletion_with_an_unreadable_time_has_an_unknown_outcome() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("a"));
    emulator.inject(Fault::LostResponse);
    emulator.inject(Fault::error(403, "Forbidden.NoPermission").for_action("DescribeSecret"));
    let error = client.delete_secret(DeleteSecretRequest::new("a")).await.unwrap_err();
    assert!(error.is_conflict());
    let reason = "the secret is pending deletion, and this call could not read its schedule";
    assert_unknown(&error, reason);
}

#[tokio::test]
async fn lost_immediate_deletion_has_an_unknown_outcome() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("right-name"));
    let reason = "the secret does not exist: this call deleted it, or it never existed";
    for (fault, name) in
        [(Fault::LostResponse, "right-name"), (Fault::ResetBeforeResponse, "mistyped-name")]
    {
        emulator.inject(fault);
        let request = DeleteSecretRequest::without_recovery(name);
        let error = client.delete_secret(request).await.unwrap_err();
        assert!(error.is_not_found());
        assert_unknown(&error, reason);
    }
    let missing = DeleteSecretRequest::without_recovery("mistyped-name");
    let error = client.delete_secret(missing).await.unwrap_err();
    assert!(error.is_not_found() && !error.is_outcome_unknown());
}

/// The service may take a while to execute an immediate deletion.
#[tokio::test(start_paused = true)]
async fn immediate_deletion_in_progress_is_found_by_its_time() {
    for (planned, is_executed) in [(Utc::now(), true), (Utc::now() + TimeDelta::days(7), false)] {
        let secret =
            format!(r#"{{"SecretName":"a","PlannedDeleteTime":"{}"}}"#, planned.to_rfc3339());
        let rejection = "Rejected.ResourceInDeleteWindow";
        let client = SlowService::builder(Duration::from_secs(1), rejection, Some(secret));
        let request = DeleteSecretRequest::without_recovery("a");
        match client.build().unwrap().delete_secret(request).await {
            Ok(_) => assert!(is_executed),
            Err(error) => {
                assert!(!is_executed, "{error}");
                assert_not_executed(&error);
            }
        }
    }
}

#[tokio::test]
async fn missing_secret_was_not_deleted_with_a_window() {
    let (emulator, client) = emulator_and_client().await;
    emulator.inject(Fault::ResetBeforeResponse);
    let error = client.delete_secret(DeleteSecretRequest::new("a")).await.unwrap_err();
    assert!(error.is_not_found());
    assert_not_executed(&error);
}

#[tokio::test]
async fn lost_restoration_has_an_unknown_outcome() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("a"));
    emulator.add_secret(EmulatedSecret::new("never-deleted"));
    client.delete_secret(DeleteSecretRequest::new("a")).await.unwrap();
    for (fault, name) in [(Fault::LostResponse, "a"), (Fault::ResetBeforeResponse, "never-deleted")]
    {
        emulator.inject(fault);
        let error = client.restore_secret(RestoreSecretRequest::new(name)).await.unwrap_err();
        assert!(error.is_conflict());
        let reason = "the secret is not pending deletion: this call restored it, or it never was";
        assert_unknown(&error, reason);
    }
    let secret = client.describe_secret(DescribeSecretRequest::new("a")).await.unwrap();
    assert_eq!(secret.planned_delete_time, None);
}

#[tokio::test]
async fn lost_move_of_a_stage_is_found_on_its_version() {
    let (emulator, client) = emulator_and_client().await;
    let values = ["fake-1", "fake-2"].map(SecretValue::text);
    emulator.add_secret(values.into_iter().fold(EmulatedSecret::new("a"), EmulatedSecret::value));
    let canary = || UpdateSecretVersionStageRequest::new("a", "canary".into());
    client.update_secret_version_stage(canary().move_to_version("v1")).await.unwrap();
    emulator.inject(Fault::LostResponse);
    let move_on = canary().move_to_version("v2").remove_from_version("v1");
    client.update_secret_version_stage(move_on).await.unwrap();
    let read = GetSecretValueRequest::new("a").version_stage("canary");
    assert_eq!(client.get_secret_value(read).await.unwrap().version_id, "v2");
    let last: Vec<_> = actions(&emulator).into_iter().rev().take(2).collect();
    assert_eq!(last, ["GetSecretValue", "ListSecretVersionIds"]);
}

#[tokio::test]
async fn stage_on_another_version_may_have_been_moved_by_this_call() {
    let (emulator, client) = emulator_and_client().await;
    let values = ["fake-1", "fake-2", "fake-3"].map(SecretValue::text);
    emulator.add_secret(values.into_iter().fold(EmulatedSecret::new("a"), EmulatedSecret::value));
    let theirs = UpdateSecretVersionStageRequest::new("a", "canary".into()).move_to_version("v3");
    client.update_secret_version_stage(theirs).await.unwrap();
    emulator.inject(Fault::ResetBeforeResponse);
    let ours = UpdateSecretVersionStageRequest::new("a", "canary".into())
        .move_to_version("v2")
        .remove_from_version("v1");
    let error = client.update_secret_version_stage(ours).await.unwrap_err();
    assert_eq!(error.code(), Some("Rejected.InvalidRequest"));
    assert_unknown(&error, "the requested version does not have the stage");
}

#[tokio::test]
async fn lost_removal_of_a_stage_has_an_unknown_outcome() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("a"));
    let canary = || UpdateSecretVersionStageRequest::new("a", "canary".into());
    client.update_secret_version_stage(canary().move_to_version("v1")).await.unwrap();
    emulator.inject(Fault::LostResponse);
    let remove = canary().remove_from_version("v1");
    let error = client.update_secret_version_stage(remove).await.unwrap_err();
    assert_eq!(error.code(), Some("Rejected.InvalidRequest"));
    let reason = "the version does not have the stage: this call removed it, or it never had it";
    assert_unknown(&error, reason);
}

/// Loses the first response after `lost_after`, rejects the retry after 3 s, and then responds to
/// reads with `read`, or never.
#[derive(Debug)]
struct SlowService {
    lost_after: Duration,
    rejection: &'static str,
    read: Option<String>,
    writes: AtomicU32,
}

impl SlowService {
    fn builder(
        lost_after: Duration,
        rejection: &'static str,
        read: Option<String>,
    ) -> KmsClientBuilder {
        let writes = AtomicU32::new(0);
        KmsClient::builder()
            .region("cn-hangzhou")
            .credentials(Credentials::new("fake-id", "fake-secret"))
            .rate_limits(RateLimits::unlimited())
            .transport(Self { lost_after, rejection, read, writes })
    }
}

impl HttpTransport for SlowService {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        let is_read =
            request.url.contains('?') && Parameters::of(&request).get("Action") == "DescribeSecret";
        Box::pin(async move {
            if is_read {
                return match &self.read {
                    Some(body) => Ok(HttpResponse::new(200, body.clone())),
                    None => std::future::pending().await,
                };
            }
            if self.writes.fetch_add(1, Ordering::SeqCst) == 0 {
                sleep(self.lost_after).await;
                return Err(TransportError::new(TransportErrorKind::Interrupted, "broken"));
            }
            sleep(Duration::from_secs(3)).await;
            Ok(HttpResponse::new(409, format!(r#"{{"Code":"{}"}}"#, self.rejection)))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn reads_have_only_the_remaining_time_of_the_call() {
    let lost_after = Duration::from_secs(4);
    let client = SlowService::builder(lost_after, "Rejected.ResourceExist", None);
    let client = client.call_timeout(Duration::from_secs(10)).build().unwrap();
    let started = Instant::now();
    let error = client.create_secret(create("fake-value")).await.unwrap_err();
    assert_unknown(&error, "a secret of this name exists, and this call could not read it");
    assert!(started.elapsed() <= Duration::from_secs(10), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn time_of_a_long_call_counts_for_what_it_may_have_caused() {
    let lost_after = Duration::from_secs(20 * 60);
    // The system clock does not advance with the paused one.
    let began = Utc::now() - TimeDelta::minutes(20);
    for (planned, is_executed) in [
        (began + TimeDelta::days(30), true),
        (began + TimeDelta::days(30) - TimeDelta::minutes(20), false),
    ] {
        let secret =
            format!(r#"{{"SecretName":"a","PlannedDeleteTime":"{}"}}"#, planned.to_rfc3339());
        let client =
            SlowService::builder(lost_after, "Rejected.ResourceInDeleteWindow", Some(secret));
        let client = client.call_timeout(lost_after * 2).attempt_timeout(lost_after * 2);
        let outcome = client.build().unwrap().delete_secret(DeleteSecretRequest::new("a")).await;
        match outcome {
            Ok(_) => assert!(is_executed),
            Err(error) => {
                assert_eq!((error.kind(), is_executed), (ErrorKind::Conflict, false), "{error}");
            }
        }
    }
}
