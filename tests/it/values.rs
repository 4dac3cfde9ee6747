//! What a secret holds, read and written through the client.

use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault};
use alibabacloud_kms::{
    DryRunOutcome, ErrorKind, ExtendedConfig, GetSecretValueRequest, KmsClient,
    PutSecretValueRequest, SecretValue, VersionStage,
};

async fn with_one_secret() -> (Emulator, KmsClient) {
    let emulator = Emulator::start().await.unwrap();
    emulator.add(EmulatedSecret::new("app/db").value(&SecretValue::text("fake-first")));
    let builder = KmsClient::builder().endpoint(emulator.endpoint());
    let client = builder.credentials(emulator.credentials()).build().unwrap();
    (emulator, client)
}

fn put(version: &str, text: &str) -> PutSecretValueRequest {
    PutSecretValueRequest::new("app/db", version, SecretValue::text(text))
}

#[tokio::test]
async fn a_value_that_was_put_is_read_and_the_one_before_stays_readable() {
    let (_emulator, client) = with_one_secret().await;
    let answer = client.put_secret_value(put("v2", "fake é&=+ \"second\"")).await.unwrap();
    assert_eq!(answer.version_stages, [VersionStage::Current]);
    let current = client.get_secret_value(GetSecretValueRequest::new("app/db")).await.unwrap();
    assert_eq!(current.value.expose(), "fake é&=+ \"second\"");
    let previous = GetSecretValueRequest::new("app/db").version_stage(VersionStage::Previous);
    assert_eq!(client.get_secret_value(previous).await.unwrap().value.expose(), "fake-first");
}

#[tokio::test]
async fn a_put_whose_answer_was_lost_is_repeated_and_another_value_under_its_id_is_a_conflict() {
    let (emulator, client) = with_one_secret().await;
    emulator.inject(Fault::LostAnswer);
    client.put_secret_value(put("v2", "fake-second")).await.unwrap();
    assert_eq!(emulator.request_count(), 2);
    let error = client.put_secret_value(put("v2", "fake-other")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(!error.may_have_been_carried_out());
}

#[tokio::test]
async fn a_write_that_was_perhaps_carried_out_says_so() {
    let (emulator, client) = with_one_secret().await;
    emulator.inject(Fault::LostAnswer.always());
    let error = client.put_secret_value(put("v2", "fake-second")).await.unwrap_err();
    assert!(error.may_have_been_carried_out());
    emulator.clear_faults();
    emulator.inject(Fault::throttled().always());
    let error = client.put_secret_value(put("v3", "fake-third")).await.unwrap_err();
    assert!(!error.may_have_been_carried_out());
}

#[tokio::test]
async fn a_version_or_secret_that_does_not_exist_is_not_found() {
    let (_emulator, client) = with_one_secret().await;
    for request in [
        GetSecretValueRequest::new("app/none"),
        GetSecretValueRequest::new("app/db").version_id("v9"),
        GetSecretValueRequest::new("app/db").version_stage("canary"),
    ] {
        assert!(client.get_secret_value(request).await.unwrap_err().is_not_found());
    }
}

#[tokio::test]
async fn a_dry_run_tells_what_would_become_of_a_reading_and_is_no_error() {
    let (emulator, client) = with_one_secret().await;
    let dry_run = |name| client.dry_run_get_secret_value(GetSecretValueRequest::new(name));
    assert!(dry_run("app/db").await.unwrap().would_succeed());
    match dry_run("app/none").await.unwrap() {
        DryRunOutcome::Invalid(error) => assert_eq!(error.code(), Some("ValidationError")),
        other => panic!("{other:?}"),
    }
    emulator.inject(Fault::error(403, "AccessDeniedError"));
    assert!(matches!(dry_run("app/db").await.unwrap(), DryRunOutcome::AccessDenied(_)));
    emulator.inject(Fault::error(400, "InvalidParameter"));
    assert!(dry_run("app/db").await.unwrap_err().is_invalid_input());
    assert_eq!(emulator.request_count(), 4);
}

#[tokio::test]
async fn what_a_managed_secret_opens_comes_with_its_value_when_asked_for() {
    let (emulator, client) = with_one_secret().await;
    let config = ExtendedConfig::ram_credentials("robot");
    let secret = EmulatedSecret::new("app/ram").secret_type("RAMCredentials");
    emulator.add(secret.extended_config(&config));
    let request = GetSecretValueRequest::new("app/ram");
    let without = client.get_secret_value(request.clone()).await.unwrap();
    assert_eq!(without.extended_config, None);
    let with = client.get_secret_value(request.fetch_extended_config(true)).await.unwrap();
    assert_eq!(with.extended_config, Some(config));
}
