//! Writes whose answer is lost: they are repeated, and what the refusal of the repeat means is looked up.

use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault};
use alibabacloud_kms::secrets::{
    CreateSecretRequest, DeleteSecretRequest, DescribeSecretRequest, ExtendedConfig,
    RestoreSecretRequest, SecretValue, UpdateSecretVersionStageRequest,
};
use alibabacloud_kms::{ErrorKind, KmsClient};

async fn emulator_and_client() -> (Emulator, KmsClient) {
    let emulator = Emulator::start().await.unwrap();
    let builder = KmsClient::builder().endpoint(emulator.endpoint());
    let client = builder.credentials(emulator.credentials()).build().unwrap();
    (emulator, client)
}

fn create(text: &str) -> CreateSecretRequest {
    CreateSecretRequest::new("app/db", SecretValue::text(text)).version_id("v1").description("ours")
}

fn actions(emulator: &Emulator) -> Vec<String> {
    emulator.requests().into_iter().map(|request| request.action).collect()
}

#[tokio::test]
async fn a_creation_whose_answer_was_lost_is_found_to_be_ours() {
    let (emulator, client) = emulator_and_client().await;
    emulator.inject(Fault::LostResponse);
    let created = client.create_secret(create("fake-value")).await.unwrap();
    assert_eq!((created.secret_name.as_str(), created.version_id.as_str()), ("app/db", "v1"));
    assert!(created.arn.is_some());
    let expected = ["CreateSecret", "CreateSecret", "GetSecretValue", "DescribeSecret"];
    assert_eq!(actions(&emulator), expected);
}

#[tokio::test]
async fn a_creation_that_someone_else_made_meanwhile_stays_a_conflict() {
    for theirs in [SecretValue::text("fake-other"), SecretValue::binary(b"fake")] {
        let (emulator, client) = emulator_and_client().await;
        emulator.add_secret(EmulatedSecret::new("app/db").value(theirs));
        emulator.inject(Fault::ResetBeforeResponse);
        let error = client.create_secret(create("fake-value")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert!(!error.to_string().contains("tried to"), "{error}");
    }
}

#[tokio::test]
async fn a_creation_under_a_version_that_is_not_there_stays_a_conflict() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("app/db").value(SecretValue::text("fake-value")));
    emulator.inject(Fault::ResetBeforeResponse);
    let other =
        CreateSecretRequest::new("app/db", SecretValue::text("fake-value")).version_id("v7");
    assert!(client.create_secret(other).await.unwrap_err().is_conflict());
}

#[tokio::test]
async fn a_creation_that_cannot_be_looked_up_says_that_it_may_be_ours() {
    let (emulator, client) = emulator_and_client().await;
    emulator.inject(Fault::LostResponse);
    emulator.inject(Fault::error(403, "Forbidden.NoPermission").for_action("GetSecretValue"));
    let error = client.create_secret(create("fake-value")).await.unwrap_err();
    assert!(error.is_conflict() && error.is_outcome_unknown());
    let advice = "the outcome is unknown: check the resource before retrying; this call tried to, and could not";
    assert!(error.to_string().ends_with(advice), "{error}");
}

#[tokio::test]
async fn a_conflict_of_a_first_request_is_not_looked_into() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("app/db").value(SecretValue::text("fake-value")));
    assert!(client.create_secret(create("fake-value")).await.unwrap_err().is_conflict());
    assert_eq!(actions(&emulator), ["CreateSecret"]);
}

#[tokio::test]
async fn a_credential_whose_name_the_service_makes_is_not_created_twice() {
    let (emulator, client) = emulator_and_client().await;
    emulator.inject(Fault::LostResponse);
    let keys = SecretValue::text(
        r#"{"AccessKeys":[{"AccessKeyId":"fake-id","AccessKeySecret":"fake-secret"}]}"#,
    );
    let config = ExtendedConfig::ram_credentials("robot");
    let request = CreateSecretRequest::ram_credentials(keys, config).version_id("v1");
    let error = client.create_secret(request).await.unwrap_err();
    assert!(error.is_outcome_unknown());
    assert_eq!(actions(&emulator), ["CreateSecret"]);
}

#[tokio::test]
async fn a_deletion_whose_answer_was_lost_is_found_by_its_window() {
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
async fn a_deletion_that_someone_else_planned_for_another_time_stays_a_conflict() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("a"));
    client.delete_secret(DeleteSecretRequest::new("a")).await.unwrap();
    emulator.inject(Fault::ResetBeforeResponse);
    let sooner = DeleteSecretRequest::new("a").recovery_window_in_days(7);
    assert!(client.delete_secret(sooner).await.unwrap_err().is_conflict());
    emulator.inject(Fault::ResetBeforeResponse);
    let at_once = DeleteSecretRequest::without_recovery("a");
    assert!(client.delete_secret(at_once).await.unwrap_err().is_conflict());
}

#[tokio::test]
async fn a_secret_that_is_gone_was_deleted_at_once_if_that_was_asked_for_and_not_otherwise() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("a"));
    emulator.inject(Fault::LostResponse);
    let gone = client.delete_secret(DeleteSecretRequest::without_recovery("a")).await.unwrap();
    assert_eq!((gone.secret_name.as_str(), gone.planned_delete_time), ("a", None));
    assert!(!gone.request_id.is_empty());

    let missing = DeleteSecretRequest::without_recovery("a");
    assert!(client.delete_secret(missing).await.unwrap_err().is_not_found());
    emulator.inject(Fault::ResetBeforeResponse);
    let error = client.delete_secret(DeleteSecretRequest::new("a")).await.unwrap_err();
    assert!(error.is_not_found(), "a window would have left the secret there");
}

#[tokio::test]
async fn a_restoration_whose_answer_was_lost_is_found_and_one_of_a_live_secret_is_refused() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("a"));
    client.delete_secret(DeleteSecretRequest::new("a")).await.unwrap();
    emulator.inject(Fault::LostResponse);
    client.restore_secret(RestoreSecretRequest::new("a")).await.unwrap();
    let secret = client.describe_secret(DescribeSecretRequest::new("a")).await.unwrap();
    assert_eq!(secret.planned_delete_time, None);
    assert!(client.restore_secret(RestoreSecretRequest::new("a")).await.unwrap_err().is_conflict());
}

#[tokio::test]
async fn a_label_whose_removal_had_its_answer_lost_is_looked_for() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("a"));
    let add = UpdateSecretVersionStageRequest::new("a", "canary".into()).move_to_version("v1");
    client.update_secret_version_stage(add).await.unwrap();
    let remove =
        UpdateSecretVersionStageRequest::new("a", "canary".into()).remove_from_version("v1");
    emulator.inject(Fault::LostResponse);
    client.update_secret_version_stage(remove.clone()).await.unwrap();
    let error = client.update_secret_version_stage(remove).await.unwrap_err();
    assert_eq!(error.code(), Some("Rejected.InvalidRequest"), "nothing was lost this time");
}

#[tokio::test]
async fn a_restoration_of_a_secret_that_awaits_deletion_all_the_same_stays_refused() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("a"));
    client.delete_secret(DeleteSecretRequest::new("a")).await.unwrap();
    emulator.inject(Fault::ResetBeforeResponse);
    emulator.inject(Fault::error(409, "Rejected.ResourceInUse"));
    assert!(client.restore_secret(RestoreSecretRequest::new("a")).await.unwrap_err().is_conflict());
}

#[tokio::test]
async fn a_label_that_someone_else_moved_meanwhile_stays_refused() {
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
}
