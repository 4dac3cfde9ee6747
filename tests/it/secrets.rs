//! Creates, changes, describes and deletes secrets through the client.

use std::time::Duration;

use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault};
use alibabacloud_kms::secrets::{
    CreateSecretRequest, DeleteSecretRequest, DescribeSecretRequest, ExtendedConfig,
    GetSecretValueRequest, RestoreSecretRequest, RotationState, SecretSubType, SecretType,
    SecretValue, UpdateSecretRequest,
};
use alibabacloud_kms::tags::Tag;
use alibabacloud_kms::{ErrorKind, KmsClient};
use chrono::TimeDelta;

async fn emulator_and_client() -> (Emulator, KmsClient) {
    let emulator = Emulator::start().await.unwrap();
    let builder = KmsClient::builder().endpoint(emulator.endpoint());
    let client = builder.credentials(emulator.credentials()).build().unwrap();
    (emulator, client)
}

#[tokio::test]
async fn name_and_arn_describe_the_same_secret() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("app/db").description("main").tag("team", "core"));
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
async fn scheduled_deletion_can_be_cancelled_until_its_time() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("app/db"));
    let in_a_week = || DeleteSecretRequest::new("app/db").recovery_window_in_days(7);
    let restore = || RestoreSecretRequest::new("app/db");
    let scheduled = client.delete_secret(in_a_week()).await.unwrap().planned_delete_time.unwrap();
    assert!((scheduled - emulator.time() - TimeDelta::days(7)).abs() < TimeDelta::minutes(1));

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
async fn deletion_without_recovery_is_immediate() {
    let (emulator, client) = emulator_and_client().await;
    emulator.add_secret(EmulatedSecret::new("app/db"));
    client.delete_secret(DeleteSecretRequest::without_recovery("app/db")).await.unwrap();
    assert!(emulator.secret_names().is_empty());
}

#[tokio::test]
async fn update_changes_description_and_custom_data() {
    let (emulator, client) = emulator_and_client().await;
    let config = ExtendedConfig::rds(SecretSubType::SingleUser, "rm-fake");
    emulator.add_secret(EmulatedSecret::new("app/rds").secret_type("Rds").extended_config(&config));
    let request = UpdateSecretRequest::new("app/rds").description("main é");
    client.update_secret(request.custom_data([("Port", "3306")])).await.unwrap();
    let secret = client.describe_secret(DescribeSecretRequest::new("app/rds")).await.unwrap();
    assert_eq!(secret.description.as_deref(), Some("main é"));
    assert_eq!(secret.extended_config, Some(config.custom_data("Port", "3306")));
}

#[tokio::test]
async fn created_generic_secret_is_read_and_described() {
    let (_emulator, client) = emulator_and_client().await;
    let value = SecretValue::text("fake é&=+ \"value\"");
    let request = CreateSecretRequest::new("app/db", value.clone())
        .version_id("v1")
        .description("main é")
        .encryption_key_id("key-fake")
        .instance_id("kst-fake")
        .tag("team", "core");
    let created = client.create_secret(request.clone()).await.unwrap();
    assert_eq!((&*created.secret_name, &*created.version_id), ("app/db", "v1"));

    let read = client.get_secret_value(GetSecretValueRequest::new("app/db")).await.unwrap();
    assert_eq!(read.value.expose_secret(), value.expose_secret());
    let request_tags = DescribeSecretRequest::new("app/db").fetch_tags(true);
    let secret = client.describe_secret(request_tags).await.unwrap();
    assert_eq!(secret.arn, created.arn);
    assert_eq!(secret.description.as_deref(), Some("main é"));
    assert_eq!(secret.encryption_key_id.as_deref(), Some("key-fake"));
    assert_eq!(secret.instance_id.as_deref(), Some("kst-fake"));
    assert_eq!(secret.tags.unwrap(), [Tag::new("team", "core")]);

    let error = client.create_secret(request).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, Some("Rejected.ResourceExist")));
    assert!(!error.is_outcome_unknown());
}

#[tokio::test]
async fn managed_secret_has_what_its_constructor_sets() {
    let (_emulator, client) = emulator_and_client().await;
    let accounts = r#"{"Accounts":[{"AccountName":"fake","AccountPassword":"fake-password"}]}"#;
    let access_keys =
        r#"{"AccessKeys":[{"AccessKeyId":"fake-id","AccessKeySecret":"fake-secret"}]}"#;
    let login = r#"{"UserName":"fake","Password":"fake-password"}"#;
    let text = |text| SecretValue::text(text);
    let rds = ExtendedConfig::rds(SecretSubType::DoubleUsers, "rm-fake");
    let redis = ExtendedConfig::redis("r-fake")
        .region_id("cn-hangzhou")
        .account_name("app")
        .account_privilege("RoleReadOnly");
    let ram = ExtendedConfig::ram_credentials("robot");
    let ecs = ExtendedConfig::ecs(SecretSubType::Password, "i-fake").region_id("cn-hangzhou");
    let polar_db = ExtendedConfig::polar_db("pc-fake")
        .region_id("cn-hangzhou")
        .db_type("MySQL")
        .account_name("app");
    let weekly = Duration::from_secs(7 * 24 * 60 * 60);
    for (request, secret_type, config) in [
        (
            CreateSecretRequest::rds("app/rds", text(accounts), rds.clone()).version_id("v1"),
            SecretType::Rds,
            rds,
        ),
        (
            CreateSecretRequest::redis("app/redis", redis.clone()).version_id("v1"),
            SecretType::Redis,
            redis,
        ),
        (
            CreateSecretRequest::ram_credentials(text(access_keys), ram.clone()).version_id("v1"),
            SecretType::RamCredentials,
            ram,
        ),
        (
            CreateSecretRequest::ecs("acs/ecs/app", text(login), ecs.clone()).version_id("v1"),
            SecretType::Ecs,
            ecs,
        ),
        (
            CreateSecretRequest::polar_db("app/polar", polar_db.clone()).version_id("v1"),
            SecretType::PolarDb,
            polar_db,
        ),
    ] {
        let created = client.create_secret(request.rotation_interval(weekly)).await.unwrap();
        assert_eq!(created.secret_type, Some(secret_type));
        assert_eq!(created.extended_config, Some(config));
        assert_eq!(created.automatic_rotation, Some(RotationState::Enabled));
        assert_eq!(created.rotation_interval, Some(weekly));
        let request = GetSecretValueRequest::new(created.secret_name);
        assert!(client.get_secret_value(request).await.is_ok());
    }
}

#[tokio::test]
async fn creation_with_unknown_outcome_is_not_retried_blindly() {
    let (emulator, client) = emulator_and_client().await;
    emulator.inject(Fault::LostResponse);
    let access_keys = SecretValue::text(r#"{"AccessKeys":[{"AccessKeyId":"fake"}]}"#);
    let config = ExtendedConfig::ram_credentials("robot");
    let request = CreateSecretRequest::ram_credentials(access_keys, config).version_id("v1");
    let error = client.create_secret(request.clone()).await.unwrap_err();
    assert!(error.is_outcome_unknown());
    assert_eq!((error.attempts(), emulator.request_count()), (1, 1));

    emulator.inject(Fault::throttled());
    emulator.inject(Fault::error(500, "InternalFailure"));
    let error = client.create_secret(request).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unavailable, 2));
}
