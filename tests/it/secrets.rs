//! Secrets as a whole, managed through the client.

use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
use alibabacloud_kms::{
    DeleteSecretRequest, DescribeSecretRequest, ErrorKind, ExtendedConfig, KmsClient,
    RestoreSecretRequest, SecretSubType, SecretType, UpdateSecretRequest,
};
use chrono::TimeDelta;

async fn emulator_and_client() -> (Emulator, KmsClient) {
    let emulator = Emulator::start().await.unwrap();
    let builder = KmsClient::builder().endpoint(emulator.endpoint());
    let client = builder.credentials(emulator.credentials()).build().unwrap();
    (emulator, client)
}

#[tokio::test]
async fn a_secret_is_described_by_its_name_and_by_its_arn() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add(EmulatedSecret::new("app/db").description("main").tag("team", "core"));
    let request = DescribeSecretRequest::new("app/db").fetch_tags(true);
    let secret = client.describe_secret(request).await.unwrap();
    assert_eq!(secret.secret_type, Some(SecretType::Generic));
    assert_eq!(secret.tags.unwrap()[0].key, "team");
    let arn = secret.arn.unwrap();
    assert_eq!(arn.secret_name(), "app/db");
    let by_arn = client.describe_secret(DescribeSecretRequest::new(arn)).await.unwrap();
    assert_eq!(by_arn.description.as_deref(), Some("main"));
    let error = client.describe_secret(DescribeSecretRequest::new("app/none")).await.unwrap_err();
    assert!(error.is_not_found());
}

#[tokio::test]
async fn a_deletion_is_planned_taken_back_and_carried_out_when_its_time_has_come() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add(EmulatedSecret::new("app/db"));
    let in_a_week = || DeleteSecretRequest::new("app/db").recovery_window_in_days(7);
    let restore = || RestoreSecretRequest::new("app/db");
    let planned = client.delete_secret(in_a_week()).await.unwrap().planned_delete_time.unwrap();
    assert!((planned - emulator.time() - TimeDelta::days(7)).abs() < TimeDelta::minutes(1));

    let again = client.delete_secret(in_a_week()).await.unwrap_err();
    assert_eq!(again.code(), Some("Rejected.ResourceInDeleteWindow"));
    let update = UpdateSecretRequest::new("app/db").description("x");
    assert_eq!(client.update_secret(update).await.unwrap_err().kind(), ErrorKind::Conflict);

    client.restore_secret(restore()).await.unwrap();
    let again = client.restore_secret(restore()).await.unwrap_err();
    assert_eq!((again.kind(), again.code()), (ErrorKind::Conflict, Some("Rejected.ResourceInUse")));

    client.delete_secret(in_a_week()).await.unwrap();
    emulator.advance(TimeDelta::days(7));
    assert!(client.restore_secret(restore()).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_deletion_without_recovery_is_carried_out_at_once() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add(EmulatedSecret::new("app/db"));
    client.delete_secret(DeleteSecretRequest::without_recovery("app/db")).await.unwrap();
    assert!(emulator.secret_names().is_empty());
}

#[tokio::test]
async fn description_and_custom_data_are_changed() {
    let (emulator, client) = emulator_and_client().await;
    let config = ExtendedConfig::rds(SecretSubType::SingleUser, "rm-fake");
    emulator.add(EmulatedSecret::new("app/rds").secret_type("Rds").extended_config(&config));
    let request = UpdateSecretRequest::new("app/rds").description("main é");
    client.update_secret(request.custom_data([("Port", "3306")])).await.unwrap();
    let secret = client.describe_secret(DescribeSecretRequest::new("app/rds")).await.unwrap();
    assert_eq!(secret.description.as_deref(), Some("main é"));
    assert_eq!(secret.extended_config, Some(config.custom_data("Port", "3306")));
}
