//! Secrets as a whole, managed through the client.

use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
use alibabacloud_kms::{DescribeSecretRequest, KmsClient, SecretType};

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
