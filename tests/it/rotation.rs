//! Values that KMS generates: rotated secrets and random passwords, through the client.

use std::time::Duration;

use alibabacloud_kms::KmsClient;
use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault};
use alibabacloud_kms::secrets::{
    DescribeSecretRequest, GetRandomPasswordRequest, GetSecretValueRequest, RotateSecretRequest,
    RotationState, UpdateSecretRotationPolicyRequest, VersionStage,
};
use chrono::TimeDelta;

const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

async fn with_an_rds_secret() -> (Emulator, KmsClient) {
    let emulator = Emulator::start().await.unwrap();
    emulator.add_secret(EmulatedSecret::new("app/rds").secret_type("Rds"));
    emulator.add_secret(EmulatedSecret::new("app/generic"));
    let builder = KmsClient::builder().endpoint(emulator.endpoint());
    let client = builder.credentials(emulator.credentials()).build().unwrap();
    (emulator, client)
}

#[tokio::test]
async fn rotation_with_a_lost_response_happens_once() {
    let (emulator, client) = with_an_rds_secret().await;
    emulator.inject(Fault::LostResponse);
    let response =
        client.rotate_secret(RotateSecretRequest::new("app/rds").version_id("v2")).await.unwrap();
    assert_eq!(emulator.request_count(), 2);
    assert_eq!((&*response.secret_name, &*response.version_id), ("app/rds", "v2"));
    client
        .rotate_secret(RotateSecretRequest::new(response.arn.unwrap()).version_id("v2"))
        .await
        .unwrap();

    let current = client.get_secret_value(GetSecretValueRequest::new("app/rds")).await.unwrap();
    assert_eq!(
        (&*current.version_id, current.automatic_rotation),
        ("v2", Some(RotationState::Disabled))
    );
    assert!(current.last_rotation_date.is_some());
    let previous = GetSecretValueRequest::new("app/rds").version_stage(VersionStage::Previous);
    assert_eq!(client.get_secret_value(previous).await.unwrap().version_id, "v1");
}

#[tokio::test]
async fn secret_is_rotated_after_its_interval() {
    let (emulator, client) = with_an_rds_secret().await;
    let weekly = UpdateSecretRotationPolicyRequest::enable("app/rds", WEEK);
    assert_eq!(client.update_secret_rotation_policy(weekly).await.unwrap().secret_name, "app/rds");
    let secret = client.describe_secret(DescribeSecretRequest::new("app/rds")).await.unwrap();
    assert_eq!(
        (secret.automatic_rotation, secret.rotation_interval),
        (Some(RotationState::Enabled), Some(WEEK))
    );
    let next = secret.next_rotation_date.unwrap();
    assert!((next - emulator.time() - TimeDelta::days(7)).abs() < TimeDelta::minutes(1));

    emulator.advance(TimeDelta::days(8));
    let read = client.get_secret_value(GetSecretValueRequest::new("app/rds")).await.unwrap();
    assert_ne!(read.version_id, "v1");
    assert_eq!(read.last_rotation_date, Some(next));
    assert_eq!(read.next_rotation_date, Some(next + TimeDelta::days(7)));

    let never = UpdateSecretRotationPolicyRequest::disable("app/rds");
    client.update_secret_rotation_policy(never).await.unwrap();
    emulator.advance(TimeDelta::days(30));
    let later = client.get_secret_value(GetSecretValueRequest::new("app/rds")).await.unwrap();
    assert_eq!((&later.version_id, later.rotation_interval), (&read.version_id, None));
}

#[tokio::test]
async fn generic_secret_is_not_rotated() {
    let (_emulator, client) = with_an_rds_secret().await;
    let generic = RotateSecretRequest::new("app/generic").version_id("v2");
    assert!(client.rotate_secret(generic).await.unwrap_err().is_invalid_input());
    let weekly = UpdateSecretRotationPolicyRequest::enable("app/generic", WEEK);
    assert!(client.update_secret_rotation_policy(weekly).await.unwrap_err().is_invalid_input());
    let none = RotateSecretRequest::new("app/none").version_id("v2");
    assert!(client.rotate_secret(none).await.unwrap_err().is_not_found());
    let generic = DescribeSecretRequest::new("app/generic");
    assert_eq!(client.describe_secret(generic).await.unwrap().automatic_rotation, None);
}

#[tokio::test]
async fn interval_outside_the_limits_is_not_sent() {
    let (emulator, client) = with_an_rds_secret().await;
    let hourly = UpdateSecretRotationPolicyRequest::enable("app/rds", Duration::from_secs(3_600));
    let error = client.update_secret_rotation_policy(hourly).await.unwrap_err();
    assert!(error.is_invalid_input());
    assert!(
        error.to_string().contains("`rotation_interval` must be 6 hours to 8,760 hours"),
        "{error}"
    );
    assert_eq!((error.attempts(), emulator.request_count()), (0, 0));
}

#[tokio::test]
async fn passwords_are_unique_and_debug_does_not_show_them() {
    let (emulator, client) = with_an_rds_secret().await;
    let request = || {
        let request = GetRandomPasswordRequest::new().password_length(64);
        request.exclude_punctuation(true).exclude_characters("abc")
    };
    emulator.inject(Fault::LostResponse);
    let first = client.get_random_password(request()).await.unwrap().random_password;
    let second = client.get_random_password(request()).await.unwrap().random_password;
    assert_eq!(emulator.request_count(), 3);
    assert_ne!(first.expose_secret(), second.expose_secret());
    let fits = |c: char| c.is_ascii_alphanumeric() && !"abc".contains(c);
    assert!(
        first.expose_secret().len() == 64 && first.expose_secret().chars().all(fits),
        "{}",
        first.expose_secret()
    );
    assert_eq!(format!("{first:?}"), "SecretValue(text, 64 bytes)");
}
